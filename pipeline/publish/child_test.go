package publish

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"doudi/pipeline/duck"
)

// publishAndDie publishes the second night and kills its own process before
// the given step; it gives an exit code where there is no such step.
func publishAndDie(root string, step int) int {
	ctx := context.Background()
	db, err := duck.Open(ctx, duck.Options{TempDir: filepath.Dir(root), Threads: 2})
	if err == nil {
		err = fill(ctx, db)
	}
	if err == nil {
		steps := 0
		err = publishNight(ctx, db, root, Options{Night: second, Now: clock, Before: func(string) error {
			if steps == step {
				syscall.Kill(os.Getpid(), syscall.SIGKILL)
				select {}
			}
			steps++
			return nil
		}}, few()...)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
