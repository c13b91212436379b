package decode

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// unzip gives the parts of a workbook in their order.
func unzip(t testing.TB, content []byte) []entry {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	var entries []entry
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		part, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, entry{name: f.Name, content: part})
	}
	return entries
}

// refusal opens a workbook of parts and gives the note with which it is refused.
func refusal(t testing.TB, entries ...entry) string {
	t.Helper()
	m := file(t, "a.xlsx", zipOf(t, entries...))
	_, err := Open(context.Background(), m)
	var refused *Refusal
	if err != nil && !errors.As(err, &refused) {
		t.Fatalf("our own trouble: %v", err)
	}
	if refused == nil {
		return ""
	}
	return refused.Note
}

func styled(t testing.TB) []byte {
	return book(t, func(f *excelize.File) {
		for i := range 30 {
			set(t, f, "Sheet1", fmt.Sprintf("A%d", i+1), fmt.Sprintf("示范人%d", i))
			set(t, f, "Sheet1", fmt.Sprintf("B%d", i+1), i)
		}
		style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SetCellStyle("Sheet1", "B1", "B9", style); err != nil {
			t.Fatal(err)
		}
		if err := f.SetCellRichText("Sheet1", "C1", []excelize.RichTextRun{{Text: "张"}, {Text: "三"}}); err != nil {
			t.Fatal(err)
		}
	})
}

// However a part is torn, the workbook is refused whole, never read short.
func TestTornParts(t *testing.T) {
	whole := unzip(t, styled(t))
	if note := refusal(t, whole...); note != "" {
		t.Fatalf("whole workbook refused: %s", note)
	}
	for i, part := range whole {
		step := max(1, len(part.content)/60)
		for cut := 0; cut < len(part.content)-2; cut += step { // the last bytes may be a line end
			torn := slices.Clone(whole)
			torn[i].content = part.content[:cut]
			if refusal(t, torn...) == "" {
				t.Errorf("%s was read, torn at %d of %d bytes", part.name, cut, len(part.content))
			}
		}
	}
}

// A file torn anywhere is refused, too.
func TestTornWorkbook(t *testing.T) {
	content := styled(t)
	for cut := 30; cut < len(content)-1; cut += len(content) / 100 {
		m := file(t, "a.xlsx", content[:cut])
		if m.Refused == "" {
			t.Errorf("read, torn at %d of %d bytes", cut, len(content))
		}
	}
}

// with replaces, adds or (with nil) drops one part.
func with(entries []entry, name string, content []byte) []entry {
	entries = slices.DeleteFunc(slices.Clone(entries), func(e entry) bool { return e.name == name })
	if content == nil {
		return entries
	}
	return append(entries, entry{name: name, content: content})
}

const sheetPart = "xl/worksheets/sheet1.xml"

func sheetXML(rows string) []byte {
	return []byte(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + rows + `</sheetData></worksheet>`)
}

func TestHostileWorkbooks(t *testing.T) {
	whole := unzip(t, styled(t))
	for _, c := range []struct {
		name, note string
		entries    []entry
	}{
		{"DOCTYPE", noteTornXLSX, with(whole, sheetPart, []byte(`<!DOCTYPE w [<!ENTITY a "b">]>`+string(sheetXML(""))))},
		{"string out of the table", noteTornXLSX, with(whole, sheetPart, sheetXML(`<row r="1"><c r="A1" t="s"><v>999</v></c></row>`))},
		{"no table of strings", noteTornXLSX, with(whole, "xl/sharedStrings.xml", nil)},
		{"no sheet", noteTornXLSX, with(whole, sheetPart, nil)},
		{"no workbook", noteTornXLSX, with(whole, "xl/workbook.xml", nil)},
		{"rows out of order", noteTornXLSX, with(whole, sheetPart, sheetXML(`<row r="2"/><row r="1"/>`))},
		{"row twice", noteTornXLSX, with(whole, sheetPart, sheetXML(`<row r="2"/><row r="2"/>`))},
		{"row beyond the sheet", noteTornXLSX, with(whole, sheetPart, sheetXML(`<row r="1048577"/>`))},
		{"cells out of order", noteTornXLSX, with(whole, sheetPart, sheetXML(`<row r="1"><c r="B1"/><c r="A1"/></row>`))},
		{"cell of another row", noteTornXLSX, with(whole, sheetPart, sheetXML(`<row r="1"><c r="A2"/></row>`))},
		{"column beyond the sheet", noteTornXLSX, with(whole, sheetPart, sheetXML(`<row r="1"><c r="XFE1"/></row>`))},
		{"unknown type", noteTornXLSX, with(whole, sheetPart, sheetXML(`<row r="1"><c r="A1" t="x"/></row>`))},
		{"merge of nothing", noteTornXLSX, with(whole, sheetPart, []byte(`<worksheet><sheetData/><mergeCells><mergeCell ref="B2:A1"/></mergeCells></worksheet>`))},
		{"torn part that nobody reads", noteTornXLSX, with(whole, "docProps/custom.xml", []byte("<a>"))},
		{"archive inside", fmt.Sprintf(noteUnsafeXLSX, "里面嵌有别的压缩文件"), with(whole, "xl/embeddings/a.bin", zipOf(t, entry{name: "x"}))},
		{"path out", fmt.Sprintf(noteUnsafeXLSX, "部件名不安全"), with(whole, "../a.xml", []byte("<a/>"))},
		{"part twice", fmt.Sprintf(noteUnsafeXLSX, "部件重名"), append(slices.Clone(whole), entry{name: "XL/workbook.xml", content: []byte("<a/>")})},
		{"bomb", fmt.Sprintf(noteRatio, maxRatio), with(whole, sheetPart, sheetXML(strings.Repeat(" ", 4<<20)))},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := refusal(t, c.entries...); got != c.note {
				t.Errorf("note %q, want %q", got, c.note)
			}
		})
	}
}

