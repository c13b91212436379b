package pipeline

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"doudi/pipeline/duck"
	"doudi/sources"
)

// parquetOf writes the rows of a query as Parquet.
func parquetOf(t testing.TB, query string) []byte {
	t.Helper()
	dir := t.TempDir()
	db, err := duck.Open(t.Context(), duck.Options{TempDir: dir, Plain: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	file := filepath.Join(dir, "a")
	if err := db.Exec(t.Context(), "copy ("+query+") to "+duck.Text(file)+" (format parquet, row_group_size 2048)"); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// readParquet reads the bytes as a file of a roll, and gives its receipt.
func readParquet(t testing.TB, content []byte) sources.Receipt {
	t.Helper()
	dir := t.TempDir()
	file, scratch, into := filepath.Join(dir, "a*'.xls"), filepath.Join(dir, "s"), filepath.Join(dir, "i")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{scratch, into} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	receipts, err := sources.Read(context.Background(), sources.Input{Kind: "deaths", Path: file, Name: "a.xls"},
		sources.Settings{Scratch: scratch, Workers: 2, Parquet: parquetLines(scratch, 1<<28)}, into)
	if err != nil || len(receipts) != 1 {
		t.Fatalf("receipts %+v, error %v", receipts, err)
	}
	if left, err := os.ReadDir(scratch); err != nil || len(left) > 0 {
		t.Errorf("left in scratch: %v, %v", left, err)
	}
	return receipts[0]
}

const parquetRoll = `select '张' || i as 姓名, case when i % 3 = 0 then null else '990101195001010011' end as 证件号,
	date '2026-11-01' as 死亡日期, i * 1.5::double as 金额, [i] as 其他 from range(1, 5001) t(i)`

func TestParquet(t *testing.T) {
	whole := parquetOf(t, parquetRoll)
	r := readParquet(t, whole)
	if r.Status != sources.StatusRead || r.Format != "parquet" || r.Encoding != "" || len(r.Sheets) != 1 {
		t.Fatalf("receipt %+v", r)
	}
	if s := r.Sheets[0]; s.HeaderRow != nil || s.Sheet != nil || s.Rows != 5000 || s.Accepted != 5000 || s.Other != 0 {
		t.Errorf("sheet %+v", s)
	}
	for cut := 4; cut < len(whole); cut += len(whole) / 12 {
		if r := readParquet(t, whole[:cut]); r.Status != sources.StatusRefused || r.Note != noteTornParquet {
			t.Errorf("torn at %d of %d bytes: %s %s", cut, len(whole), r.Status, r.Note)
		}
	}
	big := readParquet(t, parquetOf(t, "select repeat('x', 60000) as 姓名, '1' as 证件号, '1' as 死亡日期 from range(40000)"))
	if big.Status != sources.StatusRefused || !strings.Contains(big.Note, "展开后太大") {
		t.Errorf("a file of few bytes and much text: %s %s", big.Status, big.Note)
	}
}

// FuzzParquet takes any bytes for a Parquet file: read, or refused in words.
func FuzzParquet(f *testing.F) {
	f.Add([]byte("PAR1"))
	f.Add(parquetOf(f, parquetRoll+" limit 3"))
	f.Fuzz(func(t *testing.T, content []byte) {
		r := readParquet(t, append([]byte("PAR1"), content...))
		if r.Status == sources.StatusRefused && r.Note == "" {
			t.Error("refused without a word")
		}
	})
}
