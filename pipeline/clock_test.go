package pipeline_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"doudi/fixtures"
	"doudi/pipeline"
)

// TestClockThatJumped: nights are published whatever the clock says, one that
// was years ahead costs no more snapshots than those beyond `keep`, and one
// that went back costs none.
func TestClockThatJumped(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "county")
	if _, err := fixtures.Generate(t.Context(), dir, fixtures.Options{Households: 40, Seed: 5, Errors: 1}); err != nil {
		t.Fatal(err)
	}
	lists, err := filepath.Glob(filepath.Join(dir, "inbox", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range lists {
		if !slices.Contains([]string{"dibao_persons", "register"}, filepath.Base(list)) {
			if err := os.RemoveAll(list); err != nil {
				t.Fatal(err)
			}
		}
	}
	config := "area: \"990101\"\nkeep: 1\nsources:\n  - {roll: dibao_persons, from: inbox/dibao_persons, as_of: filename}\n  - {roll: register, from: inbox/register, as_of: filename}\n"
	if err := os.WriteFile(filepath.Join(dir, "doudi.yaml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	for i, c := range []struct {
		now       time.Time
		snapshots int // after that night
	}{
		{time.Now(), 1},
		{time.Now().AddDate(-20, 0, 0), 2}, // back: none is old
		{time.Now().AddDate(20, 0, 0), 2},  // ahead: all beyond keep are
	} {
		night := time.Date(2026, 11, 20+i, 0, 0, 0, 0, time.UTC)
		summary, err := pipeline.Run(context.Background(), pipeline.Night{
			Dir: dir, Date: night, Now: c.now, Program: "test", Log: slog.New(slog.DiscardHandler),
		})
		if err != nil || summary.Unchanged {
			t.Fatalf("night %d, clock at %s: %v", i, c.now.Format(time.DateOnly), err)
		}
		snapshots, err := os.ReadDir(filepath.Join(dir, "out", "snapshots"))
		if err != nil || len(snapshots) != c.snapshots {
			t.Errorf("night %d, clock at %s: %d snapshots, want %d", i, c.now.Format(time.DateOnly), len(snapshots), c.snapshots)
		}
		current, err := filepath.EvalSymlinks(filepath.Join(dir, "out", "current"))
		if err != nil || current != summary.Snapshot {
			t.Errorf("night %d: current is %s, want %s: %v", i, current, summary.Snapshot, err)
		}
	}
}
