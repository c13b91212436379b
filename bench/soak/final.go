package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// litter is what lies about after a night.
type litter struct {
	scratch, scratchBytes int64 // files in .doudi
	snapshots             int64
	pulled                int64 // files in pulled
}

func (c *county) count() (litter, error) {
	var l litter
	for path, to := range map[string][2]*int64{".doudi": {&l.scratch, &l.scratchBytes}, "pulled": {&l.pulled, new(int64)}} {
		err := filepath.WalkDir(filepath.Join(c.space, path), func(_ string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			info, err := d.Info()
			if err == nil {
				*to[0]++
				*to[1] += info.Size()
			}
			return err
		})
		if err != nil {
			return l, err
		}
	}
	entries, err := os.ReadDir(filepath.Join(c.space, "out", "snapshots"))
	l.snapshots = int64(len(entries))
	return l, err
}

func median(of []int64) int64 {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[len(sorted)/2]
}

// final holds what 60 nights left against what they should have left.
func (c *county) final(nights int) error {
	must := func(ok bool, format string, args ...any) {
		fmt.Printf(format+"\n", args...)
		if !ok {
			c.wrong = append(c.wrong, fmt.Sprintf(format, args...))
		}
	}
	out, code, _, err := c.run("verify")
	if err != nil {
		return err
	}
	must(code == 0, "verify: exit %d: %s", code, tail(out))
	out, _, _, err = c.run("sql", "--format", "csv", "select count(distinct night) from gates")
	if err != nil {
		return err
	}
	must(strings.HasSuffix(strings.TrimSpace(out), fmt.Sprint("\n", nights)), "published nights: %s of %d", strings.TrimPrefix(strings.TrimSpace(out), "count(DISTINCT night)\n"), nights)
	out, _, _, err = c.run("sql", "--format", "csv", "select gate, count(*) as measured, count(*) filter (tripped) as tripped from gates group by gate order by gate")
	if err != nil {
		return err
	}
	fmt.Print("gates of the published nights:\n", out)
	fmt.Printf("%d faults on the lines, %d runs killed, %d runs refused and run again, %d times a last whole copy was read\n",
		c.servers.faults, c.kills, c.refusedRuns, c.fromCopy)

	third := max(1, nights/3)
	few := max(1, third/2)
	fmt.Printf("%d nights of sound lists were held by a gate, looked at and let through: %s\n", len(c.accepted), strings.Join(c.accepted, "; "))

	part := max(1, len(c.peaks)/3)
	early, late := median(c.peaks[:part]), median(c.peaks[len(c.peaks)-part:])
	must(late*4 <= early*5, "memory of a night: %d MB in the first third, %d MB in the last, %d MB at most", early>>20, late>>20, slices.Max(c.peaks)>>20)
	for name, of := range map[string]func(litter) int64{
		"files in .doudi": func(l litter) int64 { return l.scratch }, "KB in .doudi": func(l litter) int64 { return l.scratchBytes >> 10 },
		"files in pulled": func(l litter) int64 { return l.pulled }, "snapshots": func(l litter) int64 { return l.snapshots },
	} {
		var all []int64
		for _, l := range c.litter {
			all = append(all, of(l))
		}
		early, late := median(all[third-few:third]), median(all[len(all)-few:])
		limit := early * 3 / 2
		if name == "snapshots" {
			limit = 4 // keep: 3, and the current one
		}
		// Before there are as many snapshots as are kept, everything grows.
		must(late <= limit || len(all) < 15, "%s: %d early, %d late, %d at most", name, early, late, slices.Max(all))
	}
	var left []string
	for _, pattern := range []string{".doudi/spill", ".doudi/raw/aside-*", "out/snapshots/.*", "out/.*", "pulled/*.part", "pulled/*/*.part", "../tmp/*"} {
		found, err := filepath.Glob(filepath.Join(c.space, pattern))
		if err != nil {
			return errors.New(pattern)
		}
		left = append(left, found...)
	}
	must(len(left) == 0, "left lying about: %d %v", len(left), left)
	return nil
}
