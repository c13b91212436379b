package link

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// plain is a model in which a pattern weighs what its name's digit says, on
// every ground the same, and the household 20 bits more.
func plain() Model {
	m := Model{Scheme: Comparisons}
	for g := range m.Bits {
		m.Bits[g] = Bits(Comparisons.zeros())
		copy(m.Bits[g][byName], []float64{-20, -8, 0, 2, 4, 6, 8})
	}
	m.Prior[Kin] = 20
	m.Prior[SameID] = 20
	return m
}

func name(level int) Pattern { return Pattern(100000 + 10000*level) }

func TestDecide(t *testing.T) {
	for _, c := range []struct {
		name   string
		pairs  []Pair
		linked []int
		review []int
	}{
		{"likely enough", []Pair{{A: 1, B: 2, Pattern: name(6), Households: -1}}, []int{0}, nil},
		{"not quite", []Pair{{A: 1, B: 2, Pattern: name(3), Households: -1}}, nil, []int{0}},
		{"hardly", []Pair{{A: 1, B: 2, Pattern: name(1), Households: -1}}, nil, nil},
		{"two as good as each other", []Pair{{A: 1, B: 2, Pattern: name(6), Households: -1}, {A: 1, B: 3, Pattern: name(6), Households: -1}}, nil, []int{0, 1}},
		{"much better than its rival", []Pair{{A: 1, B: 2, Pattern: name(6), Frequency: 10, Households: -1}, {A: 1, B: 3, Pattern: name(6), Households: -1}}, []int{0}, nil},
		// Alone each of the two of A would do, but only one way fits both.
		{"the whole group decides", []Pair{
			{A: 1, B: 2, Pattern: name(6), Frequency: 4, Households: -1}, {A: 1, B: 3, Pattern: name(6), Frequency: 4, Households: -1},
			{A: 4, B: 2, Pattern: name(6), Frequency: 12, Households: -1},
		}, []int{1, 2}, nil},
		{"a shared household speaks", []Pair{{A: 1, B: 2, Pattern: name(1), Households: 7, Common: 1}}, []int{0}, nil},
		{"round after round", []Pair{
			{A: 1, B: 2, Pattern: name(6), Households: 7},
			{A: 3, B: 4, Pattern: name(1), Households: 7},
		}, []int{0, 1}, nil},
		{"nobody speaks for himself", []Pair{{A: 1, B: 2, Pattern: name(1), Households: 7}}, nil, nil},
		{"one number and another name", []Pair{{A: 1, B: 2, Pattern: 310000, Clash: true, Households: -1}}, nil, nil},
		{"one number, another name, and a household", []Pair{{A: 1, B: 2, Pattern: 310000, Clash: true, Households: 7, Common: 2}}, []int{0}, nil},
		{"a repaired number asks for the name", []Pair{{A: 1, B: 2, Pattern: 210000, Clash: true, Households: -1}}, nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var linked, review []int
			for i, d := range Decide(plain(), c.pairs) {
				if d.Linked {
					linked = append(linked, i)
				}
				if d.Review {
					review = append(review, i)
				}
			}
			if !slices.Equal(linked, c.linked) || !slices.Equal(review, c.review) {
				t.Errorf("linked %v, review %v; want %v, %v", linked, review, c.linked, c.review)
			}
		})
	}
}

// TestOneToOne: nobody is two persons of one roll, whatever the candidates, and
// their order decides nothing.
func TestOneToOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seen := map[[2]int64]bool{}
		var pairs []Pair
		for range rapid.IntRange(1, 40).Draw(t, "pairs") {
			a, b := rapid.Int64Range(1, 9).Draw(t, "a"), rapid.Int64Range(101, 109).Draw(t, "b")
			if seen[[2]int64{a, b}] {
				continue
			}
			seen[[2]int64{a, b}] = true
			pairs = append(pairs, Pair{A: a, B: b, Pattern: name(rapid.IntRange(0, 6).Draw(t, "name")),
				Frequency: rapid.Float64Range(-4, 12).Draw(t, "bits"), Households: rapid.IntRange(-1, 3).Draw(t, "households")})
		}
		decisions := Decide(plain(), pairs)
		a, b := map[int64]bool{}, map[int64]bool{}
		for i, d := range decisions {
			if d.Probability < 0 || d.Probability > 1 || math.IsNaN(d.Weight) {
				t.Fatalf("probability %v, weight %v", d.Probability, d.Weight)
			}
			if !d.Linked {
				continue
			}
			if a[pairs[i].A] || b[pairs[i].B] {
				t.Fatal("one identity twice")
			}
			a[pairs[i].A], b[pairs[i].B] = true, true
		}
		order := rapid.Permutation(indexes(len(pairs))).Draw(t, "order")
		shuffled := make([]Pair, len(pairs))
		for to, from := range order {
			shuffled[to] = pairs[from]
		}
		for to, d := range Decide(plain(), shuffled) {
			if was := decisions[order[to]]; d.Linked != was.Linked || math.Abs(d.Probability-was.Probability) > 1e-9 {
				t.Fatalf("in another order %+v, was %+v", d, was)
			}
		}
	})
}

func indexes(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// TestManyRivals: a group whose ways cannot be counted is decided too, and more
// carefully.
func TestManyRivals(t *testing.T) {
	var pairs []Pair
	for a := range int64(100) {
		for b := range int64(100) {
			pairs = append(pairs, Pair{A: a, B: 1000 + b, Pattern: name(6), Households: -1})
		}
	}
	for _, d := range Decide(plain(), pairs) {
		if d.Linked || d.Review {
			t.Fatal("one of a hundred equals was preferred")
		}
	}
}
