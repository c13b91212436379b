package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"sort"
	"strings"
	"time"

	"doudi/pipeline/duck"
	"doudi/pipeline/model"
	"doudi/pipeline/workspace"
	"doudi/sources"
)

// The bridge says of every finding that came, changed or went since the last
// night why it did: sql/report/causes.sql, which names the causes and their
// order. Here is gathered what it decides from: which rows of which lists are
// not the last night's, the records of each finding's people and households in
// both nights, and which parameters have another value.

// bridge fills the schema since. Where nothing is published before tonight, or
// no finding turned, there is nothing to gather.
func (r *run) bridge(ctx context.Context) error {
	turned, err := duck.Value[int64](ctx, r.db, "select count(*) from report.turned")
	if err != nil || turned == 0 || r.lastNight.IsZero() || r.lastSwept {
		return err
	}
	for _, gather := range []func(context.Context) error{
		r.changedFiles, r.changedRows, r.recordsOfTurned, r.rollsOfRules, r.changedPolicy,
	} {
		if err := gather(ctx); err != nil {
			return fmt.Errorf("bridge: %w", err)
		}
	}
	return nil
}

// lastPart is the last night's file of a dataset, as SQL.
func (r *run) lastPart(dataset string) string {
	return readPart(r.lastSnapshot, dataset, r.lastNight)
}

// changedFiles are those of either night that are not, byte for byte and under
// the same name, of the other: only their rows can have changed.
func (r *run) changedFiles(ctx context.Context) error {
	return r.db.Exec(ctx, `insert into since.files
		with both_nights as (
			select distinct 'tonight' as night, roll, file, sha256, status from raw.sources
			union all
			select distinct 'before', roll, file, sha256, status from `+r.lastPart("sources")+`
		)
		select one.night, one.roll, one.file
		from both_nights one
		anti join both_nights other
			on other.night <> one.night and other.roll = one.roll and other.file = one.file
			and other.sha256 is not distinct from one.sha256 and other.status = one.status`)
}

// changedRows are the rows of the changed files of which the other night has
// not as many with the same content. A row's content is its canonical columns:
// where it stands, and whose household and person it is held to be, are not.
func (r *run) changedRows(ctx context.Context) error {
	type content struct {
		roll, tonight, before string
		columns               []string
	}
	var all []content
	for _, kind := range sources.Kinds() {
		has, err := r.columnsOf(ctx, kind.Name)
		if err != nil {
			return err
		}
		var own, columns []string
		for _, c := range kind.Columns {
			if has[c.SQLName()] {
				own = append(own, duck.Ident(c.RawName())+" as "+duck.Ident(c.SQLName()))
				columns = append(columns, duck.Ident(c.SQLName()))
			}
		}
		all = append(all, content{kind.Name, "select file, sheet, row, part, " + strings.Join(own, ", ") + " from raw." + kind.Name, r.lastPart(kind.Name), columns})
		if kind.FamiliesTable() != "" && kind.FamiliesTable() != "dibao_families" {
			// The families' file of a kind has no dataset of its own: what every
			// record is published with speaks for it.
			core := []string{"name", "id_raw", "sex", "birth", "area_code", "town", "village"}
			of := " where roll = " + duck.Text(kind.Name)
			all = append(all, content{kind.Name,
				"select file, sheet, row, part, name, id_raw, coalesce(sex, id_sex) as sex, coalesce(birth, id_birth) as birth, area_code, town, village from raw.records" + of,
				"(select * from " + r.lastPart("persons") + of + ")", core})
		}
	}
	for _, c := range all {
		n, err := duck.Value[int64](ctx, r.db, "select count(*) from since.files where roll = "+duck.Text(c.roll))
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		texts := make([]string, len(c.columns))
		for i, column := range c.columns {
			texts[i] = "cast(" + column + " as varchar)"
		}
		side := func(night, from string) string {
			return fmt.Sprintf(`select '%s' as night, file, sheet, row, part, hash(%s) as content
				from (%s) where file in (select file from since.files where night = '%s' and roll = %s)`,
				night, strings.Join(texts, ", "), from, night, duck.Text(c.roll))
		}
		if err := r.db.Exec(ctx, "create or replace temp table contents as "+side("tonight", c.tonight)+" union all "+side("before", "select * from "+c.before)); err != nil {
			return fmt.Errorf("%s: %w", c.roll, err)
		}
		if err := r.db.Exec(ctx, fmt.Sprintf(`insert into since.rows
			select distinct night, %s, file, sheet, row, part
			from contents
			semi join (
				select content from contents group by content
				having count(*) filter (where night = 'tonight') <> count(*) filter (where night = 'before')
			) using (content)`, duck.Text(c.roll))); err != nil {
			return fmt.Errorf("%s: %w", c.roll, err)
		}
	}
	return r.db.Exec(ctx, "drop table if exists contents")
}

