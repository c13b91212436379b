package pipeline

import (
	"strings"
	"testing"
	"time"

	"doudi/pipeline/workspace"
	"doudi/sources"
)

// Each gate's limit is tried on the last figure that passes and the first that
// trips.

func TestVolumeGate(t *testing.T) {
	for _, c := range []struct {
		limit, rows int64
		past        []int64
		trips       bool
		allowed     string
	}{
		{20_00, 0, []int64{5000, 5000}, false, "不限"},
		{20_00, 4000, []int64{5000, 5000, 5000}, false, "4000–6000 行"},
		{20_00, 3999, []int64{5000, 5000, 5000}, true, "4000–6000 行"},
		{20_00, 6000, []int64{5000, 5000, 5000}, false, "4000–6000 行"},
		{20_00, 6001, []int64{5000, 5000, 5000}, true, "4000–6000 行"},
		{20_00, 3999, []int64{1, 5000, 5000, 9000}, true, "4000–6000 行"},
		{20_00, 100, []int64{300, 300, 300}, false, "100–500 行"}, // 67 %, but 200 rows
		{20_00, 99, []int64{300, 300, 300}, true, "100–500 行"},   // 201 rows
		{20_00, 0, []int64{150, 150, 150}, false, "0–350 行"},     // never so many
		{30_00, 3500, []int64{5000, 5000, 5000}, false, "3500–6500 行"},
		{30_00, 3499, []int64{5000, 5000, 5000}, true, "3500–6500 行"},
		{20_00, 1200, []int64{1000, 1000, 1001, 1001}, false, "801–1200 行"}, // 20 % of 1000.5 is 200.1
		{20_00, 1201, []int64{1000, 1000, 1001, 1001}, true, "801–1200 行"},
		{0, 5201, []int64{5000, 5000, 5000}, true, "4800–5200 行"},
	} {
		m := volume(measure{Gate: "volume", Roll: "register"}, c.limit, c.rows, c.past)
		if m.Tripped != c.trips || m.Allowed != c.allowed || m.Tripped && m.Reason == "" {
			t.Errorf("%d of %v at %d: tripped %v, allowed %s (%s)", c.rows, c.past, c.limit, m.Tripped, m.Allowed, m.Reason)
		}
	}
}

func TestFindingsGate(t *testing.T) {
	of := func(n ...int64) (past []turnover) {
		for _, one := range n {
			past = append(past, turnover{one, one})
		}
		return past
	}
	for _, c := range []struct {
		limit   int64
		tonight turnover
		past    []turnover
		trips   bool
	}{
		{3_00, turnover{900, 900}, of(1, 1), false},
		{3_00, turnover{20, 20}, of(0, 0, 0), false},
		{3_00, turnover{21, 0}, of(0, 0, 0), true},
		{3_00, turnover{0, 21}, of(0, 0, 0), true},
		{3_00, turnover{30, 30}, of(900, 10, 10, 9), false},
		{3_00, turnover{31, 0}, of(900, 10, 10, 9), true},
		{3_00, turnover{31, 31}, of(900, 11, 10, 9), false}, // the median is 10.5
		{3_00, turnover{32, 31}, of(900, 11, 10, 9), true},
		{5_50, turnover{55, 55}, of(10, 10, 10), false},
		{5_50, turnover{56, 55}, of(10, 10, 10), true},
	} {
		m := findings(measure{Gate: "findings", Rule: "r"}, c.limit, c.tonight, c.past, "规则")
		if m.Tripped != c.trips || m.Tripped && m.Reason == "" {
			t.Errorf("%v after %v at %d: tripped %v (%s)", c.tonight, c.past, c.limit, m.Tripped, m.Reason)
		}
	}
	if m := findings(measure{}, 3_00, turnover{}, of(1, 1), ""); !strings.Contains(m.Reason, "不足 3 晚") {
		t.Errorf("with two nights it says %q", m.Reason)
	}
}

