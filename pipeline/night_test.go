package pipeline_test

import (
	"context"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"doudi/fixtures"
	"doudi/pipeline"
	"doudi/sql"
)

// with lays files over the built-in models.
func with(t *testing.T, more map[string]string) fs.FS {
	t.Helper()
	all := fstest.MapFS{}
	err := fs.WalkDir(sql.Files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(sql.Files, path)
		all[path] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for path, text := range more {
		all[path] = &fstest.MapFile{Data: []byte(text)}
	}
	return all
}

const houseHolder = `-- A head of a dibao household by the name 王: a rule made up for this test.
--
-- title: 姓王的户主
-- subject: person
-- certainty: C
-- basis: 只为测试
-- needs: dibao_persons
-- reason: {name}是户主，住{village}。
-- facts: dibao_persons name relation

select
    persons.household as subject_key,
    persons.record as subject_record,
    persons.household as dibao_household,
    cast(null as string) as exception,
    persons.record as evidence_record
from normal.persons as persons
where persons.roll = 'dibao_persons' and persons.relation = 'head' and substring(persons.name_fold, 1, 1) <> '#'
`

// TestAddingARule adds a rule by adding its file, and nothing else: it runs,
// its findings are published with their sentence and cells, and they stay open
// the next night.
func TestAddingARule(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "county")
	if err := fixtures.Demo(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	night := pipeline.Night{
		Dir: dir, Now: time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC), Program: "test", Log: slog.New(slog.DiscardHandler),
		Models: with(t, map[string]string{"finding/conflict/head_called_wang.sql": houseHolder}),
	}
	summary, err := pipeline.Run(context.Background(), night)
	if err != nil {
		t.Fatal(err)
	}
	found := int64(-1)
	for _, rule := range summary.Rules {
		if rule.Rule == "head_called_wang" && rule.Side == "conflict" && rule.Status == "ran" {
			found = rule.Findings
		}
	}
	if found <= 0 {
		t.Fatalf("the added rule found %d", found)
	}
	night.Date = time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	if _, err := pipeline.Run(context.Background(), night); err != nil {
		t.Fatal(err)
	}
	p, err := pipeline.OpenPublished(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	rows, err := p.Ask(t.Context(), `select count(*) from findings f join finding_fields x using (night, finding_id)
		where f.rule = 'head_called_wang' and x.field = 'relation' and f.reason like '%是户主，住_%。' and f.state = 'open' and night = '2026-11-21'`, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	err = rows.Each(func(cells []*string) error {
		if want := strconv.FormatInt(found, 10); *cells[0] != want {
			t.Errorf("open the next night, with sentence and cells: %s, want %s", *cells[0], want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestUnreadyRule: a rule whose lists do not hold what it judges by is skipped
// with its own reason, and its findings of the night before stay open.
func TestUnreadyRule(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "county")
	if err := fixtures.Demo(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	const why = "名册没有女户主"
	models := map[string]string{
		"finding/conflict/head_called_wang.sql": strings.Replace(houseHolder, "-- reason:", "-- unready: "+why+"\n-- reason:", 1),
	}
	night := pipeline.Night{
		Dir: dir, Now: time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC), Program: "test", Log: slog.New(slog.DiscardHandler),
		Models: with(t, models),
	}
	first, err := pipeline.Run(t.Context(), night)
	if err != nil {
		t.Fatal(err)
	}
	models["normal/unready.sql"] = `-- A rule that cannot be judged, told by the headers of its list.

select distinct 'head_called_wang' as rule
from raw.headers
where raw_table = 'dibao_persons' and column_name = 'relation'
`
	night.Date, night.Models = time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC), with(t, models)
	second, err := pipeline.Run(t.Context(), night)
	if err != nil {
		t.Fatal(err)
	}
	of := func(s pipeline.Summary) pipeline.RuleCount {
		return s.Rules[slices.IndexFunc(s.Rules, func(c pipeline.RuleCount) bool { return c.Rule == "head_called_wang" })]
	}
	if got := of(second); got.Status != "skipped" || got.Reason != why || got.Findings != of(first).Findings {
		t.Errorf("skipped: %+v, the night before %+v", got, of(first))
	}
}

// TestFaultAtEveryStep fails the steps of a night in turn, one after the
// other in the same workspace: what was published stays, and the night that is
// let be publishes.
func TestFaultAtEveryStep(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "county")
	if _, err := fixtures.Generate(t.Context(), dir, fixtures.Options{Households: 12, Seed: 3, Errors: 1}); err != nil {
		t.Fatal(err)
	}
	lists, err := filepath.Glob(filepath.Join(dir, "inbox", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range lists {
		if name := filepath.Base(list); name != "dibao_persons" && name != "register" {
			if err := os.RemoveAll(list); err != nil {
				t.Fatal(err)
			}
		}
	}
	night := pipeline.Night{
		Dir: dir, Now: time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC), Program: "test", Log: slog.New(slog.DiscardHandler),
	}
	if _, err := pipeline.Run(t.Context(), night); err != nil {
		t.Fatal(err)
	}
	night.Date = time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	var steps []string
	seen := map[string]bool{}
	for {
		failed := ""
		night.Before = func(step string) error {
			if seen[step] || failed != "" {
				return nil
			}
			seen[step], failed = true, step
			return errStep
		}
		_, err := pipeline.Run(t.Context(), night)
		if _, differences, verr := pipeline.Verify(t.Context(), dir, time.Time{}); verr != nil || len(differences) > 0 {
			t.Fatalf("after %q: %v %v", failed, differences, verr)
		}
		if failed == "" {
			if err != nil {
				t.Fatal(err)
			}
			break
		}
		steps = append(steps, failed)
	}
	if len(steps) < 40 {
		t.Errorf("only %d steps: %v", len(steps), steps)
	}
}

type stepError struct{}

func (stepError) Error() string { return "this step fails" }

var errStep = stepError{}
