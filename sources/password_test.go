package sources

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/xuri/excelize/v2"
)

// A workbook with a password is read with the right one and refused, whole,
// with another or none.
func TestPassword(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	for cell, text := range map[string]string{"A1": "姓名", "B1": "证件号", "C1": "死亡日期", "A2": "张三", "B2": "990101195001010011", "C2": "2026-11-01"} {
		if err := f.SetCellValue("Sheet1", cell, text); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "a.xlsx")
	if err := f.SaveAs(path, excelize.Options{Password: "p"}); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	for password, status := range map[string]string{"p": StatusRead, "q": StatusRefused, "": StatusRefused} {
		got, err := Read(context.Background(), Input{Kind: "deaths", Path: path, Name: "a.xlsx", Password: password},
			Settings{Scratch: t.TempDir()}, t.TempDir())
		if err != nil || len(got) != 1 || got[0].Status != status || got[0].Format != "xlsx" || got[0].Bytes != info.Size() {
			t.Errorf("%q: %+v, %v", password, got, err)
		}
	}
}
