package sources

import (
	"encoding/csv"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestCodes holds the codes against the starter words: neither has a meaning
// that the other lacks.
func TestCodes(t *testing.T) {
	f, err := os.Open("../fixtures/policy/words.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, row := range rows[1:] {
		kind, column, _ := strings.Cut(row[0], ".")
		if !slices.Contains(CodesOf(kind, column), row[2]) {
			t.Errorf("%s has no code %q", row[0], row[2])
		}
		used[row[0]+" "+row[2]] = true
	}
	for column, words := range codes {
		for code := range strings.FieldsSeq(words) {
			if !used[column+" "+code] {
				t.Errorf("no word means %s %s", column, code)
			}
		}
	}
}

func TestCodesOf(t *testing.T) {
	for _, c := range []struct {
		kind, column, code string
		want               bool
	}{
		{"register", "relation", "head", true},
		{"register", "state", "active", true},
		{"vehicles", "state", "scrapped", true},
		{"register", "state", "scrapped", false},
		{"*", "state", "scrapped", true},
		{"*", "relation", "nonsense", false},
		{"register", "name", "head", false},
		{"register", "nonsense", "head", false},
		{"nonsense", "relation", "head", false},
		{"vehicles", "relation", "head", false},
		{"medical", "remark", "capped", true},
	} {
		if got := slices.Contains(CodesOf(c.kind, c.column), c.code); got != c.want {
			t.Errorf("%s.%s %s: %v", c.kind, c.column, c.code, got)
		}
	}
}
