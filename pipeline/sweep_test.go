package pipeline

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"doudi/pipeline/publish"
	"doudi/pipeline/workspace"
)

// TestSweepStore: what tonight and the last good night need stays, of older
// snapshots as much as these take, the latest first; what nobody needs goes, on a
// night that was held too.
func TestSweepStore(t *testing.T) {
	dir := t.TempDir()
	w := &workspace.Workspace{Dir: dir, Publish: filepath.Join(dir, "out")}
	r := &run{workspace: w, store: &store{filepath.Join(w.Scratch(), "raw")}}
	write := func(path, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for key, size := range map[string]int{"a": 100, "b": 100, "c": 150, "d": 100, "held": 50, "tonight": 50} {
		write(filepath.Join(r.store.entry(key), "records.parquet"), strings.Repeat("x", size))
	}
	for name, keys := range map[string]string{"000004-x": "d\nlost", "000003-x": "c\nd", "000002-x": "b", "000001-x": "a"} {
		write(filepath.Join(w.Scratch(), neededDir, name), keys)
		if name != "000001-x" { // which was retired
			r.snapshot = &publish.Snapshot{Dir: filepath.Join(w.Publish, "snapshots", name)}
			if err := os.MkdirAll(r.snapshot.Dir, 0o700); err != nil {
				t.Fatal(err)
			}
		}
	}
	sweep := func(want string) {
		t.Helper()
		if err := r.sweepStore(); err != nil {
			t.Fatal(err)
		}
		entries, err := os.ReadDir(r.store.dir)
		if err != nil {
			t.Fatal(err)
		}
		var left []string
		for _, e := range entries {
			left = append(left, e.Name())
		}
		slices.Sort(left)
		if got := strings.Join(left, " "); got != want {
			t.Errorf("left %s, want %s", got, want)
		}
	}
	r.inputs = []input{{Key: "tonight"}, {}}
	sweep("c d tonight") // of 150 bytes' room c takes all, so that b goes
	r.inputs = []input{{Key: "d"}}
	sweep("d") // c no longer has room
	r.snapshot.Dir = filepath.Join(w.Publish, "snapshots", "000005-x")
	if err := os.MkdirAll(r.snapshot.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := r.noteNeeded(); err != nil {
		t.Fatal(err)
	}
	sweep("d")
}
