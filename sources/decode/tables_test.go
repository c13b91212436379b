package decode

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// bookText writes all sheets of a member, or the note with which it is refused.
func bookText(t testing.TB, m Member) string {
	t.Helper()
	b, err := Open(context.Background(), m)
	var refused *Refusal
	if errors.As(err, &refused) {
		return refused.Note
	}
	if err != nil {
		t.Fatalf("our own trouble: %v", err)
	}
	var out strings.Builder
	for i, s := range b.Sheets {
		hidden := ""
		if s.Hidden {
			hidden = " hidden"
		}
		fmt.Fprintf(&out, "= %s%s\n%s", s.Name, hidden, shown(records(t, b, i, 1, 0)))
	}
	return out.String()
}

const smallPage = `<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset=gbk><style>td{}</style></head><body>
<table><thead><tr><th colspan=3>花名册<tr><td rowspan=2>姓名</td><td>证件号</td><td>金额</td></tr></thead>
<tbody><tr><td>张&nbsp;三<br>二</td><td x:num="990101195001010000">9.901E+17</td><td x:num>610.20</td></tr>
<tr></tr><tr><td>李 &amp;
 四<td></td><td>1</tr></table><p>说明</p><TABLE><TR><TD>乙<table><tr><td>里</td></tr></table></TD></TR><tr height=0><td></td></tr></TABLE></body></html>`

func TestHTML(t *testing.T) {
	want := `= 1
1 ["花名册" "" ""]
2 ["姓名" "证件号" "金额"]
3 ["张 三\n二" "990101195001010000" "610.20"]
4 []
5 ["李 & 四" "" "1"]
= 2
1 ["乙"]
= 3
1 ["里"]
`
	for _, content := range [][]byte{[]byte(smallPage), gb(t, smallPage), utf16Bytes(smallPage, true, true)} {
		m := file(t, "a.xls", content)
		if got := bookText(t, m); got != want || m.Format != "html" {
			t.Errorf("%+v: got\n%swant\n%s", m, got, want)
		}
	}
	b, err := Open(context.Background(), file(t, "a", []byte(smallPage)))
	if err != nil {
		t.Fatal(err)
	}
	head, merges, err := b.Head(0, 3)
	if err != nil || fmt.Sprint(merges) != "[{1 1 0 2} {2 2 0 0}]" || fmt.Sprint(head[2].Numbers) != "[false true true]" {
		t.Errorf("merges %v, numbers %v, error %v", merges, head[2].Numbers, err)
	}
	for cut := 80; cut < len(smallPage)-7; cut += 3 {
		if got := bookText(t, file(t, "a", []byte(smallPage[:cut]))); got != noteTornHTML {
			t.Errorf("torn at %d: %q", cut, got)
		}
	}
}

func TestRefusedHTML(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"login page", "<!DOCTYPE html><html><form>请登录</form></html>", noteNoTable},
		{"wide cells", "<table>" + strings.Repeat("<tr><td colspan=16384>", 1100) + "</table>", fmt.Sprintf(noteTooBig, fmt.Sprintf("超过 %d 个单元格", maxListedCells))},
		{"many columns", "<table><tr>" + strings.Repeat("<td colspan=9999>", 2) + "</table>", fmt.Sprintf(noteTooBig, fmt.Sprintf("超过 %d 行或 %d 列", sheetRows, sheetColumns))},
		{"bad byte", "<table><tr><td>张三李四王五<td>x\xff</tr></table>", "= 1\n1 bad_bytes \"张三李四王五\\tx�\\t\"\n"},
	} {
		if got := bookText(t, file(t, "a", []byte(c.text))); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

const smallXML = `<?xml version="1.0" encoding="GB2312"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel">
<Worksheet ss:Name="一"><Table>
<Row ss:Span="1"><Cell ss:MergeAcross="2"><Data ss:Type="String">花名册</Data><Comment><ss:Data>批注</ss:Data></Comment></Cell><Cell><Data ss:Type="Boolean">1</Data></Cell></Row>
<Row ss:Index="4"><Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40">张<B>三</B></ss:Data></Cell><Cell ss:Index="3"><Data ss:Type="Number">9.9010119500101E+17</Data></Cell><Cell><Data ss:Type="Number">610.20000000000005</Data></Cell><Cell><Data ss:Type="DateTime">2026-11-20T00:00:00.000</Data></Cell><Cell><Data ss:Type="DateTime">2026-11-20T08:30:00.000</Data></Cell></Row>
<Row><Cell/></Row></Table></Worksheet>
<Worksheet ss:Name="二"><Table/><WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet>
</Workbook>`

func TestXMLSheets(t *testing.T) {
	want := `= 一
1 ["花名册" "" "" "TRUE"]
2 []
3 []
4 ["张三" "" "9.9010119500101E+17" "610.2" "2026-11-20" "2026-11-20 08:30:00"]
= 二 hidden
`
	for _, content := range [][]byte{[]byte(smallXML), gb(t, smallXML), utf16Bytes(smallXML, false, true)} {
		m := file(t, "a.xls", content)
		if got := bookText(t, m); got != want || m.Format != "xml" {
			t.Errorf("%+v: got\n%swant\n%s", m, got, want)
		}
	}
	for cut := 60; cut < len(smallXML)-1; cut += 7 {
		if got := bookText(t, file(t, "a", []byte(smallXML[:cut]))); got != noteTornXML {
			t.Errorf("torn at %d: %q", cut, got)
		}
	}
	root := `<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">`
	for _, c := range []struct{ name, text, want string }{
		{"other XML", "<?xml version=\"1.0\"?><root/>", noteOtherXML},
		{"entities", "<?xml version=\"1.0\"?><!DOCTYPE Workbook [<!ENTITY a \"b\">]>" + root + "</Workbook>", noteDoctype},
		{"undeclared entity", root + "&a;</Workbook>", noteTornXML},
		{"no sheets", root + "</Workbook>", noteNoSheets},
		{"row before the last", root + `<Worksheet><Table><Row ss:Index="5"/><Row ss:Index="2"/></Table></Worksheet></Workbook>`, noteTornXML},
		{"far row", root + `<Worksheet><Table><Row ss:Index="99999999999"/></Table></Worksheet></Workbook>`, fmt.Sprintf(noteTooBig, "行列号超出范围")},
	} {
		if got := bookText(t, file(t, "a", []byte(c.text))); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// fuzzFormat takes any bytes for a file of a format: refused or read, both counts
// the same.
func fuzzFormat(f *testing.F, format string) {
	f.Fuzz(func(t *testing.T, content []byte) {
		path := filepath.Join(t.TempDir(), "a")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		b, err := Open(context.Background(), Member{Name: "a", Path: path, Bytes: int64(len(content)), Format: format, Encoding: utf8Plain})
		var refused *Refusal
		if errors.As(err, &refused) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		for i := range b.Sheets {
			readSheet(t, b, i)
		}
	})
}

func FuzzHTML(f *testing.F) {
	f.Add([]byte(smallPage))
	fuzzFormat(f, "html")
}

func FuzzXMLSheets(f *testing.F) {
	f.Add([]byte(smallXML))
	fuzzFormat(f, "xml")
}
