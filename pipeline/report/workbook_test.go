package report

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func openBook(t *testing.T, path string) *excelize.File {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// find gives the column and row of the first cell that holds a text.
func find(t *testing.T, f *excelize.File, sheet, text string) (col, row int) {
	t.Helper()
	cells, err := f.SearchSheet(sheet, text)
	if err != nil || len(cells) == 0 {
		t.Fatalf("%s: no cell %q, %v", sheet, text, err)
	}
	col, row, err = excelize.CellNameToCoordinates(cells[0])
	if err != nil {
		t.Fatal(err)
	}
	return col, row
}

func cellStyle(t *testing.T, f *excelize.File, sheet, cell string) *excelize.Style {
	t.Helper()
	id, err := f.GetCellStyle(sheet, cell)
	if err != nil {
		t.Fatal(err)
	}
	style, err := f.GetStyle(id)
	if err != nil {
		t.Fatal(err)
	}
	return style
}

func value(t *testing.T, f *excelize.File, sheet, cell string) string {
	t.Helper()
	v, err := f.GetCellValue(sheet, cell)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func townBook(t *testing.T, dir string) {
	f := openBook(t, filepath.Join(dir, "乡镇", "城关镇.xlsx"))
	want := []string{"一户一案", "填报说明", "汇总表", "应保未保", "应退未退", "应补未补", "信息不一致", "数据质量", "已抑制", "码表"}
	if got := f.GetSheetList(); !slices.Equal(got, want) {
		t.Fatalf("sheets %q, want %q", got, want)
	}
	for _, sheet := range want {
		fit, err := f.GetSheetProps(sheet)
		if err != nil || fit.FitToPage == nil || !*fit.FitToPage {
			t.Errorf("%s is not fitted to a page: %v", sheet, err)
		}
		page, err := f.GetPageLayout(sheet)
		if err != nil || *page.Orientation != "landscape" || *page.Size != 9 || *page.FitToWidth != 1 || *page.FitToHeight != 0 {
			t.Errorf("%s: page %+v, %v", sheet, page, err)
		}
	}
	props, err := f.GetDocProps()
	if err != nil || props.Creator != "doudi" || props.Created != "2026-11-20T00:00:00Z" {
		t.Errorf("properties %+v, %v", props, err)
	}
}

func keysAreLockedAndAnswersAreNot(t *testing.T, dir string) {
	f := openBook(t, filepath.Join(dir, "乡镇", "城关镇.xlsx"))
	const sheet = "应退未退"
	protection, err := f.GetSheetProtection(sheet)
	if err != nil || !protection.SelectUnlockedCells {
		t.Errorf("protection %+v, %v", protection, err)
	}
	first := headRows + 1
	for _, c := range []struct {
		head   string
		locked bool
	}{
		{headID, true}, {"身份证号", true}, {"原因", true}, {"低保一侧", true},
		{headVerdict, false}, {"核查情况", false}, {"处理措施", false}, {"核查人", false}, {"核查日期", false},
		{headWaiver, false}, {"豁免原因", false}, {"批准人", false}, {"豁免至", false},
	} {
		col, _ := find(t, f, sheet, c.head)
		style := cellStyle(t, f, sheet, ref(col, first))
		if locked := style.Protection == nil || style.Protection.Locked; locked != c.locked {
			t.Errorf("%s: locked %v, want %v", c.head, locked, c.locked)
		}
	}
	validations, err := f.GetDataValidations(sheet)
	if err != nil {
		t.Fatal(err)
	}
	verdict, _ := find(t, f, sheet, headVerdict)
	var seen []string
	for _, dv := range validations {
		if !dv.ShowErrorMessage || dv.Error == nil {
			t.Errorf("a drop-down at %s refuses nothing", dv.Sqref)
		}
		seen = append(seen, dv.Type)
		if strings.HasPrefix(dv.Sqref, ref(verdict, first)+":") && dv.Formula1 != `"属实,不属实,部分属实"` {
			t.Errorf("verdicts are %s", dv.Formula1)
		}
	}
	if want := []string{"list", "date", "list", "date"}; !slices.Equal(seen, want) {
		t.Errorf("validations %q, want %q", seen, want)
	}
}

func headerIsRepeatedAndFrozen(t *testing.T, dir string) {
	f := openBook(t, filepath.Join(dir, "乡镇", "城关镇.xlsx"))
	panes, err := f.GetPanes("应保未保")
	if err != nil || !panes.Freeze || panes.YSplit != headRows || panes.XSplit != 5 {
		t.Errorf("panes %+v, %v", panes, err)
	}
	titles, printed := "", ""
	for _, name := range f.GetDefinedName() {
		if name.Scope == "应保未保" && name.Name == "_xlnm.Print_Titles" {
			titles = name.RefersTo
		}
		if name.Scope == "应保未保" && name.Name == "_xlnm.Print_Area" {
			printed = name.RefersTo
		}
	}
	if titles != "'应保未保'!$3:$4" {
		t.Errorf("repeated rows %q", titles)
	}
	if !strings.HasPrefix(printed, "'应保未保'!$A$1:$W$") {
		t.Errorf("printed area %q", printed)
	}
}

// orderInsideASide: the surer first, then the larger sum, then what is open the
// longest; what is gone stands apart at the end.
func orderInsideASide(t *testing.T, dir string) {
	f := openBook(t, filepath.Join(dir, "乡镇", "城关镇.xlsx"))
	for _, sheet := range []string{"应保未保", "应退未退", "应补未补"} {
		state, _ := find(t, f, sheet, "状态")
		sure, _ := find(t, f, sheet, "确定性")
		month, _ := find(t, f, sheet, "每月")
		nights, _ := find(t, f, sheet, "连续晚数")
		rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		last, bands := "", 0
		for _, r := range rows[headRows:] {
			if strings.HasPrefix(r0(r, 0), "以下疑点") {
				bands++
			}
			if r0(r, sure-1) == "" || r0(r, state-1) == "" {
				continue
			}
			yuan, _ := strconv.ParseFloat(r0(r, month-1), 64)
			open, _ := strconv.Atoi(r0(r, nights-1))
			key := fmt.Sprintf("%d %s %012.2f %04d", bands, r0(r, sure-1), 1e8-math.Abs(yuan), 1000-open)
			if key < last {
				t.Errorf("%s: %s after %s", sheet, key, last)
			}
			if gone := r0(r, state-1) == "消失"; gone != (bands == 1) {
				t.Errorf("%s: what is gone does not stand apart", sheet)
			}
			last = key
		}
		if last == "" {
			t.Errorf("%s has no findings", sheet)
		}
	}
}

func r0(row []string, i int) string {
	if i < len(row) {
		return row[i]
	}
	return ""
}

func TestFactsOfBothSides(t *testing.T) {
	db := openCounty(t)
	addFindings(t, db, finding{
		id: "f1", rule: "paid_after_death", side: "should_exit", certainty: "A", state: "changed", nights: 3,
		area: "990101100001", town: "城关镇", village: "东岭村", subject: "person", name: "赵大山", idNo: madeUp(1),
		dibao: "D1", register: "R1", month: int64(41000), total: int64(-82050), reason: "请核实。", basis: "依据",
		facts: []fact{
			{"dibao_persons", "state", "在保", "d.xlsx", 4}, {"dibao_persons", "total_month", "1230.00", "d.xlsx", 4},
			{"dibao_payments", "month", "2026-10", "p.csv", 2}, {"dibao_payments", "total", "1230.00", "p.csv", 2},
			{"dibao_payments", "month", "2026-11", "q.csv", 2}, {"dibao_payments", "total", "1230.00", "q.csv", 2},
			{"register", "flag_dibao", "", "r.csv", 9},
			{"deaths", "died", "2026-08-03", "x.csv", 3},
			{nil, "kind", "bad_check", nil, 0},
		},
	})
	exec(t, db, `
		insert into published.last_fields values
			('f1', 'dibao_persons', 'state', '在保'), ('f1', 'dibao_persons', 'total_month', '1100.00'),
			('f1', 'dibao_payments', 'month', '2026-10'), ('f1', 'dibao_payments', 'total', '1230.00'), ('f1', 'dibao_payments', 'month', '2026-11'),
			('f1', 'register', 'flag_dibao', null), ('f1', 'deaths', 'died', '2026-08-03'), ('f1', 'deaths', 'cause', '疾病'), ('f1', null, 'kind', 'bad_check');
		insert into published.links values ('d.xlsx', null, 4, '', '', 'r.csv', null, 9, '', '', 'name_place', 9, 0.98760000, 'linked', null);
	`)
	in := madeUpInput(t)
	in.Rules[2].Words = map[string]map[string]string{"kind": {"bad_check": "校验码不对"}}
	in.Rules[2].Labels = map[string]string{"kind": "问题"}
	defer func() { in.Rules[2].Words, in.Rules[2].Labels = nil, nil }()
	dir := t.TempDir()
	if _, err := Write(t.Context(), db, in, dir); err != nil {
		t.Fatal(err)
	}
	f := openBook(t, filepath.Join(dir, "乡镇", "城关镇.xlsx"))
	for head, want := range map[string]string{
		"低保一侧": "【低保对象 2026-11-01】\n状态：在保\n▲合计（元/月）：1230.00（原：1100.00）\n【低保发放 2026-11-01】\n发放年月，发放合计（元）\n2026-11，1230.00\n2026-10，1230.00",
		"扶贫一侧": "【监测对象 2026-11-01】\n享受低保政策情况：（空）",
		"其他名册": "【死亡人员 2026-11-01】\n死亡日期：2026-08-03\n▲死亡原因：无（原：疾病）\n【核算】\n问题：校验码不对",
		"每月":   "410.00 ",
		"累计":   "-820.50 ",
		"关联依据": "姓名与住址一致（概率98.76%）",
		"身份证号": madeUp(1),
		"状态":   "变化",
		"首次发现": "2026-11-18",
		"连续晚数": "3",
	} {
		col, _ := find(t, f, "应退未退", head)
		if got := value(t, f, "应退未退", ref(col, headRows+1)); got != want {
			t.Errorf("%s is %q, want %q", head, got, want)
		}
	}
	col, _ := find(t, f, "应退未退", "身份证号")
	if kind, err := f.GetCellType("应退未退", ref(col, headRows+1)); err != nil || kind != excelize.CellTypeInlineString {
		t.Errorf("an ID is a cell of type %v, %v", kind, err)
	}
}

// TestHouseholdTie: a household's finding whose households share only a link
// that is not by ID says so, even where the linked records are not evidence.
func TestHouseholdTie(t *testing.T) {
	db := openCounty(t)
	one := finding{
		id: "f1", rule: "income_above_standard", side: "should_exit", certainty: "B", state: "new", nights: 1, area: "990101100001",
		town: "城关镇", subject: "household", dibao: "D1", register: "R1", reason: "请核实。", basis: "依据",
		facts: []fact{{"dibao_persons", "state", "在保", "d.csv", 1}},
	}
	other := one
	other.id, other.dibao, other.register = "f2", "D2", "R2"
	addFindings(t, db, one, other)
	exec(t, db, `
		insert into published.persons (roll, file, "row", household) values
			('dibao_persons', 'd.csv', 2, 'D1'), ('register', 'r.csv', 2, 'R1'),
			('dibao_persons', 'd.csv', 3, 'D2'), ('register', 'r.csv', 3, 'R2'),
			('dibao_persons', 'd.csv', 4, 'D2'), ('register', 'r.csv', 4, 'R2');
		insert into published.links (dibao_file, dibao_row, register_file, register_row, method, probability, decision) values
			('d.csv', 2, 'r.csv', 2, 'household', 0.995, 'linked'),
			('d.csv', 3, 'r.csv', 3, 'household', 0.995, 'linked'),
			('d.csv', 4, 'r.csv', 4, 'exact_id', 0.9999, 'linked');
	`)
	dir := t.TempDir()
	if _, err := Write(t.Context(), db, madeUpInput(t), dir); err != nil {
		t.Fatal(err)
	}
	f := openBook(t, filepath.Join(dir, "乡镇", "城关镇.xlsx"))
	id, _ := find(t, f, "应退未退", headID)
	tie, _ := find(t, f, "应退未退", "关联依据")
	got := map[string]string{}
	for row := headRows + 1; row <= headRows+2; row++ {
		got[value(t, f, "应退未退", ref(id, row))] = value(t, f, "应退未退", ref(tie, row))
	}
	if got["f1"] != "同户成员对应（概率99.50%）" || got["f2"] != "" {
		t.Errorf("ties %q", got)
	}
}

func TestNothingBecomesAFormula(t *testing.T) {
	db := openCounty(t)
	evil := []string{"=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x"}
	var all []finding
	for i, s := range evil {
		all = append(all, finding{
			id: fmt.Sprintf("f%02d", i), rule: "id_invalid", side: "data_error", certainty: "A", state: "new", nights: 1, area: "990101100001",
			town: "城关镇", village: s, subject: "record", name: s, idNo: s, reason: s + "（原因）", basis: s,
			facts: []fact{{"dibao_persons", "name", s, "d.csv", i}},
		})
	}
	addFindings(t, db, all...)
	dir := t.TempDir()
	if _, err := Write(t.Context(), db, madeUpInput(t), dir); err != nil {
		t.Fatal(err)
	}
	f := openBook(t, filepath.Join(dir, "乡镇", "城关镇.xlsx"))
	for row := headRows + 1; row <= headRows+len(evil); row++ {
		for _, head := range []string{"村\n（社区）", "姓名\n（户主）", "身份证号", "原因", "政策依据"} {
			col, _ := find(t, f, "数据质量", head)
			cell := ref(col, row)
			if formula, err := f.GetCellFormula("数据质量", cell); err != nil || formula != "" {
				t.Errorf("%s holds the formula %q, %v", cell, formula, err)
			}
			if kind, _ := f.GetCellType("数据质量", cell); kind != excelize.CellTypeInlineString {
				t.Errorf("%s has type %v", cell, kind)
			}
			if style := cellStyle(t, f, "数据质量", cell); style.NumFmt != formatText {
				t.Errorf("%s, %q: number format %d, not text", head, value(t, f, "数据质量", cell), style.NumFmt)
			}
		}
	}
}

func TestSuppressedStandApart(t *testing.T) {
	db := openCounty(t)
	base := finding{
		rule: "vehicle", side: "should_exit", certainty: "B", state: "open", nights: 2, area: "990101100001", town: "城关镇",
		subject: "household", dibao: "D1", month: int64(100), reason: "请核实。", basis: "依据",
	}
	exception, waiver, verdict, unknown, shown := base, base, base, base, base
	exception.id, exception.suppressed = "f1", "exception:sole_livelihood"
	waiver.id, waiver.suppressed = "f2", "waiver:7"
	verdict.id, verdict.suppressed = "f3", "verdict:abc"
	unknown.id, unknown.suppressed = "f4", "exception:not_thought_of"
	shown.id = "f5"
	addFindings(t, db, exception, waiver, verdict, unknown, shown)
	dir := t.TempDir()
	if _, err := Write(t.Context(), db, madeUpInput(t), dir); err != nil {
		t.Fatal(err)
	}
	f := openBook(t, filepath.Join(dir, "乡镇", "城关镇.xlsx"))
	id, _ := find(t, f, suppressedSheet, headID)
	by, _ := find(t, f, suppressedSheet, "抑制依据")
	got := map[string]string{}
	for row := headRows + 1; row <= headRows+4; row++ {
		got[value(t, f, suppressedSheet, ref(id, row))] = value(t, f, suppressedSheet, ref(by, row))
	}
	want := map[string]string{
		"f1": "例外：唯一谋生工具", "f2": "豁免：waivers.csv 第7行", "f3": "核查结论：不属实（abc）", "f4": "例外：not_thought_of",
	}
	for k, v := range want {
		if got[k] != v {
			t.Errorf("%s is suppressed by %q, want %q", k, got[k], v)
		}
	}
	if rows, _ := f.GetRows("应退未退"); r0(rows[headRows], 1) != "f5" {
		t.Errorf("the side shows %q", r0(rows[headRows], 1))
	}
	if dvs, _ := f.GetDataValidations(suppressedSheet); len(dvs) != 0 {
		t.Error("a suppressed finding asks for an answer")
	}
}

// summaryHoldsNoPerson: 汇总.xlsx has figures, and they add up.
func summaryHoldsNoPerson(t *testing.T, dir string) {
	f := openBook(t, filepath.Join(dir, "汇总.xlsx"))
	names, ids := people(t)
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			for _, cell := range row {
				for _, s := range append(names, ids...) {
					if strings.Contains(cell, s) {
						t.Errorf("%s shows %q", sheet, s)
					}
				}
			}
		}
	}
	rows, err := f.GetRows(figureSheet)
	if err != nil {
		t.Fatal(err)
	}
	number := func(row []string, i int) (n int) {
		fmt.Sscan(strings.ReplaceAll(r0(row, i), ",", ""), &n)
		return n
	}
	heads := rows[2]
	toCheck := slices.Index(heads, "待核查")
	whole, towns := 0, 0
	for _, row := range rows[3:] {
		if r0(row, 1) != "合计" {
			continue
		}
		if got := number(row, toCheck+1) + number(row, toCheck+2) + number(row, toCheck+3) + number(row, toCheck+4); got != number(row, toCheck) {
			t.Errorf("%s: states add up to %d, not %d", row[0], got, number(row, toCheck))
		}
		if row[0] == "合计" {
			whole = number(row, toCheck)
		} else {
			towns += number(row, toCheck)
		}
	}
	if whole == 0 || whole != towns {
		t.Errorf("towns add up to %d, the county has %d", towns, whole)
	}
}
