package decode

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestFindHeader(t *testing.T) {
	words := []string{"姓名", "身份证号", "人口数", "年收入", "备注", "乡镇", "合计", "残疾类别", "等级"}
	known := func(name string) bool { return slices.Contains(words, strings.ReplaceAll(name, "\n", "")) }
	for _, c := range []struct {
		name   string
		rows   string // rows by lines, cells by |
		merges []Range
		want   string // First-Last names titles
	}{
		{"first row", "姓名|身份证号\n张三|1", nil, `1-1 ["姓名" "身份证号"] []`},
		{"below titles", "某县花名册||\n单位：万元|||2026年\n姓名|身份证号|备注\n张三|1|", nil,
			`3-3 ["姓名" "身份证号" "备注"] ["某县花名册" "单位：万元 2026年"]`},
		{"title over two merged rows", "某县花名册||\n||\n姓名|身份证号|备注\n张三|1|", []Range{{1, 2, 0, 2}},
			`3-3 ["姓名" "身份证号" "备注"] ["某县花名册"]`},
		{"two rows, merged", "名册|||\n姓名|身份证号|家庭|\n||人口数|年收入\n张三|1|2|3", []Range{{1, 1, 0, 3}, {2, 3, 0, 0}, {2, 3, 1, 1}, {2, 2, 2, 3}},
			`2-3 ["姓名" "身份证号" "家庭/人口数" "家庭/年收入"] ["名册"]`},
		{"two rows, not merged, as in a CSV", "姓名|身份证号|家庭||备注\n||人口数|年收入|\n张三|1|2|3|", nil,
			`1-2 ["姓名" "身份证号" "家庭/人口数" "家庭/年收入" "备注"] []`},
		{"groups that part equal names", "户主||成员|\n姓名|身份证号|姓名|身份证号\n张三|1|李四|2", []Range{{1, 1, 0, 1}, {1, 1, 2, 3}},
			`1-2 ["户主/姓名" "户主/身份证号" "成员/姓名" "成员/身份证号"] []`},
		{"three rows", "姓名|情况||\n|残疾||备注\n|残疾类别|等级|\n张三|肢体|一级|", []Range{{1, 3, 0, 0}, {1, 1, 1, 3}, {2, 2, 1, 2}, {2, 3, 3, 3}},
			`1-3 ["姓名" "情况/残疾/残疾类别" "情况/残疾/等级" "情况/备注"] []`},
		{"repeated header", "姓名|身份证号\n姓名|身份证号\n张三|1", nil, `1-1 ["姓名" "身份证号"] []`},
		{"merged data below", "姓名|身份证号|乡镇\n张三|1|甲乡\n李四|2|", []Range{{2, 3, 2, 2}}, `1-1 ["姓名" "身份证号" "乡镇"] []`},
		{"unknown names stay", "序号|姓名|身份证号|自编\n1|张三|2|3", nil, `1-1 ["序号" "姓名" "身份证号" "自编"] []`},
		{"empty names at the end", "姓名|身份证号|||\n张三|1", nil, `1-1 ["姓名" "身份证号"] []`},
		{"equal names, data below", "姓名|身份证号|备注|备注\n张三|1|好|差", nil, `1-1 ["姓名" "身份证号" "备注" "备注"] []`},
		{"one column", "姓名\n张三", nil, `1-1 ["姓名"] []`},
		{"no header", "张三|1|2\n李四|3|备注", nil, "none"},
		{"nothing", "", nil, "none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var head []Record
			for i, row := range strings.Split(c.rows, "\n") {
				head = append(head, Record{Row: int64(i + 1), Lines: 1, Cells: strings.Split(row, "|")})
			}
			got := "none"
			if h, ok := FindHeader(head, c.merges, known); ok {
				got = fmt.Sprintf("%d-%d %q %q", h.First, h.Last, h.Names, h.Titles)
			}
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// A header cell over lines in a CSV: the data begin below its last line.
func TestFindHeaderOverLines(t *testing.T) {
	m := file(t, "a.csv", []byte("名册,\n\"姓\n名\",\"身份\n证号\"\n张三,1\n"))
	rows := everything(t, m, 0, 1, 0)
	h, ok := FindHeader(rows, nil, func(name string) bool { return strings.Contains(name, "\n") })
	if !ok || h.First != 2 || h.Last != 4 {
		t.Fatalf("header %+v, %v", h, ok)
	}
	if rest := everything(t, m, 0, h.Last+1, 2); len(rest) != 1 || rest[0].Row != 5 {
		t.Errorf("rest %v", rest)
	}
}
