package decode

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

type entry struct {
	name    string
	content []byte
	change  func(*zip.FileHeader)
}

func zipOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		if e.change != nil {
			e.change(h)
		}
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(e.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipOf(t testing.TB, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var smallCSV = []byte("姓名,村\n张三,甲村\n")

// listed writes members one a line: name, format, encoding and note.
func listed(members []Member) string {
	var b strings.Builder
	for _, m := range members {
		fmt.Fprintf(&b, "%s %s %s %s\n", m.Name, m.Format, m.Encoding, m.Refused)
	}
	return b.String()
}

func TestArchives(t *testing.T) {
	zeros := make([]byte, 4<<20)
	for _, c := range []struct {
		name    string
		content []byte
		want    string
	}{
		{"gz", gzipOf(t, smallCSV), "in/a csv utf-8 \n"},
		{"zip, by name", zipOf(t, entry{"乙/b.csv", smallCSV, nil}, entry{"a.csv", gb(t, string(smallCSV)), nil}),
			"in/a/a.csv csv gb18030 \nin/a/乙/b.csv csv utf-8 \n"},
		{"workbook inside", zipOf(t, entry{"a.xlsx", bigBook(t, 2, 2), nil}), "in/a/a.xlsx xlsx  \n"},
		{"name in GB18030", zipOf(t, entry{string(gb(t, "名册.csv")), smallCSV, func(h *zip.FileHeader) { h.NonUTF8 = true }}),
			"in/a/名册.csv csv utf-8 \n"},
		{"passed over", zipOf(t, entry{".a.csv", smallCSV, nil}, entry{"__MACOSX/b.csv", smallCSV, nil}, entry{"~$c.xlsx", smallCSV, nil},
			entry{"d.csv.part", smallCSV, nil}, entry{"e.csv", smallCSV, nil}), "in/a/e.csv csv utf-8 \n"},
		{"only passed over", zipOf(t, entry{".a.csv", smallCSV, nil}), "in/a   " + noteEmptyZip + "\n"},
		{"nested zip", zipOf(t, entry{"b.zip", zipOf(t, entry{"c.csv", smallCSV, nil}), nil}, entry{"d.csv", smallCSV, nil}),
			"in/a/b.zip   " + noteNested + "\nin/a/d.csv csv utf-8 \n"},
		{"nested gz", gzipOf(t, gzipOf(t, smallCSV)), "in/a   " + noteNested + "\n"},
		{"tar.gz", gzipOf(t, append(make([]byte, 257), "ustar\x00"...)), "in/a   " + noteTar + "\n"},
		{"parent", zipOf(t, entry{"../b.csv", smallCSV, nil}), "in/a/../b.csv   " + noteName + "\n"},
		{"absolute", zipOf(t, entry{"/b.csv", smallCSV, nil}), "in/a//b.csv   " + noteName + "\n"},
		{"backslash", zipOf(t, entry{`x\b.csv`, smallCSV, nil}), `in/a/x\b.csv   ` + noteName + "\n"},
		{"control", zipOf(t, entry{"b\n.csv", smallCSV, nil}), "in/a/b�.csv   " + noteName + "\n"},
		{"reserved", zipOf(t, entry{"con.csv", smallCSV, nil}), "in/a/con.csv   " + noteName + "\n"},
		{"long name", zipOf(t, entry{strings.Repeat("长", 70), smallCSV, nil}), "in/a/" + strings.Repeat("长", 66) + "   " + noteName + "\n"},
		{"same name", zipOf(t, entry{"b.csv", smallCSV, nil}, entry{"b.csv", smallCSV, nil}), "in/a/b.csv csv utf-8 " + noteSameName + "\n"},
		{"link", zipOf(t, entry{"b.csv", []byte("/etc/passwd"), func(h *zip.FileHeader) { h.SetMode(os.ModeSymlink | 0o777) }}),
			"in/a/b.csv   " + noteLink + "\n"},
		{"password", zipOf(t, entry{"b.csv", smallCSV, func(h *zip.FileHeader) { h.Flags |= 1 }}), "in/a/b.csv   " + notePassword + "\n"},
		{"bomb in zip", zipOf(t, entry{"b.csv", zeros, nil}), "in/a   " + fmt.Sprintf(noteRatio, maxRatio) + "\n"},
		{"bomb in gz", gzipOf(t, zeros), "in/a   " + fmt.Sprintf(noteRatio, maxRatio) + "\n"},
		{"torn gz", gzipOf(t, smallCSV)[:20], "in/a   " + noteTornZip + "\n"},
		{"torn zip", zipOf(t, entry{"b.csv", smallCSV, nil})[:40], "in/a   " + noteTornZip + "\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := listed(unpacked(t, "in/a", c.content)); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}

// What is unpacked has the hash and size of its plain bytes, and reads as they do.
func TestUnpackedContent(t *testing.T) {
	plain := file(t, "a.csv", smallCSV)
	packed := file(t, "a.zip", zipOf(t, entry{"b.csv", smallCSV, nil}))
	if packed.SHA256 != plain.SHA256 || packed.Bytes != plain.Bytes || len(plain.SHA256) != 64 {
		t.Errorf("hash %s of %d bytes, want %s of %d", packed.SHA256, packed.Bytes, plain.SHA256, plain.Bytes)
	}
	if got, want := shown(everything(t, packed, 0, 1, 2)), shown(everything(t, plain, 0, 1, 2)); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// A zip whose directory understates a size gives no more than it promises.
func TestUnderstatedSize(t *testing.T) {
	content := zipOf(t, entry{"b.csv", bytes.Repeat(smallCSV, 100), nil})
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	size := z.File[0].UncompressedSize64
	at := bytes.LastIndex(content, []byte("PK\x01\x02")) + 24
	if got := uint64(content[at]) | uint64(content[at+1])<<8; got != size {
		t.Fatalf("size in the directory %d, want %d", got, size)
	}
	content[at], content[at+1] = 10, 0
	if got := listed(unpacked(t, "a", content)); got != "a/b.csv   "+noteTornZip+"\n" {
		t.Errorf("got %s", got)
	}
}

func TestTooManyEntries(t *testing.T) {
	entries := make([]entry, maxEntries+1)
	for i := range entries {
		entries[i] = entry{name: fmt.Sprintf("%d.csv", i)}
	}
	if got := listed(unpacked(t, "a", zipOf(t, entries...))); got != "a   "+fmt.Sprintf(noteEntries, maxEntries)+"\n" {
		t.Errorf("got %s", got)
	}
}

// A refused member leaves nothing in scratch.
func TestScratchSwept(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.gz")
	if err := os.WriteFile(path, gzipOf(t, make([]byte, 4<<20)), 0o600); err != nil {
		t.Fatal(err)
	}
	scratch := t.TempDir()
	if _, err := Unpack(context.Background(), path, "a.gz", scratch); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(scratch); err != nil || len(left) > 0 {
		t.Errorf("left in scratch: %v, %v", left, err)
	}
}

// A pipe is refused, not waited for.
func TestPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	members, err := Unpack(context.Background(), path, "pipe", t.TempDir())
	if err != nil || len(members) != 1 || members[0].Refused == "" {
		t.Errorf("members %v, error %v", members, err)
	}
}

func TestFormats(t *testing.T) {
	wide := func(name string) []byte { return utf16Bytes(name, false, false) }
	ole := func(stream string) []byte {
		return append(append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), make([]byte, 2000)...), wide(stream)...)
	}
	dbf := append([]byte{0x03, 126, 11, 20, 1, 0, 0, 0, 65, 0, 11, 0}, make([]byte, 20)...)
	dbf = append(append(dbf, append([]byte("NAME\x00\x00\x00\x00\x00\x00\x00C"), make([]byte, 20)...)...), 0x0D, ' ')
	for _, c := range []struct{ name, content, format, refused string }{
		{"xls", string(ole("Workbook")), "xls", ""},
		{"encrypted workbook", string(ole("EncryptedPackage")), "xlsx", noteEncrypted},
		{"Word 97", string(ole("WordDocument")), "", noteOLE},
		{"dbf", string(dbf), "dbf", ""},
		{"Parquet", "PAR1\x15\x04", "parquet", ""},
		{"HTML called .xls", "\r\n<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><table>", "html", ""},
		{"table without a page", "<TABLE border=1><tr>", "html", ""},
		{"Excel 2003 XML", "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?><Workbook>", "xml", ""},
		{"XHTML", "<?xml version=\"1.0\"?><!DOCTYPE html><html>", "html", ""},
		{"PDF", "%PDF-1.7\n", "", notePDF},
		{"rar", "Rar!\x1A\x07\x01\x00", "", packed("RAR")},
		{"picture", "\x89PNG\r\n\x1a\n", "", noteImage},
		{"binary", "\x01\x02\x03\x04\x05\x06\x07\x08\x00\x00\x00\x00", "", noteBinary},
		{"JSON over lines", "{\n  \"a\": 1\n}\n", "jsonl", noteJSON},
		{"JSON array", "[{\"a\": 1}]\n", "jsonl", noteJSON},
		{"JSON lines", "{\"a\": 1}\n{\"a\": 2}\n", "jsonl", ""},
		{"a brace in a title", "{某县}名册,\n姓名,村\n", "csv", ""},
		{"empty", "", "csv", ""},
		{"ods", string(zipOf(t, entry{name: "mimetype"}, entry{name: "content.xml"})), "", noteODS},
		{"docx", string(zipOf(t, entry{name: "[Content_Types].xml"}, entry{name: "word/document.xml"})), "", noteWord},
		{"xlsb", string(zipOf(t, entry{name: "[Content_Types].xml"}, entry{name: "xl/workbook.bin"})), "", noteXLSB},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := file(t, "a", []byte(c.content))
			if m.Format != c.format || m.Refused != c.refused {
				t.Errorf("format %q, %q; want %q, %q", m.Format, m.Refused, c.format, c.refused)
			}
		})
	}
}

// An empty file is of the format its name says, and has no records.
func TestEmpty(t *testing.T) {
	for _, name := range []string{"a.csv", "a.tsv", "a.xlsx", "a.jsonl", "a"} {
		m := file(t, name, nil)
		b, err := Open(context.Background(), m)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if m.Encoding != "" || len(b.Sheets) != 1 || b.Sheets[0].Named || len(records(t, b, 0, 1, 0)) != 0 {
			t.Errorf("%s: %+v, sheets %v", name, m, b.Sheets)
		}
	}
}
