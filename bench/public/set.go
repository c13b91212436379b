package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"doudi/pipeline/link"
)

// set is a data set ready to be linked.
type set struct {
	name     string
	records  []record
	fields   []field
	blocks   [][]int // columns: records that have all of them in common are compared
	twoLists bool    // the records are of two lists, on each of which a person stands once
}

// record is the cells of a row, and what the truth says of it.
type record struct {
	entity string
	second bool // of the second list
	cells  []string
}

// field is a comparison of two records.
type field struct {
	name    string
	column  int
	compare func(a, b record) int
}

// byText compares a column as text.
func byText(name string, column int) field {
	return field{name, column, func(a, b record) int { return text(a.cells[column], b.cells[column]) }}
}

// levels is how many a comparison has.
const levels = crossed + 1

// sameBefore is what is held of records of one person before anything is learnt:
// four cells in five agree, a few are nearly so. It weighs link.Strength pairs.
var sameBefore = []float64{differs: 0.05, unknown: 0, alike: 0.04, near: 0.09, equal: 0.8, crossed: 0.02}

// scheme gives every field a digit of the pattern.
func (s *set) scheme() link.Scheme {
	var scheme link.Scheme
	unit := int32(1)
	for range s.fields[1:] {
		unit *= 10
	}
	for _, f := range s.fields {
		scheme = append(scheme, link.Comparison{Name: f.name, Unit: unit, Levels: levels, Free: true, Unknown: unknown, Same: sameBefore})
		unit /= 10
	}
	return scheme
}

// pattern compares two records.
func (s *set) pattern(a, b int) link.Pattern {
	p := link.Pattern(0)
	for _, f := range s.fields {
		p = p*10 + link.Pattern(f.compare(s.records[a], s.records[b]))
	}
	return p
}

// crowd is the most records with a value in common that are compared for it.
const crowd = 500

// candidates are the pairs of records that share a block, ascending.
func (s *set) candidates() [][2]int32 {
	var pairs [][2]int32
	for _, columns := range s.blocks {
		members := map[string][]int32{}
		for i, r := range s.records {
			key := ""
			for _, c := range columns {
				if r.cells[c] == "" {
					key = ""
					break
				}
				key += r.cells[c] + "|"
			}
			if key != "" {
				members[key] = append(members[key], int32(i))
			}
		}
		for _, m := range members {
			if len(m) > crowd {
				continue
			}
			for i, a := range m {
				for _, b := range m[i+1:] {
					if !s.twoLists || s.records[a].second != s.records[b].second {
						pairs = append(pairs, [2]int32{a, b})
					}
				}
			}
		}
		slices.SortFunc(pairs, func(p, q [2]int32) int { return cmp.Or(cmp.Compare(p[0], q[0]), cmp.Compare(p[1], q[1])) })
		pairs = slices.Compact(pairs)
	}
	return pairs
}

// possible is how many pairs there are at all.
func (s *set) possible() float64 {
	n, second := float64(len(s.records)), 0.0
	for _, r := range s.records {
		if r.second {
			second++
		}
	}
	if s.twoLists {
		return second * (n - second)
	}
	return n * (n - 1) / 2
}

// blind counts how far two records picked blindly agree: equal values from how
// often each is there, which is exact, the other levels from two million pairs.
func (s *set) blind() (link.Shares, []map[string]float64) {
	other := make(link.Shares, len(s.fields))
	for f := range other {
		other[f] = make([]float64, levels)
	}
	n := len(s.records)
	for draw := range 2_000_000 {
		a := draw % n
		b := (a + 1 + (draw*7919+draw/n*104729)%(n-1)) % n
		for f, field := range s.fields {
			other[f][field.compare(s.records[a], s.records[b])]++
		}
	}
	frequency := make([]map[string]float64, len(s.fields))
	for f, field := range s.fields {
		known, same := 0.0, 0.0
		frequency[f] = map[string]float64{}
		for _, r := range s.records {
			if v := r.cells[field.column]; v != "" {
				frequency[f][v]++
				known++
			}
		}
		for v, times := range frequency[f] {
			same += times * (times - 1)
			frequency[f][v] = times / known
		}
		drawn := 0.0
		for level, times := range other[f] {
			if level != unknown && level != equal {
				drawn += times + 0.5
			}
		}
		other[f][equal] = (same + 1) / (known * known)
		for level, times := range other[f] {
			if level != unknown && level != equal {
				other[f][level] = (times + 0.5) / drawn * (1 - other[f][equal])
			}
		}
	}
	return other, frequency
}

// result is what became of the candidates.
type result struct {
	pairs         [][2]int32
	probabilities []float64
	of            func(a, b int32) float64 // the probability of any two records, rivals or not
}

