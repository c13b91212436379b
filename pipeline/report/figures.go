package report

import (
	"context"
	"fmt"
	"time"

	"doudi/pipeline/duck"
)

// figure is what stands in one line of a table of figures. Findings that are
// gone or suppressed are in none of New, Changed, Reopened and Open.
type figure struct {
	County, Place, Village, Side, Rule string

	New, Changed, Reopened, Open int64
	Gone, Suppressed             int64
	// The bridge from the last night, suppressed findings included: Last − Left
	// + Came + Again = what stands tonight.
	Last, Left, Came, Again, Turned int64
	// Households and Persons are each counted once.
	Households, Persons int64
	// Owed and Over are fen a month, owed to households and paid too much;
	// Total is fen over the months known.
	Owed, Over, Total int64
}

// ToCheck counts the findings that somebody has to check.
func (f figure) ToCheck() int64 { return f.New + f.Changed + f.Reopened + f.Open }

// Tonight is the number of findings that stand, suppressed ones included.
func (f figure) Tonight() int64 { return f.Last - f.Left + f.Came + f.Again }

// level is a grouping of officers.figures, as grouping() numbers it.
type level int

const (
	levelAll          level = 0b11111
	levelSide         level = 0b11101
	levelRule         level = 0b11100
	levelCounty       level = 0b01111
	levelCountySide   level = 0b01101
	levelPlace        level = 0b00111
	levelPlaceSide    level = 0b00101
	levelPlaceRule    level = 0b00100
	levelPlaceVillage level = 0b00011
)

func readLevel(ctx context.Context, db *duck.DB, l level) ([]figure, error) {
	query := fmt.Sprintf(`
		select
			coalesce(county, ''), coalesce(place, ''), coalesce(village, ''), coalesce(side, ''), coalesce(rule, ''),
			new, changed, reopened, open, gone, suppressed,
			last_all, gone_all, new_all, reopened_all, changed_all,
			households, persons, owed_fen, over_fen, total_fen
		from officers.figures
		where level = %d
		order by county, place = '/', place, village, side, rule`, l)
	return duck.Collect(ctx, db, query, func(r *duck.Rows) (f figure, err error) {
		return f, r.Scan(
			&f.County, &f.Place, &f.Village, &f.Side, &f.Rule,
			&f.New, &f.Changed, &f.Reopened, &f.Open, &f.Gone, &f.Suppressed,
			&f.Last, &f.Left, &f.Came, &f.Again, &f.Turned,
			&f.Households, &f.Persons, &f.Owed, &f.Over, &f.Total,
		)
	})
}

// figures are all counts that 汇总.xlsx and the page show.
type figures struct {
	All   figure
	Sides []figure // one a side, in the order of sides
	Rules []ruleFigure
	// Clauses are those of the plan, with what their rules found.
	Clauses []ServedClause
	Areas   []areaFigure // counties of a workspace above a county, else towns
	Towns   []areaFigure
	Rolls   []rollFigure
	Files   []fileFigure
	Causes  []cause // why records or cells were not taken

	Links      []linkFigure
	Households []cause // states of household links
	Suppressed []cause // by what
	Gates      []gateFigure
}

// gateFigure is a gate: how often it was measured, and what it said.
type gateFigure struct {
	Gate              string
	Measured, Tripped int64
	Accepted          int64
	Says              []string // of what tripped: why, or why it was let through
}

// areaFigure is a county's or a town's line, and one a side below it.
type areaFigure struct {
	Name  string
	All   figure
	Sides []figure
}

// ruleFigure is a rule, whether it ran, and what it found.
type ruleFigure struct {
	Rule
	Skipped bool
	Reason  string
	Causes  causes
	figure
}

// causes are the findings of a rule that came, changed or went since the last
// night, each under one cause, as published.rules has them.
type causes struct{ Moves, Rows, Links, Policy, Program, Night int64 }

// All is their sum.
func (c causes) All() int64 { return c.Moves + c.Rows + c.Links + c.Policy + c.Program + c.Night }

func (c *causes) add(d causes) {
	c.Moves, c.Rows, c.Links = c.Moves+d.Moves, c.Rows+d.Rows, c.Links+d.Links
	c.Policy, c.Program, c.Night = c.Policy+d.Policy, c.Program+d.Program, c.Night+d.Night
}

// rollFigure is all files of one roll.
type rollFigure struct {
	Roll, Title                     string
	Files, Refused, Empty           int64
	Rows, Accepted, Rejected, Noted int64
	AsOf                            time.Time // of the newest file; zero where none was read
}

// fileFigure is one sheet of a file.
type fileFigure struct {
	Title, File, Sheet, Format, Encoding, Status, Note, Control string
	AsOf                                                        duck.Null[time.Time]
	Rows, Accepted, Rejected                                    int64
}

// cause is a number of things with one reason.
type cause struct {
	Kind, Name string
	N          int64
}

// linkFigure is a way in which records were held to be the same person.
type linkFigure struct {
	Method, Decision string
	N                int64 // dibao to register
	Others           int64 // other pairs of rolls
}

