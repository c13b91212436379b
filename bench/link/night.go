package main

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"doudi/pipeline"

	"golang.org/x/sys/unix"
)

// night runs one night over a county as `doudi run` does, in a way.
func night(ctx context.Context, dir string, w way) (*cost, error) {
	for _, made := range []string{"out", ".doudi"} {
		if err := os.RemoveAll(filepath.Join(dir, made)); err != nil {
			return nil, err
		}
	}
	models, err := w.models()
	if err != nil {
		return nil, err
	}
	c := &cost{tables: map[string]time.Duration{}, last: cpu()}
	_, err = pipeline.Run(ctx, pipeline.Night{
		Dir: dir, Now: time.Now(), Program: "bench", Log: slog.New(c), Models: models,
	})
	c.peakBytes = peak()
	return c, err
}

// cost takes from the log of a night how much of the processor each table took:
// the ledger of a night has seconds on the wall, which on a shared machine say
// little.
type cost struct {
	slog.Handler
	tables    map[string]time.Duration
	last      time.Duration
	peakBytes int64
}

func (*cost) Enabled(context.Context, slog.Level) bool { return true }

func (c *cost) Handle(_ context.Context, r slog.Record) error {
	now := cpu()
	if r.Message == "table" {
		r.Attrs(func(a slog.Attr) bool {
			if a.Key == "name" {
				c.tables[a.Value.String()] += now - c.last
			}
			return true
		})
	}
	c.last = now
	return nil
}

// linking is what all tables of a name's beginning took.
func (c *cost) linking(prefix string) time.Duration {
	var all time.Duration
	for table, took := range c.tables {
		if strings.HasPrefix(table, prefix) {
			all += took
		}
	}
	return all
}

// print gives the cost of linking, and the speed of scoring: of comparing the
// candidates, and of weighing and deciding them.
func (c *cost) print(candidates int) {
	scoring := c.tables["link.candidates"] + c.tables["link.weights"] + c.tables["link.decided"]
	fmt.Printf("cost: linking %.1f CPU s (tables link.*), of which scoring %d candidates %.2f s, %.2f M a CPU second; peak %d MB\n",
		c.linking("link.").Seconds(), candidates, scoring.Seconds(), float64(candidates)/scoring.Seconds()/1e6, c.peakBytes>>20)
	var link []string
	for table := range c.tables {
		if strings.HasPrefix(table, "link.") {
			link = append(link, table)
		}
	}
	slices.SortFunc(link, func(a, b string) int { return cmp.Or(cmp.Compare(c.tables[b], c.tables[a]), cmp.Compare(a, b)) })
	fmt.Print("  dearest:")
	for _, table := range link[:min(5, len(link))] {
		fmt.Printf(" %s %.2f s", table, c.tables[table].Seconds())
	}
	fmt.Println()
}

// cpu is what this process has used of the processor.
func cpu() time.Duration {
	u := usage()
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// peak is the most memory the process has held, of all nights so far.
func peak() int64 { return usage().Maxrss << 10 }

func usage() unix.Rusage {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		panic(err) // of one's own process, it cannot
	}
	return u
}
