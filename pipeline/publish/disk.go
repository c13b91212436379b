package publish

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// disk is the file system that holds <publish>.
type disk struct{ root *os.File }

func openDisk(root string) (*disk, error) {
	f, err := os.Open(root)
	if err != nil {
		return nil, fmt.Errorf("%s: open: %w", root, bare(err))
	}
	return &disk{f}, nil
}

func (d *disk) close() { d.root.Close() }

// sync forces everything written so far to the disk, folders too: one call
// instead of one for each of thousands of files.
func (d *disk) sync() error {
	if err := unix.Syncfs(int(d.root.Fd())); err != nil {
		return fmt.Errorf("%s: sync: %w", d.root.Name(), err)
	}
	return nil
}

// syncDir forces a folder's entries to the disk.
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

// point makes `current` the given snapshot by one rename.
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
	return syncDir(root)
}

// linkOrCopy makes to the same file as from, or, where the file system has no
// hard links, a copy.
func linkOrCopy(from, to string) error {
	if os.Link(from, to) == nil {
		return nil
	}
	in, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("%s: open: %w", from, bare(err))
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("%s: create: %w", to, bare(err))
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return fmt.Errorf("%s: copy: %w", to, bare(err))
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("%s: copy: %w", to, bare(err))
	}
	return nil
}
