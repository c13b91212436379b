package pipeline_test

import (
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"doudi/fixtures"
	"doudi/pipeline"
	"doudi/pipeline/workspace"
)

// trialNight is how the tests below run and try nights.
func trialNight(dir string) pipeline.Night {
	return pipeline.Night{
		Dir: dir, Date: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC), Now: time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC),
		Program: "test", Log: slog.New(slog.DiscardHandler),
	}
}

// trialCounty is a county with two published nights.
func trialCounty(t *testing.T) string {
	dir := filepath.Join(t.TempDir(), "county")
	if err := fixtures.Demo(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	first := trialNight(dir)
	first.Date = first.Date.AddDate(0, 0, -1)
	for _, night := range []pipeline.Night{first, trialNight(dir)} {
		if _, err := pipeline.Run(t.Context(), night); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// judged is what a finding of the latest night is counted by.
func judged(t *testing.T, dir string) map[string]string {
	p, err := pipeline.OpenPublished(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	rows, err := p.Ask(t.Context(), `select finding_id, rule, coalesce(suppressed_by, ''), coalesce(cast(month_fen as varchar), ''), coalesce(cast(total_fen as varchar), '')
		from findings where state <> 'gone' and night = date '2026-11-21'`, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	found := map[string]string{}
	err = rows.Each(func(cells []*string) error {
		found[*cells[0]] = strings.Join([]string{*cells[1], *cells[2], *cells[3], *cells[4]}, ",")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// difference is that of two nights as what-if has it, a line a finding.
func difference(was, would map[string]string) []string {
	var lines []string
	for id, b := range was {
		if a, stays := would[id]; !stays {
			lines = append(lines, "go "+id+" "+b)
		} else if a != b {
			lines = append(lines, "changed "+id+" "+b+" > "+a)
		}
	}
	for id, a := range would {
		if _, was := was[id]; !was {
			lines = append(lines, "come "+id+" "+a)
		}
	}
	slices.Sort(lines)
	return lines
}

// tried are the same lines out of what-if's rows.
func tried(t *testing.T, file string) []string {
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, row := range rows[1:] {
		get := func(name string) string { return row[slices.Index(rows[0], name)] }
		side := func(s string) string {
			return strings.Join([]string{get("rule"), get("suppressed_" + s), get("month_fen_" + s), get("total_fen_" + s)}, ",")
		}
		line := get("change") + " " + get("finding_id") + " "
		switch get("change") {
		case "go":
			line += side("before")
		case "come":
			line += side("after")
		default:
			line += side("before") + " > " + side("after")
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return lines
}

// contents are the hashes of all that lies in a workspace but its lock.
func contents(t *testing.T, dir string) map[string]string {
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() == "lock" {
			return err
		}
		all[path] = d.Type().String()
		if d.Type().IsRegular() {
			data, err := os.ReadFile(path)
			all[path] += fmt.Sprintf(" %x", sha256.Sum256(data))
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestWhatIfIsTheDifferenceOfTwoRuns tries changes and runs the same night of a
// copy under each: what-if says what differs between the two, to the finding, the
// fen and the exception, and leaves the workspace as it was.
func TestWhatIfIsTheDifferenceOfTwoRuns(t *testing.T) {
	dir := trialCounty(t)
	was, laid := judged(t, dir), contents(t, dir)
	replace := func(file, old, new string) func(t *testing.T, policy string) {
		return func(t *testing.T, policy string) {
			data, err := os.ReadFile(filepath.Join(policy, file))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(data), old) {
				t.Fatalf("%s has no %q", file, old)
			}
			if err := os.WriteFile(filepath.Join(policy, file), []byte(strings.Replace(string(data), old, new, 1)), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	set := func(name, value, area string) []workspace.Setting {
		return []workspace.Setting{{Name: name, Value: value, Area: area}}
	}
	const header = "name,area,from,to,value,unit,basis\n"
	for _, c := range []struct {
		name string
		set  []workspace.Setting // none: the copy's policy is given by --policy
		edit func(t *testing.T, policy string)
	}{
		{"standard up", set("dibao_standard_rural", "700", ""), replace("parameters.csv", "dibao_standard_rural,,2026-01-01,,520", "dibao_standard_rural,,2026-01-01,,700")},
		{"standard down, and a rule runs that did not", append(set("dibao_standard_rural", "260", ""), set("all_dibao_registered", "1", "")...), func(t *testing.T, policy string) {
			replace("parameters.csv", "dibao_standard_rural,,2026-01-01,,520", "dibao_standard_rural,,2026-01-01,,260")(t, policy)
			replace("parameters.csv", header, header+"all_dibao_registered,,,,1,flag,\n")(t, policy)
		}},
		{"a town's own from May, and how far exits count", []workspace.Setting{
			{Name: "dibao_standard_rural", Value: "300", Area: "990101001", From: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)},
			{Name: "left_months", Value: "1"},
		}, func(t *testing.T, policy string) {
			replace("parameters.csv", header, header+"dibao_standard_rural,990101001,2026-05-01,,300,yuan_month,\n")(t, policy)
			replace("parameters.csv", "left_months,,2016-01-01,,12", "left_months,,2016-01-01,,1")(t, policy)
		}},
		{"without a figure, and a waiver", nil, func(t *testing.T, policy string) {
			replace("parameters.csv", "living_allowance,,2025-01-01,,80", "living_allowance,,2025-01-01,,")(t, policy)
			replace("parameters.csv", "elder_age,,2016-01-01,,60", "elder_age,,2016-01-01,,55")(t, policy)
			one := slices.Sorted(maps.Keys(was))[0]
			household := household(t, dir, one)
			replace("waivers.csv", "from,to\n", "from,to\n*,,"+household+",测试,测试,,\n")(t, policy)
		}},
		{"other words", nil, replace("words.csv", "*.relation,户主,head", "*.relation,户主,spouse")},
	} {
		t.Run(c.name, func(t *testing.T) {
			copied := filepath.Join(t.TempDir(), "county")
			if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
				t.Fatal(err)
			}
			policy := filepath.Join(copied, "policy")
			c.edit(t, policy)
			if _, err := pipeline.Run(t.Context(), trialNight(copied)); err != nil {
				t.Fatal(err)
			}
			want := difference(was, judged(t, copied))
			change := pipeline.Change{Set: c.set, Output: filepath.Join(t.TempDir(), "rows.csv")}
			if c.set == nil {
				change.Policy = policy
			}
			night := trialNight(dir)
			night.Date = time.Time{}
			got, err := pipeline.WhatIf(t.Context(), night, change)
			if err != nil {
				t.Fatal(err)
			}
			if lines := tried(t, change.Output); !slices.Equal(lines, want) {
				t.Errorf("what-if has %d findings, two runs differ in %d:\n%s\n---\n%s", len(lines), len(want), strings.Join(lines, "\n"), strings.Join(want, "\n"))
			}
			var n int64
			for _, rule := range got.Rules {
				n += rule.Come + rule.Go + rule.Changed
				if rule.After-rule.Before != rule.Come-rule.Go {
					t.Errorf("%s: %+v", rule.Rule, rule.Tally)
				}
				var towns pipeline.Tally
				for _, town := range rule.Towns {
					towns.Come += town.Come
					towns.MonthFen += town.MonthFen
				}
				if towns.Come != rule.Come || towns.MonthFen != rule.MonthFen {
					t.Errorf("%s: the towns do not add up", rule.Rule)
				}
			}
			if n != int64(len(want)) || len(want) == 0 {
				t.Errorf("counted %d, two runs differ in %d", n, len(want))
			}
			t.Logf("%d findings come, go or change", n)
			if !maps.Equal(contents(t, dir), laid) {
				t.Error("what-if left something behind")
			}
		})
	}
}

// household is the key of a household that a finding speaks of.
func household(t *testing.T, dir, finding string) string {
	p, err := pipeline.OpenPublished(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	rows, err := p.Ask(t.Context(), "select min(dibao_household) from findings where rule = 'amount_wrong' or finding_id = '"+finding+"'", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	key := ""
	if err := rows.Each(func(cells []*string) error { key = *cells[0]; return nil }); err != nil {
		t.Fatal(err)
	}
	return key
}

// TestWhatIfOfWhatIsNoMore: a night whose lists or policy are no longer what was
// published is refused and named; a lost raw store costs time alone; a folder
// that a killed trial left goes with the next.
func TestWhatIfOfWhatIsNoMore(t *testing.T) {
	dir := trialCounty(t)
	try := func() error {
		night := trialNight(dir)
		night.Date = time.Time{}
		_, err := pipeline.WhatIf(t.Context(), night, pipeline.Change{Set: []workspace.Setting{{Name: "grace_months", Value: "6"}}})
		return err
	}
	left := filepath.Join(dir, ".doudi", "what-if-left")
	if err := errors.Join(os.RemoveAll(filepath.Join(dir, ".doudi")), os.MkdirAll(left, 0o700)); err != nil {
		t.Fatal(err)
	}
	if err := try(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); err == nil {
		t.Error("a dead trial's folder stays")
	}
	for _, c := range []struct{ file, want string }{
		{"policy/parameters.csv", "政策参数"}, {"inbox/deaths/", "inbox/deaths/"},
	} {
		file := filepath.Join(dir, c.file)
		if info, err := os.Stat(file); err == nil && info.IsDir() {
			files, err := os.ReadDir(file)
			if err != nil {
				t.Fatal(err)
			}
			file = filepath.Join(file, files[0].Name())
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, append(slices.Clone(data), '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
		var refused *pipeline.Refused
		if err := try(); !errors.As(err, &refused) || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "doudi run --night 2026-11-21") {
			t.Errorf("%s: %v", c.file, err)
		}
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
