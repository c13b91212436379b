package pipeline

import (
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
