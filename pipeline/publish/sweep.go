package publish

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Sweep removes what broken runs left in <publish> and mends `current` where
// it is gone or leads nowhere: it points again to the latest whole snapshot.
// The caller holds the workspace's lock.
func Sweep(root string) error {
	if _, err := os.Stat(filepath.Join(root, snapshotsDir)); os.IsNotExist(err) {
		return nil
	}
	return sweep(root, func(string) error { return nil })
}

func sweep(root string, before func(string) error) error {
	dir := filepath.Join(root, snapshotsDir)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("%s: list: %w", dir, bare(err))
	}
	live, err := currentDir(root)
	if err != nil && err != ErrNone {
		return err
	}
	for _, e := range entries {
		name, ok := markedName(e.Name())
		if !ok {
			continue
		}
		if err := before("sweep " + name); err != nil {
			return err
		}
		if name == filepath.Base(live) { // switched, then broken off
			err = unmark(root, name)
		} else {
			err = discard(root, name)
		}
		if err != nil {
			return err
		}
	}
	next := filepath.Join(root, nextLink)
	if err := os.Remove(next); err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("%s: remove: %w", next, bare(err))
	}
	if live != "" {
		return nil
	}
	return mend(root, before)
}

// mend points `current` to the latest whole snapshot, if there is one.
func mend(root string, before func(string) error) error {
	names, err := published(root)
	if err != nil {
		return err
	}
	for _, name := range slices.Backward(names) {
		if _, err := ReadManifest(filepath.Join(root, snapshotsDir, name)); err != nil {
			continue
		}
		if err := before("mend current"); err != nil {
			return err
		}
		if err := point(root, name); err != nil {
			return err
		}
		return syncDir(root)
	}
	return nil
}

// retire removes the old snapshots that had their time: beyond the keep
// youngest, and at least as old as keepFor.
func retire(root string, o Options) error {
	live, err := currentDir(root)
	if err != nil {
		return err
	}
	names, err := published(root)
	if err != nil {
		return err
	}
	names = slices.DeleteFunc(names, func(name string) bool { return name == filepath.Base(live) })
	names = names[:max(0, len(names)-o.Keep)]
	for _, name := range names {
		dir := filepath.Join(root, snapshotsDir, name)
		age, err := age(dir, o.Now)
		if err != nil {
			return err
		}
		if age < o.KeepFor {
			continue
		}
		if err := o.Before("retire " + name); err != nil {
			return err
		}
		if err := mark(root, name); err != nil {
			return err
		}
		if err := o.Before("remove " + name); err != nil {
			return err
		}
		if err := discard(root, name); err != nil {
			return err
		}
	}
	return nil
}

// age of a snapshot: since its folder got its last entry, which is when it
// was published; 0 where the clock has gone back since.
func age(dir string, now time.Time) (time.Duration, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return 0, fmt.Errorf("%s: look at: %w", dir, bare(err))
	}
	return max(0, now.Sub(info.ModTime())), nil
}

// regular walks the files under a folder; anything that is neither file nor
// folder is an error.
func regular(dir string, visit func(rel string, isDir bool, info fs.FileInfo) error) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("%s: list: %w", path, bare(err))
		}
		info, err := d.Info()
		if err != nil {
			return fmt.Errorf("%s: look at: %w", path, bare(err))
		}
		if !d.IsDir() && !info.Mode().IsRegular() {
			return fmt.Errorf("%s: is neither a file nor a folder", path)
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		return visit(filepath.ToSlash(rel), d.IsDir(), info)
	})
}
