package model_test

import (
	"context"
	"encoding/csv"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"doudi/pipeline/duck"
	"doudi/pipeline/link"
	"doudi/pipeline/model"
	"doudi/sources/clean"

	"golang.org/x/tools/txtar"
)

// night is the business date of every case that does not set its own in a
// file night.txt.
const night = "2026-11-20"

var update = flag.Bool("update", false, "rewrite want.csv of the cases")

// sqlDir is where the models and their cases lie.
const sqlDir = "../../sql"

func steps() []model.Step {
	var all []model.Step
	for _, s := range link.Steps() {
		all = append(all, model.Step(s))
	}
	return all
}

// schemaOf opens a database in which every table of the graph is there, empty.
func schemaOf(t *testing.T, fsys fs.FS) (*duck.DB, *model.Graph) {
	t.Helper()
	ctx := context.Background()
	db, err := duck.Open(ctx, duck.Options{TempDir: t.TempDir(), Threads: 1, Names: clean.NameLevel})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	setNight(t, db, night)
	graph, err := model.New(ctx, db, fsys, model.Given(), steps())
	if err != nil {
		t.Fatal(err)
	}
	if err := graph.Prepare(ctx, db); err != nil {
		t.Fatal(err)
	}
	return db, graph
}

func setNight(t *testing.T, db *duck.DB, day string) {
	t.Helper()
	n, err := time.Parse(time.DateOnly, strings.TrimSpace(day))
	if err != nil {
		t.Fatal(err)
	}
	if err := db.SetNight(context.Background(), n); err != nil {
		t.Fatal(err)
	}
}

// TestGraph runs every model on empty tables: names and types agree.
func TestGraph(t *testing.T) {
	db, graph := schemaOf(t, os.DirFS(sqlDir))
	if err := graph.Run(context.Background(), db, model.Options{Strict: true}); err != nil {
		t.Fatal(err)
	}
	if len(graph.Rules()) == 0 {
		t.Error("no rules")
	}
}

var ruleNamed = regexp.MustCompile(`'([a-z_]+)' as rule`)

// TestUnready: what says that a rule cannot be judged reads the lists alone,
// for it is asked before any model runs, and its rules say in their headers what
// officers read then.
func TestUnready(t *testing.T) {
	_, graph := schemaOf(t, os.DirFS(sqlDir))
	why := map[string]string{}
	for _, r := range graph.Rules() {
		why[r.Slug] = r.Unready
	}
	for _, m := range graph.Models() {
		if m.Name != "normal.unready" {
			continue
		}
		for _, table := range m.Reads {
			if !strings.HasPrefix(table, "raw.") {
				t.Errorf("it reads %s", table)
			}
		}
		for _, named := range ruleNamed.FindAllStringSubmatch(m.Query, -1) {
			if why[named[1]] == "" {
				t.Errorf("%s has no line unready: in its header", named[1])
			}
			delete(why, named[1])
		}
	}
	for slug, text := range why {
		if text != "" {
			t.Errorf("%s has a line unready:, and normal.unready does not name it", slug)
		}
	}
}

