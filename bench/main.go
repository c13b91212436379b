// Command bench measures a night against bare DuckDB on the same files, as
// ratios in one run: machines differ and are shared. It makes a county of the
// asked size, times `doudi run` the first time, the same night again and the
// next night with unchanged inputs, and beside them DuckDB alone: both rolls
// read as text, full outer join on the ID, zstd Parquet out.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"time"

	"doudi/fixtures"
	"doudi/pipeline/duck"
)

func main() {
	households := flag.Int("households", 530000, "true households; some 1.9 records of each stand on either roll")
	runs := flag.Int("runs", 3, "how often each is run")
	dir := flag.String("dir", "bench/out", "where the county is made; what lies there is kept and used again")
	bare := flag.String("bare", "", "do the baseline once on the county in this folder (used by bench itself)")
	flag.Parse()
	var err error
	if *bare != "" {
		err = baseline(context.Background(), *bare)
	} else {
		err = measure(context.Background(), *dir, *households, *runs)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

const memoryBytes = 3 << 30

// baseline is DuckDB alone on the two rolls.
func baseline(ctx context.Context, county string) error {
	db, err := duck.Open(ctx, duck.Options{TempDir: filepath.Join(county, ".doudi"), MemoryBytes: memoryBytes, Threads: runtime.NumCPU()})
	if err != nil {
		return err
	}
	defer db.Close()
	roll := func(name string) string {
		return "read_csv(" + duck.Text(filepath.Join(county, "inbox", name, "*.csv")) + ", all_varchar = true, union_by_name = true)"
	}
	out := filepath.Join(county, ".doudi", "bare.parquet")
	defer os.Remove(out)
	return db.Exec(ctx, `copy (select * from `+roll("dibao_persons")+` d full outer join `+roll("register")+` r
		on d."身份证号" = r."证件号码") to `+duck.Text(out)+` (format parquet, compression zstd)`)
}

func measure(ctx context.Context, dir string, households, runs int) error {
	if _, err := os.Stat(filepath.Join(dir, "doudi.yaml")); os.IsNotExist(err) {
		made, err := fixtures.Generate(ctx, dir, fixtures.Options{Households: households, Seed: 1, Errors: 1})
		if err != nil {
			return err
		}
		fmt.Println("county:", made)
	}
	fmt.Printf("%d cores, %d MB for bare DuckDB, doudi's own limits, %d runs each\n\n", runtime.NumCPU(), memoryBytes>>20, runs)
	self, err := os.Executable()
	if err != nil {
		return err
	}
	doudi, err := filepath.Abs("bin/doudi")
	if err != nil {
		return err
	}
	fresh := func() error {
		for _, made := range []string{"out", ".doudi"} {
			if err := os.RemoveAll(filepath.Join(dir, made)); err != nil {
				return err
			}
		}
		return os.MkdirAll(filepath.Join(dir, ".doudi"), 0o700)
	}
	again := func() error { return nil }
	one, err := timed(runs, fresh, self, "-bare", dir)
	if err != nil {
		return err
	}
	one.print("bare DuckDB", one)
	first, err := timed(runs, fresh, doudi, "-C", dir, "--quiet", "run")
	if err != nil {
		return err
	}
	first.print("run, first time", one)
	same, err := timed(runs, again, doudi, "-C", dir, "--quiet", "run")
	if err != nil {
		return err
	}
	same.print("the same night again", first)
	next, err := timed(1, again, doudi, "-C", dir, "--quiet", "run", "--night", "2026-11-21")
	if err != nil {
		return err
	}
	next.print("the next night, nothing changed", first)
	return nil
}

// times are those of several runs of one command.
type times struct {
	wall, cpu []time.Duration
	peakBytes int64 // the most of any run
}

func timed(runs int, before func() error, command string, args ...string) (times, error) {
	var t times
	for range runs {
		if err := before(); err != nil {
			return t, err
		}
		c := exec.Command(command, args...)
		c.Stderr = os.Stderr
		began := time.Now()
		if err := c.Run(); err != nil {
			return t, fmt.Errorf("%s %v: %w", command, args, err)
		}
		t.wall = append(t.wall, time.Since(began))
		usage := c.ProcessState.SysUsage().(*syscall.Rusage)
		t.cpu = append(t.cpu, c.ProcessState.UserTime()+c.ProcessState.SystemTime())
		t.peakBytes = max(t.peakBytes, usage.Maxrss<<10)
	}
	slices.Sort(t.wall)
	slices.Sort(t.cpu)
	return t, nil
}

// print gives the median with the least and the most, and the ratio of the
// medians to another command's.
func (t times) print(what string, to times) {
	median := func(d []time.Duration) time.Duration { return d[len(d)/2] }
	fmt.Printf("%-32s wall %6.2f s (%.2f–%.2f)   cpu %6.2f s   peak %5d MB   ratio wall %.2f cpu %.2f\n", what,
		median(t.wall).Seconds(), t.wall[0].Seconds(), t.wall[len(t.wall)-1].Seconds(), median(t.cpu).Seconds(), t.peakBytes>>20,
		median(t.wall).Seconds()/median(to.wall).Seconds(), median(t.cpu).Seconds()/median(to.cpu).Seconds())
}
