package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// canaries are a made-up person's name, ID number, phone and account: found in
// published datasets, workbooks and copies of inputs, and nowhere else.
var canaries = []string{"曹金丝雀", "990101198001011017", "13900000001", "6217990100000000001"}

// TestNobodyExposed plants the canaries in sound rows, rejected rows, refused
// files and mistaken settings, and looks for them in all that is printed and
// logged, and in every file that is no dataset, workbook or copy of an input.
func TestNobodyExposed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "county")
	mustRun(t, "demo", dir)
	name, id, phone, account := canaries[0], canaries[1], canaries[2], canaries[3]
	plant := func(file, text string) {
		t.Helper()
		file = filepath.Join(dir, "inbox", file)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	header := "姓名,身份证号,死亡日期,联系电话,备注\n"
	good := strings.Join([]string{name, id, "2026-01-01", phone, account}, ",") + "\n"
	plant("deaths/canary_20261118.csv", header+good+
		name+","+id+",不是日期"+phone+",x,y\n"+ // a cell that cannot be read
		name+","+id+","+phone+"\n"+ // a wrong number of cells
		"\""+name+","+id+","+account+",2026-01-01,x\n"+ // an open quote
		name+"\xff,"+id+",2026-01-01,"+phone+","+account+"\n")
	plant("vehicles/refused_20261118.csv", "姓名,姓名,身份证号\n"+name+","+name+"甲,"+id+"\n")
	plant("houses/page_20261118.html", "<html><table><tr><td>"+name+"</td><td>"+id+"</td></tr></table></html>")

	printed := ""
	for _, args := range [][]string{
		{"-C", dir, "check"}, {"-C", dir, "check", "--log", "json"}, {"-C", dir, "run"}, {"-C", dir, "run", "--log", "json", "--night", "2026-11-21"},
		{"-C", dir, "verify"}, {"-C", dir, "sql", "select nothing from findings"}, {"-C", dir, "report"},
	} {
		out, _ := doudi(t, nil, args...)
		printed += out
	}
	if err := os.WriteFile(filepath.Join(dir, "policy", "waivers.csv"),
		[]byte("rule,id_no,household,reason,approver,from,to\nno_such_rule,"+id+",,"+name+",,2026-01-01,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := doudi(t, nil, "-C", dir, "run", "--night", "2026-11-22")
	if err == nil {
		t.Error("a waiver of no rule was taken")
	}
	printed += out
	for _, canary := range canaries {
		if strings.Contains(printed, canary) {
			t.Errorf("%q was printed", canary)
		}
	}
	err = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		switch {
		case d.Type()&os.ModeSymlink != 0, strings.HasPrefix(rel, "inbox/"), strings.HasPrefix(rel, "policy/"),
			strings.HasSuffix(rel, ".parquet"), strings.HasSuffix(rel, ".xlsx"):
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, canary := range canaries {
			if strings.Contains(string(data), canary) {
				t.Errorf("%s holds a canary", rel)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := mustRun(t, "-C", dir, "sql", "select count(*) as n from deaths where night = date '2026-11-20' and name = '"+name+"'", "--format", "csv"); !strings.Contains(got, "2") {
		t.Errorf("the sound rows are not published: %s", got)
	}
}