// columnsOf are the columns of a dataset as the last night has it.
func (r *run) columnsOf(ctx context.Context, dataset string) (map[string]bool, error) {
	columns, err := r.db.Describe(ctx, "select * from "+r.lastPart(dataset))
	has := map[string]bool{}
	for _, c := range columns {
		has[c.Name] = true
	}
	return has, err
}

// recordsOfTurned are, in each of both nights, the records of the people a
// finding is about: those it shows, those under its ID number, those of its
// households, and all others that the night held to be the same persons'.
func (r *run) recordsOfTurned(ctx context.Context) error {
	const columns = "roll, file, sheet, row, part, person, link_state, household, name, id_no, area_code, town"
	tonight := "(" + persons().Query + ")"
	if r.known.tables != nil {
		tonight = readPart(r.known.snapshot, "persons", r.known.night)
	}
	for _, night := range []struct{ name, people, fields string }{
		{"tonight", tonight, "report.finding_fields"},
		{"before", r.lastPart("persons"), "past.finding_fields"},
	} {
		for _, statement := range []string{
			`create or replace temp table shown as
				select distinct finding_id, file, sheet, row
				from ` + night.fields + ` fields
				semi join report.turned on turned.finding_id = fields.finding_id and turned.night = '` + night.name + `'
				where file is not null`,
			`insert into since.shown select finding_id, '` + night.name + `', file from shown where row is null`,
			`create or replace temp table near as select ` + columns + ` from ` + night.people + `
				where coalesce(id_no in (select id_no from report.turned where id_no is not null), false)
				or coalesce(roll like 'dibao_%' and household in (select dibao_household from report.turned where dibao_household is not null), false)
				or coalesce(roll = 'register' and household in (select register_household from report.turned where register_household is not null), false)
				or coalesce((file, row) in (select (file, row) from shown where row is not null), false)`,
			`create or replace temp table theirs as select ` + columns + ` from ` + night.people + `
				where person in (select person from near where person is not null)`,
			`create or replace temp table seeds as
				select turned.finding_id, near.* from near inner join report.turned on turned.id_no = near.id_no
				union
				select turned.finding_id, near.* from near inner join report.turned on turned.dibao_household = near.household and near.roll like 'dibao_%'
				union
				select turned.finding_id, near.* from near inner join report.turned on turned.register_household = near.household and near.roll = 'register'
				union
				select shown.finding_id, near.* from near inner join shown
					on shown.file = near.file and shown.sheet is not distinct from near.sheet and shown.row = near.row`,
			`insert into since.records
				with records as (
					select * from seeds
					union
					select seeds.finding_id, theirs.* from seeds inner join theirs on theirs.person = seeds.person
				)
				select records.finding_id, '` + night.name + `', records.roll, records.person, records.link_state, records.name, records.id_no,
					records.area_code, records.town, changed.file is not null
				from records
				left join since.rows as changed
					on changed.night = '` + night.name + `' and changed.roll = records.roll and changed.file = records.file
					and changed.sheet is not distinct from records.sheet and changed.row = records.row and changed.part = records.part`,
		} {
			if err := r.db.Exec(ctx, statement); err != nil {
				return fmt.Errorf("%s: %w", night.name, err)
			}
		}
	}
	return r.db.Exec(ctx, "drop table shown; drop table near; drop table theirs; drop table seeds")
}