// link compares, learns and decides.
func (s *set) link() result {
	pairs := s.candidates()
	scheme := s.scheme()
	patterns := make([]link.Pattern, len(pairs))
	times := map[link.Pattern]float64{}
	for i, p := range pairs {
		patterns[i] = s.pattern(int(p[0]), int(p[1]))
		times[patterns[i]]++
	}
	counts := make([]link.Count, 0, len(times))
	for p, n := range times {
		counts = append(counts, link.Count{Pattern: p, Pairs: n})
	}
	slices.SortFunc(counts, func(a, b link.Count) int { return cmp.Compare(a.Pattern, b.Pattern) })
	other, frequency := s.blind()
	same := make(link.Shares, len(scheme))
	for f := range same {
		same[f] = sameBefore
	}
	m := link.Model{Scheme: scheme}
	m.Prior[link.Left], m.Bits[link.Left] = scheme.LeftOver(counts, s.possible(), same, other, -1)

	weight := func(a, b int32, p link.Pattern) (weight, rarer float64) {
		for f, field := range s.fields {
			if scheme[f].Level(p) == equal {
				rarer += rarity(other[f][equal], frequency[f][s.records[a].cells[field.column]])
			}
		}
		return m.Weight(link.Left, p) + rarer, rarer
	}
	r := result{pairs: pairs, probabilities: make([]float64, len(pairs))}
	r.of = func(a, b int32) float64 {
		w, _ := weight(a, b, s.pattern(int(a), int(b)))
		return link.Probability(w)
	}
	candidates := make([]link.Pair, len(pairs))
	for i, p := range pairs {
		w, rarer := weight(p[0], p[1], patterns[i])
		r.probabilities[i] = link.Probability(w)
		candidates[i] = link.Pair{A: int64(p[0]), B: int64(p[1]), Pattern: patterns[i], Frequency: rarer, Households: -1}
	}
	if s.twoLists {
		for i, d := range link.Decide(m, candidates) {
			r.probabilities[i] = d.Probability
		}
	}
	return r
}

// rarity is what a common value is worth more, or less, than one of average
// rarity, in bits, four at most: as pipeline/link has it of names.
func rarity(average, frequency float64) float64 {
	return max(-4, min(4, math.Log2(average/frequency)))
}

// chained groups records that pairs from a probability on join to one another.
func (s *set) chained(r result, threshold float64) *link.Forest {
	forest := &link.Forest{}
	for i, p := range r.pairs {
		if r.probabilities[i] >= threshold {
			forest.Join(int64(p[0]), int64(p[1]))
		}
	}
	return forest
}

// averaged does so likeliest first, and only where the records of the two groups,
// each with each, are on average likelier one person's than not: one wrong pair
// does not make one person of two.
func (s *set) averaged(r result, threshold float64) *link.Forest {
	order := make([]int, 0, len(r.pairs))
	for i := range r.pairs {
		if r.probabilities[i] >= threshold {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(r.probabilities[j], r.probabilities[i]) })
	forest, members := &link.Forest{}, map[int64][]int32{}
	group := func(n int32) (int64, []int32) {
		g := forest.Group(int64(n))
		if members[g] == nil {
			members[g] = []int32{n}
		}
		return g, members[g]
	}
	known := map[[2]int32]float64{}
	for _, i := range order {
		a, as := group(r.pairs[i][0])
		b, bs := group(r.pairs[i][1])
		if a == b {
			continue
		}
		sum := 0.0
		for _, x := range as {
			for _, y := range bs {
				key := [2]int32{min(x, y), max(x, y)}
				p, done := known[key]
				if !done {
					p = r.of(key[0], key[1])
					known[key] = p
				}
				sum += p
			}
		}
		if sum < 0.5*float64(len(as)*len(bs)) {
			continue
		}
		forest.Join(a, b)
		members[min(a, b)] = slices.Concat(as, bs)
		delete(members, max(a, b))
	}
	return forest
}

// print holds the records grouped against the truth, pair by pair.
func (s *set) print(how string, r result, threshold float64, forest *link.Forest, took time.Duration) {
	entities, groups := map[string]float64{}, map[int64]float64{}
	both := map[string]float64{} // group and entity
	for i, rec := range s.records {
		g := forest.Group(int64(i))
		entities[rec.entity]++
		groups[g]++
		both[fmt.Sprint(g, "|", rec.entity)]++
	}
	compared := 0.0
	for _, p := range r.pairs {
		if s.records[p[0]].entity == s.records[p[1]].entity {
			compared++
		}
	}
	wanted, found, right := pairsIn(entities), pairsIn(groups), pairsIn(both)
	precision, recall := right/found, right/wanted
	fmt.Printf("| %s | %.0f | %.0f | %.2f | %.0f | %.0f | %.5f | %.5f | %.5f | %.1f |\n", s.name+how, wanted, wanted-compared, threshold,
		found-right, wanted-right, precision, recall, 2*precision*recall/(precision+recall), took.Seconds())
}

// pairsIn is how many pairs there are within groups of these sizes.
func pairsIn[K comparable](sizes map[K]float64) float64 {
	sum := 0.0
	for _, n := range sizes {
		sum += n * (n - 1) / 2
	}
	return sum
}
