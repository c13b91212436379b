package pipeline

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"doudi/pipeline/publish"
	"doudi/pipeline/workspace"
)

// outcome is how the last run ended, as `.doudi/last.json` has it: what status
// knows of a night that was not published.
type outcome struct {
	Night   string    `json:"night"`
	State   string    `json:"state"` // published, held, failed, interrupted
	At      time.Time `json:"at"`
	Reasons []string  `json:"reasons,omitempty"`
	Gates   []measure `json:"gates,omitempty"`
}

func outcomePath(w *workspace.Workspace) string { return filepath.Join(w.Scratch(), "last.json") }

// remember writes down how the run ended. That it cannot is no reason to fail a
// night that is done.
func (r *run) remember(interrupted bool, err error) {
	o := outcome{Night: r.Date.Format(time.DateOnly), State: "published", At: r.Now, Gates: r.measures}
	var held *Held
	switch {
	case interrupted:
		o.State = "interrupted"
	case errors.As(err, &held):
		o.State, o.Reasons = "held", held.Reasons
	case err != nil:
		o.State, o.Reasons = "failed", []string{err.Error()}
	}
	if before, ok := lastOutcome(r.workspace); ok && r.summary.Unchanged && before.Night == o.Night && before.State == "published" {
		o.Gates = before.Gates // nothing was measured again
	}
	data, err := json.MarshalIndent(o, "", " ")
	if err == nil {
		part := outcomePath(r.workspace) + ".part"
		if err = os.WriteFile(part, data, 0o600); err == nil {
			err = os.Rename(part, outcomePath(r.workspace))
		}
	}
	if err != nil {
		r.Log.Warn("cannot note how the run ended, for status", "error", err)
	}
}

// lastOutcome reads it back; there is none where .doudi was deleted or the file
// is torn: that costs no more.
func lastOutcome(w *workspace.Workspace) (o outcome, ok bool) {
	data, err := os.ReadFile(outcomePath(w))
	return o, err == nil && json.Unmarshal(data, &o) == nil
}

// Status is what an operator asks in the morning.
type Status struct {
	Name      string     `json:"name"`
	Area      string     `json:"area"`
	LastNight string     `json:"last_night,omitempty"` // the latest published; "" where none is
	Snapshot  string     `json:"snapshot,omitempty"`
	Published *time.Time `json:"published,omitempty"` // when that snapshot was made
	Nights    int        `json:"nights"`
	// Missed are the nights between the latest published one and tonight, on
	// which nothing ran: `run --from --to` fills them in.
	Missed  []string `json:"missed,omitempty"`
	Tonight string   `json:"tonight"` // the night that a run now would be for
	// State of tonight: running, published, held, failed, interrupted, or
	// waiting where nothing was tried yet.
	State     string         `json:"state"`
	Since     string         `json:"since,omitempty"` // of one that is running: since when, and its process
	HeldBy    []string       `json:"held_by"`
	Gates     []measure      `json:"gates"`
	Sources   []SourceStatus `json:"sources"`
	Snapshots int            `json:"snapshots"`
	// Bytes of what is published, every file once, of .doudi, and free.
	PublishBytes int64     `json:"publish_bytes"`
	ScratchBytes int64     `json:"scratch_bytes"`
	FreeBytes    int64     `json:"free_bytes"`
	NextRun      time.Time `json:"next_run"` // as `schedule` prints it
}

// SourceStatus is one entry of sources.
type SourceStatus struct {
	Roll     string `json:"roll"`
	Title    string `json:"title"`
	From     string `json:"from"`
	Required bool   `json:"required"`
	Files    int    `json:"files"`
	AsOf     string `json:"as_of,omitempty"` // the latest of its files
	AgeDays  *int   `json:"age_days,omitempty"`
	// FreshDays is how old it may be; nil where there is no limit.
	FreshDays *int `json:"fresh_days,omitempty"`
	Stale     bool `json:"stale"`
}

// RunHour is the hour of the workspace's day at which `schedule` has the night
// run.
const RunHour = 2

// LookAt tells how a workspace stands, without reading a list and without the
// lock.
func LookAt(dir string, now time.Time) (Status, error) {
	w, err := openWorkspace(dir)
	if err != nil {
		return Status{}, err
	}
	s := Status{Name: w.Name, Area: w.Area, State: "waiting", HeldBy: []string{}, Gates: []measure{}, Sources: []SourceStatus{}}
	night := w.Night
	if night.IsZero() {
		night = w.Yesterday(now)
	}
	s.Tonight = night.Format(time.DateOnly)
	if err := s.lookAtPublished(w, night); err != nil {
		return s, err
	}
	s.lookAtLastRun(w)
	if s.Since = holderOf(w.Scratch()); s.Since != "" {
		s.State = "running"
	}
	if err := s.lookAtSources(w, night); err != nil {
		return s, err
	}
	if s.PublishBytes, err = bytesBelow(w.Publish); err != nil {
		return s, err
	}
	if s.ScratchBytes, err = bytesBelow(w.Scratch()); err != nil {
		return s, err
	}
	var disk syscall.Statfs_t
	if err := syscall.Statfs(w.Dir, &disk); err != nil {
		return s, err
	}
	s.FreeBytes = int64(disk.Bavail) * int64(disk.Bsize)
	y, m, d := now.In(w.Zone).Date()
	s.NextRun = time.Date(y, m, d, RunHour, 0, 0, 0, w.Zone)
	if !s.NextRun.After(now) {
		s.NextRun = time.Date(y, m, d+1, RunHour, 0, 0, 0, w.Zone)
	}
	return s, nil
}

