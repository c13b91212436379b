package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// TestLockedWorkbook: a workbook with a password is read by what doudi.yaml's
// `password:` stands for, which is never printed; without it the file is refused
// by name, and a password written down is refused itself.
func TestLockedWorkbook(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("policy/parameters.csv", "name,area,from,to,value,unit,basis\n")
	write("policy/words.csv", "column,word,code\n")
	write("secrets/workbook", "开门-8461\n")
	book := excelize.NewFile()
	for i, row := range [][]any{{"姓名", "证件号码", "死亡日期"}, {"王建国", "990101196001011210", "2026-11-01"}} {
		if err := book.SetSheetRow("Sheet1", "A"+string(rune('1'+i)), &row); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "inbox/deaths"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := book.SaveAs(filepath.Join(dir, "inbox/deaths/locked.xlsx"), excelize.Options{Password: "开门-8461"}); err != nil {
		t.Fatal(err)
	}
	check := func(password string) string {
		t.Helper()
		write("doudi.yaml", "area: \"990101\"\nsources:\n  - {roll: deaths, from: inbox/deaths"+password+"}\n")
		var out strings.Builder
		run([]string{"-C", dir, "check"}, strings.NewReader(""), &out, &out)
		if strings.Contains(out.String(), "8461") {
			t.Error("the password is printed")
		}
		return out.String()
	}
	for password, want := range map[string]string{
		"":                                      "设有打开密码",
		", password: \"file:secrets/workbook\"": "读入 1 条",
		", password: \"file:secrets/nothing\"":  "读不到 secrets/nothing",
		", password: letmein":                   "密码不能写在 doudi.yaml 里",
	} {
		if out := check(password); !strings.Contains(out, want) {
			t.Errorf("%q: want %q in\n%s", password, want, out)
		}
	}
}
