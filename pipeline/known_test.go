package pipeline_test

import (
	"encoding/json"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"doudi/fixtures"
	"doudi/pipeline"
	"doudi/pipeline/publish"
)

// TestKnownLinks runs a night after one of the same lists twice: as it is,
// where who is who is taken from the night before, and where nothing says that
// the night before rests on the same, so that it is linked from nothing. What is
// published is the same, to the byte.
func TestKnownLinks(t *testing.T) {
	published := map[bool]map[string]string{}
	for _, fromNothing := range []bool{false, true} {
		dir := filepath.Join(t.TempDir(), "county")
		if err := fixtures.Demo(t.Context(), dir); err != nil {
			t.Fatal(err)
		}
		night := pipeline.Night{
			Dir: dir, Now: time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC), Program: "test", Log: slog.New(slog.DiscardHandler),
		}
		if _, err := pipeline.Run(t.Context(), night); err != nil {
			t.Fatal(err)
		}
		root := filepath.Join(dir, "out")
		if fromNothing {
			forgetReuse(t, root)
		}
		night.Date = time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
		if _, err := pipeline.Run(t.Context(), night); err != nil {
			t.Fatal(err)
		}
		current, _, err := publish.Current(root)
		if err != nil {
			t.Fatal(err)
		}
		manifest, err := publish.ReadManifest(current)
		if err != nil {
			t.Fatal(err)
		}
		sums := map[string]string{}
		for _, f := range manifest.Files {
			sums[f.Path] = f.SHA256
		}
		published[fromNothing] = sums
		if linked := steps(t, dir)["link.decided"]; linked != fromNothing {
			t.Errorf("linked from nothing: %v, want %v", linked, fromNothing)
		}
	}
	if !maps.Equal(published[false], published[true]) {
		for path, sum := range published[true] {
			if published[false][path] != sum {
				t.Errorf("%s is another when links are taken from the night before", path)
			}
		}
	}
}

// forgetReuse takes from the manifest what its partitions rest on.
func forgetReuse(t *testing.T, root string) {
	t.Helper()
	current, _, err := publish.Current(root)
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := publish.ReadManifest(current)
	if err != nil {
		t.Fatal(err)
	}
	manifest.Run.Reuse = nil
	data, err := json.Marshal(manifest)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(current, "manifest.json"), data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// steps are those of the last published night's ledger.
func steps(t *testing.T, dir string) map[string]bool {
	t.Helper()
	p, err := pipeline.OpenPublished(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	rows, err := p.Ask(t.Context(), "select step from runs where night = (select max(night) from runs)", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	all := map[string]bool{}
	if err := rows.Each(func(cells []*string) error { all[*cells[0]] = true; return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}
