package publish

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"doudi/pipeline/duck"
)

const partName = "part-0.parquet"

// carry links every partition of the snapshot before that stays as it is.
func (s *Snapshot) carry(ctx context.Context) error {
	if s.old == nil {
		return nil
	}
	if err := s.o.Before("carry"); err != nil {
		return err
	}
	for _, f := range s.old.all() {
		night := nightOf(f.Path)
		if night == "" || night == s.night && !s.o.Amend {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if s.retires(f, night) {
			continue
		}
		if err := s.link(f.Path, f); err != nil {
			return err
		}
		if reuse := s.old.Run.Reuse[f.Path]; reuse != "" {
			s.reuse[f.Path] = reuse
		}
	}
	return nil
}

// retires notes a partition that is let go. Files of a night come in the order
// of their paths, those of the run after the others.
func (s *Snapshot) retires(f File, night string) bool {
	dataset, _, _ := strings.Cut(f.Path, "/")
	date, err := time.Parse(time.DateOnly, night)
	if err != nil || s.o.Keeps == nil || s.o.Keeps(dataset, date) {
		return false
	}
	i := slices.IndexFunc(s.retired, func(r Retired) bool { return r.Dataset == dataset })
	if i < 0 {
		i = len(s.retired)
		s.retired = append(s.retired, Retired{Dataset: dataset})
	}
	r := &s.retired[i]
	if !slices.Contains(r.Nights, night) {
		r.Nights = append(r.Nights, night)
	}
	r.Rows += f.Rows
	return true
}

// link makes path a link to a file of the snapshot before; its hash is known.
func (s *Snapshot) link(path string, f File) error {
	to := filepath.Join(s.Dir, filepath.FromSlash(path))
	if err := s.makeFolder(filepath.Dir(to)); err != nil {
		return err
	}
	from := filepath.Join(s.oldDir, filepath.FromSlash(f.Path))
	linked, err := linkOrCopy(from, to)
	if err != nil {
		return err
	}
	if !linked {
		if sum, _, err := HashFile(to); err != nil || sum != f.SHA256 {
			return errors.Join(fmt.Errorf("%s: its copy does not have the hash of its manifest", from), err)
		}
	}
	f.Path = path
	s.mu.Lock()
	s.files[path] = f
	s.mu.Unlock()
	return nil
}

// makeFolder makes a folder of the snapshot with those above it.
func (s *Snapshot) makeFolder(dir string) error {
	if err := os.MkdirAll(dir, s.access.dir); err != nil {
		return fmt.Errorf("%s: make folder: %w", dir, bare(err))
	}
	return nil
}

// fresh makes way for a file of tonight: what lies there may be a link into
// an older snapshot and must not be written into.
func (s *Snapshot) fresh(path string) (string, error) {
	to := filepath.Join(s.Dir, filepath.FromSlash(path))
	if err := s.makeFolder(filepath.Dir(to)); err != nil {
		return "", err
	}
	if err := os.Remove(to); err != nil && !os.IsNotExist(err) {
		return "", fmt.Errorf("%s: remove: %w", to, bare(err))
	}
	s.mu.Lock()
	delete(s.files, path)
	s.mu.Unlock()
	return to, nil
}

// Clear removes tonight's part of a dataset that was carried, file by file.
func (s *Snapshot) Clear(dataset string) error {
	prefix := s.Partition(dataset) + "/"
	s.mu.Lock()
	defer s.mu.Unlock()
	for path := range s.files {
		if strings.HasPrefix(path, prefix) {
			delete(s.files, path)
		}
	}
	dir := filepath.Join(s.Dir, filepath.FromSlash(s.Partition(dataset)))
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("%s: remove: %w", dir, bare(err))
	}
	return nil
}

