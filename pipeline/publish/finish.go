package publish

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// Night is what a finished night says of itself.
type Night struct {
	Program     string
	Models      string // versions of the models and of DuckDB
	Engine      string
	Steps       []Step // what of the run was done when this was written
	Fingerprint string // of all that decided what is published
	Inputs      []Input
	Seconds     float64
}

// Finish waits for the second reads, describes and hashes the snapshot, forces
// it to the disk, and makes it the current one. Before the switch any error
// leaves the old snapshot current. After it the night is published, whatever
// the error says could not be done.
func (s *Snapshot) Finish(ctx context.Context, n Night) error {
	s.checks.Wait()
	if s.broken != nil {
		return s.broken
	}
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"describe", s.describe},
		{"modes", s.setModes},
		{"hash", s.hash},
		{"manifest", func(context.Context) error { return s.writeManifest(n) }},
		{"sync", func(context.Context) error { return s.disk.sync(s.Dir) }},
		{"switch", func(context.Context) error { return point(s.root, s.name) }},
	} {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.o.Before(step.name); err != nil {
			return err
		}
		if err := step.do(ctx); err != nil {
			return err
		}
	}
	s.closed = true // from here on the folder is not ours to remove
	defer s.disk.close()
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"sync switch", func() error { return syncDir(s.root) }},
		{"unmark", func() error { return unmark(s.root, s.name) }},
		{"retire", func() error { return retire(s.root, s.o) }},
	} {
		if err := s.o.Before(step.name); err != nil {
			return fmt.Errorf("night %s is published, but: %w", s.night, err)
		}
		if err := step.do(); err != nil {
			return fmt.Errorf("night %s is published, but: %w", s.night, err)
		}
	}
	return nil
}

// setModes gives every file and folder of the snapshot to those who may read
// it.
func (s *Snapshot) setModes(context.Context) error {
	if err := s.access.give(s.Dir, s.access.dir); err != nil {
		return err
	}
	return regular(s.Dir, func(rel string, isDir bool, info fs.FileInfo) error {
		mode := s.access.file
		if isDir {
			mode = s.access.dir
		}
		if info.Mode().Perm() == mode && s.access.gid < 0 {
			return nil
		}
		return s.access.give(filepath.Join(s.Dir, filepath.FromSlash(rel)), mode)
	})
}

// hash hashes what was written tonight, two files at a time.
func (s *Snapshot) hash(context.Context) error {
	var paths []string
	err := regular(s.Dir, func(rel string, isDir bool, _ fs.FileInfo) error {
		if !isDir && s.files[rel].SHA256 == "" {
			paths = append(paths, rel)
		}
		return nil
	})
	if err != nil {
		return err
	}
	errs := make([]error, len(paths))
	slots := make(chan struct{}, 2)
	var wait sync.WaitGroup
	for i, path := range paths {
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			sum, size, err := HashFile(filepath.Join(s.Dir, filepath.FromSlash(path)))
			s.mu.Lock()
			defer s.mu.Unlock()
			s.files[path], errs[i] = File{path, sum, size, s.files[path].Rows}, err
		})
	}
	wait.Wait()
	return errors.Join(errs...)
}

func (s *Snapshot) writeManifest(n Night) error {
	if s.o.Amend {
		n.Inputs = s.old.Inputs
	}
	m := Manifest{Program: n.Program, Inputs: n.Inputs, Run: Run{
		Night: s.night, Seconds: n.Seconds, Models: n.Models, Engine: n.Engine, Steps: n.Steps, Nights: map[string]string{}, Reuse: s.reuse,
	}}
	if s.old != nil {
		for night, fingerprint := range s.old.Run.Nights {
			m.Run.Nights[night] = fingerprint
		}
	}
	m.Run.Nights[s.night] = n.Fingerprint
	for _, f := range s.files {
		if ofRun(f.Path) {
			m.Run.Files = append(m.Run.Files, f)
		} else {
			m.Files = append(m.Files, f)
		}
	}
	byPath := func(a, b File) int { return strings.Compare(a.Path, b.Path) }
	slices.SortFunc(m.Files, byPath)
	slices.SortFunc(m.Run.Files, byPath)
	data, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return err
	}
	path := filepath.Join(s.Dir, manifestName)
	if err := os.WriteFile(path, append(data, '\n'), s.access.file); err != nil {
		return fmt.Errorf("%s: write: %w", path, bare(err))
	}
	return s.access.give(path, s.access.file)
}
