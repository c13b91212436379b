package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// doudi runs the program in a workspace and gives what it printed.
func doudi(t *testing.T, env []string, args ...string) (string, error) {
	t.Helper()
	c := exec.Command("doudi", args...)
	c.Env = append(os.Environ(), env...)
	out, err := c.CombinedOutput()
	return string(out), err
}

func mustRun(t *testing.T, args ...string) string {
	t.Helper()
	out, err := doudi(t, nil, args...)
	if err != nil {
		t.Fatalf("doudi %v: %v\n%s", args, err, out)
	}
	return out
}

// TestKilled kills runs of the next night at random moments. Whatever was
// published stays whole, and a run that is let be ends well and leaves nothing
// lying about.
func TestKilled(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "county")
	mustRun(t, "demo", dir)
	// A few lists go through the same steps as all of them, in half the time.
	lists, err := filepath.Glob(filepath.Join(dir, "inbox", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range lists {
		if !slices.Contains([]string{"dibao_persons", "register", "deaths"}, filepath.Base(list)) {
			if err := os.RemoveAll(list); err != nil {
				t.Fatal(err)
			}
		}
	}
	mustRun(t, "-C", dir, "run", "--night", "2026-11-20")
	began := time.Now()
	mustRun(t, "-C", dir, "run", "--night", "2026-11-21")
	whole := time.Since(began)
	random := rand.New(rand.NewPCG(4, 50))
	for i := range 50 {
		night := fmt.Sprintf("2026-12-%02d", i%28+1)
		c := exec.Command("doudi", "-C", dir, "run", "--night", night)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.Float64() * 1.1 * float64(whole)))
		c.Process.Kill()
		c.Wait()
		if out, err := doudi(t, nil, "-C", dir, "verify"); err != nil {
			t.Fatalf("kill %d: %v\n%s", i, err, out)
		}
	}
	mustRun(t, "-C", dir, "run", "--night", "2026-12-31")
	mustRun(t, "-C", dir, "verify")
	for _, pattern := range []string{".doudi/spill", ".doudi/raw/aside-*", "out/snapshots/.*", "out/.*"} {
		left, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil || len(left) > 0 {
			t.Errorf("left lying about: %v %v", left, err)
		}
	}
}

// TestSameBytes publishes one county twice, once on one core, from files laid
// down in another order: all but what may differ is the same.
func TestSameBytes(t *testing.T) {
	one, other := filepath.Join(t.TempDir(), "one"), filepath.Join(t.TempDir(), "other")
	mustRun(t, "demo", one)
	if err := copyBackwards(one, other); err != nil {
		t.Fatal(err)
	}
	mustRun(t, "-C", one, "run")
	if out, err := doudi(t, []string{"GOMAXPROCS=1"}, "-C", other, "run"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	first, second := published(t, one), published(t, other)
	if len(first) == 0 {
		t.Fatal("nothing published")
	}
	for path, data := range first {
		if !bytes.Equal(data, second[path]) {
			t.Errorf("%s differs", path)
		}
	}
	for path := range second {
		if first[path] == nil {
			t.Errorf("%s is in one of them only", path)
		}
	}
}

// copyBackwards copies a folder, its files in reverse order, with other times
// on the folders.
func copyBackwards(from, to string) error {
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	for i := len(entries) - 1; i >= 0; i-- {
		a, b := filepath.Join(from, entries[i].Name()), filepath.Join(to, entries[i].Name())
		if entries[i].IsDir() {
			if err := copyBackwards(a, b); err != nil {
				return err
			}
			continue
		}
		data, err := os.ReadFile(a)
		if err != nil {
			return err
		}
		info, err := os.Stat(a)
		if err != nil {
			return err
		}
		if err := os.WriteFile(b, data, 0o600); err != nil {
			return err
		}
		if err := os.Chtimes(b, info.ModTime(), info.ModTime()); err != nil {
			return err
		}
	}
	return nil
}

// published reads every published file whose bytes are a function of the
// inputs.
func published(t *testing.T, workspace string) map[string][]byte {
	t.Helper()
	current, err := filepath.EvalSymlinks(filepath.Join(workspace, "out", "current"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	err = filepath.WalkDir(current, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(current, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			if rel == "runs" || rel == "reports" {
				return filepath.SkipDir
			}
			return nil
		}
		if rel == "manifest.json" || rel == "doudi.duckdb" {
			return nil
		}
		files[rel], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
