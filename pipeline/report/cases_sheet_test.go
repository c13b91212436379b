package report

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestCasesSheet: the workbook opens on its households, the surest first, each
// with its findings of all sides, its money as the case nets it, and where each
// finding stands; what is suppressed altogether comes last, what is gone is in
// no case, and a sheet that is full goes on in the next part.
func TestCasesSheet(t *testing.T) {
	db := openCounty(t)
	one := func(id, rule, side, certainty, state, dibao string, month any) finding {
		return finding{
			id: id, rule: rule, side: side, certainty: certainty, state: state, nights: 2, area: "990101100001", town: "城关镇", village: "东岭村",
			subject: "household", name: "赵大山", idNo: madeUp(1), dibao: dibao, month: month, reason: "因", basis: "据",
		}
	}
	away := one("f6", "flag_missing_in_register", "conflict", "A", "new", "D2", nil)
	away.area, away.town = "990101101001", "河西镇"
	hidden := one("f7", "paid_after_death", "should_exit", "A", "open", "D3", int64(90000))
	hidden.suppressed = "exception:count_reduced"
	less := one("f8", "paid_after_death", "should_exit", "A", "open", "D2", int64(100))
	less.suppressed = "waiver:3"
	nobody := one("f9", "vehicle", "should_exit", "B", "new", "", int64(5000))
	nobody.dibao = nil
	addFindings(t, db,
		one("f1", "vehicle", "should_exit", "B", "open", "D1", int64(83000)),
		one("f2", "allowance_unpaid_living", "should_pay", "A", "new", "D1", int64(8000)),
		one("f3", "vehicle", "should_exit", "B", "gone", "D1", int64(1)),
		one("f4", "income_above_standard", "should_exit", "B", "new", "D2", int64(99000)),
		one("f5", "income_above_standard", "should_exit", "B", "open", "D4", int64(100000)),
		away, hidden, less, nobody)
	exec(t, db, "update published.cases set area_code = '990101100001', town = '城关镇'")

	in, dir := madeUpInput(t), t.TempDir()
	if _, err := Write(t.Context(), db, in, dir); err != nil {
		t.Fatal(err)
	}
	f := openBook(t, filepath.Join(dir, "乡镇", "城关镇.xlsx"))
	if f.GetSheetName(f.GetActiveSheetIndex()) != casesSheet {
		t.Errorf("the workbook opens on %s", f.GetSheetName(f.GetActiveSheetIndex()))
	}
	rows, err := f.GetRows(casesSheet)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rows[3:] {
		if len(r) >= 15 {
			got = append(got, strings.Join([]string{r[4], r[6], strings.TrimSpace(r[7]), r[8], r[10], r[11], r[12]}, "|"))
		}
	}
	want := []string{
		"D2|A|-990.00|3|家庭收入超过低保标准（B，第2条）\n死亡后仍领取（A，已抑制第2条）||监测名册漏标低保（A，第1条，见河西镇）",
		"D1|A|-750.00|2|家庭成员名下有车辆（B，第3条）|残疾人生活补贴未发（A，第1条）|",
		"D4|B|-1,000.00|1|家庭收入超过低保标准（B，第1条）||",
		"D3|||1|死亡后仍领取（A，已抑制第1条）||",
	}
	if !slices.Equal(got, want) {
		t.Errorf("cases\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}

	small := t.TempDir()
	if _, err := write(t.Context(), db, in, small, frameRows+3); err != nil {
		t.Fatal(err)
	}
	next := openBook(t, filepath.Join(small, "乡镇", "城关镇-2.xlsx"))
	if rows, err = next.GetRows(casesSheet); err != nil || len(rows) < 4 || r0(rows[3], 4) != "D3" {
		t.Errorf("the second part goes on with %q, %v", rows, err)
	}
}
