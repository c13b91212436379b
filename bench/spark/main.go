// Command spark proves the portable models on Spark: it makes a county, publishes
// a night, joins the next night, lays every table that the models of sql/normal,
// sql/link and sql/finding were given or have made down as Parquet, and has
// compare.py run the same selects on Spark and compare the rows.
//
//	make spark
//	go run ./bench/spark -python .spark/bin/python -households 2000 -seed 7 -errors 1
//
// Needs Java 17 and a Python with pyspark 4. It ends with 1 where any model
// differs.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"doudi/fixtures"
	"doudi/pipeline"
	"doudi/pipeline/duck"
	"doudi/pipeline/model"
	"doudi/sources/clean"
)

func main() {
	python := flag.String("python", ".spark/bin/python", "a Python that has pyspark")
	households := flag.Int("households", 2000, "true households of the county")
	seed := flag.Uint64("seed", 7, "seed of the county")
	errs := flag.Float64("errors", 1, "multiplier of the errors in numbers and names")
	only := flag.String("only", "", "run the models alone whose names hold this, on DuckDB's tables")
	names := flag.Bool("names", false, "answer name_level on stdin (used by compare.py)")
	flag.Parse()
	var err error
	if *names {
		err = nameLevels(os.Stdin, os.Stdout)
	} else {
		err = run(context.Background(), *python, *only, fixtures.Options{Households: *households, Seed: *seed, Errors: *errs, Nights: 1})
	}
	var ended *exec.ExitError
	switch {
	case errors.As(err, &ended):
		os.Exit(1) // compare.py has said why
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// nameLevels answers name_level: a line of two folded names parted by a tab, a
// line with their level. So Spark calls the same Go function as DuckDB.
func nameLevels(in io.Reader, out io.Writer) error {
	lines, w := bufio.NewScanner(in), bufio.NewWriter(out)
	for lines.Scan() {
		a, b, _ := strings.Cut(lines.Text(), "\t")
		fmt.Fprintln(w, clean.NameLevel(a, b))
		if err := w.Flush(); err != nil {
			return err
		}
	}
	return lines.Err()
}

// run makes the county, joins its second night and compares. Nothing of it
// stays.
func run(ctx context.Context, python, only string, o fixtures.Options) error {
	dir, err := os.MkdirTemp("", "bench-spark-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer os.RemoveAll(dir)
	county, tables := filepath.Join(dir, "county"), filepath.Join(dir, "tables")
	made, err := fixtures.Generate(ctx, county, o)
	if err != nil {
		return err
	}
	fmt.Println("county:", made)
	if err := join(ctx, county, tables); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	spark := exec.CommandContext(ctx, python, "bench/spark/compare.py", tables, self, only)
	spark.Stdout, spark.Stderr = os.Stdout, os.Stderr
	return spark.Run()
}

// join publishes the county's first night and lays the tables of the second
// down: so there is a past, with people who have left.
func join(ctx context.Context, county, tables string) error {
	night := pipeline.Night{Dir: county, Now: time.Now(), Program: "bench", Log: slog.New(slog.DiscardHandler)}
	first, err := pipeline.Run(ctx, night)
	if err != nil {
		return err
	}
	if _, err := fixtures.Next(county); err != nil {
		return err
	}
	if err := vary(ctx, county, filepath.Join(first.Snapshot, "links", "night="+first.Night.Format(time.DateOnly), "part-0.parquet")); err != nil {
		return err
	}
	night.Date = first.Night.AddDate(0, 0, 1)
	return pipeline.Joined(ctx, night, func(db *duck.DB, graph *model.Graph) error {
		return layDown(ctx, db, graph, night.Date, tables)
	})
}

// vary adds what the generator does not make, so that few models run on nothing: a
// roll whose households only their heads tell, and rulings, in the order of the
// published links that one person is two, and that two are one.
func vary(ctx context.Context, county, links string) error {
	const numbers = "救助证编号"
	edge, err := filepath.Glob(filepath.Join(county, "inbox", "edge", "*人员*.csv"))
	if err != nil {
		return err
	}
	for _, file := range edge {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if err := os.WriteFile(file, bytes.Replace(text, []byte(numbers), []byte("旧"+numbers), 1), 0o600); err != nil {
			return err
		}
	}
	db, err := duck.Open(ctx, duck.Options{TempDir: county})
	if err != nil {
		return err
	}
	defer db.Close()
	return db.Exec(ctx, `copy (
		select 'dibao_persons' as a_roll, dibao_id_no as a_id_no, dibao_name as a_name, 'register' as b_roll,
			case when n % 2 = 0 then register_id_no else next_id_no end as b_id_no,
			case when n % 2 = 0 then register_name else next_name end as b_name,
			case when n % 2 = 0 then 'different' else 'same' end as decision,
			'试验' as reason, '试验' as approver, '2026-01-01' as "from", '' as "to"
		from (
			select *, row_number() over by_id as n, lead(register_id_no) over by_id as next_id_no, lead(register_name) over by_id as next_name
			from read_parquet(`+duck.Text(links)+`) where method = 'exact_id'
			window by_id as (order by dibao_id_no, dibao_name, register_name, dibao_file, dibao_row, register_file, register_row))
		where n % 50 < 2 and next_id_no <> dibao_id_no
		order by n
	) to `+duck.Text(filepath.Join(county, "policy", "links.csv"))+" (format csv, header)")
}

// table is one of tables.json: what compare.py needs to know of it.
type table struct {
	Name    string      `json:"name"`
	Columns [][2]string `json:"columns"` // name, type as DuckDB has it
	Query   string      `json:"query"`   // the model's select; empty where Go makes the table
}

// layDown writes each table as <tables>/<name>/part-0.parquet, and tables.json:
// the night, and all tables in the order in which they are made.
func layDown(ctx context.Context, db *duck.DB, graph *model.Graph, night time.Time, tables string) error {
	var names []string
	for _, given := range model.Given() {
		names = append(names, given.Name)
	}
	hand := struct {
		Night   string   `json:"night"`
		Tables  []table  `json:"tables"`
		Skipped []string `json:"skipped"`
	}{Night: night.Format(time.DateOnly)}
	there, err := duck.Collect(ctx, db, "select schema_name || '.' || view_name from duckdb_views() union all select schema_name || '.' || table_name from duckdb_tables()",
		func(r *duck.Rows) (name string, err error) { return name, r.Scan(&name) })
	if err != nil {
		return err
	}
	for _, name := range append(names, graph.Names()...) {
		m, _ := graph.Model(name)
		switch schema, _, _ := strings.Cut(name, "."); {
		case !slices.Contains([]string{"raw", "policy", "past", "normal", "link", "finding"}, schema):
			continue // of the report, which is DuckDB's alone
		case !slices.Contains(there, name):
			hand.Skipped = append(hand.Skipped, name)
			continue
		}
		t := table{Name: name, Query: m.Query}
		columns, err := db.Describe(ctx, "select * from "+name)
		if err != nil {
			return err
		}
		for _, c := range columns {
			t.Columns = append(t.Columns, [2]string{c.Name, c.Type})
		}
		dir := filepath.Join(tables, name)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		if err := db.Exec(ctx, "copy (from "+name+") to "+duck.Text(filepath.Join(dir, "part-0.parquet"))+" (format parquet, compression zstd)"); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		hand.Tables = append(hand.Tables, t)
	}
	text, err := json.Marshal(hand)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(tables, "tables.json"), text, 0o600)
}
