// Package publish puts a night before its readers, whole or not at all.
//
// A snapshot is a folder of its own that holds every published night. It is
// written under its final name while nobody can see it: the partitions of
// other nights are hard links into the snapshot before it, tonight's are
// copied out of the database, read back with a second Parquet reader and
// hashed. Then everything is forced to the disk and one rename lets `current`
// point to it. Whatever breaks before that rename leaves the old snapshot as
// it was; what lies about then is swept by the next Begin.
//
//	<publish>/current → snapshots/000042-20261121T020003Z
//	<publish>/snapshots/000042-20261121T020003Z/findings/night=2026-11-20/part-0.parquet
//	<publish>/snapshots/.000043-20261122T020001Z.unfinished
package publish

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Column is a column of a dataset and, in one English sentence, what it holds.
type Column struct{ Name, Comment string }

// Dataset is one Hive-partitioned table of the published tree.
type Dataset struct {
	// Name is the folder's and the view's name.
	Name string
	// Comment says in one English sentence what a row is.
	Comment string
	// Columns in published order, without the night, which stands in the path.
	Columns []Column
	// Key is the full sort key: unique, a null after every value.
	Key []string
	// Query gives exactly Columns, in that order.
	Query string
	// Figures gives the key, the numbers and the dates of the same rows by a
	// shorter way, without the joins that Query needs for the rest; Query
	// where it is empty.
	Figures string
	// Reuse stands for everything that the partition's rows depend on, the
	// program included. A published partition of this dataset with the same
	// fingerprint is linked instead of written. Empty: always written.
	Reuse string
}

// Options of a snapshot. The zero value of the last four is a snapshot that
// keeps no other beside it and is readable by its owner alone.
type Options struct {
	// Night is the business date; Now the moment of publication, which names
	// the folder and decides which old snapshots have had their time.
	Night, Now time.Time
	// Amend carries the night's own partitions too, all but what is written
	// again: how officers' workbooks are made anew from published data.
	Amend bool
	// Keeps says whether an earlier or later night's partition of a dataset is
	// carried into the snapshot; nil carries all.
	Keeps func(dataset string, night time.Time) bool
	// Keep is how many old snapshots stay beside the current one; none goes
	// that is younger than KeepFor.
	Keep    int
	KeepFor time.Duration
	// Group gets to read: its members see files 0640 in folders 0750.
	Group string
	// Before is called before every step; an error stops the publication.
	// Nil outside of tests.
	Before func(step string) error
}

// Snapshot is one publication under way.
type Snapshot struct {
	// Dir is the absolute path of the snapshot's folder.
	Dir string

	root   string // <publish>, absolute and free of links
	name   string // of the folder
	night  string // as 2006-01-02
	o      Options
	access access
	disk   *disk
	old    *Manifest // of the snapshot before; nil when there is none
	oldDir string

	mu       sync.Mutex
	files    map[string]File   // path → what is known of it; the rest is hashed in Finish
	reuse    map[string]string // path → fingerprint of a partition
	datasets map[string]description
	retired  []Retired
	checks   sync.WaitGroup
	slots    chan struct{} // bounds the second reads under way
	broken   error         // of the first check that failed
	closed   bool
}

// Begin makes room for a night: it sweeps what broken runs left, opens a new
// folder and links the partitions of all other nights into it. The caller
// holds the workspace's lock: no other publication is under way.
func Begin(ctx context.Context, root string, o Options) (*Snapshot, error) {
	who, err := accessFor(o.Group)
	if err != nil {
		return nil, err
	}
	if o.Before == nil {
		o.Before = func(string) error { return nil }
	}
	if root, err = prepare(root, who); err != nil {
		return nil, err
	}
	if err := sweep(root, o.Before); err != nil {
		return nil, err
	}
	s := &Snapshot{
		root: root, night: o.Night.Format(time.DateOnly), o: o, access: who,
		files: map[string]File{}, reuse: map[string]string{}, datasets: map[string]description{},
		slots: make(chan struct{}, 1),
	}
	if s.oldDir, err = currentDir(root); err != nil && err != ErrNone {
		return nil, err
	}
	if s.oldDir != "" {
		if s.old, err = ReadManifest(s.oldDir); err != nil {
			return nil, err
		}
	}
	if s.disk, err = openDisk(root); err != nil {
		return nil, err
	}
	if err := s.open(ctx); err != nil {
		s.Abandon()
		return nil, err
	}
	return s, nil
}

func (s *Snapshot) open(ctx context.Context) error {
	var err error
	if s.name, err = nextName(s.root, s.o.Now); err != nil {
		return err
	}
	dir := filepath.Join(s.root, snapshotsDir, s.name)
	if err := s.o.Before("open " + s.name); err != nil {
		return err
	}
	if err := mark(s.root, s.name); err != nil {
		return err
	}
	s.Dir = dir
	if err := os.Mkdir(dir, s.access.dir); err != nil {
		return fmt.Errorf("%s: open snapshot: %w", dir, bare(err))
	}
	return s.carry(ctx)
}

// Retired is what the snapshot before has of a dataset and this one does not.
type Retired struct {
	Dataset string
	Nights  []string // as 2006-01-02, in order
	Rows    int64
}

// Retired tells what Options.Keeps let go, by dataset.
func (s *Snapshot) Retired() []Retired { return s.retired }

// Partition is the folder of tonight's part of a dataset, relative to the
// snapshot.
func (s *Snapshot) Partition(dataset string) string { return partition(dataset, s.night) }

func partition(dataset, night string) string { return dataset + "/night=" + night }

// Abandon gives up a publication that is not live and removes its folder. It
// does nothing after Finish, so it can be deferred.
func (s *Snapshot) Abandon() {
	if s.closed {
		return
	}
	s.closed = true
	s.checks.Wait()
	s.disk.close()
	if s.Dir == "" {
		return
	}
	// A rename that reports an error may have happened all the same: what is
	// current is never removed. What stays now, the next Begin sweeps.
	if live, err := currentDir(s.root); err == ErrNone || err == nil && filepath.Base(live) != s.name {
		discard(s.root, s.name)
	}
}