// Write publishes tonight's partition of a dataset and gives its rows. The
// second read goes on while the next dataset is written; Finish waits for it.
func (s *Snapshot) Write(ctx context.Context, db *duck.DB, d Dataset) (int64, error) {
	if err := s.o.Before("write " + d.Name); err != nil {
		return 0, err
	}
	types, err := s.describeAs(ctx, db, d, d.Query)
	if err != nil {
		return 0, err
	}
	path := s.Partition(d.Name) + "/" + partName
	reuse := partitionPrint(d, types)
	if rows, ok, err := s.reused(path, d.Name, reuse); ok || err != nil {
		return rows, err
	}
	to, err := s.fresh(path)
	if err != nil {
		return 0, err
	}
	want, err := figuresOf(ctx, db, d, types)
	if err != nil {
		return 0, fmt.Errorf("figures: %w", err)
	}
	query := "select " + columnList(d) + " from (" + d.Query + ") order by " + orderBy(d.Key)
	if err := db.Exec(ctx, "copy ("+query+") to "+duck.Text(to)+" (format parquet, compression zstd, compression_level 1)"); err != nil {
		return 0, fmt.Errorf("copy: %w", err)
	}
	if err := s.o.Before("read back " + d.Name); err != nil {
		return 0, err
	}
	s.mu.Lock()
	s.files[path] = File{Path: path, Rows: want.rows}
	if reuse != "" {
		s.reuse[path] = reuse
	}
	s.mu.Unlock()
	s.slots <- struct{}{}
	s.checks.Go(func() {
		defer func() { <-s.slots }()
		if err := readBack(ctx, to, d, want); err != nil {
			s.mu.Lock()
			defer s.mu.Unlock()
			if s.broken == nil {
				s.broken = fmt.Errorf("%s: second read: %w", d.Name, err)
			}
		}
	})
	return want.rows, nil
}

// Describe makes the snapshot speak of a dataset whose partitions it carries;
// query gives its columns.
func (s *Snapshot) Describe(ctx context.Context, db *duck.DB, d Dataset, query string) error {
	_, err := s.describeAs(ctx, db, d, query)
	return err
}

func (s *Snapshot) describeAs(ctx context.Context, db *duck.DB, d Dataset, query string) ([]string, error) {
	types, err := columnTypes(ctx, db, d, query)
	if err == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.datasets[d.Name] = description{d.Comment, d.Columns, types}
	}
	return types, err
}

// partitionPrint is what a partition rests on: what the caller says, a dash, and
// how it is laid out. Empty where it is always written.
func partitionPrint(d Dataset, types []string) string {
	if d.Reuse == "" {
		return ""
	}
	h := sha256.New()
	fmt.Fprintf(h, "%q %q", d.Key, types)
	for _, c := range d.Columns {
		fmt.Fprintf(h, " %q", c.Name)
	}
	return d.Reuse + "-" + hex.EncodeToString(h.Sum(nil))[:16]
}

// reused links a published partition of the same dataset that rests on the
// same, where there is one. It is hashed first: damage is not handed on to
// another night, it is written anew.
func (s *Snapshot) reused(path, dataset, reuse string) (int64, bool, error) {
	if reuse == "" || s.old == nil {
		return 0, false, nil
	}
	for _, f := range slices.Backward(s.old.all()) {
		if !strings.HasPrefix(f.Path, dataset+"/") || s.old.Run.Reuse[f.Path] != reuse {
			continue
		}
		sum, _, err := HashFile(filepath.Join(s.oldDir, filepath.FromSlash(f.Path)))
		if err != nil || sum != f.SHA256 {
			continue
		}
		if _, err := s.fresh(path); err != nil {
			return 0, false, err
		}
		s.mu.Lock()
		s.reuse[path] = reuse
		s.mu.Unlock()
		return f.Rows, true, s.link(path, f)
	}
	return 0, false, nil
}

// publishable are the types that every reader of Parquet reads alike: flat, no
// floating point, no moment in time, no whole number beyond 64 bits.
var publishable = regexp.MustCompile(`^(VARCHAR|BOOLEAN|DATE|TINYINT|SMALLINT|INTEGER|BIGINT|DECIMAL\((\d|1[0-8]),\d+\))$`)

// columnTypes are the types of a dataset's columns, which must be those that
// its query gives, in their order.
func columnTypes(ctx context.Context, db *duck.DB, d Dataset, query string) ([]string, error) {
	columns, err := db.Describe(ctx, query)
	if err != nil {
		return nil, err
	}
	var got, want, types []string
	for _, c := range columns {
		got, types = append(got, c.Name), append(types, c.Type)
	}
	for _, c := range d.Columns {
		want = append(want, c.Name)
	}
	if !slices.Equal(got, want) {
		return nil, fmt.Errorf("its query gives %s, it has %s", strings.Join(got, ", "), strings.Join(want, ", "))
	}
	for i, t := range types {
		if !publishable.MatchString(t) {
			return nil, fmt.Errorf("column %s is %s, which is never published", got[i], t)
		}
	}
	return types, nil
}

func columnList(d Dataset) string {
	names := make([]string, len(d.Columns))
	for i, c := range d.Columns {
		names[i] = duck.Ident(c.Name)
	}
	return strings.Join(names, ", ")
}

func orderBy(key []string) string {
	terms := make([]string, len(key))
	for i, k := range key {
		terms[i] = duck.Ident(k) + " nulls last"
	}
	return strings.Join(terms, ", ")
}
