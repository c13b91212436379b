package report

import (
	"context"
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"doudi/pipeline/duck"
)

// findingsSQL makes officers.findings, prepareSQL all that rests on it.
var (
	//go:embed findings.sql
	findingsSQL string
	//go:embed prepare.sql
	prepareSQL string
)

// referenceDDL are the words that prepare.sql joins to.
const referenceDDL = `
create schema officers;
create table officers.settings (above_county boolean, rows_a_sheet integer);
create table officers.rules (rule varchar, title varchar, overpays boolean, pos integer);
create table officers.served (clause varchar, rule varchar);
create table officers.rolls (roll varchar, pos integer);
create table officers.methods (method varchar, word varchar);
create table officers.before (finding_id varchar, facts varchar);
`

// prepare makes the tables of the schema officers. A sheet takes rowsASheet
// findings.
func prepare(ctx context.Context, db *duck.DB, in Input, rowsASheet int) error {
	if err := prepareFindings(ctx, db, in, rowsASheet); err != nil {
		return err
	}
	if in.LastFields != "" {
		err := db.Exec(ctx, `
			insert into officers.before
			select
				finding_id,
				string_agg(
					concat_ws(
						chr(31), coalesce(roll, ''), field,
						case when value is null then '' else '=' || translate(value, chr(30) || chr(31), '  ') end
					),
					chr(30)
				)
			from `+in.LastFields+`
			where finding_id in (select finding_id from published.findings where state = 'changed')
			group by finding_id`)
		if err != nil {
			return fmt.Errorf("last night's facts: %w", err)
		}
	}
	return db.Exec(ctx, prepareSQL)
}

// prepareFindings makes officers.findings and the words it is joined to.
func prepareFindings(ctx context.Context, db *duck.DB, in Input, rowsASheet int) error {
	if err := db.Exec(ctx, referenceDDL); err != nil {
		return err
	}
	for table, fill := range references(in, rowsASheet) {
		if err := db.Append(ctx, "officers", table, fill); err != nil {
			return fmt.Errorf("officers.%s: %w", table, err)
		}
	}
	return db.Exec(ctx, findingsSQL)
}

// references give the rows of each table of referenceDDL that is not made in
// SQL.
func references(in Input, rowsASheet int) map[string]func(add func(...any) error) error {
	return map[string]func(add func(...any) error) error{
		"settings": func(add func(...any) error) error {
			return add(in.aboveCounty(), int32(rowsASheet))
		},
		"rules": func(add func(...any) error) error {
			for i, r := range in.Rules {
				if err := add(r.Slug, r.Title, r.Overpays, int32(i)); err != nil {
					return err
				}
			}
			return nil
		},
		"served": func(add func(...any) error) error {
			for _, r := range in.Rules {
				for _, clause := range r.Serves {
					if err := add(clause, r.Slug); err != nil {
						return err
					}
				}
			}
			return nil
		},
		"rolls": func(add func(...any) error) error {
			for i, roll := range in.rolls() {
				if err := add(roll, int32(i)); err != nil {
					return err
				}
			}
			return nil
		},
		"methods": func(add func(...any) error) error {
			for method, word := range methodWords {
				if err := add(method, word); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// rolls are the rolls that have a title, the two sides of the reconciliation
// first.
func (in Input) rolls() []string {
	rolls := slices.Sorted(maps.Keys(in.RollTitles))
	slices.SortStableFunc(rolls, func(a, b string) int { return rollRank(a) - rollRank(b) })
	return rolls
}

func (in Input) rollTitle(roll string) string {
	if title := in.RollTitles[roll]; title != "" {
		return title
	}
	return roll
}

// mainRolls are shown before all others, in this order.
var mainRolls = []string{"dibao_persons", "dibao_families", "dibao_payments", "register", "tekun", "edge", "rigid_spending"}

func rollRank(roll string) int {
	if i := slices.Index(mainRolls, roll); i >= 0 {
		return i
	}
	return len(mainRolls)
}

// aboveCounty is true where the workspace is a prefecture's or a province's:
// towns then stand in a folder a county.
func (in Input) aboveCounty() bool {
	code := in.AreaCode
	return len(code) < 6 || strings.HasSuffix(code[:6], "00")
}
