package publish

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"doudi/pipeline/duck"
)

var (
	first  = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	second = first.AddDate(0, 0, 1)
	clock  = time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC)
)

// database holds a small made-up table of findings and one with no rows.
func database(t testing.TB) *duck.DB {
	t.Helper()
	db, err := duck.Open(t.Context(), duck.Options{TempDir: t.TempDir(), Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := fill(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	return db
}

func fill(ctx context.Context, db *duck.DB) error {
	return db.Exec(ctx, `
		create table findings as select 'f' || lpad(cast(range as varchar), 6, '0') as finding_id,
			case when range % 3 = 0 then null else '张' || range end as name, range * 100 - 50 as month_fen,
			date '2026-11-01' + cast(range % 30 as integer) as first_night, range % 2 = 0 as is_even,
			cast(range / 7 as decimal(9,4)) as weight from range(70000);
		create table rejects as select cast(null as varchar) as file, cast(null as bigint) as row where false`)
}

var (
	findings = Dataset{
		Name: "findings", Comment: "One row a finding.", Key: []string{"finding_id"}, Query: "select * from findings",
		Columns: []Column{{"finding_id", "its id"}, {"name", "its name"}, {"month_fen", "money"}, {"first_night", "when"}, {"is_even", "even"}, {"weight", "weight"}},
	}
	rejects = Dataset{
		Name: "rejects", Comment: "One row a reject.", Key: []string{"file", "row"}, Query: "select * from rejects",
		Columns: []Column{{"file", "the file"}, {"row", "its row"}}, Reuse: "always the same",
	}
)

func publishNight(ctx context.Context, db *duck.DB, root string, o Options, sets ...Dataset) error {
	s, err := Begin(ctx, root, o)
	if err != nil {
		return err
	}
	defer s.Abandon()
	if sets == nil {
		sets = []Dataset{findings, rejects}
	}
	for _, d := range sets {
		if _, err := s.Write(ctx, db, d); err != nil {
			return err
		}
	}
	return s.Finish(ctx, Night{Program: "test", Fingerprint: "f" + o.Night.Format(time.DateOnly), Inputs: []Input{{"a.csv", "00", 1}}})
}

// whole fails unless the current snapshot is sound, and gives its nights.
func whole(t *testing.T, root string) int {
	t.Helper()
	_, nights, err := Current(root)
	if err != nil {
		t.Fatal(err)
	}
	if len(nights) == 0 {
		return 0
	}
	files, differences, err := Verify(t.Context(), root, time.Time{})
	if err != nil || len(differences) > 0 || files == 0 {
		t.Fatalf("current is not whole: %d files, %v %v", files, differences, err)
	}
	return len(nights)
}

func TestDifferencesAreFound(t *testing.T) {
	db := database(t)
	root := filepath.Join(t.TempDir(), "out")
	if err := publishNight(t.Context(), db, root, Options{Night: first, Now: clock}); err != nil {
		t.Fatal(err)
	}
	dir, _, err := Current(root)
	if err != nil {
		t.Fatal(err)
	}
	part := filepath.Join(dir, "findings", "night=2026-11-20", partName)
	data, err := os.ReadFile(part)
	if err != nil {
		t.Fatal(err)
	}
	write := func(path string, data []byte) {
		t.Helper()
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(what, part string) {
		t.Helper()
		_, differences, err := Verify(t.Context(), root, time.Time{})
		if err != nil || len(differences) != 1 || !strings.Contains(differences[0], part) {
			t.Errorf("%s: %v %v", what, differences, err)
		}
	}
	flipped := append([]byte(nil), data...)
	flipped[len(flipped)/2] ^= 1
	write(part, flipped)
	expect("one bit flipped", "不符")
	if err := os.Remove(part); err != nil {
		t.Fatal(err)
	}
	expect("a file gone", "不存在")
	write(part, data)
	extra := filepath.Join(dir, "findings", "more.parquet")
	write(extra, data)
	expect("a file too many", "清单里没有")
	if err := os.Remove(extra); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("findings", extra); err != nil {
		t.Fatal(err)
	}
	expect("a link", "清单里没有")
	if err := os.Remove(extra); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(extra, 0o700); err != nil {
		t.Fatal(err)
	}
	expect("a folder too many", "清单里没有")
	if err := os.Remove(extra); err != nil {
		t.Fatal(err)
	}
	whole(t, root)
}

// TestSecondReadRefuses shows that what the second reader looks for, it finds.
func TestSecondReadRefuses(t *testing.T) {
	db := database(t)
	for name, spoiled := range map[string]string{
		"a row less":     "select * from findings where finding_id <> 'f000007'",
		"a sum off":      "select * replace (month_fen + 1 as month_fen) from findings",
		"a null more":    "select * replace (nullif(name, '张1') as name) from findings",
		"a text swapped": "select * replace (case finding_id when 'f000001' then '张2' when 'f000002' then '张1' else name end as name) from findings",
		"a wider range":  "select * replace (month_fen + case finding_id when 'f069999' then 1 when 'f069998' then -1 else 0 end as month_fen) from findings",
		"out of order":   "select * from findings order by finding_id desc",
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.parquet")
			types, err := columnTypes(t.Context(), db, findings, findings.Query)
			if err != nil {
				t.Fatal(err)
			}
			want, err := figuresOf(t.Context(), db, findings, types)
			if err != nil {
				t.Fatal(err)
			}
			if err := db.Exec(t.Context(), "copy ("+spoiled+") to "+duck.Text(path)+" (format parquet, compression zstd)"); err != nil {
				t.Fatal(err)
			}
			if err := readBack(t.Context(), path, findings, want); err == nil {
				t.Error("was taken")
			}
		})
	}
}

// TestSweep keeps the snapshots it should: the youngest, and all under an age.
func TestSweep(t *testing.T) {
	db := database(t)
	root := filepath.Join(t.TempDir(), "out")
	for i := range 6 {
		o := Options{Night: first.AddDate(0, 0, i), Now: time.Now().Add(48 * time.Hour), Keep: 2, KeepFor: 24 * time.Hour}
		if err := publishNight(t.Context(), db, root, o); err != nil {
			t.Fatal(err)
		}
	}
	names, err := published(root)
	if err != nil || len(names) != 3 {
		t.Errorf("kept %v, %v; want the current one and two beside it", names, err)
	}
	if err := publishNight(t.Context(), db, root, Options{Night: first, Now: time.Now(), KeepFor: 24 * time.Hour}); err != nil {
		t.Fatal(err)
	}
	if names, err = published(root); err != nil || len(names) != 4 {
		t.Errorf("kept %v, %v; none under a day old may go", names, err)
	}
	if got := whole(t, root); got != 6 {
		t.Errorf("%d nights, want 6", got)
	}
}

// TestReuse links a partition that rests on the same instead of writing it,
// unless what is published is damaged.
func TestReuse(t *testing.T) {
	db := database(t)
	root := filepath.Join(t.TempDir(), "out")
	publish := func(night time.Time) {
		t.Helper()
		if err := publishNight(t.Context(), db, root, Options{Night: night, Now: clock}); err != nil {
			t.Fatal(err)
		}
	}
	part := func(dataset, night string) string {
		t.Helper()
		dir, _, err := Current(root)
		if err != nil {
			t.Fatal(err)
		}
		return filepath.Join(dir, dataset, "night="+night, partName)
	}
	same := func(dataset string) bool {
		t.Helper()
		a, err := os.Stat(part(dataset, "2026-11-20"))
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.Stat(part(dataset, "2026-11-21"))
		if err != nil {
			t.Fatal(err)
		}
		return os.SameFile(a, b)
	}
	publish(first)
	publish(second)
	if !same("rejects") || same("findings") {
		t.Error("linked what should be written, or the other way round")
	}
	damaged := part("rejects", "2026-11-20")
	data, err := os.ReadFile(damaged)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	if err := os.WriteFile(damaged, data, 0o600); err != nil {
		t.Fatal(err)
	}
	publish(second)
	if same("rejects") {
		t.Error("damage was handed on to another night")
	}
}

// TestSameBytes writes the same rows on one thread and on two, from a table
// filled in another order.
func TestSameBytes(t *testing.T) {
	var sums []string
	for threads := 1; threads <= 2; threads++ {
		db := database(t)
		order := "finding_id"
		if threads == 2 {
			order = "name desc, finding_id desc"
		}
		for _, s := range []string{fmt.Sprintf("set threads = %d", threads), "create table shuffled as from findings order by " + order} {
			if err := db.Exec(t.Context(), s); err != nil {
				t.Fatal(err)
			}
		}
		s, err := Begin(t.Context(), filepath.Join(t.TempDir(), "out"), Options{Night: first, Now: clock})
		if err != nil {
			t.Fatal(err)
		}
		d := findings
		d.Query = "select * from shuffled"
		if _, err := s.Write(t.Context(), db, d); err != nil {
			t.Fatal(err)
		}
		sum, _, err := HashFile(filepath.Join(s.Dir, s.Partition("findings"), partName))
		if err != nil {
			t.Fatal(err)
		}
		sums = append(sums, sum)
		s.checks.Wait()
		s.Abandon()
	}
	if sums[0] != sums[1] {
		t.Error("bytes differ")
	}
}

// TestDatabaseIsDescribed reads the comments of every view and column.
func TestDatabaseIsDescribed(t *testing.T) {
	db := database(t)
	root := filepath.Join(t.TempDir(), "out")
	if err := publishNight(t.Context(), db, root, Options{Night: first, Now: clock}); err != nil {
		t.Fatal(err)
	}
	opened := openDatabase(t, root)
	for query, want := range map[string]int64{
		"select count(*) from duckdb_views() where not internal and comment is null":                      0,
		"select count(*) from duckdb_columns() where not internal and comment is null":                    0,
		"select count(*) from duckdb_columns() where not internal and table_name = 'findings'":            7,
		"select count(*) from findings where night = date '2026-11-20'":                                   70000,
		"select count(*) from duckdb_views() where view_name in ('findings', 'rejects') and not internal": 2,
	} {
		if got, err := duck.Value[int64](t.Context(), opened, query); err != nil || got != want {
			t.Errorf("%s: %d, %v; want %d", query, got, err, want)
		}
	}
}

// TestOlderShapes keeps nights readable that had another column and another
// dataset, and says what they are.
func TestOlderShapes(t *testing.T) {
	db := database(t)
	root := filepath.Join(t.TempDir(), "a [b] * 'c' 县", "out")
	now, before := findings, findings
	now.Query, now.Columns = "select finding_id, month_fen from findings limit 10", []Column{{"finding_id", "its id"}, {"month_fen", "money"}}
	before.Query, before.Columns = "select finding_id, name from findings limit 20", []Column{{"finding_id", "its id"}, {"name", "its name"}}
	if err := publishNight(t.Context(), db, root, Options{Night: first, Now: clock}, before, rejects); err != nil {
		t.Fatal(err)
	}
	if err := publishNight(t.Context(), db, root, Options{Night: second, Now: clock}, now); err != nil {
		t.Fatal(err)
	}
	opened := openDatabase(t, root)
	for query, want := range map[string]int64{
		"select count(*) from findings where name is not null":                                 13,
		"select count(month_fen) from findings":                                                10,
		"select count(*) from rejects":                                                         0,
		"select count(*) from duckdb_views() where not internal and comment is null":           0,
		"select count(*) from duckdb_columns() where not internal and comment is null":         0,
		"select count(*) from duckdb_columns() where comment = '" + goneComment + "'":          3,
		"select count(distinct night) from findings where night >= cast('2026-11-20' as date)": 2,
	} {
		if got, err := duck.Value[int64](t.Context(), opened, query); err != nil || got != want {
			t.Errorf("%s: %d, %v; want %d", query, got, err, want)
		}
	}
}

func openDatabase(t *testing.T, root string) *duck.DB {
	t.Helper()
	db, err := duck.Open(t.Context(), duck.Options{Path: filepath.Join(root, currentLink, databaseName), TempDir: t.TempDir(), Plain: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// TestRelativeViews reads a copy of a snapshot by views.sql.
func TestRelativeViews(t *testing.T) {
	db := database(t)
	root := filepath.Join(t.TempDir(), "out")
	if err := publishNight(t.Context(), db, root, Options{Night: first, Now: clock}); err != nil {
		t.Fatal(err)
	}
	copied := t.TempDir()
	if err := os.CopyFS(copied, os.DirFS(filepath.Join(root, currentLink))); err != nil {
		t.Fatal(err)
	}
	statements, err := os.ReadFile(filepath.Join(copied, "views.sql"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(copied)
	other, err := duck.Open(t.Context(), duck.Options{TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if err := other.Exec(t.Context(), string(statements)); err != nil {
		t.Fatal(err)
	}
	if n, err := duck.Value[int64](t.Context(), other, "select count(*) from findings where night = date '2026-11-20'"); err != nil || n != 70000 {
		t.Errorf("%d rows, %v", n, err)
	}
}

// TestNeverPublished refuses what readers would read differently, and columns
// that are not as they are described.
func TestNeverPublished(t *testing.T) {
	db := database(t)
	for query, want := range map[string]string{
		"select 1.5::double as a":            "DOUBLE",
		"select 1::hugeint as a":             "HUGEINT",
		"select timestamp '2026-01-01' as a": "TIMESTAMP",
		"select [1] as a":                    "INTEGER[]",
		"select 1::decimal(20,2) as a":       "DECIMAL(20,2)",
		"select 1 as b":                      "b",
	} {
		_, err := columnTypes(t.Context(), db, Dataset{Name: "x", Columns: []Column{{"a", "a"}}}, query)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", query, err)
		}
	}
}

// TestNobodyElseReads looks at every mode of what is published.
func TestNobodyElseReads(t *testing.T) {
	db := database(t)
	root := filepath.Join(t.TempDir(), "out")
	if err := publishNight(t.Context(), db, root, Options{Night: first, Now: clock}); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.Type()&os.ModeSymlink != 0 {
			return err
		}
		info, err := d.Info()
		want := os.FileMode(0o600)
		if d.IsDir() {
			want = 0o700
		}
		if err == nil && info.Mode().Perm() != want {
			t.Errorf("%s has mode %o", d.Name(), info.Mode().Perm())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
