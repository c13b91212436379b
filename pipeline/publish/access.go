package publish

import (
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"strconv"
)

// access is who may read what is published: its owner, or a group besides.
type access struct {
	dir, file fs.FileMode
	gid       int // -1 where the group stays as it is
}

func accessFor(group string) (access, error) {
	if group == "" {
		return access{0o700, 0o600, -1}, nil
	}
	g, err := user.LookupGroup(group)
	if err != nil {
		return access{}, fmt.Errorf("publish_group %s: %w", group, err)
	}
	gid, err := strconv.Atoi(g.Gid)
	if err != nil {
		return access{}, fmt.Errorf("publish_group %s: %w", group, err)
	}
	return access{0o750, 0o640, gid}, nil
}

// give sets a file's or folder's mode and group.
func (a access) give(path string, mode fs.FileMode) error {
	if err := os.Chmod(path, mode); err != nil {
		return fmt.Errorf("%s: set mode: %w", path, bare(err))
	}
	if a.gid < 0 {
		return nil
	}
	if err := os.Chown(path, -1, a.gid); err != nil {
		return fmt.Errorf("%s: set group: %w", path, bare(err))
	}
	return nil
}
