// Package model reads sql/, learns what each model reads from its parse tree,
// and runs the models in the order they need. A model is one select in one
// file; its path is the name of the table it makes.
package model

import (
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
)

// Model is one file of sql/.
type Model struct {
	Name  string // "normal.persons", "finding.vehicle"
	Path  string // "finding/should_exit/vehicle.sql"
	Doc   string // what a row is, and why
	Text  string // the whole file
	Query string // the select
	// Keys are sets of columns in which no combination occurs twice and no
	// value is null; Checks are conditions true of every row.
	Keys   [][]string
	Checks []string
	// Columns say what the columns of a published table mean, in order.
	Columns []ColumnDoc
	Rule    *Rule // of models under finding/
	Reads   []string
}

// ColumnDoc is a line `column: name meaning` of a header.
type ColumnDoc struct{ Name, Meaning string }

// Load reads every .sql file below fsys.
func Load(fsys fs.FS) ([]Model, error) {
	var models []Model
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(p) != ".sql" {
			return err
		}
		text, err := fs.ReadFile(fsys, p)
		if err != nil {
			return err
		}
		m, err := parse(p, string(text))
		if err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		models = append(models, m)
		return nil
	})
	sort.Slice(models, func(i, j int) bool { return models[i].Name < models[j].Name })
	return models, err
}

// parse takes a model apart: the comment on top is its header, the rest its
// select.
func parse(p, text string) (Model, error) {
	folders := strings.Split(path.Dir(p), "/")
	m := Model{Path: p, Text: text, Name: folders[0] + "." + strings.TrimSuffix(path.Base(p), ".sql")}
	lines := strings.Split(text, "\n")
	n := 0
	var words []directive
	for ; n < len(lines) && strings.HasPrefix(lines[n], "--"); n++ {
		line := strings.TrimSpace(strings.TrimPrefix(lines[n], "--"))
		if d, ok := asDirective(line); ok {
			words = append(words, d)
			continue
		}
		if len(words) > 0 && line != "" {
			// A long line goes on, indented, on the next.
			words[len(words)-1].value += " " + line
			continue
		}
		m.Doc = strings.TrimSpace(m.Doc + " " + line)
	}
	m.Query = strings.TrimSpace(strings.Join(lines[n:], "\n"))
	if m.Doc == "" {
		return m, fmt.Errorf("no header: say first what a row is")
	}
	if m.Query == "" {
		return m, fmt.Errorf("no select")
	}
	if folders[0] == "finding" {
		if len(folders) != 2 {
			return m, fmt.Errorf("a rule lies in finding/<side>")
		}
		rule, err := parseRule(folders[1], strings.TrimSuffix(path.Base(p), ".sql"), words)
		m.Rule = rule
		return m, err
	}
	for _, d := range words {
		switch d.word {
		case "key":
			m.Keys = append(m.Keys, list(d.value, ","))
		case "check":
			m.Checks = append(m.Checks, d.value)
		case "column":
			name, meaning, _ := strings.Cut(d.value, " ")
			m.Columns = append(m.Columns, ColumnDoc{name, strings.TrimSpace(meaning)})
		default:
			return m, fmt.Errorf("unknown word %q in the header", d.word)
		}
	}
	return m, nil
}

// directive is a line `word: value` of a header.
type directive struct{ word, value string }

var directives = map[string]bool{
	"key": true, "check": true, "column": true,
	"title": true, "money": true, "subject": true, "certainty": true, "basis": true, "needs": true,
	"parameters": true, "unready": true, "exceptions": true, "reason": true, "facts": true, "word": true, "label": true,
}

func asDirective(line string) (directive, bool) {
	word, value, ok := strings.Cut(line, ":")
	if !ok || !directives[word] {
		return directive{}, false
	}
	return directive{word, strings.TrimSpace(value)}, true
}

// list splits and trims, leaving out what is empty.
func list(s, sep string) []string {
	var items []string
	for item := range strings.SplitSeq(s, sep) {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}
