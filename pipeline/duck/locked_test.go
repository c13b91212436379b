package duck

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestReadOnly(t *testing.T) {
	db := open(t)
	if err := db.Exec(t.Context(), "create table t as select 1 as a, 'x' as b"); err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{
		"select * from t", "select 1;", "from t", "with x as (select 1) select * from x",
		"pivot t on b using sum(a)", "describe t", "show tables", "summarize t",
		"explain select * from t", "values (1)", "table t",
		"select ';' as semicolon", "select 1 -- drop table t",
	} {
		if err := db.ReadOnly(t.Context(), q); err != nil {
			t.Errorf("%s: %v", q, err)
		}
	}
	for _, q := range []string{
		"drop table t", "insert into t values (2, 'y')", "update t set a = 2", "delete from t",
		"create table u as select 1", "copy t to 'x.parquet'", "attach 'x.db'", "install httpfs", "load httpfs",
		"set threads = 1", "pragma threads = 1", "call pragma_version()", "export database 'x'",
		"explain analyze copy t to 'x.parquet'", "explain analyze select 1", "explain drop table t",
		"select 1; drop table t", "describe t; drop table t", "checkpoint", "use memory", "begin", "prepare p as select 1", "",
	} {
		var forbidden *Forbidden
		err := db.ReadOnly(t.Context(), q)
		if err == nil {
			t.Errorf("%s: allowed", q)
		} else if !errors.As(err, &forbidden) && q != "" {
			t.Logf("%s: %v", q, err)
		}
	}
}

func TestLock(t *testing.T) {
	dir, outside := t.TempDir(), filepath.Join(t.TempDir(), "secret.csv")
	if err := os.WriteFile(outside, []byte("a\n1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	inside := filepath.Join(dir, "in.csv")
	if err := os.WriteFile(inside, []byte("a\n1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "link.csv")); err != nil {
		t.Fatal(err)
	}
	db := open(t)
	if err := db.Lock(t.Context(), []string{dir}, 1<<20); err != nil {
		t.Fatal(err)
	}
	if _, err := Value[int64](t.Context(), db, "select a from read_csv("+Text(inside)+")"); err != nil {
		t.Errorf("inside: %v", err)
	}
	for _, q := range []string{
		"select a from read_csv(" + Text(outside) + ")",
		"select a from read_csv(" + Text(filepath.Join(dir, "..", filepath.Base(filepath.Dir(outside)), "secret.csv")) + ")",
		"select content from read_text('/etc/passwd')",
	} {
		if _, err := Value[string](t.Context(), db, q); err == nil {
			t.Errorf("%s: read", q)
		}
	}
	for _, q := range []string{"set enable_external_access = true", "set lock_configuration = false", "set memory_limit = '64GB'"} {
		if err := db.Exec(t.Context(), q); err == nil {
			t.Errorf("%s: set", q)
		}
	}
}
