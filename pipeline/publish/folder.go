package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	snapshotsDir = "snapshots"
	currentLink  = "current"
	nextLink     = ".current.next"
	unfinished   = ".unfinished"
)

// ErrNone means that nothing is published yet.
var ErrNone = errors.New("nothing is published yet")

// Current gives the absolute folder of the current snapshot and the nights in
// it, earliest first; none where nothing is published.
func Current(root string) (dir string, nights []time.Time, err error) {
	dir, err = currentDir(root)
	if err == ErrNone {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	m, err := ReadManifest(dir)
	if err != nil {
		return "", nil, err
	}
	return dir, m.Nights(), nil
}

// currentDir resolves `current` once.
func currentDir(root string) (string, error) {
	link := filepath.Join(root, currentLink)
	dir, err := filepath.EvalSymlinks(link)
	if errors.Is(err, fs.ErrNotExist) {
		return "", ErrNone
	}
	if err != nil {
		return "", fmt.Errorf("%s: resolve: %w", link, bare(err))
	}
	return filepath.Abs(dir)
}

// prepare makes <publish> and its folder of snapshots, and gives its real
// absolute path: doudi.duckdb must not break when a link on the way moves.
func prepare(root string, who access) (string, error) {
	for _, dir := range []string{root, filepath.Join(root, snapshotsDir)} {
		if err := os.MkdirAll(dir, who.dir); err != nil {
			return "", fmt.Errorf("%s: make folder: %w", dir, bare(err))
		}
		if err := who.give(dir, who.dir); err != nil {
			return "", err
		}
	}
	real, err := filepath.EvalSymlinks(root)
	if err != nil {
		return "", fmt.Errorf("%s: resolve: %w", root, bare(err))
	}
	if real, err = filepath.Abs(real); err != nil {
		return "", err
	}
	if strings.Contains(real, "?") { // DuckDB takes it for the start of options
		return "", fmt.Errorf("%s: doudi.duckdb cannot be written under a path with a question mark; choose another folder to publish into", real)
	}
	return real, nil
}

// nextName is a name that no visible snapshot ever had: one more than the
// highest number there is, and the moment for people to read.
func nextName(root string, now time.Time) (string, error) {
	names, err := published(root)
	if err != nil {
		return "", err
	}
	highest := 0
	for _, name := range names {
		highest = max(highest, number(name))
	}
	return fmt.Sprintf("%06d-%s", highest+1, now.UTC().Format("20060102T150405Z")), nil
}

// number is the running number of a snapshot's name, 0 for any other name.
func number(name string) int {
	digits, _, _ := strings.Cut(name, "-")
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

// published lists the names of the snapshots that are or were current,
// lowest number first.
func published(root string) ([]string, error) {
	dir := filepath.Join(root, snapshotsDir)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("%s: list: %w", dir, bare(err))
	}
	marked := map[string]bool{}
	var names []string
	for _, e := range entries {
		if name, ok := markedName(e.Name()); ok {
			marked[name] = true
		}
	}
	for _, e := range entries {
		if e.IsDir() && number(e.Name()) > 0 && !marked[e.Name()] {
			names = append(names, e.Name())
		}
	}
	slices.SortFunc(names, func(a, b string) int { return number(a) - number(b) })
	return names, nil
}

// A snapshot that is not whole has a mark beside it: from before its folder
// is made until `current` points to it, and again while an old one is being
// removed. So a folder without a mark is whole, and never taken for rubbish.

func markPath(root, name string) string {
	return filepath.Join(root, snapshotsDir, "."+name+unfinished)
}

func markedName(entry string) (string, bool) {
	name, ok := strings.CutSuffix(entry, unfinished)
	return strings.TrimPrefix(name, "."), ok && strings.HasPrefix(name, ".")
}

func mark(root, name string) error {
	path := markPath(root, name)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("%s: mark: %w", path, bare(err))
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("%s: mark: %w", path, bare(err))
	}
	return syncDir(filepath.Dir(path))
}

func unmark(root, name string) error {
	path := markPath(root, name)
	if err := os.Remove(path); err != nil {
		return fmt.Errorf("%s: unmark: %w", path, bare(err))
	}
	return nil
}

// discard removes a marked snapshot, the mark last.
func discard(root, name string) error {
	dir := filepath.Join(root, snapshotsDir, name)
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("%s: remove: %w", dir, bare(err))
	}
	return unmark(root, name)
}

// bare takes the path out of a file system's error: our errors begin with it.
func bare(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		return link.Err
	}
	return err
}
