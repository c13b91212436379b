package report

import (
	"fmt"
	"strings"
	"testing"
)

func facts(lines ...string) []evidence {
	var packed []string
	for _, l := range lines {
		packed = append(packed, strings.ReplaceAll(l, "|", "\x1f"))
	}
	return parseFacts(strings.Join(packed, "\x1e"))
}

func TestCells(t *testing.T) {
	months := func(n int) (all []evidence) {
		for i := range n {
			all = append(all, facts(
				fmt.Sprintf("dibao_payments|month|=2026-%02d|p%02d.csv||2|2026-11-01", i+1, i+1),
				fmt.Sprintf("dibao_payments|total|=%d.00|p%02d.csv||2|2026-11-01", 100+i, i+1),
			)...)
		}
		return all
	}
	for _, c := range []struct {
		name            string
		tonight, before []evidence
		known           bool
		want            [3]string
	}{
		{name: "nothing"},
		{
			name:    "one record is a line a fact, in the order of the rule",
			tonight: facts("deaths|cause|=疾病|x||3|", "deaths|died|=2026-08-03|x||3|", "dibao_persons|covered|=true|d||1|2026-11-01"),
			want:    [3]string{"【低保对象 2026-11-01】\n是否保障对象：是", "", "【死亡人员】\n死亡日期：2026-08-03\n死亡原因：疾病"},
		},
		{
			name:    "what the rule reckoned comes last",
			tonight: facts("|members|=3||||", "vehicles|plate|=示A·00001|v||1|"),
			want:    [3]string{"", "", "【车辆】\n车牌号：示A·00001\n【核算】\nmembers：3"},
		},
		{
			name:    "several records are a table, the latest first",
			tonight: months(2),
			want:    [3]string{"【低保发放 2026-11-01】\n发放年月，发放合计（元）\n2026-02，101.00\n2026-01，100.00", "", ""},
		},
		{
			name:    "records with other fields keep their labels",
			tonight: facts("vehicles|plate|=A|v||1|", "vehicles|plate|=B|v||2|", "vehicles|state|=正常|v||2|"),
			want:    [3]string{"", "", "【车辆】\n1）车牌号：A\n2）状态：正常；车牌号：B"},
		},
		{
			name:    "an unknown roll keeps its name, an empty value says so",
			tonight: facts("parcels|size||v||1|"),
			want:    [3]string{"", "", "【parcels】\nsize：（空）"},
		},
		{
			name:    "a value that changed shows what it was",
			tonight: facts("register|people|=3|r||1|"), before: facts("register|people|=4"), known: true,
			want: [3]string{"", "【监测对象】\n▲人数：3（原：4）", ""},
		},
		{
			name:    "a month that came is marked, those that stood are not",
			tonight: months(2), before: facts("dibao_payments|month|=2026-01", "dibao_payments|total|=100.00"), known: true,
			want: [3]string{"【低保发放 2026-11-01】\n发放年月，发放合计（元）\n▲2026-02，▲101.00\n2026-01，100.00", "", ""},
		},
		{
			name:    "a fact that is no longer there is named beside its record",
			tonight: facts("deaths|died|=2026-08-03|x||3|2026-11-01"), before: facts("deaths|died|=2026-08-03", "deaths|cause|=疾病"), known: true,
			want: [3]string{"", "", "【死亡人员 2026-11-01】\n死亡日期：2026-08-03\n▲死亡原因：无（原：疾病）"},
		},
		{
			name:    "without the last night nothing is marked",
			tonight: facts("register|people|=3|r||1|"), before: facts("register|people|=4"),
			want: [3]string{"", "【监测对象】\n人数：3", ""},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := newWording(madeUpInput(t)).cells("paid_after_death", c.tonight, c.before, c.known)
			if got != c.want {
				t.Errorf("cells\n%q, want\n%q", got, c.want)
			}
		})
	}
	t.Run("more than a row has room for says how many", func(t *testing.T) {
		got := newWording(madeUpInput(t)).cells("paid_after_death", months(12), nil, false)[cellDibao]
		if n := strings.Count(got, "\n"); n != 12 || !strings.HasSuffix(got, "……共12条，余见数据集 finding_fields") {
			t.Errorf("%d lines: %s", n, got)
		}
	})
}