func (s *Status) lookAtPublished(w *workspace.Workspace, night time.Time) error {
	snapshot, nights, err := publish.Current(w.Publish)
	if err != nil || len(nights) == 0 {
		return err
	}
	made, err := os.Stat(filepath.Join(snapshot, "manifest.json"))
	if err != nil {
		return err
	}
	at := made.ModTime().In(w.Zone).Truncate(time.Second)
	if last := nights[len(nights)-1]; w.Night.IsZero() {
		for n := last.AddDate(0, 0, 1); n.Before(night); n = n.AddDate(0, 0, 1) {
			s.Missed = append(s.Missed, n.Format(time.DateOnly))
		}
	}
	s.LastNight, s.Nights, s.Snapshot, s.Published = nights[len(nights)-1].Format(time.DateOnly), len(nights), filepath.Base(snapshot), &at
	if slices.ContainsFunc(nights, night.Equal) {
		s.State = "published"
	}
	snapshots, err := os.ReadDir(filepath.Dir(snapshot))
	for _, e := range snapshots {
		if e.IsDir() {
			s.Snapshots++
		}
	}
	return err
}

// lookAtLastRun takes over how the last run ended, where it was tonight's; a
// night that is published and was held when it was run again is both.
func (s *Status) lookAtLastRun(w *workspace.Workspace) {
	o, ok := lastOutcome(w)
	if !ok || o.Night != s.Tonight {
		return
	}
	if o.State != "published" {
		s.State = o.State
	}
	s.HeldBy = append(s.HeldBy, o.Reasons...)
	s.Gates = append(s.Gates, o.Gates...)
}

func (s *Status) lookAtSources(w *workspace.Workspace, night time.Time) error {
	listing, err := w.List()
	if err != nil {
		return err
	}
	r := &run{workspace: w}
	wanted := map[string]bool{"dibao_persons": true, "register": true}
	for _, source := range w.Sources {
		if source.Roll == "dibao_persons" || source.Roll == "register" {
			delete(wanted, source.Roll)
		}
	}
	for i, source := range w.Sources {
		one := SourceStatus{Roll: source.Roll, Title: rollTitle(source.Roll), From: source.From, Required: source.IsRequired(), Files: listing.Found[i]}
		var latest time.Time
		for _, f := range listing.Files {
			if f.Entry == i && f.Refused == "" && f.AsOf.After(latest) {
				latest = f.AsOf
			}
		}
		if fresh := r.freshDays(source); fresh >= 0 {
			one.FreshDays = &fresh
		}
		if !latest.IsZero() {
			age := max(int(night.Sub(latest).Hours()/24), 0)
			one.AsOf, one.AgeDays = latest.Format(time.DateOnly), &age
			one.Stale = one.FreshDays != nil && age > *one.FreshDays
		}
		s.Sources = append(s.Sources, one)
	}
	for _, roll := range []string{"dibao_persons", "register"} {
		if wanted[roll] { // neither an entry nor a folder speaks of it
			s.Sources = append(s.Sources, SourceStatus{Roll: roll, Title: rollTitle(roll), From: "inbox/" + roll, Required: true})
		}
	}
	return nil
}

// holderOf says since when and by which process the lock is held; "" where
// nobody holds it. It asks the kernel's list of locks: trying the lock could
// get in the way of a run that begins.
func holderOf(scratch string) string {
	path := filepath.Join(scratch, "lock")
	info, err := os.Stat(path)
	if err != nil {
		return ""
	}
	locks, err := os.ReadFile("/proc/locks")
	if err != nil {
		return ""
	}
	holder, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	pid, since, _ := strings.Cut(strings.TrimSpace(string(holder)), " ")
	// 1: FLOCK  ADVISORY  WRITE 4711 fe:01:262150 0 EOF
	file, ok := info.Sys().(*syscall.Stat_t)
	for line := range strings.Lines(string(locks)) {
		f := strings.Fields(line)
		if ok && len(f) > 5 && f[1] == "FLOCK" && f[4] == pid && strings.HasSuffix(f[5], fmt.Sprintf(":%d", file.Ino)) {
			return "始于 " + since + "，进程 " + pid
		}
	}
	return ""
}

// bytesBelow counts what lies below a folder; a file with several names counts
// once, and what goes while one looks counts nothing.
func bytesBelow(dir string) (int64, error) {
	var bytes int64
	seen := map[uint64]bool{}
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if file, ok := info.Sys().(*syscall.Stat_t); ok {
			if seen[file.Ino] {
				return nil
			}
			seen[file.Ino] = true
		}
		bytes += info.Size()
		return nil
	})
	return bytes, err
}

// Place is where a workspace lies, absolute, and the name of its time zone:
// what a scheduler is told.
func Place(dir string) (path, zone string, err error) {
	w, err := openWorkspace(dir)
	if err != nil {
		return "", "", err
	}
	return w.Dir, w.Zone.String(), nil
}
