package publish

import (
	"context"
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

const nightComment = "the business date the rows were published for; it stands in the path alone"

// view is the statement that lays a view over a dataset's nights. Nights that
// lack a newer column have null there.
func view(name, folder string) string {
	return fmt.Sprintf("create view %s as select * from read_parquet(%s, hive_partitioning = true, hive_types = {'night': date}, union_by_name = true)",
		duck.Ident(name), duck.Text(folder+name+"/night=*/"+partName))
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
		relative.WriteString(view(name, "") + ";\n")
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
	defer db.Close()
	for _, name := range names {
		statements := []string{view(name, s.Dir+"/")}
		d := s.datasets[name]
		if d.comment != "" {
			statements = append(statements, "comment on view "+duck.Ident(name)+" is "+duck.Text(d.comment))
		}
		for _, c := range append(slices.Clone(d.columns), Column{"night", nightComment}) {
			statements = append(statements, "comment on column "+duck.Ident(name)+"."+duck.Ident(c.Name)+" is "+duck.Text(c.Comment))
		}
		for _, statement := range statements {
			if err := db.Exec(ctx, statement); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return db.Exec(ctx, "checkpoint")
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
		d := s.datasets[name]
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| column | type | |\n|---|---|---|\n| `night` | DATE | %s |\n", name, d.comment, nightComment)
		for i, c := range d.columns {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c.Name, d.types[i], strings.ReplaceAll(c.Comment, "|", "\\|"))
		}
	}
	return b.String()
}
