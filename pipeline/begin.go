package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"doudi/pipeline/duck"
	"doudi/pipeline/publish"
	"doudi/pipeline/workspace"
	"doudi/sources"
	"doudi/sources/clean"
	"doudi/sql"
)

// begin opens the workspace, takes its lock, pulls what lies on servers and
// lists what lies here.
func begin(ctx context.Context, n Night) (*run, error) {
	r, err := enter(ctx, n)
	if err != nil {
		return nil, err
	}
	onServers := slices.ContainsFunc(r.workspace.Sources, workspace.Source.IsPulled)
	if onServers && !n.Offline {
		err = r.step(ctx, "fetch", r.fetch)
	}
	if err == nil {
		err = r.list()
	}
	if err != nil {
		r.end()
		return nil, err
	}
	return r, nil
}

// enter opens the workspace and takes its lock.
func enter(ctx context.Context, n Night) (*run, error) {
	r := &run{Night: n, began: time.Now(), asked: !n.Date.IsZero()}
	var err error
	if r.workspace, r.policy, r.graph, err = open(ctx, n); err != nil {
		return nil, err
	}
	if r.Date.IsZero() {
		r.Date = r.workspace.Night
	}
	if r.Date.IsZero() {
		r.Date = r.workspace.Yesterday(n.Now)
	}
	if n.tells {
		if err := r.places(); err != nil {
			return nil, err
		}
	}
	r.fit()
	r.summary = Summary{Night: r.Date, States: map[string]int64{}, Links: map[string]int64{}}
	scratch := r.workspace.Scratch()
	r.scratch = scratch
	for _, dir := range []string{scratch, filepath.Join(scratch, "raw")} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
	}
	if r.lock, err = takeLock(scratch, n.Now); err != nil {
		return nil, err
	}
	r.store = &store{filepath.Join(scratch, "raw")}
	if err := errors.Join(r.store.clear(), os.RemoveAll(r.spill()), sweepTrials(scratch), os.MkdirAll(r.spill(), 0o700)); err != nil {
		r.end()
		return nil, err
	}
	return r, nil
}

// fit takes of the machine what the night was not told to take.
func (r *run) fit() {
	if r.Threads == 0 {
		r.Threads = runtime.GOMAXPROCS(0)
	}
	if r.MemoryBytes == 0 {
		r.MemoryBytes = defaultMemory()
	}
}

// spill is where DuckDB and the workbooks put what does not fit into memory.
func (r *run) spill() string { return filepath.Join(r.scratch, "spill") }

// end lets go of what the run holds; what it left in the spill folder goes.
func (r *run) end() {
	if r.db != nil {
		r.db.Close()
	}
	if r.snapshot != nil {
		r.snapshot.Abandon()
	}
	os.RemoveAll(r.spill())
	r.lock.release()
}

// open reads doudi.yaml, the models and the policy.
func open(ctx context.Context, n Night) (*workspace.Workspace, *workspace.Policy, *graph, error) {
	w, err := openWorkspace(n.Dir)
	if err != nil {
		return nil, nil, nil, err
	}
	models := n.Models
	if models == nil {
		models = sql.Files
	}
	g, err := readGraph(ctx, models)
	if err != nil {
		return nil, nil, nil, err
	}
	policy, err := w.ReadPolicy(g.terms())
	return w, policy, g, err
}

// terms are what the policy tables may speak of.
func (g *graph) terms() workspace.Terms {
	return workspace.Terms{IsRule: g.isRule, IsRoll: isRollOfPersons, Codes: sources.CodesOf, ID: soundID}
}

// soundID is an ID number as findings have it, and whether it is one.
func soundID(text string) (no string, ok bool) {
	id := clean.ParseID(text)
	return id.No, slices.Contains([]string{clean.Valid, clean.Legacy15, clean.Certificate20, clean.Certificate22}, id.Kind)
}

// kinds are the kinds of list that doudi.yaml may name.
type kinds struct{}

func (kinds) IsRoll(roll string) bool { _, ok := sources.KindOf(roll); return ok }

// HasColumn counts the columns of the families' file among those of its
// persons: both may lie under one entry.
func (kinds) HasColumn(roll, column string) bool {
	kind, _ := sources.KindOf(roll)
	_, ok := kind.Column(column)
	if !ok && kind.FamiliesTable() != "" {
		families, _ := sources.KindOf("dibao_families")
		_, ok = families.Column(column)
	}
	return ok
}

// input is a file of tonight.
type input struct {
	workspace.File
	SHA256   string
	MemoSum  string // SHA-256 of the memos beside a DBF; "" for none
	Key      string // of its entry in the raw store
	Receipts []sources.Receipt
}

// source is the input as sources reads it.
func (i input) source() sources.Input {
	return sources.Input{Kind: i.Roll, Path: i.Path, Name: i.Name, Columns: i.Columns, Password: i.Password, Memo: i.Memo, MemoSHA256: i.MemoSum, Database: i.Database}
}

// list finds tonight's files and hashes their bytes.
func (r *run) list() error {
	var err error
	if r.listing, err = r.workspace.List(); err != nil {
		return err
	}
	r.summary.Notes = slices.Clone(r.listing.Notes)
	r.tellFetched()
	for _, f := range r.listing.Files {
		if late := r.lateNote(f); late != "" {
			r.summary.Notes = append(r.summary.Notes, f.Name+"："+late)
		}
	}
	pulled := r.pulledSums()
	r.inputs = make([]input, len(r.listing.Files))
	return parallel(r.Threads, len(r.inputs), func(i int) error {
		in := &r.inputs[i]
		in.File = r.listing.Files[i]
		if in.Refused != "" {
			return nil
		}
		in.identify(r.policy.Reading)
		memo, beside := pulled[in.MemoName]
		if sum, ok := pulled[in.Name]; (ok && sum != in.SHA256 || beside && memo != in.MemoSum) && in.Refused == "" {
			in.Refused = "不是取数时完整取回的那个文件（取数中途断过，或有人改过），请再取一次"
		}
		return nil
	})
}