func readFigures(ctx context.Context, db *duck.DB, in Input, books []book) (f figures, err error) {
	for _, step := range []func(context.Context, *duck.DB, Input, []book, *figures) error{
		readSides, readRules, readClauses, readAreas, readRolls, readFiles, readCauses, readLinks, readGates,
	} {
		if err := step(ctx, db, in, books, &f); err != nil {
			return f, err
		}
	}
	return f, nil
}

func readSides(ctx context.Context, db *duck.DB, _ Input, _ []book, f *figures) error {
	all, err := readLevel(ctx, db, levelAll)
	if err != nil {
		return err
	}
	if len(all) == 1 {
		f.All = all[0]
	}
	found, err := readLevel(ctx, db, levelSide)
	f.Sides = bySide(found)
	return err
}

// bySide gives a figure for every side, in their order.
func bySide(found []figure) []figure {
	all := make([]figure, len(sides))
	for i, s := range sides {
		all[i].Side = s.code
		for _, f := range found {
			if f.Side == s.code {
				all[i] = f
			}
		}
	}
	return all
}

func readRules(ctx context.Context, db *duck.DB, in Input, _ []book, f *figures) error {
	found, err := readLevel(ctx, db, levelRule)
	if err != nil {
		return err
	}
	bySlug := map[string]figure{}
	for _, r := range found {
		bySlug[r.Rule] = r
	}
	known := map[string]Rule{}
	order := map[string]int{}
	for i, r := range in.Rules {
		known[r.Slug], order[r.Slug] = r, i+1
	}
	rules, err := duck.Collect(ctx, db, `
		select rule, side, status = 'skipped', coalesce(reason, ''),
			coalesce(by_moves, 0), coalesce(by_rows, 0), coalesce(by_links, 0),
			coalesce(by_policy, 0), coalesce(by_program, 0), coalesce(by_night, 0)
		from (
			-- A night of an older program has no causes.
			select * from published.rules
			union all by name
			select 0 as by_moves, 0 as by_rows, 0 as by_links, 0 as by_policy, 0 as by_program, 0 as by_night where false
		) as ran
		left join officers.rules using (rule)
		order by list_position(['should_enter', 'should_exit', 'should_pay', 'conflict', 'data_error'], side), pos nulls last, rule`,
		func(r *duck.Rows) (one ruleFigure, err error) {
			c := &one.Causes
			if err := r.Scan(&one.Slug, &one.Rule.Side, &one.Skipped, &one.Reason,
				&c.Moves, &c.Rows, &c.Links, &c.Policy, &c.Program, &c.Night); err != nil {
				return one, err
			}
			slug, side := one.Slug, one.Rule.Side
			one.Rule = known[slug]
			one.Slug, one.Rule.Side = slug, side
			if one.Title == "" {
				one.Title = slug
			}
			one.figure = bySlug[slug]
			return one, nil
		})
	f.Rules = rules
	return err
}

func readAreas(ctx context.Context, db *duck.DB, in Input, books []book, f *figures) error {
	titles := map[[2]string]string{}
	for _, b := range books {
		titles[[2]string{b.county, b.place}] = b.title
	}
	towns, err := areas(ctx, db, levelPlace, levelPlaceSide, func(one figure) string {
		return titles[[2]string{one.County, one.Place}]
	})
	if err != nil {
		return err
	}
	f.Towns, f.Areas = towns, towns
	if !in.aboveCounty() {
		return nil
	}
	f.Areas, err = areas(ctx, db, levelCounty, levelCountySide, func(one figure) string { return in.countyName(one.County) })
	return err
}

func areas(ctx context.Context, db *duck.DB, whole, parts level, name func(figure) string) ([]areaFigure, error) {
	wholes, err := readLevel(ctx, db, whole)
	if err != nil {
		return nil, err
	}
	type key struct{ county, place string }
	below := map[key][]figure{}
	found, err := readLevel(ctx, db, parts)
	if err != nil {
		return nil, err
	}
	for _, one := range found {
		k := key{one.County, one.Place}
		below[k] = append(below[k], one)
	}
	all := make([]areaFigure, len(wholes))
	for i, one := range wholes {
		all[i] = areaFigure{Name: name(one), All: one, Sides: bySide(below[key{one.County, one.Place}])}
	}
	return all, nil
}

func readRolls(ctx context.Context, db *duck.DB, in Input, _ []book, f *figures) error {
	rolls, err := duck.Collect(ctx, db, `
		with noted as (
			select roll, count(*) as cells from published.rejects where column_name is not null group by roll
		)
		select
			sources.roll,
			count(distinct file),
			count(distinct file) filter (where status = 'refused'),
			count(distinct file) - count(distinct file) filter (where status <> 'empty'), -- an empty sheet beside a full one is none
			cast(coalesce(sum("rows"), 0) as bigint),
			cast(coalesce(sum(accepted), 0) as bigint),
			cast(coalesce(sum(rejected), 0) as bigint),
			coalesce(max(noted.cells), 0),
			max(as_of) filter (where status = 'read')
		from published.sources
		left join noted using (roll)
		left join officers.rolls as rolls using (roll)
		group by sources.roll
		order by max(rolls.pos) nulls last, sources.roll`,
		func(r *duck.Rows) (one rollFigure, err error) {
			var asOf duck.Null[time.Time]
			err = r.Scan(&one.Roll, &one.Files, &one.Refused, &one.Empty, &one.Rows, &one.Accepted, &one.Rejected, &one.Noted, &asOf)
			one.Title, one.AsOf = in.rollTitle(one.Roll), asOf.V
			return one, err
		})
	f.Rolls = rolls
	return err
}

