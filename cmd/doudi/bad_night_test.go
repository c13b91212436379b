package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// TestTwoRunsAtOnce: a second run says since when and by which process the
// first holds the workspace, ends with 1 and changes nothing; so does fetch.
func TestTwoRunsAtOnce(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"doudi.yaml": "area: \"990101\"\n", "policy/parameters.csv": "name,area,from,to,value,unit,basis\n", "policy/words.csv": "column,word,code\n",
		".doudi/lock": "4711 2026-11-21 02:00:00\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	first, err := os.Open(filepath.Join(dir, ".doudi", "lock"))
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if err := unix.Flock(int(first.Fd()), unix.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	for _, verb := range [][]string{{"run", "--night", "2026-11-20"}, {"fetch"}, {"report"}} {
		var out strings.Builder
		code := run(append([]string{"-C", dir}, verb...), strings.NewReader(""), &out, &out)
		if verb[0] == "report" && code == 1 && strings.Contains(out.String(), "还没有发布过") {
			continue // it looks for the night first
		}
		if code != 1 || !strings.Contains(out.String(), "进程 4711，始于 2026-11-21 02:00:00") {
			t.Errorf("%v: exit %d\n%s", verb, code, out.String())
		}
	}
	if entries, _ := os.ReadDir(filepath.Join(dir, "out")); len(entries) > 0 {
		t.Errorf("published: %v", entries)
	}
}

// TestFullDiskIsNamed: a full disk is told as such, by Go's words and by
// DuckDB's, without the insides of a library.
func TestFullDiskIsNamed(t *testing.T) {
	for _, err := range []error{
		fmt.Errorf("write: %w", &os.PathError{Op: "write", Path: "out/x.parquet", Err: syscall.ENOSPC}),
		errors.New("switch: doudi.duckdb: FATAL Error: Failed to create checkpoint: No space left on device\n\nStack Trace:\n\nx(duckdb::Exception) [0x1]"),
	} {
		var out strings.Builder
		a := &app{stdout: &out, stderr: &out}
		if code := a.exit(context.Background(), err); code != 2 || !strings.Contains(out.String(), "磁盘已满") || strings.Contains(out.String(), "duckdb::") {
			t.Errorf("exit %d: %s", code, out.String())
		}
	}
}
