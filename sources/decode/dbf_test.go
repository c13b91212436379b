package decode

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// dbfOf lays out a table: fields are name, type, length; records come with their
// first byte and are padded with blanks.
func dbfOf(version, page byte, fields []string, records ...string) []byte {
	var list bytes.Buffer
	length := 1
	for _, f := range fields {
		one := make([]byte, 32)
		name, rest, _ := strings.Cut(f, " ")
		var size, flags int
		fmt.Sscanf(rest[1:], "%d %d", &size, &flags)
		copy(one, name)
		one[11], one[16], one[18] = rest[0], byte(size), byte(flags)
		length += size
		list.Write(one)
	}
	list.WriteByte(0x0D)
	header := make([]byte, 32)
	header[0], header[1], header[2], header[3], header[29] = version, 126, 11, 20, page
	binary.LittleEndian.PutUint32(header[4:], uint32(len(records)))
	binary.LittleEndian.PutUint16(header[8:], uint16(32+list.Len()))
	binary.LittleEndian.PutUint16(header[10:], uint16(length))
	out := append(header, list.Bytes()...)
	for _, r := range records {
		out = append(out, r...)
		out = append(out, bytes.Repeat([]byte(" "), length-len(r))...)
	}
	return append(out, 0x1A)
}

func smallDBF(t testing.TB, page byte) []byte {
	return dbfOf(3, page, []string{string(gb(t, "姓名")) + " C12", string(gb(t, "证件号")) + " C18", string(gb(t, "金额")) + " N9", "RQ D8", "SF L1"},
		" "+string(gb(t, "张三        "))+"990101195001010011   610.2020261120T",
		"*"+string(gb(t, "删除        "))+"990101195001010011   610.2020261120T",
		" "+string(gb(t, "㐂䶮      "))+"990101196001010021      100        ?")
}

func TestDBF(t *testing.T) {
	const want = `0 ["姓名" "证件号" "金额" "RQ" "SF"]
1 ["张三" "990101195001010011" "610.20" "2026-11-20" "TRUE"]
2 []
3 ["㐂䶮" "990101196001010021" "100" "" ""]
`
	for _, page := range []byte{0x4D, 0x7A, 0x00, 0x03, 0x57} {
		content := smallDBF(t, page)
		m := file(t, "a.csv", content)
		if m.Format != "dbf" || m.Encoding != gb18030e {
			t.Fatalf("code page %#x: member %+v", page, m)
		}
		b, err := Open(context.Background(), m)
		if err != nil {
			t.Fatal(err)
		}
		head, _, err := b.Head(0, 1)
		if err != nil {
			t.Fatal(err)
		}
		if got := shown(append(head, records(t, b, 0, 1, 5)...)); got != want {
			t.Errorf("code page %#x: got\n%swant\n%s", page, got, want)
		}
	}
	rs := everything(t, file(t, "a", dbfOf(3, 0, []string{"NAME C9", "ID N18"}, " 张三   990101195001010011")), 0, 1, 0)
	if got := shown(rs); got != "1 [\"张三\" \"990101195001010011\"]\n" || !rs[0].Numbers[1] || rs[0].Numbers[0] {
		t.Errorf("UTF-8: %s %v", got, rs[0].Numbers)
	}
}

