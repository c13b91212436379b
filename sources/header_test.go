package sources

import (
	"slices"
	"strings"
	"testing"

	"doudi/sources/clean"
)

// No header word may mean two columns of one kind: which one won would be
// chance.
func TestHeaderWordsMeanOneColumn(t *testing.T) {
	for _, k := range Kinds() {
		meaning := map[string]string{}
		for _, c := range k.Columns {
			for _, w := range c.Headers {
				folded := clean.FoldHeader(w)
				if was, ok := meaning[folded]; ok && was != c.Name {
					t.Errorf("%s: %s means %s and %s", k.Name, w, was, c.Name)
				}
				meaning[folded] = c.Name
			}
		}
	}
}

func TestBind(t *testing.T) {
	tests := []struct {
		name, kind, names              string
		overrides                      map[string]string
		bound, unused, unknown, absent string
	}{
		{name: "first listed wins", kind: "dibao_persons", names: "户主姓名 姓名 身份证号",
			bound: "name=1 id_no=2", unused: "户主姓名"},
		{name: "the head's ID is not the person's", kind: "dibao_persons", names: "姓名 户主身份证号",
			bound: "name=0 head_id_no=1", absent: "身份证号"},
		{name: "payments prefer the head", kind: "dibao_payments", names: "姓名 户主姓名 身份证号",
			bound: "head_name=1 head_id_no=2", unused: "姓名"},
		{name: "the same word twice", kind: "dibao_persons", names: "姓名 姓名 身份证号", bound: "name=0,1 id_no=2"},
		{name: "units, blanks and 帐", kind: "dibao_persons", names: "姓\u3000名 身份证号： 合计（元/月） 银行帐号",
			bound: "name=0 id_no=1 total_month=2 account=3"},
		{name: "last level", kind: "dibao_payments", names: "户主姓名 身份证号 领取金额/保障金 领取金额/分类施保金",
			bound: "head_name=0 head_id_no=1 base=2 supplement=3"},
		{name: "first level, the leftmost alone", kind: "dibao_payments", names: "户主姓名 身份证号 保障人数/分解/重点保障人数 保障人数/分解/残疾人数",
			bound: "head_name=0 head_id_no=1 covered_people=2", unknown: "保障人数/分解/残疾人数"},
		{name: "a digit behind the plain word", kind: "register", names: "姓名 证件号码 风险是否已消除 风险是否已消除0",
			bound: "name=0 id_no=1 cleared=2", unknown: "风险是否已消除0"},
		{name: "a digit without the plain word", kind: "register", names: "姓名 证件号码 风险是否已消除0",
			bound: "name=0 id_no=1 cleared=2"},
		{name: "numbered risks", kind: "register", names: "姓名 证件号码 致贫/返贫风险1 致贫/返贫风险2",
			bound: "name=0 id_no=1 risk_1=2 risk_2=3"},
		{name: "columns of doudi.yaml", kind: "dibao_persons", names: "姓名 证件 身份证号", overrides: map[string]string{"证件": "id_no"},
			bound: "name=0 id_no=1", unused: "身份证号"},
		{name: "unknown", kind: "vehicles", names: "车辆所有人 身份证号 序号", bound: "name=0 id_no=1", unknown: "序号"},
		{name: "deaths want a day", kind: "deaths", names: "逝者姓名 逝者证件号", bound: "name=0 id_no=1", absent: "死亡日期"},
		{name: "homes want a home alone", kind: "homes", names: "机构名称 床位数", bound: "home=0 places=1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k, _ := KindOf(tt.kind)
			v, err := newVocabulary(k, tt.overrides)
			if err != nil {
				t.Fatal(err)
			}
			m := v.bind(strings.Split(tt.names, " "))
			var bound []string
			for _, b := range m.bound {
				var cells []string
				for _, c := range b.cells {
					cells = append(cells, string(rune('0'+c)))
				}
				bound = append(bound, b.Name+"="+strings.Join(cells, ","))
			}
			slices.Sort(bound)
			want := strings.Fields(tt.bound)
			slices.Sort(want)
			if !slices.Equal(bound, want) {
				t.Errorf("bound %v, want %v", bound, want)
			}
			for what, pair := range map[string][2]string{
				"unused":  {strings.Join(m.unused, " "), tt.unused},
				"unknown": {strings.Join(m.unknown, " "), tt.unknown},
				"missing": {strings.Join(m.missing(k), " "), tt.absent},
			} {
				if pair[0] != pair[1] {
					t.Errorf("%s %q, want %q", what, pair[0], pair[1])
				}
			}
		})
	}
}

func TestIsFamilies(t *testing.T) {
	for names, want := range map[string]bool{
		"户主姓名 户主身份证号 家庭人口":    true,
		"户主姓名 户主身份证号 保障人口（人）": true,
		"户主姓名 身份证号 人口/保障人口数":  true,
		"姓名 身份证号 家庭人口 与户主关系":  false,
		"姓名 身份证号":             false,
	} {
		if got := isFamilies(strings.Split(names, " ")); got != want {
			t.Errorf("%s: %v", names, got)
		}
	}
}