func readFiles(ctx context.Context, db *duck.DB, in Input, _ []book, f *figures) error {
	files, err := duck.Collect(ctx, db, `
		select
			roll, file, coalesce(sheet, ''), coalesce(format, ''), coalesce(encoding, ''), status, coalesce(note, ''),
			case when control_column is not null
				then control_column || '：表内合计' || control_total || '，逐行相加' || control_sum else '' end,
			as_of, coalesce("rows", 0), coalesce(accepted, 0), coalesce(rejected, 0)
		from published.sources
		left join officers.rolls as rolls using (roll)
		order by rolls.pos nulls last, roll, file, sheet nulls first`,
		func(r *duck.Rows) (one fileFigure, err error) {
			err = r.Scan(&one.Title, &one.File, &one.Sheet, &one.Format, &one.Encoding, &one.Status, &one.Note,
				&one.Control, &one.AsOf, &one.Rows, &one.Accepted, &one.Rejected)
			one.Title = in.rollTitle(one.Title)
			return one, err
		})
	f.Files = files
	return err
}

func readCauses(ctx context.Context, db *duck.DB, in Input, _ []book, f *figures) (err error) {
	scan := func(r *duck.Rows) (one cause, err error) {
		return one, r.Scan(&one.Kind, &one.Name, &one.N)
	}
	f.Causes, err = duck.Collect(ctx, db, `
		select roll, case when column_name is null then '' else column_name || '：' end || reason, count(*)
		from published.rejects
		left join officers.rolls as rolls using (roll)
		group by roll, column_name, reason
		order by max(rolls.pos) nulls last, roll, count(*) desc, column_name nulls first, reason`, scan)
	if err != nil {
		return err
	}
	for i := range f.Causes {
		f.Causes[i].Kind = in.rollTitle(f.Causes[i].Kind)
	}
	f.Suppressed, err = duck.Collect(ctx, db, `
		select
			title,
			case when suppressed_by like 'exception:%' then suppressed_by else split_part(suppressed_by, ':', 1) end as by_what,
			count(*)
		from officers.findings
		where is_suppressed and not is_gone
		group by rule_pos, title, by_what
		order by rule_pos, title, by_what`, func(r *duck.Rows) (one cause, err error) {
		return one, r.Scan(&one.Kind, &one.Name, &one.N)
	})
	return err
}

func readLinks(ctx context.Context, db *duck.DB, _ Input, _ []book, f *figures) (err error) {
	f.Links, err = duck.Collect(ctx, db, `
		with both_kinds as (
			select method, decision, count(*) as n, 0 as others from published.links group by all
			union all
			select method, decision, 0, count(*) from published.links_other group by all
		)
		select method, decision, cast(sum(n) as bigint), cast(sum(others) as bigint)
		from both_kinds
		group by method, decision
		order by decision, sum(n) desc, sum(others) desc, method`,
		func(r *duck.Rows) (one linkFigure, err error) {
			return one, r.Scan(&one.Method, &one.Decision, &one.N, &one.Others)
		})
	if err != nil {
		return err
	}
	f.Households, err = duck.Collect(ctx, db, `
		select state, decision, count(*)
		from published.household_links
		group by state, decision
		order by list_position(['same', 'split', 'merged', 'moved', 'member_missing', 'member_extra', 'head_changed'], state), decision`,
		func(r *duck.Rows) (one cause, err error) { return one, r.Scan(&one.Kind, &one.Name, &one.N) })
	return err
}

func readGates(ctx context.Context, db *duck.DB, _ Input, _ []book, f *figures) (err error) {
	f.Gates, err = duck.Collect(ctx, db, `
		select gate, count(*), count(*) filter (tripped), count(*) filter (accepted)
		from published.gates
		group by gate
		order by list_position(['fresh', 'volume', 'findings', 'columns', 'words', 'links', 'totals'], gate)`,
		func(r *duck.Rows) (g gateFigure, err error) {
			return g, r.Scan(&g.Gate, &g.Measured, &g.Tripped, &g.Accepted)
		})
	if err != nil {
		return err
	}
	says, err := duck.Collect(ctx, db, `
		select distinct gate, reason from published.gates where tripped and reason is not null order by all`,
		func(r *duck.Rows) (one cause, err error) { return one, r.Scan(&one.Kind, &one.Name) })
	for _, one := range says {
		for i := range f.Gates {
			if f.Gates[i].Gate == one.Kind {
				f.Gates[i].Says = append(f.Gates[i].Says, one.Name)
			}
		}
	}
	return err
}
