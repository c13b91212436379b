package pipeline

import (
	"context"
	"slices"
	"testing"

	"doudi/pipeline/workspace"
	"doudi/sql"
)

// TestEveryParameterHasARule: what a bureau is asked to fill in is judged by.
func TestEveryParameterHasARule(t *testing.T) {
	g, err := readGraph(context.Background(), sql.Files)
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, rule := range g.Rules() {
		names := g.parametersOf(rule.Slug, rule)
		t.Log(rule.Slug, names)
		for _, name := range names {
			used[name] = true
		}
		if rule.Slug == "id_invalid" && len(names) > 0 || rule.Slug == "grace_period_over" && !slices.Contains(names, "grace_months") {
			t.Errorf("%s judges by %q", rule.Slug, names)
		}
	}
	for _, name := range workspace.ParameterNames() {
		if !used[name] {
			t.Errorf("no rule judges by %s", name)
		}
	}
}

func TestChangedAreas(t *testing.T) {
	for _, c := range []struct {
		tonight, before string
		want            []string
	}{
		{"grace_months@ 2018-01-01/=12; words=a", "grace_months@ 2018-01-01/=12; words=a", nil},
		{"grace_months@ 2018-01-01/=12; words=b", "grace_months@ 2018-01-01/=12; words=a", []string{""}},
		{"a@990101 /=1; a@990102 /=2; words=a", "a@990101 /=1; a@990102 /=3; words=a", []string{"990102"}},
		{"a@990101 /2026-11-20=1; words=a", "a@990101 /=1; words=a", []string{"990101"}},
		{"words=a", "a@990101 /=1; b@ /=1; words=a", []string{"", "990101"}},
		{"a@ /=1; words=a", "", nil}, // an older program did not say
	} {
		if got := changedAreas(c.tonight, c.before); !slices.Equal(got, c.want) {
			t.Errorf("%q after %q: %q, want %q", c.tonight, c.before, got, c.want)
		}
	}
}
