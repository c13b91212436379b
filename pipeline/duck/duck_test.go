package duck

import (
	"testing"
	"time"
)

func open(t *testing.T) *DB {
	t.Helper()
	db, err := Open(t.Context(), Options{TempDir: t.TempDir(), Names: func(a, b string) int { return len(a) - len(b) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestFunctions(t *testing.T) {
	db := open(t)
	if err := db.SetNight(t.Context(), time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ expr, want string }{
		{"floor_div(7, 2)", "3"},
		{"floor_div(-7, 2)", "-4"},
		{"ceil_div(7, 2)", "4"},
		{"ceil_div(-7, 2)", "-3"},
		{"ceil_div(7, 0)", "null"},
		{"in_fen(12.345)", "1235"},
		{"whole_years(date '2008-02-29', date '2026-02-28')", "17"},
		{"whole_years(date '2008-02-29', date '2026-03-01')", "18"},
		{"whole_months(date '2026-01-31', date '2026-02-28')", "0"},
		{"months_after(date '2026-01-31', 1)", "2026-02-28"},
		{"month_start(night())", "2026-11-01"},
		{"days_between(date '2026-11-01', night())", "19"},
		{"list_text(array_agg(x) filter (where x is not null)) from (values ('b'), (null), ('a')) t(x)", "a、b"},
		{"name_level('abc', 'a')", "2"},
		{"person_key('990~张', '990', 99, 'dibao', 'H1', '张')", "990~张"},
		{"person_key('991', '990', 99, 'dibao', 'H1', '张')", "990"},
		{"person_key('x', null, null, 'dibao', 'H1', null)", "dibao:H1:"},
		{"name_level(null, 'a')", "null"},
	} {
		got, err := Value[string](t.Context(), db, "select coalesce(cast("+split(c.expr)[0]+" as varchar), 'null')"+split(c.expr)[1])
		if err != nil || got != c.want {
			t.Errorf("%s = %s, %v; want %s", c.expr, got, err, c.want)
		}
	}
}

// split parts an expression from the rows it is taken over.
func split(expr string) [2]string {
	for i := range expr {
		if len(expr) > i+6 && expr[i:i+6] == " from " {
			return [2]string{expr[:i], expr[i:]}
		}
	}
	return [2]string{expr, ""}
}

func TestAppend(t *testing.T) {
	db := open(t)
	if err := db.Exec(t.Context(), "create schema s; create table s.t (a bigint, b varchar, d date)"); err != nil {
		t.Fatal(err)
	}
	day := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	err := db.Append(t.Context(), "s", "t", func(add func(...any) error) error {
		if err := add(int64(1), "x", day); err != nil {
			return err
		}
		return add(int64(2), nil, nil)
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := Value[string](t.Context(), db, "select string_agg(coalesce(b, '-') || coalesce(cast(d as varchar), '-'), ',' order by a) from s.t")
	if err != nil || got != "x2026-11-20,--" {
		t.Errorf("appended %q, %v", got, err)
	}
}

func TestNoExtensions(t *testing.T) {
	db := open(t)
	if err := db.Exec(t.Context(), "select * from read_csv('https://127.0.0.1:9/x.csv')"); err == nil {
		t.Error("a web address was read")
	}
}