func TestColumnsGate(t *testing.T) {
	title := func(column string) string { return column }
	for _, c := range []struct {
		limit           int64
		tonight, before []string
		trips           bool
	}{
		{0, []string{"name"}, nil, false},
		{0, []string{"name", "sex"}, []string{"name"}, false},
		{0, []string{"name"}, []string{"name", "sex"}, true},
		{1_00, []string{"name"}, []string{"name", "sex"}, false},
		{1_00, []string{"id_no"}, []string{"name", "sex"}, true},
	} {
		if m := columns(measure{}, c.limit, c.tonight, c.before, title); m.Tripped != c.trips {
			t.Errorf("%v after %v at %d: tripped %v", c.tonight, c.before, c.limit, m.Tripped)
		}
	}
}

func TestWordsGate(t *testing.T) {
	for _, c := range []struct {
		limit, unknown, records int64
		trips                   bool
	}{
		{2_00, 50, 50, false}, {2_00, 2, 51, true}, {2_00, 1, 51, false}, {2_00, 2, 100, false}, {2_00, 3, 100, true},
		{2_50, 5, 200, false}, {2_50, 6, 200, true},
	} {
		if m := words(measure{}, c.limit, c.unknown, c.records, ""); m.Tripped != c.trips {
			t.Errorf("%d of %d at %d: tripped %v", c.unknown, c.records, c.limit, m.Tripped)
		}
	}
}

func TestLinksGate(t *testing.T) {
	for _, c := range []struct {
		limit   int64
		tonight share
		before  *share
		trips   bool
	}{
		{2_00, share{0, 1000}, nil, false},
		{2_00, share{0, 1000}, &share{}, false},
		{2_00, share{880, 1000}, &share{900, 1000}, false},
		{2_00, share{879, 1000}, &share{900, 1000}, true},
		{2_00, share{0, 50}, &share{50, 50}, false},
		{2_00, share{0, 51}, &share{50, 50}, true},
		{2_00, share{0, 0}, &share{50, 50}, false},
		{0, share{39_999_999, 40_000_000}, &share{1, 1}, true},
	} {
		if m := links(measure{}, c.limit, c.tonight, c.before); m.Tripped != c.trips {
			t.Errorf("%v after %v at %d: tripped %v (%s)", c.tonight, c.before, c.limit, m.Tripped, m.Reason)
		}
	}
}

// TestFreshOfTheWorstEntry: of a list's entries the one furthest over its limit
// stands for the list.
func TestFreshOfTheWorstEntry(t *testing.T) {
	l := &list{age: -1, fresh: -1}
	night := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	l.grow(true, night.AddDate(0, 0, -40), night, -1)
	l.grow(true, night.AddDate(0, 0, -12), night, 10)
	l.grow(true, night.AddDate(0, 0, -30), night, 35)
	l.grow(false, night.AddDate(0, 0, -90), night, 60)
	if l.age != 12 || l.fresh != 10 || !strings.Contains(l.late, "超过 10 天") || !strings.Contains(l.stale, "超过 60 天") {
		t.Errorf("age %d of %d: %q, %q", l.age, l.fresh, l.late, l.stale)
	}
}

// TestFamiliesOfAnOldEntry: the families' file that lies with the persons' is as
// old as they are.
func TestFamiliesOfAnOldEntry(t *testing.T) {
	no, ten := false, 10
	night := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	for days, stale := range map[int]bool{10: false, 11: true} {
		r := &run{Night: Night{Date: night}, workspace: &workspace.Workspace{
			Sources: []workspace.Source{{Roll: "dibao_persons", Required: &no, FreshDays: &ten}},
			Gates:   []workspace.Gate{{Name: "fresh", Limit: -1}},
		}}
		r.listing.Found = []int{1}
		r.inputs = []input{{File: workspace.File{Roll: "dibao_persons", AsOf: night.AddDate(0, 0, -days)}, Receipts: []sources.Receipt{
			{Table: "dibao_persons", File: "a", Status: sources.StatusRead}, {Table: "dibao_families", File: "b", Status: sources.StatusRead},
		}}}
		for _, roll := range []string{"dibao_persons", "dibao_families"} {
			if l := r.lists()[roll]; (l.stale != "") != stale || l.usable() == stale {
				t.Errorf("%s, %d days old: %+v", roll, days, *l)
			}
		}
	}
}
