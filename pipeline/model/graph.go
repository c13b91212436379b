package model

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sort"
	"strings"
	"time"

	"doudi/pipeline/duck"
)

// Table is a table that Go fills before any model runs: its name and its
// columns.
type Table struct {
	Name    string
	Columns []duck.Column
}

// Step makes a table in Go between the models: what SQL does not do well
// (following chains of links, estimating weights).
type Step struct {
	Table   string   // the table it makes
	Reads   []string // tables that must be there before
	Columns string   // the table's columns, as in create table
	Run     func(ctx context.Context, db *duck.DB) error
}

// Graph is every model and step with the tables it reads.
type Graph struct {
	given  []Table
	models map[string]Model
	steps  map[string]Step
	order  []string // models and steps, each after all that it reads
}

// New loads the models of fsys and orders them after what they read. Reading
// a table that nobody makes, or in a circle, is an error.
func New(ctx context.Context, db *duck.DB, fsys fs.FS, given []Table, steps []Step) (*Graph, error) {
	models, err := Load(fsys)
	if err != nil {
		return nil, err
	}
	g := &Graph{given: given, models: map[string]Model{}, steps: map[string]Step{}}
	for _, s := range steps {
		g.steps[s.Table] = s
	}
	for _, m := range models {
		if other, twice := g.models[m.Name]; twice {
			return nil, fmt.Errorf("%s: makes %s as %s does", m.Path, m.Name, other.Path)
		}
		if m.Reads, err = reads(ctx, db, m.Query); err != nil {
			return nil, fmt.Errorf("%s: %w", m.Path, err)
		}
		g.models[m.Name] = m
	}
	return g, g.sort()
}

// reads names the tables of a select, from its parse tree: every base table
// with a schema; a name without one is a CTE.
func reads(ctx context.Context, db *duck.DB, query string) ([]string, error) {
	tree, err := Tree(ctx, db, query)
	if err != nil {
		return nil, err
	}
	found := map[string]bool{}
	Walk(tree, func(node map[string]any) {
		if node["type"] == "BASE_TABLE" && node["schema_name"] != "" {
			found[fmt.Sprint(node["schema_name"], ".", node["table_name"])] = true
		}
	})
	names := make([]string, 0, len(found))
	for name := range found {
		names = append(names, name)
	}
	sort.Strings(names)
	return names, nil
}

// Tree is the parse tree of a select as DuckDB serialises it; anything but
// one select is an error.
func Tree(ctx context.Context, db *duck.DB, query string) (any, error) {
	parsed, err := db.Parse(ctx, query)
	switch {
	case err != nil:
		return nil, err
	case parsed.Refused != "":
		return nil, errors.New(parsed.Refused)
	case len(parsed.Statements) != 1:
		return nil, fmt.Errorf("%d statements, want one select", len(parsed.Statements))
	}
	return parsed.Statements[0], nil
}

