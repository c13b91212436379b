package decode

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// book writes a workbook with excelize.
func book(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func set(t testing.TB, f *excelize.File, sheet, cell string, value any) {
	t.Helper()
	if err := f.SetCellValue(sheet, cell, value); err != nil {
		t.Fatal(err)
	}
}

func TestWorkbook(t *testing.T) {
	content := book(t, func(f *excelize.File) {
		set(t, f, "Sheet1", "A1", "花名册")
		set(t, f, "Sheet1", "A3", "姓名")
		set(t, f, "Sheet1", "B3", "金额")
		set(t, f, "Sheet1", "D3", "日期")
		set(t, f, "Sheet1", "A4", "张三\n二")
		set(t, f, "Sheet1", "B4", 610.2)
		set(t, f, "Sheet1", "C4", true)
		set(t, f, "Sheet1", "D4", time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC))
		set(t, f, "Sheet1", "A7", 12345)
		if err := f.MergeCell("Sheet1", "A1", "D1"); err != nil {
			t.Fatal(err)
		}
		if _, err := f.NewSheet("隐藏"); err != nil {
			t.Fatal(err)
		}
		if err := f.SetSheetVisible("隐藏", false); err != nil {
			t.Fatal(err)
		}
	})
	m := file(t, "a.csv", content)
	if m.Format != "xlsx" || m.Encoding != "" || m.Refused != "" {
		t.Fatalf("member %+v", m)
	}
	b, err := Open(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	if want := []Sheet{{Name: "Sheet1", Named: true}, {Name: "隐藏", Named: true, Hidden: true}}; fmt.Sprint(b.Sheets) != fmt.Sprint(want) {
		t.Errorf("sheets %v, want %v", b.Sheets, want)
	}
	head, merges, err := b.Head(0, 3)
	if err != nil || len(head) != 3 || fmt.Sprint(merges) != "[{1 1 0 3}]" {
		t.Errorf("head %v, merges %v, error %v", head, merges, err)
	}
	want := "3 [\"姓名\" \"金额\" \"\" \"日期\"]\n4 [\"张三\\n二\" \"610.2\" \"TRUE\" \"2026-11-20\"]\n5 []\n6 []\n7 [\"12345\"]\n"
	got := records(t, b, 0, 3, 4)
	if shown(got) != want {
		t.Errorf("got\n%swant\n%s", shown(got), want)
	}
	if n := fmt.Sprint(got[1].Numbers); n != "[false true false false]" {
		t.Errorf("numbers %s", n)
	}
	if rest := records(t, b, 1, 1, 0); len(rest) != 0 {
		t.Errorf("empty sheet has %d records", len(rest))
	}
}

// bigBook is a workbook of rows × columns, written as a stream.
func bigBook(t testing.TB, rows, columns int) []byte {
	return book(t, func(f *excelize.File) {
		w, err := f.NewStreamWriter("Sheet1")
		if err != nil {
			t.Fatal(err)
		}
		row := make([]any, columns)
		for i := range rows {
			for j := range row {
				switch j % 4 {
				case 0:
					row[j] = fmt.Sprintf("示范人%d", i)
				case 1:
					row[j] = fmt.Sprintf("9901011990%08d", i)
				case 2:
					row[j] = float64(i) + 0.25
				default:
					row[j] = "正常"
				}
			}
			cell, err := excelize.CoordinatesToCellName(1, i+1)
			if err != nil {
				t.Fatal(err)
			}
			if err := w.SetRow(cell, row); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
	})
}

// BenchmarkWorkbook reads 100,000 rows of 16 cells, pre-flight included. The
// budget is 3 CPU seconds.
func BenchmarkWorkbook(b *testing.B) {
	const rows = 100_000
	m := file(b, "a.xlsx", bigBook(b, rows, 16))
	b.ReportAllocs()
	start := cpuSeconds(b)
	defer func() { b.ReportMetric((cpuSeconds(b)-start)/float64(b.N), "cpu-s/op") }()
	for b.Loop() {
		book, err := Open(context.Background(), m)
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for chunk, err := range book.Chunks(context.Background(), 0, 1, 16) {
			if err != nil {
				b.Fatal(err)
			}
			for range chunk.Records() {
				n++
			}
		}
		if n != rows {
			b.Fatalf("%d rows", n)
		}
	}
}