// Sheets as other programs write them: without addresses, with prefixes, texts
// in place, phonetic runs, codes, cached results, wrong dimensions.
func TestCells(t *testing.T) {
	whole := unzip(t, styled(t))
	for _, c := range []struct{ name, rows, want string }{
		{"without addresses", `<row><c><v>1</v></c><c/><c><v>2</v></c></row><row><c><v>3</v></c></row>`, "1 [\"1\" \"\" \"2\"]\n2 [\"3\"]\n"},
		{"rows left out", `<row r="2"><c r="B2"><v>1</v></c></row><row r="4"><c r="A4"><v>2</v></c></row><row r="9"/>`,
			"1 []\n2 [\"\" \"1\"]\n3 []\n4 [\"2\"]\n"},
		{"texts in place", `<row r="1"><c r="A1" t="inlineStr"><is><t>张</t></is></c><c r="B1" t="inlineStr"><is><r><t>李</t></r><r><t xml:space="preserve"> 四</t></r><rPh sb="0" eb="1"><t>lisi</t></rPh></is></c></row>`,
			"1 [\"张\" \"李 四\"]\n"},
		{"shared", `<row r="1"><c r="A1" t="s"><v>0</v></c></row>`, "1 [\"示范人0\"]\n"},
		{"results of formulas", `<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>A1</f><v>二</v></c><c r="C1"><f>X</f></c><c r="D1" t="e"><v>#N/A</v></c><c r="E1" t="b"><v>0</v></c></row>`,
			"1 [\"2\" \"二\" \"\" \"#N/A\" \"FALSE\"]\n"},
		{"codes", `<row r="1"><c r="A1" t="str"><v>a_x000D_b_x005F_c_x0000_d_xZZZZ_</v></c></row>`, "1 [\"a\\rb_c_x0000_d_xZZZZ_\"]\n"},
		{"numbers", `<row r="1"><c><v>610.20000000000005</v></c><c><v>1.5E-2</v></c><c><v>1.2345678E7</v></c><c><v>12345.0</v></c><c><v>1.1010519491231E+17</v></c><c><v>990101194912310020</v></c><c><v>-0.1</v></c></row>`,
			"1 [\"610.2\" \"0.015\" \"12345678\" \"12345\" \"1.1010519491231E+17\" \"990101194912310020\" \"-0.1\"]\n"},
		{"dates", `<row r="1"><c s="1"><v>45170</v></c><c s="1"><v>45170.5</v></c><c s="1"><v>60</v></c><c s="1"><v>1</v></c><c s="1"><v>99999999</v></c></row>`,
			"1 [\"2023-09-01\" \"2023-09-01\" \"60\" \"1900-01-01\" \"99999999\"]\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := file(t, "a.xlsx", zipOf(t, with(whole, sheetPart, sheetXML(c.rows))...))
			if got := shown(everything(t, m, 0, 1, 0)); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}

func TestFormatOf(t *testing.T) {
	for pattern, want := range map[string]cellFormat{
		"General": asNumber, "0.00": asNumber, "#,##0.00": asNumber, `0.00"元/月"`: asNumber, "@": asNumber, "G/通用格式": asNumber,
		`[Red]0`: asNumber, `_(* #,##0_);(#)`: asNumber, `0.00E+00`: asNumber,
		"yyyy-mm-dd": asDate, `yyyy"年"m"月"d"日"`: asDate, `[$-804]yyyy\-mm;@`: asDate, "m/d": asDate, "DD/MM/YYYY": asDate,
		"yyyy-mm-dd hh:mm": asDateTime, "h:mm": asTime, "[h]:mm": asTime,
	} {
		if got := formatOf(pattern); got != want {
			t.Errorf("%s: %d, want %d", pattern, got, want)
		}
	}
}

// What excelize writes and reads, this reader reads alike.
func TestAgainstExcelize(t *testing.T) {
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 1))
		content := book(t, func(f *excelize.File) {
			for range 200 {
				cell, err := excelize.CoordinatesToCellName(1+random.IntN(30), 1+random.IntN(60))
				if err != nil {
					t.Fatal(err)
				}
				values := []any{random.IntN(1e9), "示范 <&> \"x\"\n二", float64(random.IntN(1e6)) / 100, random.IntN(2) == 0, "", "_x000D_", " 空 "}
				set(t, f, "Sheet1", cell, values[random.IntN(len(values))])
			}
		})
		f, err := excelize.OpenReader(bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		want, err := f.GetRows("Sheet1", excelize.Options{RawCellValue: true})
		if err := errors.Join(err, f.Close()); err != nil {
			t.Fatal(err)
		}
		got := everything(t, file(t, "a.xlsx", content), 0, 1, 0)
		for i, row := range want {
			for j, cell := range row {
				mine := ""
				if i < len(got) && j < len(got[i].Cells) {
					mine = got[i].Cells[j]
				}
				// Of truth values excelize gives what is stored, this reader what is shown.
				if mine != cell && !(mine == "TRUE" && cell == "1" || mine == "FALSE" && cell == "0") {
					t.Fatalf("seed %d, row %d, column %d: %q, excelize has %q", seed, i+1, j+1, mine, cell)
				}
			}
		}
		if len(got) < len(want) {
			t.Errorf("seed %d: %d rows, excelize has %d", seed, len(got), len(want))
		}
	}
}
