package pipeline

import (
	"os"
	"path/filepath"
	"testing"

	"doudi/pipeline/workspace"
)

// TestUnreadableFileIsRefused: a file that cannot be opened is refused by a
// note and not an error of the program.
func TestUnreadableFileIsRefused(t *testing.T) {
	in := input{File: workspace.File{Roll: "vehicles", Name: "inbox/vehicles/a.csv", Path: filepath.Join(t.TempDir(), "gone.csv")}}
	in.identify("")
	if in.Refused == "" || in.SHA256 != "" || in.Key != "" {
		t.Errorf("refused %q, hash %q, key %q", in.Refused, in.SHA256, in.Key)
	}
}

// TestMemosDecideTheKey: other memos beside the same table are another file.
func TestMemosDecideTheKey(t *testing.T) {
	dir := t.TempDir()
	in := input{File: workspace.File{Roll: "deaths", Name: "inbox/deaths/a.dbf", Path: filepath.Join(dir, "a.dbf"), Memo: filepath.Join(dir, "a.fpt"), MemoName: "inbox/deaths/a.fpt"}}
	seen := map[string]bool{}
	for _, memo := range []string{"one", "two"} {
		for path, text := range map[string]string{in.Path: "table", in.Memo: memo} {
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		in.identify("")
		seen[in.Key] = true
	}
	if len(seen) != 2 || seen[""] {
		t.Errorf("keys %v", seen)
	}
	if err := os.Remove(in.Memo); err != nil {
		t.Fatal(err)
	}
	if in.identify(""); in.Refused == "" {
		t.Error("memos that are gone are not refused")
	}
}