// FoxPro's fields of bytes, and its nulls.
func TestFoxPro(t *testing.T) {
	le := binary.LittleEndian
	values := le.AppendUint32([]byte(" "), uint32(0xFFFFFFF9))
	values = le.AppendUint64(values, uint64(6102000))
	values = le.AppendUint64(values, math.Float64bits(610.2))
	values = le.AppendUint32(le.AppendUint32(values, 2461365), 3600_000)
	content := dbfOf(0x30, 0x7A, []string{"A I4 2", "B Y8", "C B8", "D T8", "F M4", "_N 01"},
		string(values)+"\x00\x00\x00\x00\x00", string(values)+"\x00\x00\x00\x00\x01")
	if got, want := shown(everything(t, file(t, "a", content), 0, 1, 0)),
		"1 [\"-7\" \"610.2\" \"610.2\" \"2026-11-20 01:00:00\" \"\"]\n2 [\"\" \"610.2\" \"610.2\" \"2026-11-20 01:00:00\" \"\"]\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestDBFRejects(t *testing.T) {
	content := dbfOf(3, 0x4D, []string{"A C4", "B C4"}, " "+"\xd5\xc5\xc8"+" 1", " a\x00b", " \xd5\xc5\x00\x002")
	got := shown(everything(t, file(t, "a", content), 0, 1, 0))
	if !strings.HasPrefix(got, "1 bad_bytes") || !strings.Contains(got, "\n2 nul ") || !strings.HasSuffix(got, "\n3 [\"张\" \"2\"]\n") {
		t.Errorf("got\n%s", got)
	}
}

// dbfRefusal opens and reads a table and gives the note with which it is refused.
func dbfRefusal(t testing.TB, content []byte) string {
	t.Helper()
	return refusalOf(t, file(t, "a.dbf", content))
}

func refusalOf(t testing.TB, m Member) string {
	t.Helper()
	b, err := Open(context.Background(), m)
	if err == nil {
		for _, chunkErr := range b.Chunks(context.Background(), 0, 1, 0) {
			err = errors.Join(err, chunkErr)
		}
	}
	var refused *Refusal
	if err != nil && !errors.As(err, &refused) {
		t.Fatalf("our own trouble: %v", err)
	}
	if refused == nil {
		return ""
	}
	return refused.Note
}

func TestRefusedDBF(t *testing.T) {
	whole := smallDBF(t, 0x4D)
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
		{"whole", whole, ""},
		{"more records", changed(4, 9), "应有 9 条记录，实际只有 3 条"},
		{"2^32 records", changed(4, 255, 255, 255, 255), "实际只有 3 条"},
		{"fewer records", changed(4, 2), "后面却还有"},
		{"record length", changed(10, 44), "长度不符"},
		{"type", changed(32+11, 'V'), "不认识的类型"},
		{"no length", changed(32+16, 0), "长度"},
		{"mark", changed(len(whole)-1-49, 'x'), "第 3 条记录的删除标记无效"},
		{"dBase 7", changed(0, 4), "dBase 7"},
		{"Big5", changed(29, 0x78), "0x78"},
		{"memo", dbfOf(0x83, 0, []string{"A C4", "BZ M10"}, " a           12"), "备注型字段“BZ”有内容"},
		{"deleted memo", dbfOf(0x83, 0, []string{"A C4", "BZ M10"}, "*a           12", " b"), ""},
	} {
		if got := dbfRefusal(t, c.content); (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	for cut := 40; cut < len(whole)-1; cut++ {
		if dbfRefusal(t, whole[:cut]) == "" {
			t.Errorf("read, torn at %d of %d bytes", cut, len(whole))
		}
	}
}

// FuzzDBF takes any bytes for a table in either encoding, and for its memos: refused or read, and
// as many records as its header says.
func FuzzDBF(f *testing.F) {
	f.Add([]byte(nil), dbfOf(0x30, 0, []string{"A I4 2", "B Y8", "C B8", "D T8", "F M4", "_N 01"}, " "))
	f.Add([]byte(nil), smallDBF(f, 0x4D))
	for name, memo := range withMemo {
		f.Add(written(f, memo), written(f, name))
	}
	f.Fuzz(func(t *testing.T, memo, content []byte) {
		path, beside := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "m")
		for name, content := range map[string][]byte{path: content, beside: memo} {
			if err := os.WriteFile(name, content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for _, encoding := range []string{gb18030e, utf8Plain} {
			b, err := Open(context.Background(), Member{Name: "a", Path: path, Bytes: int64(len(content)), Format: "dbf", Encoding: encoding, Memo: beside})
			var refused *Refusal
			if errors.As(err, &refused) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			readSheet(t, b, 0)
		}
	})
}
