package sources

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// A table of FoxPro is a list like any other: no header row, deleted records
// among the other rows and in the numbering, an ID kept as a number damaged.
func TestDBF(t *testing.T) {
	header := make([]byte, 32)
	header[0], header[1], header[2], header[3], header[4] = 0x03, 126, 11, 20, 4
	length := 1
	for _, f := range []struct {
		name string
		kind byte
		size int
	}{{"姓名", 'C', 9}, {"证件号", 'N', 18}, {"死亡日", 'D', 8}} {
		one := make([]byte, 32)
		copy(one[:10], f.name)
		one[11], one[16] = f.kind, byte(f.size)
		length += f.size
		header = append(header, one...)
	}
	header = append(header, 0x0D)
	binary.LittleEndian.PutUint16(header[8:], uint16(len(header)))
	binary.LittleEndian.PutUint16(header[10:], uint16(length))
	for _, record := range []string{
		" 张三   990101195001010000", "*李四   990101195001010000", "  ", " 王\xff五  990101195001010000",
	} {
		header = append(append(header, record...), bytes.Repeat([]byte(" "), length-len(record))...)
	}
	got := readBytes(t, Input{Kind: "deaths", Name: "a.xls", Columns: map[string]string{"死亡日": "died"}}, append(header, 0x1A))
	r := got.receipts[0]
	if len(r.Sheets) != 1 {
		t.Fatalf("receipt %+v", r)
	}
	s := r.Sheets[0]
	if r.Format != "dbf" || r.Status != StatusRead || s.HeaderRow != nil || s.Sheet != nil || s.Rows != 2 || s.Accepted != 1 || s.Rejected != 1 || s.Other != 2 {
		t.Errorf("receipt %+v, sheet %+v", r, s)
	}
	if is, want := got.show(t, got.rows, "row,name,id_kind"), "row,name,id_kind\n1,张三,damaged\n"; is != want {
		t.Errorf("got\n%swant\n%s", is, want)
	}
	if is, want := got.show(t, got.rejects, "row,reason"), "row,reason\n4,bad_bytes\n"; is != want {
		t.Errorf("got\n%swant\n%s", is, want)
	}
}
