package report

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"doudi/pipeline/duck"
)

var update = flag.Bool("update", false, "write the golden files anew")

// people are all names and IDs of the made-up county.
func people(t *testing.T) (names, ids []string) {
	t.Helper()
	db := openCounty(t)
	madeUpCounty(t, db)
	one := func(r *duck.Rows) (s string, err error) { return s, r.Scan(&s) }
	names, err := duck.Collect(t.Context(), db, "select distinct name from published.findings where name is not null", one)
	if err != nil {
		t.Fatal(err)
	}
	ids, err = duck.Collect(t.Context(), db, "select distinct id_no from published.findings where id_no is not null", one)
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 || len(ids) == 0 {
		t.Fatal("nobody in the county")
	}
	return names, ids
}

func pageShowsNoPerson(t *testing.T, dir string) {
	page := readPage(t, dir)
	names, ids := people(t)
	for _, s := range append(names, ids...) {
		if strings.Contains(page, s) {
			t.Errorf("the page shows %q", s)
		}
	}
	if long := regexp.MustCompile(`[0-9]{11,}`).FindString(page); long != "" {
		t.Errorf("the page shows the number %q", long)
	}
}

// pageStandsAlone: nothing is fetched and nothing is run.
func pageStandsAlone(t *testing.T, dir string) {
	page := readPage(t, dir)
	for _, s := range []string{"<script", "http:", "https:", "src=", "href=", "@import", "url("} {
		if strings.Contains(page, s) {
			t.Errorf("the page holds %q", s)
		}
	}
	for _, s := range []string{
		"示范县低保与监测对象名册核对", "应保未保", "应退未退", "缺少名册 dibao_families", "渐退期满仍在保",
		"读入 5 份，拒收 1 份", "请另存为 .xlsx 或 CSV 再放入", "身份证号校正后一致", stance,
		">文件2份<", ">文件1份，无记录1份<", // an empty sheet beside a full one is no empty file
		"《社保兜底脱贫工程实施方案》各条款", "<td>二(一)2</td>", "没有看到的", "由单位撰写", ranking,
		"<td>记录数与往晚相差过大</td><td>1</td><td>1</td><td>1</td><td class=\"text\">并乡，名册 ****************** 另发",
	} {
		if !strings.Contains(page, s) {
			t.Errorf("the page lacks %q", s)
		}
	}
}

// TestBothSidesHaveEqualRoom: the two sides of a chart share one scale and one
// length.
func TestBothSidesHaveEqualRoom(t *testing.T) {
	left := opposed("", "左", "右", "enter", "exit", []bar{{"镇", []int64{40, 10}}}, number)
	right := opposed("", "左", "右", "enter", "exit", []bar{{"镇", []int64{10, 40}}}, number)
	widths := regexp.MustCompile(`width="(\d+)"[^>]*class="(\w+)"`)
	l, r := widths.FindAllStringSubmatch(string(left), -1), widths.FindAllStringSubmatch(string(right), -1)
	if len(l) != 2 || len(r) != 2 || l[0][1] != r[1][1] || l[1][1] != r[0][1] {
		t.Errorf("widths %q and %q", l, r)
	}
}

func TestCharts(t *testing.T) {
	for name, got := range map[string]string{
		"opposed.svg": string(opposed("各乡镇的差距", "应保未保", "应退未退", "enter", "exit", []bar{
			{"城关镇", []int64{1234, 30}}, {"一个名字特别长的民族乡", []int64{0, 1}}, {"<b>&", []int64{0, 0}},
		}, number)),
		"stacked.svg": string(stacked("状态", stateNames, stateClasses, []bar{{"应保未保", []int64{3, 0, 1, 8}}, {"应退未退", []int64{0, 0, 0, 0}}})),
		"wide.svg":    string(stackedWide("规则", []bar{{"无劳动能力户未纳入保障", []int64{1, 2, 3, 4}}})),
	} {
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, []byte(got+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got+"\n" != string(want) {
			t.Errorf("%s is\n%s\nwant\n%s", name, got, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1234: "-1,234"} {
		if got := number(n); got != want {
			t.Errorf("number(%d) = %s, want %s", n, got, want)
		}
	}
	for fen, want := range map[int64]string{0: "0", 12300: "123", 123456: "1,234.56", 100_00: "100", 5: "0.05"} {
		if got := yuanText(fen); got != want {
			t.Errorf("yuanText(%d) = %s, want %s", fen, got, want)
		}
	}
	for fen, want := range map[int64]string{0: "0", 99_999_00: "99,999", 123_456_00: "12.3万", 49: "0", 50: "1"} {
		if got := shortYuan(fen); got != want {
			t.Errorf("shortYuan(%d) = %s, want %s", fen, got, want)
		}
	}
}

func readPage(t *testing.T, dir string) string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(dir, pageFile))
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}
