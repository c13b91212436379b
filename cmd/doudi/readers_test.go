package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xitongsys/parquet-go-source/local"
	"github.com/xitongsys/parquet-go/reader"
)

// sums are a column of whole numbers of some published datasets.
var sums = map[string]string{
	"findings": "month_fen", "finding_fields": "row", "links": "dibao_row", "persons": "row",
	"dibao_persons": "total_month_fen", "register": "people", "households": "people", "sources": "rows", "rejects": "row",
}

// python reads a file with pyarrow and with polars and prints rows and sum of
// each.
const python = `import sys, pyarrow.parquet as pq, pyarrow.compute as pc, polars as pl
path, column = sys.argv[1:]
t = pq.ParquetFile(path).read()
d = pl.read_parquet(path, hive_partitioning=False)
print(t.num_rows, pc.sum(t[column]).as_py() or 0, d.height, d[column].sum() or 0)`

// TestReaders reads what was published with DuckDB, with parquet-go and, where
// Python has them, with pyarrow and polars: same rows, same sums.
func TestReaders(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "county")
	mustRun(t, "demo", dir)
	mustRun(t, "-C", dir, "run")
	withPython := exec.Command("python3", "-c", "import pyarrow, polars").Run() == nil
	if !withPython {
		t.Log("pyarrow and polars are not at hand")
	}
	for dataset, column := range sums {
		path := filepath.Join(dir, "out", "current", dataset, "night=2026-11-20", "part-0.parquet")
		answer := strings.Fields(mustRun(t, "-C", dir, "--quiet", "sql",
			fmt.Sprintf("select count(*) || ' ' || coalesce(sum(%s), 0) as x from %s", column, dataset), "--format", "csv"))
		want := strings.Join(answer[1:], " ")
		want = strings.Trim(want, `"`)
		if got := second(t, path, column); got != want {
			t.Errorf("%s: parquet-go reads %s, DuckDB %s", dataset, got, want)
		}
		if !withPython {
			continue
		}
		out, err := exec.Command("python3", "-c", python, path, column).CombinedOutput()
		if got := strings.TrimSpace(string(out)); err != nil || got != want+" "+want {
			t.Errorf("%s: pyarrow and polars read %s, DuckDB %s", dataset, got, want)
		}
	}
}

// second gives rows and sum of a column by parquet-go.
func second(t *testing.T, path, column string) string {
	t.Helper()
	file, err := local.NewLocalFileReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r, err := reader.NewParquetColumnReader(file, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer r.ReadStop()
	rows := r.GetNumRows()
	index := int64(-1)
	for i, e := range r.SchemaHandler.SchemaElements[1:] {
		if strings.EqualFold(e.Name, column) {
			index = int64(i)
		}
	}
	values, _, _, err := r.ReadColumnByIndex(index, rows)
	if err != nil || int64(len(values)) != rows {
		t.Fatalf("%s: %d of %d rows, %v", column, len(values), rows, err)
	}
	var sum int64
	for _, v := range values {
		switch v := v.(type) {
		case int64:
			sum += v
		case int32:
			sum += int64(v)
		}
	}
	return fmt.Sprint(rows, " ", sum)
}
