package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMemoBesideATable: the memos of a DBF lie in a file beside it, which is no
// list of its own; without it the table is refused, and the word says why.
func TestMemoBesideATable(t *testing.T) {
	dir := t.TempDir()
	lay := func(name, from string) {
		t.Helper()
		data := []byte(from)
		if strings.HasPrefix(from, "dbf-") {
			var err error
			if data, err = os.ReadFile(filepath.Join("../../sources/decode/testdata/written", from)); err != nil {
				t.Fatal(err)
			}
		}
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	lay("policy/parameters.csv", "name,area,from,to,value,unit,basis\n")
	lay("policy/words.csv", "column,word,code\n")
	lay("doudi.yaml", "area: \"990101\"\nsources:\n  - {roll: deaths, from: inbox/deaths, columns: {NAME: name, ID_NO: id_no, DAY: died}}\n")
	lay("inbox/deaths/火化.dbf", "dbf-foxpro.dbf")
	check := func() string {
		var out strings.Builder
		run([]string{"-C", dir, "check"}, strings.NewReader(""), &out, &out)
		return out.String()
	}
	if out := check(); !strings.Contains(out, "备注型字段“NOTE”有内容") {
		t.Errorf("without its memos:\n%s", out)
	}
	lay("inbox/deaths/火化.fpt", "dbf-foxpro.fpt")
	if out := check(); !strings.Contains(out, "读入 3 条") || strings.Contains(out, "火化.fpt") {
		t.Errorf("with its memos:\n%s", out)
	}
}
