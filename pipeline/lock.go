package pipeline

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// lock is held by one run at a time.
type lock struct{ file *os.File }

// takeLock takes the workspace's lock, or says since when and by which
// process it is held. The kernel lets go of it when the process ends, however
// it ends.
func takeLock(dir string, now time.Time) (*lock, error) {
	path := filepath.Join(dir, "lock")
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		defer f.Close()
		holder, _ := os.ReadFile(path)
		pid, since, _ := strings.Cut(strings.TrimSpace(string(holder)), " ")
		return nil, &Held{Reasons: []string{fmt.Sprintf("另一次运行正在进行：进程 %s，始于 %s。请等它结束", pid, since)}}
	}
	if err := f.Truncate(0); err != nil {
		return nil, err
	}
	if _, err := fmt.Fprintf(f, "%d %s\n", os.Getpid(), now.Format("2006-01-02 15:04:05")); err != nil {
		return nil, err
	}
	return &lock{f}, nil
}

func (l *lock) release() { l.file.Close() }
