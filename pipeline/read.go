package pipeline

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"doudi/sources"
)

// read decodes and cleans every file that the raw store does not know yet. A
// file that cannot be read is a receipt that says so; an error is our own
// trouble.
func (r *run) read(ctx context.Context) error {
	set := r.settings()
	var done atomic.Int64
	big := func(in *input) bool { return in.Bytes > 32<<20 }
	fill := func(in *input, workers int) error {
		set := set
		set.Workers = workers
		defer func() { r.progress("read", done.Add(1), int64(len(r.inputs))) }()
		if in.Refused != "" {
			in.Receipts = []sources.Receipt{{
				Roll: in.Roll, Table: in.Roll, File: in.Name, Bytes: in.Bytes, Status: "refused", Note: in.Refused,
			}}
			return nil
		}
		receipts, ok := r.store.load(in.Key)
		if !ok {
			var err error
			if receipts, err = r.store.fill(ctx, in.Key, in.source(), set); err != nil {
				return fmt.Errorf("%s: %w", in.Name, err)
			}
		}
		in.Receipts = receipts
		return nil
	}
	// Big files one after the other, each with all workers; the many small
	// ones side by side.
	var small []*input
	for i := range r.inputs {
		if in := &r.inputs[i]; !big(in) {
			small = append(small, in)
		} else if err := fill(in, r.Threads); err != nil {
			return err
		}
	}
	return parallel(r.Threads, len(small), func(i int) error { return fill(small[i], 1) })
}

// parallel does n pieces of work, up to `workers` at a time, and returns the
// errors of all.
func parallel(workers, n int, do func(i int) error) error {
	var next atomic.Int64
	errs := make([]error, n)
	var wait sync.WaitGroup
	for range min(max(workers, 1), n) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				errs[i] = do(i)
			}
		})
	}
	wait.Wait()
	return errors.Join(errs...)
}
