// Command link measures who is who against the truth: it makes counties, runs a
// night over each and prints how many persons and households were linked, and
// how many rightly; by slice of the records; how many pairs were lost before
// they were compared; what an officer has to review; whether a probability of
// 90 % is right nine times in ten; and what linking cost.
//
//	go run ./bench/link -households 107000 -seeds 31,32,33 -errors 0.3,1,3
//	go run ./bench/link -households 107000 -seeds 31 -ablate
//	go run ./bench/link -households 107000 -seeds 31 -flat /tmp/flat
//
// The nights are those of `doudi run`, but for one dataset: links_other carries
// the candidates, which no night publishes.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"doudi/fixtures"
	"doudi/fixtures/truth"
)

func main() {
	households := flag.Int("households", 107000, "true households; some 1.9 records of each stand on either roll")
	seeds := flag.String("seeds", "1", "seeds of the counties")
	errors := flag.String("errors", "1", "multipliers of the errors in numbers and names")
	ablate := flag.Bool("ablate", false, "run each county again with one part of the linker off at a time")
	flat := flag.String("flat", "", "write both rolls of the first county as flat CSV into this folder, see bench/splink")
	flag.Parse()
	if err := run(context.Background(), *households, *seeds, *errors, *ablate, *flat); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, households int, seeds, errors string, ablate bool, flat string) error {
	for _, e := range strings.Split(errors, ",") {
		multiplier, err := strconv.ParseFloat(e, 64)
		if err != nil {
			return fmt.Errorf("-errors: %w", err)
		}
		for _, s := range strings.Split(seeds, ",") {
			seed, err := strconv.ParseUint(s, 10, 64)
			if err != nil {
				return fmt.Errorf("-seeds: %w", err)
			}
			if err := county(ctx, fixtures.Options{Households: households, Seed: seed, Errors: multiplier}, ablate, flat); err != nil {
				return err
			}
			flat = ""
		}
	}
	return nil
}

// county measures one county and leaves nothing of it behind.
func county(ctx context.Context, o fixtures.Options, ablate bool, flat string) error {
	dir, err := os.MkdirTemp("", "bench-link-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer os.RemoveAll(dir)
	if _, err := fixtures.Generate(ctx, dir, o); err != nil {
		return err
	}
	known, err := truth.Read(filepath.Join(dir, "truth"))
	if err != nil {
		return err
	}
	ways := []way{{name: "as it is"}}
	if ablate {
		ways = append(ways, ablations...)
	}
	var asItIs *figures
	for i, w := range ways {
		cost, err := night(ctx, dir, w)
		if err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
		f, err := measure(known, dir)
		if err != nil {
			return err
		}
		if i == 0 {
			asItIs = f
			fmt.Printf("\ncounty: %d households, seed %d, errors × %g, %d records of dibao, %d of the register\n",
				o.Households, o.Seed, o.Errors, f.dibao, f.register)
			f.print()
			cost.print(f.candidates)
		}
		if ablate {
			f.printShort(w.name, asItIs)
		}
		if flat != "" && i == 0 {
			if err := writeFlat(known, dir, flat); err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(flat, "doudi.txt"), []byte(f.score(cost)), 0o600); err != nil {
				return err
			}
		}
	}
	return nil
}
