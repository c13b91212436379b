package publish

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// sync forces everything written so far to the disk, folders too: one call
// instead of one for each of thousands of files. Where the kernel has no such
// call, or a sandbox forbids it, it is one for each after all.
func (d *disk) sync(dir string) error {
	err := unix.Syncfs(int(d.root.Fd()))
	if errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.EPERM) || errors.Is(err, unix.EINVAL) {
		return syncTree(dir)
	}
	if err != nil {
		return fmt.Errorf("%s: sync: %w", d.root.Name(), err)
	}
	return nil
}
