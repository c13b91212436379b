package link_test

import (
	"context"
	"flag"
	"io/fs"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"doudi/pipeline/duck"
	"doudi/pipeline/link"
	"doudi/pipeline/model"
	"doudi/sources/clean"
	"doudi/sql"

	"golang.org/x/sys/unix"
)

var (
	households = flag.Int("households", 8000, "households of the made-up county")
	seed       = flag.Uint64("seed", 7, "its seed")
	errors     = flag.Float64("errors", 1, "times the rates of error of linkage.md §5")
)

// persons is what sql/link reads: the columns of normal.persons.
var persons = model.Table{Name: "normal.persons", Columns: []duck.Column{
	{Name: "record", Type: "bigint"}, {Name: "roll", Type: "varchar"}, {Name: "household", Type: "varchar"},
	{Name: "name", Type: "varchar"}, {Name: "name_fold", Type: "varchar"}, {Name: "name_sound", Type: "varchar"}, {Name: "surname", Type: "varchar"},
	{Name: "id_no", Type: "varchar"}, {Name: "id_kind", Type: "varchar"}, {Name: "id_key", Type: "bigint"},
	{Name: "sex", Type: "varchar"}, {Name: "birth", Type: "date"},
	{Name: "area_code", Type: "varchar"}, {Name: "town", Type: "varchar"}, {Name: "village", Type: "varchar"},
	{Name: "relation", Type: "varchar"}, {Name: "is_head", Type: "boolean"}, {Name: "present", Type: "boolean"},
}}

