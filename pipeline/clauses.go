package pipeline

import (
	"context"
	"fmt"
	"time"

	"doudi/pipeline/duck"
	"doudi/pipeline/model"
	"doudi/pipeline/publish"
	"doudi/pipeline/report"
	"doudi/pipeline/workspace"
	"doudi/sql"
)

// ClauseTable is the county plan, clause by clause, with the rules that serve
// each and what they found on a published night.
type ClauseTable struct {
	Plan    string
	Night   time.Time
	Clauses []report.ServedClause
}

// Clauses holds a published night (zero: the latest) against the plan. It
// reads what is published alone: which rules ran that night, why not, and
// their findings; the clauses are the program's.
func Clauses(ctx context.Context, dir string, night time.Time) (ClauseTable, error) {
	w, err := openWorkspace(dir)
	if err != nil {
		return ClauseTable{}, err
	}
	if err := mustBePublished(w, night); err != nil {
		return ClauseTable{}, err
	}
	if night.IsZero() {
		_, nights, err := publish.Current(w.Publish)
		if err != nil {
			return ClauseTable{}, err
		}
		night = nights[len(nights)-1]
	}
	g, err := readGraph(ctx, sql.Files)
	if err != nil {
		return ClauseTable{}, err
	}
	p, err := OpenPublished(ctx, dir)
	if err != nil {
		return ClauseTable{}, err
	}
	defer p.Close()
	if err := p.db.Exec(ctx, "create schema published"); err != nil {
		return ClauseTable{}, err
	}
	for _, dataset := range []string{"findings", "rules"} {
		if err := p.db.Exec(ctx, fmt.Sprintf("create view published.%[1]s as select * from main.%[1]s where night = date %[2]s",
			dataset, duck.Text(night.Format(time.DateOnly)))); err != nil {
			return ClauseTable{}, err
		}
	}
	clauses, err := report.Clauses(ctx, p.db, reportInput(w, &workspace.Policy{}, g, night, ""))
	return ClauseTable{model.Plan, night, clauses}, err
}
