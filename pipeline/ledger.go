package pipeline

import (
	"context"

	"doudi/pipeline/publish"
)

// ledgerRow is one row of the dataset runs: a step or a table of the run.
type ledgerRow struct {
	Step      string
	Seconds   float64
	Rows      int64
	PeakBytes int64
	Note      string
}

// seconds are whole milliseconds, as both ledgers have them.
func (row ledgerRow) seconds() float64 { return float64(int64(row.Seconds*1000)) / 1000 }

// peak is the most memory the process held since the last row of the ledger
// within the step, or since its begin.
func (r *run) peak() (bytes int64) {
	if r.gauge == nil {
		return peakMemory()
	}
	bytes, r.sinceRow = r.gauge.next(r.sinceRow)
	return bytes
}

// writeLedger puts the ledger where `runs` is published from. Seconds go in as
// whole milliseconds and are published as decimals: nothing published is a
// floating-point number.
func (r *run) writeLedger(ctx context.Context, engine string) error {
	if err := r.db.Exec(ctx, `create table report.runs (
		step_no integer, step varchar, milliseconds bigint, rows bigint, peak_bytes bigint,
		program varchar, models varchar, engine varchar, note varchar)`); err != nil {
		return err
	}
	return r.db.Append(ctx, "report", "runs", func(add func(...any) error) error {
		for i, row := range r.ledger {
			if err := add(int32(i+1), row.Step, int64(row.Seconds*1000), row.Rows, row.PeakBytes, r.Program, r.graph.version, engine, textOrNull(row.Note)); err != nil {
				return err
			}
		}
		return nil
	})
}

// runsDataset is the ledger as published.
var runsDataset = publish.Dataset{
	Name: "runs", Comment: "One row a step of the run that published the night.",
	Columns: []publish.Column{
		{Name: "step_no", Comment: "its place in the run, from 1"},
		{Name: "step", Comment: "the step, or the table it made"},
		{Name: "seconds", Comment: "how long it took"},
		{Name: "rows", Comment: "the rows it made; 0 where it makes none"},
		{Name: "peak_bytes", Comment: "the most memory the process held while it went on, what it held before included"},
		{Name: "program", Comment: "version of the program"},
		{Name: "models", Comment: "version of the models"},
		{Name: "engine", Comment: "version of DuckDB"},
		{Name: "note", Comment: "what was left alone, and why"},
	},
	Key: []string{"step_no"}, Query: `select step_no, step, cast(milliseconds as decimal(15, 0)) * 0.001 as seconds, rows, peak_bytes, program, models, engine, note
		from report.runs`,
}
