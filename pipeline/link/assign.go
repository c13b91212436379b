package link

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"doudi/pipeline/duck"
)

// Pair is two identities that may be one person.
type Pair struct {
	A, B   int64 // the identities
	Score  int   // the higher, the more speaks for it
	Weak   bool  // never decides: for review at best
	Review bool  // set by Assign: for a person to decide
	row    int
}

// Assign chooses among pairs: the best first, each identity once. Where two
// pairs of an identity are equally good nobody is preferred: all of them are for
// review, and their identities are not given to lesser pairs either. With many,
// several of side A may be the same of side B. The result is sorted and does
// not depend on the order of the pairs.
func Assign(pairs []Pair, many bool) []Pair {
	pairs = slices.Clone(pairs)
	slices.SortFunc(pairs, func(p, q Pair) int {
		return cmp.Or(cmp.Compare(q.Score, p.Score), cmp.Compare(p.A, q.A), cmp.Compare(p.B, q.B))
	})
	var chosen []Pair
	takenA, takenB := map[int64]bool{}, map[int64]bool{}
	for len(pairs) > 0 {
		n := 1
		for n < len(pairs) && pairs[n].Score == pairs[0].Score {
			n++
		}
		open := pairs[:0:0]
		countA, countB := map[int64]int{}, map[int64]int{}
		for _, p := range pairs[:n] {
			if !takenA[p.A] && (many || !takenB[p.B]) {
				open = append(open, p)
				countA[p.A]++
				countB[p.B]++
			}
		}
		for _, p := range open {
			takenA[p.A], takenB[p.B] = true, true
			p.Review = p.Weak || countA[p.A] > 1 || !many && countB[p.B] > 1
			chosen = append(chosen, p)
		}
		pairs = pairs[n:]
	}
	slices.SortFunc(chosen, func(p, q Pair) int { return cmp.Or(cmp.Compare(p.A, q.A), cmp.Compare(p.B, q.B)) })
	return chosen
}

// assign makes a table of decisions out of a table of candidates, both of the
// columns in assigned but that candidates have score and decides for decision.
func assign(candidates, table string, many bool) func(ctx context.Context, db *duck.DB) error {
	return func(ctx context.Context, db *duck.DB) error {
		type evidence struct {
			aRecord, bRecord int64
			method           string
		}
		var pairs []Pair
		var rows []evidence
		found, err := db.Query(ctx, fmt.Sprintf("select a_node, b_node, a_record, b_record, score, method, decides from %s", candidates))
		if err != nil {
			return err
		}
		defer found.Close()
		for found.Next() {
			p, e, decides := Pair{row: len(rows)}, evidence{}, false
			if err := found.Scan(&p.A, &p.B, &e.aRecord, &e.bRecord, &p.Score, &e.method, &decides); err != nil {
				return err
			}
			p.Weak = !decides
			pairs, rows = append(pairs, p), append(rows, e)
		}
		if err := found.Err(); err != nil {
			return err
		}
		return db.Append(ctx, "link", table, func(add func(...any) error) error {
			for _, p := range Assign(pairs, many) {
				decision := "linked"
				if p.Review {
					decision = "review"
				}
				e := rows[p.row]
				if err := add(p.A, p.B, e.aRecord, e.bRecord, e.method, decision); err != nil {
					return err
				}
			}
			return nil
		})
	}
}
