package link_test

import (
	"slices"
	"testing"

	"doudi/pipeline/link"

	"pgregory.net/rapid"
)

func TestAssign(t *testing.T) {
	type pair struct {
		a, b  int64
		score int
	}
	for _, c := range []struct {
		name           string
		pairs          []pair
		many           bool
		linked, review []pair
	}{
		{"alone", []pair{{1, 1, 5}}, false, []pair{{1, 1, 5}}, nil},
		{"the better one", []pair{{1, 1, 3}, {1, 2, 5}}, false, []pair{{1, 2, 5}}, nil},
		{"the second best once the best is gone", []pair{{1, 1, 5}, {2, 1, 4}, {2, 2, 3}}, false, []pair{{1, 1, 5}, {2, 2, 3}}, nil},
		{"a tie is nobody's", []pair{{1, 1, 5}, {1, 2, 5}}, false, nil, []pair{{1, 1, 5}, {1, 2, 5}}},
		{"nor is what the tied could have had instead", []pair{{1, 1, 5}, {2, 1, 5}, {2, 2, 4}}, false, nil, []pair{{1, 1, 5}, {2, 1, 5}}},
		{"many may be one", []pair{{1, 1, 5}, {2, 1, 5}}, true, []pair{{1, 1, 5}, {2, 1, 5}}, nil},
		{"one of many is still one", []pair{{1, 1, 5}, {1, 2, 5}}, true, nil, []pair{{1, 1, 5}, {1, 2, 5}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var pairs []link.Pair
			for _, p := range c.pairs {
				pairs = append(pairs, link.Pair{A: p.a, B: p.b, Score: p.score})
			}
			var linked, review []pair
			for _, p := range link.Assign(pairs, c.many) {
				if p.Review {
					review = append(review, pair{p.A, p.B, p.Score})
				} else {
					linked = append(linked, pair{p.A, p.B, p.Score})
				}
			}
			if !slices.Equal(linked, c.linked) || !slices.Equal(review, c.review) {
				t.Errorf("linked %v, review %v; want %v, %v", linked, review, c.linked, c.review)
			}
		})
	}
	if got := link.Assign([]link.Pair{{A: 1, B: 1, Weak: true}}, false); len(got) != 1 || !got[0].Review {
		t.Errorf("a weak pair: %v, want it for review", got)
	}
}

// TestAssignIsOneToOne holds any candidates to what Assign promises, in any
// order.
func TestAssignIsOneToOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pairs := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) link.Pair {
			return link.Pair{
				A: rapid.Int64Range(1, 8).Draw(t, "a"), B: rapid.Int64Range(1, 8).Draw(t, "b"),
				Score: rapid.IntRange(0, 3).Draw(t, "score"),
			}
		}), 0, 30, func(p link.Pair) [2]int64 { return [2]int64{p.A, p.B} }).Draw(t, "pairs")
		got := link.Assign(pairs, false)
		if other := link.Assign(rapid.Permutation(pairs).Draw(t, "order"), false); !slices.Equal(got, other) {
			t.Fatalf("in another order %v, not %v", other, got)
		}
		a, b := map[int64]bool{}, map[int64]bool{}
		for _, p := range got {
			if p.Review {
				continue
			}
			if a[p.A] || b[p.B] {
				t.Fatalf("%v: one identity linked twice", got)
			}
			a[p.A], b[p.B] = true, true
		}
	})
}
