package report

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// writeCounty writes the reports of the made-up county.
func writeCounty(t *testing.T, dir string) []string {
	t.Helper()
	db := openCounty(t)
	madeUpCounty(t, db)
	files, err := Write(t.Context(), db, madeUpInput(t), dir)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestCounty writes the reports of the made-up county once and looks at them
// from all sides. With -artifacts they are kept, to be looked at by eye.
func TestCounty(t *testing.T) {
	dir := t.ArtifactDir()
	files := writeCounty(t, dir)
	want := []string{"汇总.xlsx", "index.html", "乡镇/城关镇.xlsx", "乡镇/河西镇.xlsx", "乡镇/石桥乡.xlsx", "乡镇/未知乡镇.xlsx"}
	if !slices.Equal(files, want) {
		t.Errorf("files %q, want %q", files, want)
	}
	for _, f := range files {
		info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(f)))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", f, info.Mode().Perm())
		}
	}
	for name, look := range map[string]func(t *testing.T, dir string){
		"TownBook":                      townBook,
		"KeysAreLockedAndAnswersAreNot": keysAreLockedAndAnswersAreNot,
		"HeaderIsRepeatedAndFrozen":     headerIsRepeatedAndFrozen,
		"OrderInsideASide":              orderInsideASide,
		"SummaryHoldsNoPersonAndAddsUp": summaryHoldsNoPerson,
		"ClausesInSummary":              clausesInSummary,
		"PageShowsNoPerson":             pageShowsNoPerson,
		"PageStandsAlone":               pageStandsAlone,
	} {
		t.Run(name, func(t *testing.T) { look(t, dir) })
	}
}
