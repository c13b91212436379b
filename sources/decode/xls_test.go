package decode

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// The workbooks of testdata/xls hold the same roll: one written by xlwt, one by
// LibreOffice, with a text so long that it goes on in further records.
func writtenXLS(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile("testdata/xls/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestXLS(t *testing.T) {
	var roll strings.Builder
	roll.WriteString("= 名册\n1 [\"花名册\"]\n2 []\n3 [\"姓名\" \"证件号\" \"金额\" \"日期\"]\n")
	for i := range 8 {
		rare := ""
		if i%7 == 0 {
			rare = "㐂😀"
		}
		amount := []string{"610.2", "100", "-7", "10000000000", "0.015", "123456.78"}[i%6]
		fmt.Fprintf(&roll, "%d [\"示范人%d%s\" \"990101195001%06d\" %q \"2026-11-20\"]\n", i+4, i, rare, i, amount)
	}
	hidden := "= 隐藏 hidden\n1 [\"x\"]\n"
	long := ""
	for row := 13; row < 30; row++ {
		long += fmt.Sprintf("%d []\n", row)
	}
	long += fmt.Sprintf("30 [%q]\n", strings.Repeat("长", 9000))
	for name, want := range map[string]string{
		"xlwt.xls":        roll.String() + "12 [\"\" \"990101195001010000\" \"\" \"TRUE\"]\n" + hidden,
		"libreoffice.xls": roll.String() + "12 [\"\" \"990101195001010000\" \"a文\" \"TRUE\"]\n" + long + hidden,
	} {
		m := file(t, "a.csv", writtenXLS(t, name))
		if got := bookText(t, m); got != want || m.Format != "xls" || m.Encoding != "" {
			t.Errorf("%s: %+v: got\n%swant\n%s", name, m, got, want)
		}
		b, err := Open(context.Background(), m)
		if err != nil {
			t.Fatal(err)
		}
		head, merges, err := b.Head(0, 20)
		if err != nil || fmt.Sprint(merges) != "[{1 1 0 3}]" || fmt.Sprint(head[11].Numbers[:2]) != "[false true]" {
			t.Errorf("%s: merges %v, numbers %v, error %v", name, merges, head[11].Numbers, err)
		}
	}
}

// Torn anywhere, a workbook is refused, or nothing of it is missing; with any
// bytes changed it is refused or read, and never a panic.
func TestBrokenXLS(t *testing.T) {
	for _, name := range []string{"xlwt.xls", "libreoffice.xls"} {
		whole := writtenXLS(t, name)
		want := bookText(t, file(t, "a", whole))
		for cut := 16; cut < len(whole); cut += 61 {
			if got := bookText(t, file(t, "a", whole[:cut])); got != noteTornXLS && got != want {
				t.Errorf("%s torn at %d of %d bytes: %.60q", name, cut, len(whole), got)
			}
		}
		random := rand.New(rand.NewPCG(1, 2))
		for range 300 {
			broken := bytes.Clone(whole)
			for range 1 + random.IntN(6) {
				broken[8+random.IntN(len(broken)-8)] = byte(random.Uint32())
			}
			if m := unpacked(t, "a", broken)[0]; m.Refused == "" {
				bookText(t, m)
			}
		}
	}
}

func TestRefusedXLS(t *testing.T) {
	whole := writtenXLS(t, "xlwt.xls")
	stream := bytes.Index(whole, []byte{0x09, 0x08, 0x10, 0x00, 0x00, 0x06})
	if stream < 0 {
		t.Fatal("no beginning of the workbook")
	}
	changed := func(at int, to ...byte) []byte {
		c := bytes.Clone(whole)
		copy(c[at:], to)
		return c
	}
	for _, c := range []struct {
		name    string
		content []byte
		want    string
	}{
		{"Excel 95", changed(stream+4, 0x00, 0x05), noteOldXLS},
		{"password", changed(stream+20, 0x2F, 0x00), noteEncryptedXLS},
		{"a chain in circles", changed(int(uint32(whole[0x4C])+1)<<9, 0, 0, 0, 0), noteTornXLS},
		{"no directory", changed(0x30, 0xFF, 0xFF, 0xFF, 0x00), noteTornXLS},
		{"sector size", changed(0x1E, 40), noteTornXLS},
	} {
		if got := bookText(t, file(t, "a", c.content)); got != c.want {
			t.Errorf("%s: %.80q, want %q", c.name, got, c.want)
		}
	}
}

func FuzzXLS(f *testing.F) {
	f.Add(writtenXLS(f, "xlwt.xls"))
	f.Add(writtenXLS(f, "libreoffice.xls"))
	fuzzFormat(f, "xls")
}