// rollsOfRules are the lists that a rule's select is made of, linking aside:
// rows of others are no reason for its findings.
func (r *run) rollsOfRules(ctx context.Context) error {
	return r.db.Append(ctx, "since", "rolls", func(add func(...any) error) error {
		for _, rule := range r.graph.Rules() {
			for _, roll := range r.rollsOf(rule) {
				if err := add(rule.Slug, roll); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (r *run) rollsOf(rule *model.Rule) []string {
	rolls := map[string]bool{}
	for _, anyOf := range rule.Needs {
		for _, roll := range anyOf {
			rolls[roll] = true
		}
	}
	for _, facts := range rule.Facts {
		rolls[facts.Roll] = true
	}
	for table := range r.graph.behind(rule.Slug) {
		if name, ok := strings.CutPrefix(table, "raw."); ok && sources.IsTable(name) {
			rolls[rollOf(name)] = true
		}
	}
	var names []string
	for _, kind := range sources.Kinds() {
		if rolls["any"] || rolls[kind.Name] {
			names = append(names, kind.Name)
		}
	}
	return names
}

// behind are the tables that a rule's select is made of, linking aside.
func (g *graph) behind(slug string) map[string]bool {
	return g.Behind(func(table string) bool { return strings.HasPrefix(table, "link.") }, "finding."+slug)
}

// everyParameter is the model that has a column for each parameter, whoever
// reads it; columnOf finds them in its select: name, column.
const everyParameter = "normal.places"

var columnOf = regexp.MustCompile(`chosen\.name = '(\w+)'\)(?: as int\))?\s+as (\w+)`)

// parametersOf are the parameters that a rule judges by, in order of name: those
// of its header, and those of the models it is made of.
func (g *graph) parametersOf(slug string, rule *model.Rule) []string {
	if g.parameters == nil {
		g.parameters = g.parametersByModel()
	}
	names := map[string]bool{}
	for _, name := range slices.Concat(rule.Parameters...) {
		names[name] = true
	}
	for table := range g.behind(slug) {
		for _, name := range g.parameters[table] {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// parametersByModel are the parameters that each model names itself or reads
// out of everyParameter, which is nobody's own.
func (g *graph) parametersByModel() map[string][]string {
	columns := map[string][]*regexp.Regexp{} // parameter → its columns
	if every, ok := g.Model(everyParameter); ok {
		for _, found := range columnOf.FindAllStringSubmatch(every.Query, -1) {
			columns[found[1]] = append(columns[found[1]], regexp.MustCompile(`\b`+found[2]+`\b`))
		}
	}
	names := map[string][]string{}
	for _, m := range g.Models() {
		if m.Name == everyParameter {
			continue
		}
		for _, name := range workspace.ParameterNames() {
			read := strings.Contains(m.Query, "'"+name+"'")
			if slices.Contains(m.Reads, everyParameter) {
				read = read || slices.ContainsFunc(columns[name], func(c *regexp.Regexp) bool { return c.MatchString(m.Query) })
			}
			if read {
				names[m.Name] = append(names[m.Name], name)
			}
		}
	}
	return names
}

// policyOf is the policy that a rule judges by tonight, as `rules.policy` has
// it: its parameters that have begun, "name@area from/to=value", a day of end
// only once it has come, then a hash of the words and places. What is written
// for a later day is not yet policy.
func (r *run) policyOf(slug string, rule *model.Rule) string {
	names := r.graph.parametersOf(slug, rule)
	var all []string
	for _, p := range r.policy.Parameters {
		if !slices.Contains(names, p.Name) || p.From.After(r.Date) || !within(p.Area, r.workspace.Area) {
			continue
		}
		to := ""
		if !p.To.IsZero() && !p.To.After(r.Date) {
			to = p.To.Format(time.DateOnly)
		}
		from := ""
		if !p.From.IsZero() {
			from = p.From.Format(time.DateOnly)
		}
		all = append(all, p.Name+"@"+p.Area+" "+from+"/"+to+"="+p.Value)
	}
	sort.Strings(all)
	return strings.Join(append(all, "words="+r.policy.Reading[:12]), "; ")
}

// madeBy is a hash of the program, its models and how it reads lists.
func (r *run) madeBy() string {
	sum := sha256.Sum256(fmt.Appendln(nil, r.Program, r.graph.version, sources.Version))
	return hex.EncodeToString(sum[:])[:12]
}

// changedPolicy are the areas, by rule, for which a parameter that the rule
// judges by has another row than the last night; an empty area is everywhere.
func (r *run) changedPolicy(ctx context.Context) error {
	type rule struct{ slug, tonight, before string }
	rules, err := duck.Collect(ctx, r.db, `
		select tonight.rule, tonight.policy, coalesce(before.policy, '')
		from found.rules tonight inner join past.rules before on before.rule = tonight.rule
		where tonight.policy is distinct from before.policy order by all`,
		func(rows *duck.Rows) (one rule, err error) {
			return one, rows.Scan(&one.slug, &one.tonight, &one.before)
		})
	if err != nil {
		return err
	}
	return r.db.Append(ctx, "since", "policy", func(add func(...any) error) error {
		for _, one := range rules {
			for _, area := range changedAreas(one.tonight, one.before) {
				if err := add(one.slug, area); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// changedAreas are the areas of the entries that only one of two policies has,
// each once, in order. What the last night does not say was not other.
func changedAreas(tonight, before string) []string {
	if before == "" {
		return nil
	}
	a, b := strings.Split(tonight, "; "), strings.Split(before, "; ")
	areas := map[string]bool{}
	for _, side := range [2][2][]string{{a, b}, {b, a}} {
		for _, entry := range side[0] {
			if !slices.Contains(side[1], entry) {
				_, rest, _ := strings.Cut(entry, "@")
				area, _, _ := strings.Cut(rest, " ")
				areas[area] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(areas))
}
