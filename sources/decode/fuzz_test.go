package decode

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

const smallRoll = "低保花名册,,\n姓名,身份证号,金额\n张三,990101195001010011,100\n\"李,四\",990101196001010021,\"2\n00\"\n合计,,300\n"

// seeds are small files of every format, whole and broken.
func seeds(f *testing.F) {
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(smallRoll)
	if err != nil {
		f.Fatal(err)
	}
	packed := func(name string, content []byte) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(content)
		}
		if err = errors.Join(err, z.Close()); err != nil {
			f.Fatal(err)
		}
		return b.Bytes()
	}
	var zipped bytes.Buffer
	g := gzip.NewWriter(&zipped)
	if _, err := g.Write([]byte(smallRoll)); err != nil {
		f.Fatal(err)
	}
	if err := g.Close(); err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{
		nil, []byte(smallRoll), []byte("\ufeff" + smallRoll), []byte(gb), []byte(strings.ReplaceAll(smallRoll, ",", "\t")),
		[]byte(strings.ReplaceAll(smallRoll, "\n", "\r\n")), []byte(smallRoll + "\"开口,1,2\n张,1,2\n"), []byte(smallRoll + "张\xff,1,2\nA\x00,1,2\n"),
		[]byte("{\"姓名\": \"张三\", \"身份证号\": \"990101195001010011\", \"更多\": [1, {\"a\": null}]}\n{\"姓名\": \"李四\"}\n"),
		{0xff, 0xfe, 0x20, 0x5f, ',', 0, '1', 0, '\n', 0}, zipped.Bytes(), packed("a/b.csv", []byte(smallRoll)), packed("../b.csv", []byte(smallRoll)),
		packed("inner.zip", packed("x.csv", []byte("1"))), []byte("<html><table><tr><td>1</td></tr></table></html>"), []byte("PAR1"), {0xd0, 0xcf, 0x11, 0xe0},
		workbookOf(f, map[string]string{"xl/worksheets/sheet1.xml": `<worksheet><dimension ref="A1"/><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c><c r="B1"><v>1.5</v></c></row></sheetData></worksheet>`}),
		workbookOf(f, map[string]string{"xl/worksheets/sheet1.xml": `<!DOCTYPE x [<!ENTITY a "b">]><worksheet><sheetData>&a;</sheetData></worksheet>`}),
	} {
		f.Add(seed)
	}
}

// workbookOf packs the parts of a workbook of one sheet, those given in place
// of the plain ones.
func workbookOf(f *testing.F, parts map[string]string) []byte {
	all := map[string]string{
		"[Content_Types].xml":        `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
		"_rels/.rels":                `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="一" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
	}
	for name, text := range parts {
		all[name] = text
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(all[name]))
		}
		if err != nil {
			f.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		f.Fatal(err)
	}
	return b.Bytes()
}

// FuzzRead takes any bytes for a file: it is read, or refused with a note;
// never a panic, and every record that the cutter counted comes out, in order.
func FuzzRead(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, content []byte) {
		dir := t.TempDir()
		path := filepath.Join(dir, "file")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		members, err := Unpack(context.Background(), path, "inbox/file", dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range members {
			if m.Refused != "" {
				continue
			}
			book, err := Open(context.Background(), m)
			var refused *Refusal
			if errors.As(err, &refused) && refused.Note != "" {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			for sheet := range book.Sheets {
				readSheet(t, book, sheet)
			}
		}
	})
}

func readSheet(t *testing.T, book *Book, sheet int) {
	head, _, err := book.Head(sheet, 5)
	var refused *Refusal
	if errors.As(err, &refused) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	from, width := int64(1), 1
	if len(head) > 0 {
		from, width = head[0].Row, len(head[0].Cells)
	}
	n, last := int64(0), int64(0)
	for chunk, err := range book.Chunks(context.Background(), sheet, from, width) {
		if errors.As(err, &refused) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		for r := range chunk.Records() {
			if r.Row <= last {
				t.Fatalf("row %d comes after row %d", r.Row, last)
			}
			n, last = n+1, r.Row
		}
	}
	if got := book.Physical(sheet); got != n {
		t.Fatalf("the cutter counted %d records, %d came out", got, n)
	}
}
