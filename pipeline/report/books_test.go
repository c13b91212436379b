package report

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestNames(t *testing.T) {
	for _, c := range []struct {
		name  string
		area  string
		books []book
		want  []string
	}{
		{"a town", "990101", []book{{town: "城关镇", code: "990101100", parts: 1}}, []string{"乡镇/城关镇.xlsx"}},
		{"no town", "990101", []book{{parts: 1}}, []string{"乡镇/未知乡镇.xlsx"}},
		{"two towns of one name", "990101", []book{{town: "中心镇", code: "990101100", parts: 1}, {town: "中心镇", code: "990101101", parts: 1}},
			[]string{"乡镇/中心镇-990101100.xlsx", "乡镇/中心镇-990101101.xlsx"}},
		{"one of them without a code", "990101", []book{{town: "中心镇", parts: 1}, {town: "中心镇", code: "990101101", parts: 1}},
			[]string{"乡镇/中心镇.xlsx", "乡镇/中心镇-990101101.xlsx"}},
		{"parts", "990101", []book{{town: "城关镇", parts: 3}}, []string{"乡镇/城关镇.xlsx", "乡镇/城关镇-2.xlsx", "乡镇/城关镇-3.xlsx"}},
		{"a town named like a part", "990101", []book{{town: "城关镇", parts: 2}, {town: "城关镇-2", parts: 1}},
			[]string{"乡镇/城关镇.xlsx", "乡镇/城关镇-2.xlsx", "乡镇/城关镇-2（1）.xlsx"}},
		{"letters that differ in case alone", "990101", []book{{town: "A镇", parts: 1}, {town: "a镇", parts: 1}}, []string{"乡镇/A镇.xlsx", "乡镇/a镇（1）.xlsx"}},
		{"no way out of the folder", "990101", []book{{town: "../../镇", parts: 1}, {town: "..", parts: 1}, {town: "a\x00b:c", parts: 1}},
			[]string{"乡镇/_.._镇.xlsx", "乡镇/_.xlsx", "乡镇/a_b_c.xlsx"}},
		{"a prefecture", "990100", []book{{county: "990101", town: "城关镇", parts: 1}, {county: "990102", town: "城关镇", parts: 1}, {parts: 1}},
			[]string{"乡镇/990101/城关镇.xlsx", "乡镇/990102/城关镇.xlsx", "乡镇/未知乡镇.xlsx"}},
		{"a province of two digits", "99", []book{{county: "990101", town: "城关镇", parts: 1}}, []string{"乡镇/990101/城关镇.xlsx"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			nameBooks(Input{AreaCode: c.area}, c.books)
			var got []string
			for _, b := range c.books {
				for part := 1; part <= b.parts; part++ {
					got = append(got, b.partFile(part))
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("files %q, want %q", got, c.want)
			}
		})
	}
}

// TestSplit: a sheet takes no more rows than it may, and no finding is lost or
// shown twice over the parts of a town.
func TestSplit(t *testing.T) {
	db := openCounty(t)
	var all []finding
	for i := range 47 {
		f := finding{
			id: fmt.Sprintf("f%03d", i), rule: "vehicle", side: "should_exit", certainty: "B", state: "new", nights: 1, area: "990101100001",
			town: "城关镇", subject: "household", dibao: fmt.Sprint("D", i), reason: "请核实。", basis: "依据",
		}
		if i%3 == 0 {
			f.state = "gone"
		}
		if i >= 40 {
			f.side, f.rule = "data_error", "id_invalid"
		}
		all = append(all, f)
	}
	addFindings(t, db, all...)
	dir := t.TempDir()
	const most = 22
	files, err := write(t.Context(), db, madeUpInput(t), dir, most)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"汇总.xlsx", "index.html", "乡镇/城关镇.xlsx", "乡镇/城关镇-2.xlsx", "乡镇/城关镇-3.xlsx"}
	if !slices.Equal(files, want) {
		t.Fatalf("files %q, want %q", files, want)
	}
	seen := map[string]int{}
	for _, file := range want[2:] {
		f := openBook(t, filepath.Join(dir, filepath.FromSlash(file)))
		for _, sheet := range f.GetSheetList() {
			if !slices.Contains(sheetNames, sheet) {
				continue
			}
			rows, err := f.GetRows(sheet)
			if err != nil {
				t.Fatal(err)
			}
			if len(rows) > most {
				t.Errorf("%s, %s: %d rows", file, sheet, len(rows))
			}
			for _, row := range rows[headRows:] {
				if id := r0(row, 1); id != "" {
					seen[id]++
				}
			}
		}
	}
	for _, f := range all {
		if seen[f.id] != 1 {
			t.Errorf("%s is shown %d times", f.id, seen[f.id])
		}
	}
}

func TestNoFindings(t *testing.T) {
	db := openCounty(t)
	dir := t.TempDir()
	files, err := Write(t.Context(), db, madeUpInput(t), dir)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"汇总.xlsx", "index.html"}; !slices.Equal(files, want) {
		t.Errorf("files %q, want %q", files, want)
	}
	if _, err := os.Stat(filepath.Join(dir, "乡镇")); !os.IsNotExist(err) {
		t.Errorf("a folder of no towns: %v", err)
	}
}

// TestAboveCounty: a prefecture's towns stand in a folder a county, under the
// county's name.
func TestAboveCounty(t *testing.T) {
	db := openCounty(t)
	one := finding{
		id: "f1", rule: "vehicle", side: "should_exit", certainty: "B", state: "new", nights: 1, area: "990101100001",
		town: "城关镇", subject: "household", dibao: "D1", month: int64(100), reason: "请核实。", basis: "依据",
	}
	other, nowhere := one, one
	other.id, other.area = "f2", "990102100001"
	nowhere.id, nowhere.area, nowhere.town = "f3", "990102", ""
	addFindings(t, db, one, other, nowhere)
	in := madeUpInput(t)
	in.AreaCode, in.Name, in.Places = "990100", "示范市", map[string]string{"990101": "示范县"}
	dir := t.TempDir()
	files, err := Write(t.Context(), db, in, dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"汇总.xlsx", "index.html", "乡镇/990101/城关镇.xlsx", "乡镇/990102/城关镇.xlsx", "乡镇/990102/未知乡镇.xlsx"}
	if !slices.Equal(files, want) {
		t.Errorf("files %q, want %q", files, want)
	}
	f := openBook(t, filepath.Join(dir, "乡镇", "990101", "城关镇.xlsx"))
	if got := value(t, f, "应退未退", "A1"); got != "示范县城关镇应退未退疑点核查表" {
		t.Errorf("title %q", got)
	}
	sum := openBook(t, filepath.Join(dir, "汇总.xlsx"))
	var names []string
	rows, err := sum.GetRows(figureSheet)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[3:] {
		if r0(row, 1) == "合计" {
			names = append(names, row[0])
		}
	}
	if want := []string{"合计", "示范县", "示范县城关镇", "990102", "990102城关镇", "990102未知乡镇"}; !slices.Equal(names, want) {
		t.Errorf("areas %q, want %q", names, want)
	}
}