// Walk visits every object of a parse tree.
func Walk(tree any, visit func(node map[string]any)) {
	switch t := tree.(type) {
	case map[string]any:
		visit(t)
		keys := make([]string, 0, len(t))
		for k := range t {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		for _, k := range keys {
			Walk(t[k], visit)
		}
	case []any:
		for _, item := range t {
			Walk(item, visit)
		}
	}
}

// sort puts every model and step after what it reads, else by name.
func (g *Graph) sort() error {
	done := map[string]bool{}
	for _, t := range g.given {
		done[t.Name] = true
	}
	var visit func(name string, chain []string) error
	visit = func(name string, chain []string) error {
		if done[name] {
			return nil
		}
		if slices.Contains(chain, name) {
			return fmt.Errorf("models read in a circle: %s", strings.Join(append(chain, name), " ← "))
		}
		needs, ok := g.readsOf(name)
		if !ok {
			return fmt.Errorf("%s reads %s, which nobody makes", chain[len(chain)-1], name)
		}
		for _, n := range needs {
			if err := visit(n, append(chain, name)); err != nil {
				return err
			}
		}
		done[name] = true
		g.order = append(g.order, name)
		return nil
	}
	for _, name := range g.names() {
		if err := visit(name, nil); err != nil {
			return err
		}
	}
	return nil
}

func (g *Graph) readsOf(name string) ([]string, bool) {
	if m, ok := g.models[name]; ok {
		return m.Reads, true
	}
	s, ok := g.steps[name]
	return s.Reads, ok
}

// Model gives the model that makes a table, if one does.
func (g *Graph) Model(table string) (Model, bool) { m, ok := g.models[table]; return m, ok }

// Behind are all tables that the given ones are made of, themselves too; what a
// table for which stop holds is made of is not looked at, nor is it there.
func (g *Graph) Behind(stop func(table string) bool, tables ...string) map[string]bool {
	seen := map[string]bool{}
	var look func(string)
	look = func(table string) {
		if seen[table] || stop(table) {
			return
		}
		seen[table] = true
		needs, _ := g.readsOf(table)
		for _, n := range needs {
			look(n)
		}
	}
	for _, table := range tables {
		look(table)
	}
	return seen
}

func (g *Graph) names() []string {
	var names []string
	for name := range g.models {
		names = append(names, name)
	}
	for name := range g.steps {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// Names are the tables of the models and steps, in the order in which they run.
func (g *Graph) Names() []string { return slices.Clone(g.order) }

// Models are the models in the order in which they run.
func (g *Graph) Models() []Model {
	var models []Model
	for _, name := range g.order {
		if m, ok := g.models[name]; ok {
			models = append(models, m)
		}
	}
	return models
}

// Rules are the rules, by side in their order, then by slug.
func (g *Graph) Rules() []*Rule {
	var rules []*Rule
	for _, m := range g.models {
		if m.Rule != nil {
			rules = append(rules, m.Rule)
		}
	}
	sort.Slice(rules, func(i, j int) bool {
		a, b := slices.Index(Sides, rules[i].Side), slices.Index(Sides, rules[j].Side)
		if a != b {
			return a < b
		}
		return rules[i].Slug < rules[j].Slug
	})
	return rules
}

// Prepare makes the schemas and the empty given tables.
func (g *Graph) Prepare(ctx context.Context, db *duck.DB) error {
	schemas := map[string]bool{}
	for _, t := range g.given {
		schemas[schema(t.Name)] = true
	}
	for _, name := range g.order {
		schemas[schema(name)] = true
	}
	for _, s := range sorted(schemas) {
		if err := db.Exec(ctx, "create schema if not exists "+s); err != nil {
			return err
		}
	}
	for _, t := range g.given {
		if err := db.Exec(ctx, CreateTable(t)); err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
	}
	return nil
}

// CreateTable is the statement that makes a given table, empty.
func CreateTable(t Table) string {
	columns := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = duck.Ident(c.Name) + " " + c.Type
	}
	return "create table " + t.Name + " (" + strings.Join(columns, ", ") + ")"
}

func schema(table string) string {
	s, _, _ := strings.Cut(table, ".")
	return s
}

func sorted(set map[string]bool) []string {
	items := make([]string, 0, len(set))
	for item := range set {
		items = append(items, item)
	}
	sort.Strings(items)
	return items
}

// Options say how a graph is run.
type Options struct {
	// Only are the folders (schemas) to run; all when empty.
	Only []string
	// Skip are tables that are not made: rules whose lists are missing, what a
	// trial does not need or has already.
	Skip map[string]bool
	// Done is told of each table made.
	Done func(table string, rows int64, took time.Duration)
	// Keep says which tables stay; the others go once everything that reads
	// them is made. All stay when nil.
	Keep func(table string) bool
	// Strict checks keys and conditions of every table made.
	Strict bool
}

// Run makes the tables, each after those it reads.
func (g *Graph) Run(ctx context.Context, db *duck.DB, o Options) error {
	runs := func(name string) bool { return len(o.Only) == 0 || slices.Contains(o.Only, schema(name)) }
	readers := g.readers()
	for _, name := range g.order {
		if !runs(name) {
			continue
		}
		if o.Skip[name] {
			if err := g.drop(ctx, db, name, readers, o); err != nil {
				return err
			}
			continue
		}
		began := time.Now()
		if err := g.make(ctx, db, name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if o.Strict {
			if err := g.verify(ctx, db, g.models[name]); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		if o.Done != nil {
			rows, err := duck.Value[int64](ctx, db, "select count(*) from "+name)
			if err != nil {
				return err
			}
			o.Done(name, rows, time.Since(began))
		}
		if err := g.drop(ctx, db, name, readers, o); err != nil {
			return err
		}
	}
	return nil
}

// readers counts, of every table, the models and steps that read it.
func (g *Graph) readers() map[string]int {
	readers := map[string]int{}
	for _, name := range g.order {
		needs, _ := g.readsOf(name)
		for _, table := range needs {
			readers[table]++
		}
	}
	return readers
}

// drop gives back the memory of the tables that `made` was the last to read.
func (g *Graph) drop(ctx context.Context, db *duck.DB, made string, readers map[string]int, o Options) error {
	needs, _ := g.readsOf(made)
	for _, table := range needs {
		readers[table]--
		if _, ours := g.readsOf(table); !ours || readers[table] > 0 || o.Keep == nil || o.Keep(table) {
			continue
		}
		if err := db.Exec(ctx, "drop table if exists "+table); err != nil {
			return fmt.Errorf("%s: drop: %w", table, err)
		}
	}
	return nil
}

// ThatReads names all that rests on one of the tables, these included.
func (g *Graph) ThatReads(tables ...string) map[string]bool {
	behind := map[string]bool{}
	for _, table := range tables {
		behind[table] = true
	}
	for _, name := range g.order {
		needs, _ := g.readsOf(name)
		if slices.ContainsFunc(needs, func(table string) bool { return behind[table] }) {
			behind[name] = true
		}
	}
	return behind
}

func (g *Graph) make(ctx context.Context, db *duck.DB, name string) error {
	if m, ok := g.models[name]; ok {
		return db.Exec(ctx, "create table "+name+" as "+m.Query)
	}
	s := g.steps[name]
	if err := db.Exec(ctx, "create table "+name+" ("+s.Columns+")"); err != nil {
		return err
	}
	return s.Run(ctx, db)
}

// verify checks a table's keys and conditions; what it finds is counted, not
// shown: rows hold people.
func (g *Graph) verify(ctx context.Context, db *duck.DB, m Model) error {
	for _, key := range m.Keys {
		columns := strings.Join(key, ", ")
		bad, err := duck.Value[int64](ctx, db, fmt.Sprintf(
			"select count(*) from (select 1 from %s group by %s having count(*) > 1 or bool_or(%s is null))",
			m.Name, columns, strings.Join(key, " is null or ")))
		if err != nil {
			return err
		}
		if bad > 0 {
			return fmt.Errorf("key %s: %d values occur twice or are null", columns, bad)
		}
	}
	for _, check := range m.Checks {
		bad, err := duck.Value[int64](ctx, db, fmt.Sprintf("select count(*) from %s where (%s) is not true", m.Name, check))
		if err != nil {
			return err
		}
		if bad > 0 {
			return fmt.Errorf("check %s: %d rows break it", check, bad)
		}
	}
	return nil
}
