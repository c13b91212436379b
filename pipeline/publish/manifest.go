package publish

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

const manifestName = "manifest.json"

// Manifest is manifest.json: every file of a snapshot with its hash, what the
// night was made from, and by which program.
type Manifest struct {
	Files   []File  `json:"files"`
	Inputs  []Input `json:"inputs"`
	Program string  `json:"program"`
	Run     Run     `json:"run"`
}

// File is a published file.
type File struct {
	Path   string `json:"path"` // relative to the snapshot, with slashes
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
	Rows   int64  `json:"rows"` // of Parquet; 0 of other files
}

// Input is a file that the night was made from.
type Input struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Rows   int64  `json:"rows"`
}

// Run is what of a snapshot is not a function of the inputs alone.
type Run struct {
	Night   string  `json:"night"`
	Seconds float64 `json:"seconds"`
	Files   []File  `json:"files"`
	Models  string  `json:"models,omitempty"`
	Engine  string  `json:"engine,omitempty"`
	Steps   []Step  `json:"steps,omitempty"`
	// Nights holds the fingerprint of each published night: of all that
	// decided what it published.
	Nights map[string]string `json:"nights"`
	// Reuse holds the fingerprint of each partition that another night may
	// link instead of writing its own.
	Reuse map[string]string `json:"reuse,omitempty"`
}

// Step is one step of the run, or a table it made, as the dataset runs has it.
type Step struct {
	Step      string  `json:"step"`
	Seconds   float64 `json:"seconds"`
	Rows      int64   `json:"rows"`
	PeakBytes int64   `json:"peak_bytes"`
	Note      string  `json:"note,omitempty"`
}

// ErrNoManifest means that a snapshot's manifest is gone or damaged.
var ErrNoManifest = errors.New("the manifest cannot be read")

// ReadManifest reads the manifest of a snapshot's folder; ErrNoManifest where
// it cannot.
func ReadManifest(dir string) (*Manifest, error) {
	path := filepath.Join(dir, manifestName)
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", path, ErrNoManifest, bare(err))
	}
	var m Manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", path, ErrNoManifest, err)
	}
	return &m, nil
}

// Nights are the nights of the snapshot, earliest first.
func (m *Manifest) Nights() []time.Time {
	var nights []time.Time
	for text := range m.Run.Nights {
		if night, err := time.Parse(time.DateOnly, text); err == nil {
			nights = append(nights, night)
		}
	}
	slices.SortFunc(nights, time.Time.Compare)
	return nights
}

// all are the files of the manifest, those of the run too.
func (m *Manifest) all() []File { return append(slices.Clone(m.Files), m.Run.Files...) }

// ofRun says whether a file may differ between two runs of the same inputs.
func ofRun(path string) bool {
	return path == databaseName || strings.HasPrefix(path, "runs/") || strings.HasPrefix(path, "reports/")
}

// nightOf is the night of a partition's path, "" for a file of no night.
func nightOf(path string) string {
	_, rest, ok := strings.Cut(path, "/night=")
	if !ok {
		return ""
	}
	night, _, _ := strings.Cut(rest, "/")
	return night
}

// Fingerprint is that of a published night; "" where it is not published.
func Fingerprint(root string, night time.Time) (string, error) {
	m, err := currentManifest(root)
	if m == nil || err != nil {
		return "", err
	}
	return m.Run.Nights[night.Format(time.DateOnly)], nil
}

// Before is a hash over the partitions that a night rests on besides its own
// lists.
func Before(root string, restsOn func(dataset string, night time.Time) bool) (string, error) {
	m, err := currentManifest(root)
	if err != nil {
		return "", err
	}
	if m == nil {
		m = &Manifest{}
	}
	h := sha256.New()
	for _, f := range m.Files {
		dataset, _, _ := strings.Cut(f.Path, "/")
		if night, err := time.Parse(time.DateOnly, nightOf(f.Path)); err == nil && restsOn(dataset, night) {
			fmt.Fprintln(h, f.Path, f.SHA256)
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Resting gives the latest published night of which every one of the datasets
// rests on the same (Dataset.Reuse), with the snapshot it stands in; zero where
// there is none. The files are hashed first: what is damaged rests on nothing.
func Resting(root, reuse string, datasets ...string) (snapshot string, night time.Time, err error) {
	m, err := currentManifest(root)
	if m == nil || err != nil {
		return "", time.Time{}, err
	}
	if snapshot, err = currentDir(root); err != nil {
		return "", time.Time{}, err
	}
	sums := map[string]string{}
	for _, f := range m.Files {
		sums[f.Path] = f.SHA256
	}
	sound := func(night time.Time) bool {
		for _, dataset := range datasets {
			path := partition(dataset, night.Format(time.DateOnly)) + "/" + partName
			if !strings.HasPrefix(m.Run.Reuse[path], reuse+"-") {
				return false
			}
			if sum, _, err := HashFile(filepath.Join(snapshot, filepath.FromSlash(path))); err != nil || sum != sums[path] {
				return false
			}
		}
		return true
	}
	for _, night := range slices.Backward(m.Nights()) {
		if sound(night) {
			return snapshot, night, nil
		}
	}
	return "", time.Time{}, nil
}

func currentManifest(root string) (*Manifest, error) {
	dir, err := currentDir(root)
	if err == ErrNone {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return ReadManifest(dir)
}

// HashFile gives a file's SHA-256 and size. It does not wait at a pipe.
func HashFile(path string) (sum string, size int64, err error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return "", 0, fmt.Errorf("%s: open: %w", path, bare(err))
	}
	defer f.Close()
	h := sha256.New()
	if size, err = io.Copy(h, f); err != nil {
		return "", 0, fmt.Errorf("%s: read: %w", path, bare(err))
	}
	return hex.EncodeToString(h.Sum(nil)), size, nil
}
