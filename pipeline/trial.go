package pipeline

import (
	"errors"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// A trial has a folder of its own in .doudi, so that it needs the workspace's
// lock only while it takes what it needs of the raw store. The folder is locked
// as long as its process lives.
const trialFolders = "what-if-*"

// takeFolder makes the trial's folder and links into it what the raw store has
// of its inputs: a night may sweep the store meanwhile.
func (t *trial) takeFolder() error {
	scratch := t.workspace.Scratch()
	if err := os.MkdirAll(scratch, 0o700); err != nil {
		return err
	}
	lock, err := takeLock(scratch, t.Now)
	if err != nil {
		return err
	}
	defer lock.release()
	if err := sweepTrials(scratch); err != nil {
		return err
	}
	if t.scratch, err = os.MkdirTemp(scratch, trialFolders); err != nil {
		return err
	}
	if t.folder, err = lockFolder(t.scratch); err != nil {
		return err
	}
	t.store = &store{filepath.Join(t.scratch, "raw")}
	shared := &store{filepath.Join(scratch, "raw")}
	err = errors.Join(os.Mkdir(t.store.dir, 0o700), os.Mkdir(t.spill(), 0o700))
	for _, in := range t.inputs {
		if err == nil && in.Key != "" {
			err = t.store.borrow(shared, in.Key)
		}
	}
	if err != nil {
		t.end()
	}
	return err
}

// end lets go of all that the trial holds; nothing of it stays.
func (t *trial) end() {
	if t.db != nil {
		t.db.Close()
	}
	os.RemoveAll(t.scratch)
	t.folder.Close()
}

// borrow links an entry of another store. One that cannot be linked is not
// there: its file is read again.
func (s *store) borrow(from *store, key string) error {
	if _, err := os.Stat(s.entry(key)); err == nil {
		return nil
	}
	files, err := os.ReadDir(from.entry(key))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = os.Mkdir(s.entry(key), 0o700)
	}
	for _, f := range files {
		if err != nil {
			return err
		}
		if os.Link(filepath.Join(from.entry(key), f.Name()), filepath.Join(s.entry(key), f.Name())) != nil {
			return os.RemoveAll(s.entry(key))
		}
	}
	return err
}

// lockFolder locks a folder for as long as the file that it gives is open.
func lockFolder(dir string) (*os.File, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// sweepTrials removes the folders of trials whose process is gone. The caller
// holds the workspace's lock, under which alone such folders are made.
func sweepTrials(scratch string) error {
	left, err := filepath.Glob(filepath.Join(scratch, trialFolders))
	for _, dir := range left {
		f, busy := lockFolder(dir)
		if busy != nil {
			continue
		}
		err = errors.Join(err, os.RemoveAll(dir), f.Close())
	}
	return err
}
