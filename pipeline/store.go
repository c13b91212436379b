package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"doudi/sources"
)

// store is the raw store: what each file said, decoded and cleaned, kept
// under a hash of its bytes and of all that decides how they are read. An
// unchanged file is never decoded twice.
type store struct{ dir string }

// entryKey names the entry of a file: its bytes, its name (which may give the
// place, the month, the benefit), the kind it is read as, doudi.yaml's columns,
// words and places, and the version of the reading code.
func entryKey(sha256sum string, in sources.Input, reading string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%d\x00%s\x00%s\x00%s\x00%s\x00", sources.Version, sha256sum, in.Name, in.Kind, reading)
	headers := make([]string, 0, len(in.Columns))
	for header := range in.Columns {
		headers = append(headers, header)
	}
	sort.Strings(headers)
	for _, header := range headers {
		fmt.Fprintf(h, "%s\x00%s\x00", header, in.Columns[header])
	}
	if in.Password != "" {
		fmt.Fprintf(h, "password\x00%s", in.Password)
	}
	if in.Memo != "" {
		fmt.Fprintf(h, "memo\x00%s", in.MemoSHA256)
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}

const receiptsName = "receipts.json"

// entry is the folder of a key.
func (s *store) entry(key string) string { return filepath.Join(s.dir, key) }

// load gives the receipts of an entry that is there.
func (s *store) load(key string) ([]sources.Receipt, bool) {
	data, err := os.ReadFile(filepath.Join(s.entry(key), receiptsName))
	if err != nil {
		return nil, false
	}
	var receipts []sources.Receipt
	if json.Unmarshal(data, &receipts) != nil {
		return nil, false
	}
	for _, r := range receipts {
		for _, name := range append(slices.Clone(r.Records), r.Rejects...) {
			if _, err := os.Stat(filepath.Join(s.entry(key), name)); err != nil {
				return nil, false
			}
		}
	}
	return receipts, true
}

// fill reads a file into a new entry: aside first, then under its name.
func (s *store) fill(ctx context.Context, key string, in sources.Input, set sources.Settings) ([]sources.Receipt, error) {
	aside, err := os.MkdirTemp(s.dir, "aside-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(aside)
	receipts, err := sources.Read(ctx, in, set, aside)
	if err != nil {
		return nil, err
	}
	data, err := json.MarshalIndent(receipts, "", " ")
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(aside, receiptsName), data, 0o600); err != nil {
		return nil, err
	}
	if err := os.RemoveAll(s.entry(key)); err != nil {
		return nil, err
	}
	return receipts, os.Rename(aside, s.entry(key))
}

// clear removes what a broken run left aside.
func (s *store) clear() error {
	left, err := filepath.Glob(filepath.Join(s.dir, "aside-*"))
	for _, dir := range left {
		err = errors.Join(err, os.RemoveAll(dir))
	}
	return err
}

// sweep removes the entries that are not among keep.
func (s *store) sweep(keep map[string]bool) error {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !keep[e.Name()] && !strings.HasPrefix(e.Name(), "aside-") {
			err = errors.Join(err, os.RemoveAll(filepath.Join(s.dir, e.Name())))
		}
	}
	return err
}
