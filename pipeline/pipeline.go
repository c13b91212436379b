// Package pipeline is one night: from the files of the sources to a published
// snapshot. Read Run first; it shows the steps in order.
package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"time"

	"doudi/pipeline/duck"
	"doudi/pipeline/lineage"
	"doudi/pipeline/notify"
	"doudi/pipeline/publish"
	"doudi/pipeline/workspace"
)

// Night is what a run is told.
type Night struct {
	Dir     string    // the workspace
	Date    time.Time // zero: doudi.yaml's night, else yesterday
	Now     time.Time // for the default night and the sweep alone: nothing else reads a clock
	Program string    // version of the program
	// Accept names the gates that may pass tonight though they trip, each with
	// the reason given for it.
	Accept  map[string]string
	Log     *slog.Logger
	Offline bool // nothing is pulled: what was pulled before is read
	// Progress is told what is being done, and how far it is; may be nil.
	Progress func(step string, done, of int64)
	// Before is called before every step, and may fail it: how the fault test
	// reaches each of them. Nil in production.
	Before func(step string) error
	// Models are the selects to judge by; those built in where it is nil.
	Models fs.FS
	// Threads and MemoryBytes bound DuckDB; 0 takes what fits the machine.
	Threads     int
	MemoryBytes int64

	tells bool // a word goes to whom doudi.yaml's notify names
}

// Summary is what a night did.
type Summary struct {
	Night     time.Time
	Unchanged bool // the same inputs, policy and program were published already
	Snapshot  string
	Rules     []RuleCount
	States    map[string]int64 // new, open, changed, reopened, gone → findings
	Links     map[string]int64 // method → linked pairs of dibao and register
	Files     int              // read
	Refused   []string         // optional files that could not be read, with their notes
	Accepted  int64
	Rejected  int64
	LaterThan []time.Time // published nights after this one, which keep their states
	Notes     []string
	Accepts   []string // gates that tripped and were let through, by Night.Accept
	Report    string   // path of index.html
	Seconds   float64
}

// RuleCount is what one rule found.
type RuleCount struct {
	Rule, Side, Status, Reason string
	Findings, Suppressed       int64
}

// Held means that an input stopped tonight: the last good snapshot stays.
type Held struct{ Reasons []string }

func (h *Held) Error() string {
	return "今晚未发布：" + strings.Join(h.Reasons, "\n")
}

// Run does one night. When it returns an error, what is published is what was
// published before.
func Run(ctx context.Context, n Night) (Summary, error) {
	n.tells = true
	r, err := begin(ctx, n)
	if err != nil {
		return Summary{}, err
	}
	defer r.end()
	summary, err := r.steps(ctx)
	if err != nil {
		if err := r.sweepStore(); err != nil {
			r.Log.Warn("cannot sweep the raw store", "error", err)
		}
	}
	r.remember(ctx.Err() != nil, err)
	r.endLineage(ctx, err)
	r.notify(ctx, err)
	return summary, err
}

// steps are those of a night, in order.
func (r *run) steps(ctx context.Context) (Summary, error) {
	if done, err := r.alreadyPublished(); err != nil || done {
		return r.summary, err
	}
	r.beginLineage(ctx)
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"read", r.read},       // files            → raw Parquet, in the raw store
		{"hold", r.hold},       // required lists are there and whole, or the night stops
		{"load", r.load},       // raw Parquet, policy, last night → tables
		{"join", r.join},       // raw.*            → normal.*, link.*, finding.*
		{"judge", r.judge},     // finding.*        → report.*: ids, states, sentences
		{"balance", r.balance}, // every record is accounted for, by two counts
		{"gates", r.gates},     // tonight against the nights before: fit to be published, or held
		{"write", r.write},     // report.*         → Parquet, aside, read back
		{"report", r.report},   // Parquet          → workbooks and the page
		{"switch", r.switchTo}, // one rename
	} {
		if err := r.step(ctx, step.name, step.do); err != nil {
			return r.summary, fmt.Errorf("%s: %w", step.name, err)
		}
	}
	return r.summary, nil
}

// run is a night under way.
type run struct {
	Night
	began     time.Time
	asked     bool // the night was given, not defaulted
	workspace *workspace.Workspace
	policy    *workspace.Policy
	lock      *lock
	scratch   string // folder of the spill: .doudi, or a trial's own inside it
	store     *store
	db        *duck.DB
	graph     *graph
	inputs    []input
	listing   workspace.Listing
	fetched   []Fetched // what became of the sources on servers; none where offline
	snapshot  *publish.Snapshot
	print     string // the night's fingerprint
	ledger    []ledgerRow
	gauge     *gauge    // of the step under way
	sinceRow  *mark     // of the gauge: the ledger's last row
	known     known     // who is who, where a published night has it already
	measures  []measure // of the gates
	targets   []notify.Target
	lineage   *lineage.Place // nil where nobody asked for it
	// lineageBegan says that the night was told to begin.
	lineageBegan bool
	lastNight    time.Time // the latest published night before this one; zero where there is none
	// lastSnapshot is the snapshot that lastNight was read from.
	lastSnapshot string
	lastSwept    bool // retain let its details go: states are compared, causes and facts are not
	summary      Summary
}

// step does one step and writes it into the ledger.
func (r *run) step(ctx context.Context, name string, do func(context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := r.before(name); err != nil {
		return err
	}
	r.gauge = newGauge()
	defer r.gauge.close()
	whole := r.gauge.begin()
	r.sinceRow = r.gauge.begin()
	began := time.Now()
	err := do(ctx)
	row := ledgerRow{Step: name, Seconds: time.Since(began).Seconds(), PeakBytes: r.gauge.end(whole)}
	r.ledger = append(r.ledger, row)
	if err == nil {
		r.Log.Info("step", "name", name, "seconds", fmt.Sprintf("%.2f", row.Seconds), "peak_mb", row.PeakBytes>>20)
	}
	return err
}

func (r *run) before(step string) error {
	if r.Before == nil {
		return nil
	}
	return r.Before(step)
}

func (r *run) progress(step string, done, of int64) {
	if r.Progress != nil {
		r.Progress(step, done, of)
	}
}

// ErrNothingPublished means that there is no snapshot to look at.
var ErrNothingPublished = errors.New("还没有发布过任何一晚，请先运行 doudi run")
