package pipeline

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// neededDir holds beside the raw store, a file a snapshot, the keys of what the
// snapshot was made from.
const neededDir = "needed"

func (r *run) keys() []string {
	var keys []string
	for _, in := range r.inputs {
		if in.Key != "" {
			keys = append(keys, in.Key)
		}
	}
	return keys
}

// noteNeeded notes what tonight's snapshot was made from.
func (r *run) noteNeeded() error {
	notes := filepath.Join(r.workspace.Scratch(), neededDir)
	if err := os.MkdirAll(notes, 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(notes, filepath.Base(r.snapshot.Dir)), []byte(strings.Join(r.keys(), "\n")), 0o600)
}

// sweepStore drops the raw files that neither tonight nor a kept snapshot was
// made from, whether tonight was published or not: a month of held nights must
// not fill the disk. Of the older snapshots the latest come first, and theirs
// stays only up to the size of what tonight and the last good night need; that of
// these two always stays.
func (r *run) sweepStore() error {
	notes := filepath.Join(r.workspace.Scratch(), neededDir)
	entries, err := os.ReadDir(notes)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	keep := map[string]bool{}
	for _, key := range r.keys() {
		keep[key] = true
	}
	room, last := int64(0), true
	for _, e := range slices.Backward(entries) { // by name, which begins with a running number
		note := filepath.Join(notes, e.Name())
		if _, err := os.Stat(filepath.Join(r.workspace.Publish, "snapshots", e.Name())); errors.Is(err, os.ErrNotExist) {
			if err := os.Remove(note); err != nil {
				return err
			}
			continue
		}
		data, err := os.ReadFile(note)
		if err != nil {
			return err
		}
		needed := slices.DeleteFunc(strings.Split(string(data), "\n"), func(key string) bool { return key == "" || !last && keep[key] })
		size, err := r.store.size(needed)
		if err != nil {
			return err
		}
		if last {
			if room, err = r.store.size(slices.Concat(needed, r.keys())); err != nil {
				return err
			}
		} else if room -= size; room < 0 {
			room = 0
			continue
		}
		last = false
		for _, key := range needed {
			keep[key] = true
		}
	}
	return r.store.sweep(keep)
}

// size is what entries take, in bytes, each once; one that is not there takes
// nothing.
func (s *store) size(keys []string) (int64, error) {
	var bytes int64
	for _, key := range slices.Compact(slices.Sorted(slices.Values(keys))) {
		below, err := bytesBelow(s.entry(key))
		if err != nil {
			return 0, err
		}
		bytes += below
	}
	return bytes, nil
}
