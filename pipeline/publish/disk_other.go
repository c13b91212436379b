//go:build !linux

package publish

// sync forces a snapshot to the disk, file by file and folder by folder.
func (d *disk) sync(dir string) error { return syncTree(dir) }
