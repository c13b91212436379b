package pipeline

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"doudi/pipeline/duck"
	"doudi/pipeline/model"
	"doudi/pipeline/publish"
	"doudi/pipeline/report"
	"doudi/pipeline/workspace"
	"doudi/sources"
)

// write puts every dataset aside as Parquet and reads it back.
func (r *run) write(ctx context.Context) error {
	var err error
	if r.snapshot, err = r.beginSnapshot(ctx, false); err != nil {
		return err
	}
	r.tellRetired(r.snapshot.Retired())
	sets := r.datasets()
	for i, d := range sets {
		if d.Name == reportDatasets[0].name { // the lists are written
			if err := r.drop(ctx, shared...); err != nil {
				return err
			}
		}
		began := time.Now()
		rows, err := r.snapshot.Write(ctx, r.db, d)
		if err != nil {
			return fmt.Errorf("%s: %w", d.Name, err)
		}
		r.ledger = append(r.ledger, ledgerRow{Step: "publish." + d.Name, Seconds: time.Since(began).Seconds(), Rows: rows, PeakBytes: r.peak()})
		r.progress("write", int64(i+1), int64(len(sets)))
	}
	if err := r.count(ctx); err != nil {
		return err
	}
	for _, d := range reportDatasets { // the reports are made from what is published
		if err := r.drop(ctx, "report."+d.name); err != nil {
			return err
		}
	}
	return nil
}

// count gathers what the summary says.
func (r *run) count(ctx context.Context) error {
	gather := func(query string, into map[string]int64) error {
		return r.eachCount(ctx, query, func(name string, n int64) { into[name] = n })
	}
	if err := gather("select state, count(*) from report.findings group by state", r.summary.States); err != nil {
		return err
	}
	if err := gather("select method, count(*) from "+readPart(r.snapshot.Dir, "links", r.Date)+" where decision = 'linked' group by method", r.summary.Links); err != nil {
		return err
	}
	counts, err := duck.Collect(ctx, r.db, "select rule, side, status, coalesce(reason, ''), findings, suppressed from report.rules order by rule",
		func(rows *duck.Rows) (c RuleCount, err error) {
			return c, rows.Scan(&c.Rule, &c.Side, &c.Status, &c.Reason, &c.Findings, &c.Suppressed)
		})
	r.summary.Rules = counts
	return err
}

// report writes the workbooks and the page from what was just put aside.
func (r *run) report(ctx context.Context) error {
	if err := viewPublished(ctx, r.db, r.snapshot.Dir, r.Date, r.datasets()); err != nil {
		return err
	}
	in := reportInput(r.workspace, r.policy, r.graph, r.Date, r.spill())
	in.LastNight, in.LastFields = r.lastNight, "past.finding_fields"
	_, err := report.Write(ctx, r.db, in, filepath.Join(r.snapshot.Dir, r.snapshot.Partition("reports")))
	return err
}

// switchTo completes the snapshot and makes it the current one; then it sweeps
// what no kept snapshot needs.
func (r *run) switchTo(ctx context.Context) error {
	engine, err := duck.Value[string](ctx, r.db, "select version()")
	if err != nil {
		return err
	}
	if err := r.writeLedger(ctx, engine); err != nil {
		return err
	}
	if _, err := r.snapshot.Write(ctx, r.db, runsDataset); err != nil {
		return fmt.Errorf("runs: %w", err)
	}
	done := publish.Night{
		Program: r.Program, Models: r.graph.version, Engine: engine, Fingerprint: r.print, Seconds: time.Since(r.began).Seconds(),
	}
	for _, row := range r.ledger {
		done.Steps = append(done.Steps, publish.Step{Step: row.Step, Seconds: row.seconds(), Rows: row.Rows, PeakBytes: row.PeakBytes, Note: row.Note})
	}
	for _, in := range r.inputs {
		var rows int64
		for _, got := range in.Receipts {
			for _, s := range got.Sheets {
				rows += s.Rows
			}
		}
		done.Inputs = append(done.Inputs, publish.Input{Path: in.Name, SHA256: in.SHA256, Rows: rows})
	}
	if err := r.snapshot.Finish(ctx, done); err != nil {
		return err
	}
	r.summary.Snapshot = r.snapshot.Dir
	r.summary.Report = reportPath(r.snapshot.Dir, r.Date)
	r.summary.Seconds = time.Since(r.began).Seconds()
	if err := r.noteNeeded(); err != nil {
		return err
	}
	return r.sweepStore()
}

func (r *run) beginSnapshot(ctx context.Context, amend bool) (*publish.Snapshot, error) {
	return publish.Begin(ctx, r.workspace.Publish, publish.Options{
		Night: r.Date, Amend: amend, Now: r.Now, Keep: r.workspace.Keep, KeepFor: r.workspace.KeepFor,
		Group: r.workspace.Group, Before: r.before, Keeps: func(dataset string, night time.Time) bool {
			return amend || r.keeps(dataset, night, r.lastNight)
		},
	})
}

// viewPublished lays views over a night's datasets, as they were written, in
// the schema `published`: what the reports read.
func viewPublished(ctx context.Context, db *duck.DB, snapshot string, night time.Time, sets []publish.Dataset) error {
	if err := db.Exec(ctx, "create schema published"); err != nil {
		return err
	}
	for _, d := range sets {
		err := db.Exec(ctx, "create view published."+duck.Ident(d.Name)+" as select * from "+readPart(snapshot, d.Name, night))
		if err != nil {
			return err
		}
	}
	return nil
}

// reportInput is what the workbooks and the page are told beside the data.
func reportInput(w *workspace.Workspace, p *workspace.Policy, g *graph, night time.Time, tmp string) report.Input {
	in := report.Input{
		Night: night, Name: w.Name, AreaCode: w.Area, TempDir: tmp,
		Plan: model.Plan, Labels: map[string]map[string]string{}, RollTitles: map[string]string{}, Places: map[string]string{},
	}
	for _, place := range p.Places {
		if in.Places[place.Code] == "" {
			in.Places[place.Code] = place.Name
		}
	}
	for _, c := range g.clauses {
		in.Clauses = append(in.Clauses, report.Clause(c))
	}
	for _, rule := range g.Rules() {
		shown := report.Rule{
			Slug: rule.Slug, Side: rule.Side, Title: rule.Title, Basis: rule.Basis, Certainty: rule.Certainty,
			Overpays: rule.Overpaid, Labels: rule.Labels, Words: rule.Words,
			Serves: rule.Serves(), Wants: wants(rule),
		}
		for _, facts := range rule.Facts {
			for _, field := range facts.Fields {
				shown.Fields = append(shown.Fields, facts.Roll+"."+field)
			}
		}
		in.Rules = append(in.Rules, shown)
	}
	for _, kind := range sources.Kinds() {
		in.RollTitles[kind.Name] = kind.Title
		in.Labels[kind.Name] = map[string]string{}
		for _, c := range kind.Columns {
			if len(c.Headers) > 0 {
				in.Labels[kind.Name][c.Name] = c.Headers[0]
			}
		}
	}
	return in
}

// wants are the lists and parameters that a rule rests on, as the reason of a
// skipped rule names them.
func wants(rule *model.Rule) []report.Want {
	var all []report.Want
	for _, roll := range slices.Concat(rule.Needs...) {
		if kind, ok := sources.KindOf(roll); ok {
			all = append(all, report.Want{Name: kind.Title, Office: kind.Office})
		}
	}
	for _, parameter := range slices.Concat(rule.Parameters...) {
		all = append(all, report.Want{Name: parameter, Office: workspace.OfficeOf(parameter)})
	}
	return all
}
