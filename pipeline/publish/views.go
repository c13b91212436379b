package publish

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"doudi/pipeline/duck"
)

const databaseName = "doudi.duckdb"

// description is what a dataset says of itself.
type description struct {
	comment string
	columns []Column
	types   []string
}

const (
	nightComment   = "the business date the rows were published for; it stands in the path alone"
	retiredComment = "A dataset of earlier nights, which are no longer written."
	goneComment    = "a column of earlier nights"
)

// view is the statement that lays a view over a dataset's nights. Nights that
// lack a newer column have null there. folder is the snapshot's with a slash at
// its end, or empty for paths relative to it.
func view(name, folder string) string {
	return fmt.Sprintf("create or replace view %s as select * from read_parquet(%s, hive_partitioning = true, hive_types = {'night': date}, union_by_name = true)",
		duck.Ident(name), duck.Text(plainGlob(folder)+name+"/night=*/"+partName))
}

// plainGlob writes a path so that DuckDB's globbing takes it as it stands.
func plainGlob(path string) string {
	return strings.NewReplacer("[", "[[]", "*", "[*]", "?", "[?]").Replace(path)
}

// statements lay a dataset's view and say what it and its columns hold.
func (s *Snapshot) statements(name, folder string) []string {
	d, ok := s.datasets[name]
	if !ok {
		d = description{comment: retiredComment}
	}
	all := []string{view(name, folder), "comment on view " + duck.Ident(name) + " is " + duck.Text(d.comment)}
	for _, c := range append(slices.Clone(d.columns), Column{"night", nightComment}) {
		all = append(all, commentOn(name, c))
	}
	return all
}

func commentOn(name string, c Column) string {
	return "comment on column " + duck.Ident(name) + "." + duck.Ident(c.Name) + " is " + duck.Text(c.Comment)
}

// Views are the statements that lay a view over every dataset of a snapshot.
func Views(snapshot string) ([]string, error) {
	m, err := ReadManifest(snapshot)
	if err != nil {
		return nil, err
	}
	var views []string
	for _, name := range datasetsOf(m.all()) {
		views = append(views, view(name, snapshot+"/"))
	}
	return views, nil
}

// datasetsOf names the datasets that have a partition among the files.
func datasetsOf(files []File) []string {
	var names []string
	for _, f := range files {
		if strings.HasSuffix(f.Path, "/"+partName) {
			name, _, _ := strings.Cut(f.Path, "/")
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// describe writes views.sql, README.md and doudi.duckdb.
func (s *Snapshot) describe(ctx context.Context) error {
	var files []File
	for _, f := range s.files {
		files = append(files, f)
	}
	names := datasetsOf(files)
	var relative strings.Builder
	for _, name := range names {
		for _, statement := range s.statements(name, "") {
			relative.WriteString(statement + ";\n")
		}
	}
	for path, text := range map[string]string{"views.sql": relative.String(), "README.md": s.readme(names)} {
		to, err := s.fresh(path)
		if err != nil {
			return err
		}
		if err := os.WriteFile(to, []byte(text), s.access.file); err != nil {
			return fmt.Errorf("%s: write: %w", to, bare(err))
		}
	}
	return s.writeDatabase(ctx, names)
}

// writeDatabase makes doudi.duckdb: the views by this snapshot's own path, with
// a comment on each and on every column.
func (s *Snapshot) writeDatabase(ctx context.Context, names []string) error {
	path, err := s.fresh(databaseName)
	if err != nil {
		return err
	}
	db, err := duck.Open(ctx, duck.Options{Path: path, TempDir: filepath.Dir(path), Threads: 1, Plain: true})
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := s.layView(ctx, db, name); err != nil {
			return errors.Join(fmt.Errorf("%s: %s: %w", path, name, err), db.Close())
		}
	}
	if err := errors.Join(db.Exec(ctx, "checkpoint"), db.Close()); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// layView lays one view. Columns that only earlier nights have get a comment
// too.
func (s *Snapshot) layView(ctx context.Context, db *duck.DB, name string) error {
	for _, statement := range s.statements(name, s.Dir+"/") {
		if err := db.Exec(ctx, statement); err != nil {
			return err
		}
	}
	gone, err := duck.Collect(ctx, db, "select column_name from duckdb_columns() where table_name = ? and comment is null order by column_index",
		func(r *duck.Rows) (c string, err error) { return c, r.Scan(&c) }, name)
	if err != nil {
		return err
	}
	for _, column := range gone {
		if err := db.Exec(ctx, commentOn(name, Column{column, goneComment})); err != nil {
			return err
		}
	}
	return nil
}

// readme says every dataset and column in words.
func (s *Snapshot) readme(names []string) string {
	var b strings.Builder
	b.WriteString(`# What is published here

Every folder is a dataset: Hive-partitioned Parquet, one file a night (` + "`night=YYYY-MM-DD/part-0.parquet`" + `).
Open ` + "`doudi.duckdb`" + ` read-only for views over all of them, or run ` + "`views.sql`" + ` in this folder with any DuckDB.
Money is in whole fen, ID numbers are text, a month is its first day. ` + "`manifest.json`" + ` has the SHA-256 of every file.
A finding is a lead for a person to check; nothing here stops anybody's money.
`)
	for _, name := range names {
		d, ok := s.datasets[name]
		if !ok {
			d.comment = retiredComment
		}
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| column | type | |\n|---|---|---|\n| `night` | DATE | %s |\n", name, d.comment, nightComment)
		for i, c := range d.columns {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c.Name, d.types[i], strings.ReplaceAll(c.Comment, "|", "\\|"))
		}
	}
	return b.String()
}