// linked opens a database in which the models of sql/link have run over the
// county.
func linked(t *testing.T, c *county, threads int) *duck.DB {
	t.Helper()
	ctx := context.Background()
	db, err := duck.Open(ctx, duck.Options{TempDir: t.TempDir(), Threads: threads, Names: clean.NameLevel})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	models := fstest.MapFS{}
	names, err := fs.Glob(sql.Files, "link/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := sql.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		models[name] = &fstest.MapFile{Data: text}
	}
	var steps []model.Step
	for _, s := range link.Steps() {
		steps = append(steps, model.Step(s))
	}
	given := []model.Table{persons}
	for _, table := range model.Given() {
		if table.Name == "policy.rulings" {
			given = append(given, table)
		}
	}
	if err := db.SetNight(ctx, time.Date(2026, time.November, 20, 0, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	graph, err := model.New(ctx, db, models, given, steps)
	if err != nil {
		t.Fatal(err)
	}
	if err := graph.Prepare(ctx, db); err != nil {
		t.Fatal(err)
	}
	if err := db.Append(ctx, "normal", "persons", c.append); err != nil {
		t.Fatal(err)
	}
	if err := db.Append(ctx, "policy", "rulings", func(add func(...any) error) error {
		for _, r := range c.rulings {
			if err := add(r...); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	began := cpu()
	last := began
	err = graph.Run(ctx, db, model.Options{Strict: *households < 50_000, Done: func(table string, rows int64, took time.Duration) {
		if testing.Verbose() {
			now := cpu()
			t.Logf("%-26s %9d rows %8.3f s %8.3f CPU s", table, rows, took.Seconds(), (now - last).Seconds())
			last = now
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d records linked in %.1f CPU s", len(c.records), (cpu() - began).Seconds())
	return db
}

// cpu is the time that this process has computed: steadier than the clock of a
// shared machine.
func cpu() time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// append writes the records as normal.persons has them.
func (c *county) append(add func(...any) error) error {
	orNull := func(s string) any {
		if s == "" {
			return nil
		}
		return s
	}
	for n := range c.records {
		i := n
		if c.backwards {
			i = len(c.records) - 1 - n
		}
		r := c.records[i]
		id, name := clean.ParseID(r.id), clean.ParseName(r.name)
		var key, birth any
		if id.Key != 0 {
			key = id.Key
		}
		born := id.Birth
		if r.birth != "" {
			born, _, _ = clean.ParseDate(r.birth)
		}
		if born != clean.NoDate {
			birth = time.Unix(int64(born)*86400, 0).UTC()
		}
		err := add(int64(i+1)<<6|1, r.roll, orNull(r.household), name.Text, orNull(name.Fold), orNull(name.Sound), orNull(name.Surname),
			orNull(id.No), id.Kind, key, orNull(r.sex), birth,
			r.area, "乡"+r.area[6:9], r.village, orNull(r.relation), r.isHead, true)
		if err != nil {
			return err
		}
	}
	return nil
}

// TestCounty holds the links of a made-up county to its truth: nobody of the
// dibao roll is taken for another, and few are missed.
func TestCounty(t *testing.T) {
	c := makeCounty(*households, *seed, *errors)
	db := linked(t, c, 2)
	s := c.score(t, db, "dibao_persons", "register")
	t.Logf("persons: %v", s)
	if s.precision() < 0.9999 && s.wrong > 1 || s.recall() < 0.995 {
		t.Errorf("persons: %v, want precision 0.9999, recall 0.995", s)
	}
	t.Logf("deaths: %v", c.score(t, db, "dibao_persons", "deaths"))
}

// digest is one text for all that linking says.
func digest(t *testing.T, db *duck.DB) string {
	t.Helper()
	var all []string
	for _, table := range []string{"link.links", "link.people", "link.household_links"} {
		text, err := duck.Value[string](context.Background(), db,
			"select md5(string_agg(line, ';' order by line)) from (select cast(t as varchar) as line from "+table+" t)")
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, text)
	}
	return strings.Join(all, " ")
}

// TestOrder: neither the order of the records nor the threads decide anything.
func TestOrder(t *testing.T) {
	c := makeCounty(3000, 3, 3)
	first := digest(t, linked(t, c, 2))
	c.backwards = true
	if again := digest(t, linked(t, c, 1)); again != first {
		t.Errorf("records the other way round, on one thread: %s, want %s", again, first)
	}
}

// TestDecisions: what a person has decided holds against every ID and every
// score, and nobody else is put in the place of whom he named.
func TestDecisions(t *testing.T) {
	ctx := context.Background()
	pair := func(db *duck.DB, query string) (a, b int64) {
		t.Helper()
		a, err := duck.Value[int64](ctx, db, "select a_record from ("+query+") order by a_record limit 1")
		if err != nil {
			t.Fatal(err)
		}
		b, err = duck.Value[int64](ctx, db, "select b_record from ("+query+") order by a_record limit 1")
		if err != nil || a == 0 || b == 0 {
			t.Fatal("no such pair", err)
		}
		return a, b
	}
	const dibaoToRegister = "select a_record, b_record from link.links where a_roll = 'dibao_persons' and b_roll = 'register' and decision = 'linked' and method = "
	before := linked(t, makeCounty(800, 9, 1), 2)
	exactA, exactB := pair(before, dibaoToRegister+"'exact_id'")
	homeA, homeB := pair(before, dibaoToRegister+"'household'")
	stayA, stayB := pair(before, dibaoToRegister+"'exact_id' and a_record > "+strconv.FormatInt(exactA, 10))

	c := makeCounty(800, 9, 1)
	rule := func(a, b int64, same bool) {
		x, y := c.records[a>>6-1], c.records[b>>6-1]
		c.rulings = append(c.rulings, []any{"dibao_persons", idOrNil(x.id), clean.ParseName(x.name).Fold,
			"register", idOrNil(y.id), clean.ParseName(y.name).Fold, same, nil, nil, int64(len(c.rulings) + 2)})
	}
	rule(exactA, exactB, false)
	rule(homeA, homeB, false)
	rule(stayA, exactB, true) // in spite of both IDs: stayA is no longer stayB
	db := linked(t, c, 2)
	for _, want := range []struct {
		what string
		a, b int64
		is   string
	}{
		{"different in spite of one ID", exactA, exactB, ""},
		{"different in spite of the household", homeA, homeB, ""},
		{"one in spite of two IDs", stayA, exactB, "decided linked"},
		{"nobody is two persons of one roll", stayA, stayB, ""},
	} {
		got, err := duck.Value[string](ctx, db, "select method || ' ' || decision from link.links where a_record = ? and b_record = ?", want.a, want.b)
		if err != nil || got != want.is {
			t.Errorf("%s: %q, want %q (%v)", want.what, got, want.is, err)
		}
	}
}

func idOrNil(id string) any {
	if no := clean.ParseID(id).No; no != "" {
		return no
	}
	return nil
}

// TestHostile feeds what offices do at their worst: linking ends, in seconds, and
// takes nobody for another by the thousand.
func TestHostile(t *testing.T) {
	for _, h := range []struct {
		name  string
		spoil func(*record)
	}{
		{"no IDs on dibao", func(r *record) {
			if r.roll == "dibao_persons" {
				r.id = ""
			}
		}},
		{"no IDs at all", func(r *record) { r.id = "" }},
		{"one ID for all of dibao", func(r *record) {
			if r.roll == "dibao_persons" {
				r.id = "990101198001010014"
			}
		}},
		{"one ID for everybody", func(r *record) { r.id = "990101198001010014" }},
		{"one wrong ID for everybody", func(r *record) { r.id = "990101198001010027" }},
		{"one name for all of dibao", func(r *record) {
			if r.roll == "dibao_persons" {
				r.name = "王芳"
			}
		}},
		{"one name for everybody", func(r *record) { r.name = "王芳" }},
		{"one name, one birth date, no IDs", func(r *record) { r.name, r.birth, r.id = "王芳", "1980-01-01", "" }},
		{"one household on dibao", func(r *record) {
			if r.roll == "dibao_persons" {
				r.household = "D1"
			}
		}},
		{"one household on each roll, no IDs on dibao", func(r *record) {
			r.household = r.roll
			if r.roll == "dibao_persons" && r.person%50 != 0 {
				r.id = ""
			}
		}},
	} {
		t.Run(h.name, func(t *testing.T) {
			c := makeCounty(4000, 5, 1)
			for i := range c.records {
				h.spoil(&c.records[i])
			}
			began := cpu()
			s := c.score(t, linked(t, c, 2), "dibao_persons", "register")
			took := cpu() - began
			t.Logf("%v in %v", s, took)
			if s.wrong > s.found/100+5 || took > 20*time.Second {
				t.Errorf("%v in %v", s, took)
			}
		})
	}
}

type score struct{ found, wrong, missed, review int }

func (s score) precision() float64 { return float64(s.found) / float64(s.found+s.wrong) }
func (s score) recall() float64    { return float64(s.found) / float64(s.found+s.missed) }
func (s score) String() string {
	return strings.Join([]string{
		"found " + itoa(s.found), "wrong " + itoa(s.wrong), "missed " + itoa(s.missed), "review " + itoa(s.review),
		"precision " + ratio(s.precision()), "recall " + ratio(s.recall()),
	}, " · ")
}

// score compares the links of two rolls with the truth.
func (c *county) score(t *testing.T, db *duck.DB, aRoll, bRoll string) score {
	t.Helper()
	type pair struct{ a, b int64 }
	true_ := map[pair]bool{}
	byPerson := map[int64]int{}
	for i, r := range c.records {
		if r.roll == aRoll {
			byPerson[r.person] = i + 1
		}
	}
	for i, r := range c.records {
		if r.roll == bRoll && byPerson[r.person] > 0 {
			true_[pair{int64(byPerson[r.person]), int64(i + 1)}] = true
		}
	}
	type row struct {
		pair
		method, decision string
	}
	rows, err := duck.Collect(context.Background(), db,
		"select a_record, b_record, method, decision from link.links where a_roll = '"+aRoll+"' and b_roll = '"+bRoll+"'",
		func(r *duck.Rows) (x row, err error) { return x, r.Scan(&x.a, &x.b, &x.method, &x.decision) })
	if err != nil {
		t.Fatal(err)
	}
	var s score
	found := map[pair]bool{}
	methods := map[string][2]int{}
	for _, x := range rows {
		p := pair{x.a >> 6, x.b >> 6}
		if x.decision != "linked" {
			s.review++
			continue
		}
		m := methods[x.method]
		if true_[p] {
			s.found++
			found[p] = true
			m[0]++
		} else {
			s.wrong++
			m[1]++
			if testing.Verbose() {
				t.Logf("wrong: %s\n%+v\n%+v", x.method, c.records[p.a-1], c.records[p.b-1])
			}
		}
		methods[x.method] = m
	}
	shown := 0
	for p := range true_ {
		if !found[p] {
			s.missed++
			if shown++; testing.Verbose() && shown < 40 {
				t.Logf("missed:\n%+v\n%+v", c.records[p.a-1], c.records[p.b-1])
			}
		}
	}
	t.Logf("by method, right and wrong: %v", methods)
	return s
}

func itoa(n int) string      { return strconv.Itoa(n) }
func ratio(f float64) string { return strconv.FormatFloat(f, 'f', 5, 64) }
