package publish

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// disk is the file system that holds <publish>. It is opened before anything
// is written: a write that the disk loses later is reported to those who held
// it open at the time.
type disk struct{ root *os.File }

func openDisk(root string) (*disk, error) {
	f, err := os.Open(root)
	if err != nil {
		return nil, fmt.Errorf("%s: open: %w", root, bare(err))
	}
	return &disk{f}, nil
}

func (d *disk) close() { d.root.Close() }

// syncDir forces a folder's entries, or a file, to the disk.
func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("%s: open: %w", dir, bare(err))
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return fmt.Errorf("%s: sync: %w", dir, bare(err))
	}
	return nil
}

// syncTree forces dir, what is in it and its entry in the folder above to the
// disk, one by one.
func syncTree(dir string) error {
	if err := syncDir(filepath.Dir(dir)); err != nil {
		return err
	}
	return regular(dir, func(rel string, _ bool, _ fs.FileInfo) error {
		return syncDir(filepath.Join(dir, filepath.FromSlash(rel)))
	})
}

// point makes `current` the given snapshot by one rename. The rename still has
// to be forced to the disk: syncDir(root).
func point(root, name string) error {
	next := filepath.Join(root, nextLink)
	if err := os.Remove(next); err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("%s: remove: %w", next, bare(err))
	}
	if err := os.Symlink(filepath.Join(snapshotsDir, name), next); err != nil {
		return fmt.Errorf("%s: link: %w", next, bare(err))
	}
	if err := os.Rename(next, filepath.Join(root, currentLink)); err != nil {
		return fmt.Errorf("%s: switch: %w", filepath.Join(root, currentLink), bare(err))
	}
	return nil
}

// linkOrCopy makes to the same file as from, or, where the file system has no
// hard links or no more of them, a copy.
func linkOrCopy(from, to string) (linked bool, err error) {
	if os.Link(from, to) == nil {
		return true, nil
	}
	in, err := os.Open(from)
	if err != nil {
		return false, fmt.Errorf("%s: open: %w", from, bare(err))
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return false, fmt.Errorf("%s: create: %w", to, bare(err))
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return false, fmt.Errorf("%s: copy: %w", to, bare(err))
	}
	if err := out.Close(); err != nil {
		return false, fmt.Errorf("%s: copy: %w", to, bare(err))
	}
	return false, nil
}