// TestCases runs the cases beside the models: a folder of the archive is a
// case, its files are the tables it gives and want.csv what the model returns.
// A column that is left out is null in what is given, and not looked at in
// what is wanted.
func TestCases(t *testing.T) {
	db, graph := schemaOf(t, os.DirFS(sqlDir))
	ctx := context.Background()
	if err := graph.Run(ctx, db, model.Options{}); err != nil {
		t.Fatal(err)
	}
	for _, m := range graph.Models() {
		file := filepath.Join(sqlDir, strings.TrimSuffix(m.Path, ".sql")+".txtar")
		archive, err := txtar.ParseFile(file)
		if os.IsNotExist(err) {
			if m.Rule != nil {
				t.Errorf("%s has no cases beside it", m.Path)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Run(m.Name, func(t *testing.T) {
			runCases(t, db, m, archive)
			if *update {
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// TestEveryException: the cases of a rule have it fire, and show each of its
// exceptions.
func TestEveryException(t *testing.T) {
	_, graph := schemaOf(t, os.DirFS(sqlDir))
	for _, m := range graph.Models() {
		if m.Rule == nil {
			continue
		}
		archive, err := txtar.ParseFile(filepath.Join(sqlDir, strings.TrimSuffix(m.Path, ".sql")+".txtar"))
		if err != nil {
			t.Fatal(err)
		}
		shown := map[string]bool{}
		for _, f := range archive.Files {
			if path.Base(f.Name) != "want.csv" {
				continue
			}
			rows := records(t, f.Data)
			at := slices.Index(rows[0], "exception")
			for _, row := range rows[1:] {
				if at < 0 {
					shown[""] = true
				} else {
					shown[row[at]] = true
				}
			}
		}
		for _, exception := range append([]string{""}, m.Rule.Exceptions...) {
			if !shown[exception] {
				t.Errorf("%s: no case wants the exception %q", m.Rule.Slug, exception)
			}
		}
		for exception := range shown {
			if exception != "" && !slices.Contains(m.Rule.Exceptions, exception) {
				t.Errorf("%s: its header does not name the exception %q", m.Rule.Slug, exception)
			}
		}
	}
}

func runCases(t *testing.T, db *duck.DB, m model.Model, archive *txtar.Archive) {
	for _, name := range caseNames(archive) {
		t.Run(name, func(t *testing.T) {
			want := give(t, db, m, archive, name, false)
			header := records(t, want.Data)[0]
			got := answer(t, db, m.Query, header)
			if *update {
				want.Data = format(append([][]string{header}, got...))
				return
			}
			wanted := records(t, want.Data)[1:]
			sortRows(wanted)
			compare(t, "", got, wanted)

			give(t, db, m, archive, name, true)
			for _, setting := range otherSettings {
				exec(t, db, "set "+setting[0])
				defer exec(t, db, "set "+setting[1])
			}
			compare(t, "its inputs shuffled and under Spark's settings: ", answer(t, db, m.Query, header), got)
		})
	}
}

func compare(t *testing.T, how string, got, want [][]string) {
	t.Helper()
	if g, w := string(format(got)), string(format(want)); g != w {
		t.Errorf("%sgot\n%s\nwant\n%s", how, g, w)
	}
}

// give fills the tables that a case names, and empties the model's others;
// reversed puts the rows in last to first. It returns the wanted rows.
func give(t *testing.T, db *duck.DB, m model.Model, archive *txtar.Archive, name string, reversed bool) *txtar.File {
	t.Helper()
	setNight(t, db, night)
	for _, table := range m.Reads {
		exec(t, db, "delete from "+table)
	}
	var want *txtar.File
	for i, f := range archive.Files {
		if path.Dir(f.Name) != name {
			continue
		}
		switch base := path.Base(f.Name); base {
		case "want.csv":
			want = &archive.Files[i]
		case "night.txt":
			setNight(t, db, string(f.Data))
		default:
			table := strings.TrimSuffix(base, ".csv")
			if !slices.Contains(m.Reads, table) {
				t.Fatalf("gives %s, which the model does not read", table)
			}
			fill(t, db, table, f.Data, reversed)
		}
	}
	if want == nil {
		t.Fatal("no want.csv")
	}
	return want
}

// otherSettings are those of Spark where DuckDB differs, with DuckDB's own to
// return to: a model means the same under both.
var otherSettings = [][2]string{
	{"default_null_order = 'nulls_first_on_asc_last_on_desc'", "default_null_order = 'nulls_last'"},
	{"integer_division = true", "integer_division = false"},
}

func caseNames(archive *txtar.Archive) []string {
	var names []string
	for _, f := range archive.Files {
		if name := path.Dir(f.Name); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func exec(t *testing.T, db *duck.DB, query string) {
	t.Helper()
	if err := db.Exec(context.Background(), query); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// fill puts the rows of a CSV into a table, cast to the table's own types.
func fill(t *testing.T, db *duck.DB, table string, data []byte, reversed bool) {
	t.Helper()
	rows := records(t, data)
	if len(rows) < 2 {
		return
	}
	var values []string
	for _, row := range rows[1:] {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = "null"
			if cell != "" {
				cells[i] = duck.Text(cell)
			}
		}
		values = append(values, "("+strings.Join(cells, ", ")+")")
	}
	if reversed {
		slices.Reverse(values)
	}
	columns := make([]string, len(rows[0]))
	for i, c := range rows[0] {
		columns[i] = duck.Ident(c)
	}
	exec(t, db, fmt.Sprintf("insert into %s (%s) values %s", table, strings.Join(columns, ", "), strings.Join(values, ", ")))
}

// answer runs a select for the named columns, as sorted text rows.
func answer(t *testing.T, db *duck.DB, query string, header []string) [][]string {
	t.Helper()
	columns := make([]string, len(header))
	for i, c := range header {
		columns[i] = "cast(" + duck.Ident(c) + " as varchar)"
	}
	got, err := duck.Collect(context.Background(), db, "select "+strings.Join(columns, ", ")+" from ("+query+")", func(r *duck.Rows) ([]string, error) {
		cells := make([]duck.Null[string], len(header))
		into := make([]any, len(header))
		for i := range cells {
			into[i] = &cells[i]
		}
		row := make([]string, len(header))
		err := r.Scan(into...)
		for i, c := range cells {
			row[i] = c.V
		}
		return row, err
	})
	if err != nil {
		t.Fatal(err)
	}
	sortRows(got)
	return got
}

func sortRows(rows [][]string) {
	sort.SliceStable(rows, func(i, j int) bool { return slices.Compare(rows[i], rows[j]) < 0 })
}

func records(t *testing.T, data []byte) [][]string {
	t.Helper()
	r := csv.NewReader(strings.NewReader(string(data)))
	r.TrimLeadingSpace = true
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) == 0 {
		t.Fatal("an empty file: a header is needed")
	}
	return rows
}

func format(rows [][]string) []byte {
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.WriteAll(rows)
	return []byte(b.String())
}