// identify hashes the file's bytes; one that cannot be opened is refused, and
// costs no other file.
func (in *input) identify(reading string) {
	sum, _, err := publish.HashFile(in.Path)
	if err != nil {
		in.Refused = "打不开，请检查文件权限和磁盘后再试"
		return
	}
	if in.Memo != "" {
		if in.MemoSum, _, err = publish.HashFile(in.Memo); err != nil {
			in.Refused = "与它一起的备注文件（" + path.Base(in.MemoName) + "）打不开，请检查文件权限和磁盘后再试"
			return
		}
	}
	in.SHA256, in.Key = sum, entryKey(sum, in.source(), reading)
}

// basis hashes all that a night rests on but the night itself and the nights
// before it: program, models, policy, settings, and the inputs with their dates.
func (r *run) basis() hash.Hash {
	h := sha256.New()
	fmt.Fprintln(h, r.Program, r.graph.version, sources.Version, r.policy.All, r.workspace.Area, r.workspace.Name)
	for i, s := range r.workspace.Sources {
		fresh := -1
		if s.FreshDays != nil {
			fresh = *s.FreshDays
		}
		fmt.Fprintln(h, i, s.Roll, s.IsRequired(), s.Newest, fresh)
	}
	for _, in := range r.inputs {
		fmt.Fprintln(h, in.Roll, in.Name, in.Key, in.AsOf.Format(time.DateOnly), in.Entry, in.Refused, in.Note)
	}
	return h
}

// lateNote says that a file speaks of a day after the night: it is read all
// the same.
func (r *run) lateNote(f workspace.File) string {
	if f.Refused != "" || !f.AsOf.After(r.Date) {
		return ""
	}
	return "数据日期 " + f.AsOf.Format(time.DateOnly) + " 晚于批次日 " + r.Date.Format(time.DateOnly) + "，照读"
}

// fingerprint is a hash of all that decides what a night publishes.
func (r *run) fingerprint() (string, error) {
	rests, err := r.restsOn()
	if err != nil {
		return "", err
	}
	before, err := publish.Before(r.workspace.Publish, rests)
	if err != nil {
		return "", err
	}
	h := r.basis()
	fmt.Fprintln(h, r.Date.Format(time.DateOnly), before)
	for _, g := range r.workspace.Gates {
		why, accepted := r.Accept[g.Name]
		fmt.Fprintf(h, "%s %v %d %v %q\n", g.Name, g.Holds, g.Limit, accepted, why)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// listsFingerprint is that of the datasets that only the lists decide: who is
// on a roll is told by the month, so within one a night may link the files of
// the night before.
func (r *run) listsFingerprint() string {
	h := r.basis()
	fmt.Fprintln(h, r.Date.Format("2006-01"))
	for _, ruling := range r.policy.Rulings {
		fmt.Fprintln(h, ruling.Line, !ruling.From.After(r.Date) && (ruling.To.IsZero() || r.Date.Before(ruling.To)))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// alreadyPublished says whether this night was published from the same
// inputs, policy and program, and nothing is to be done.
func (r *run) alreadyPublished() (bool, error) {
	var err error
	if r.print, err = r.fingerprint(); err != nil {
		return false, err
	}
	published, err := publish.Fingerprint(r.workspace.Publish, r.Date)
	if err != nil || published != r.print {
		return false, err
	}
	dir, _, err := publish.Current(r.workspace.Publish)
	if err != nil {
		return false, err
	}
	r.summary.Unchanged, r.summary.Snapshot = true, dir
	r.summary.Report = reportPath(dir, r.Date)
	return true, nil
}

func reportPath(snapshot string, night time.Time) string {
	return filepath.Join(snapshot, "reports", "night="+night.Format(time.DateOnly), "index.html")
}

// settings are what the files are read with.
func (r *run) settings() sources.Settings {
	return settings(r.workspace, r.policy, r.Threads, r.spill())
}

func settings(w *workspace.Workspace, p *workspace.Policy, workers int, spill string) sources.Settings {
	words := make([]clean.WordRow, len(p.Words))
	for i, word := range p.Words {
		words[i] = clean.WordRow{Column: word.Column, Word: word.Word, Code: word.Code}
	}
	places := make([]clean.PlaceRow, len(p.Places))
	for i, place := range p.Places {
		places[i] = clean.PlaceRow{Code: place.Code, Name: place.Name, Parent: place.Parent}
	}
	return sources.Settings{
		Words: clean.NewWords(words), Places: clean.NewPlaces(places, w.Area),
		Fingerprint: p.Reading, Workers: workers, Scratch: spill,
		Parquet: parquetLines(spill, defaultMemory()/4),
	}
}

// openDatabase opens the night's working database, in memory with a spill
// folder.
func (r *run) openDatabase(ctx context.Context) error {
	var err error
	r.db, err = duck.Open(ctx, duck.Options{
		TempDir: r.spill(), MemoryBytes: r.MemoryBytes, Threads: r.Threads, Names: clean.NameLevel,
	})
	if err != nil {
		return err
	}
	return r.db.SetNight(ctx, r.Date)
}
