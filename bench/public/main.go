// Command public runs the estimator and the assignment of pipeline/link on public
// data sets whose truth is known: FEBRL 3 and 4 (made-up Australians) and
// historical_50k (records of Wikidata with errors put in), with comparators
// written for their columns:
//
//	go run ./bench/public [-data ../shared/data/linkage]
//
// Nothing is chosen on the truth: the thresholds are probabilities of 0.5 and
// 0.99, the shares among two persons are counted from the data, those among one
// person's records are learnt by link.Scheme.LeftOver. True pairs that were never
// compared count as missed. A set that is not there is skipped, and said so.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"time"
)

func main() {
	data := flag.String("data", "../shared/data/linkage", "where the data sets lie")
	flag.Parse()
	if err := run(context.Background(), *data); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, data string) error {
	fmt.Println("| set | true pairs | never compared | threshold | false | missed | precision | recall | F1 | seconds |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|---|")
	for _, read := range []func(context.Context, string) (*set, error){febrl4, febrl3, historical} {
		began := time.Now()
		s, err := read(ctx, data)
		if errors.Is(err, fs.ErrNotExist) {
			fmt.Fprintln(os.Stderr, "skipped:", err)
			continue
		}
		if err != nil {
			return err
		}
		r := s.link()
		for _, threshold := range []float64{0.5, 0.99} {
			if s.twoLists {
				s.print(", one to one", r, threshold, s.chained(r, threshold), time.Since(began))
				continue
			}
			s.print(", chained", r, threshold, s.chained(r, threshold), time.Since(began))
			s.print(", averaged", r, threshold, s.averaged(r, threshold), time.Since(began))
		}
	}
	return nil
}
