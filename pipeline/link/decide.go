package link

import (
	"cmp"
	"math"
	"slices"
)

// Pair is two identities, a of dibao and b of the register, that may be
// one person.
type Pair struct {
	A, B       int64 // the identities
	Pattern    Pattern
	Frequency  float64 // bits for how rare their common name is, where households say nothing
	Households int     // number of their pair of households, -1 where one has none
	Common     int     // persons the two households share by their IDs
	Alone      bool    // one of the two has nobody else in the household
	Clash      bool    // one number under two names: only the household can speak for it
}

// Decision is what is held of a candidate.
type Decision struct {
	Ground
	Weight      float64 // log2 odds that the two are one person, its rivals counted
	Probability float64
	Linked      bool
	Review      bool // for an officer to look at
}

// A false link can cost a family its money, a missed one a visit: fifty to one
// (linkage.md §5). So a pair is linked where that is the cheaper mistake, and shown
// to an officer where a look is likelier than not to settle something: one of two
// as good as each other is even odds at best.
const (
	linkedFrom = 50. / 51
	reviewFrom = 1. / 4
)

// Decide says which candidates are one person. Nobody is two persons of one
// roll, so what speaks for a pair speaks against its rivals: the probability is
// that of all ways to pair up a group of rivals in which the pair is together.
// Two households in which somebody is linked put their leftovers on another
// ground, so it goes round until nothing changes. The order of the candidates has
// no part in it.
func Decide(m Model, candidates []Pair) []Decision {
	decisions := make([]Decision, len(candidates))
	// Who was once linked in a pair of households is not forgotten: rounds end.
	once := make([]bool, len(candidates))
	linkedIn := map[int]int{} // pair of households → candidates once linked in it
	for grown := true; grown; {
		grown = false
		for i, c := range candidates {
			decisions[i] = ground(m, c, linkedIn[c.Households], once[i])
		}
		for _, group := range rivals(candidates, decisions) {
			settle(candidates, group, decisions)
		}
		for i, c := range candidates {
			if decisions[i].Linked && !once[i] && c.Households >= 0 {
				once[i], grown = true, true
				linkedIn[c.Households]++
			}
		}
	}
	return decisions
}

// ground weighs a candidate by itself: linked are those of its households that
// were once linked, itself too where it is one of them.
func ground(m Model, c Pair, linked int, isOne bool) Decision {
	others := c.Common + linked
	if isOne {
		others--
	}
	atHome := c.Households >= 0 && others > 0
	switch {
	case c.Clash && atHome:
		return Decision{Ground: SameID, Weight: m.Weight(SameID, c.Pattern)}
	case c.Clash:
		return Decision{Ground: SameID, Weight: math.Inf(-1)}
	case atHome:
		return Decision{Ground: Kin, Weight: m.Weight(Kin, c.Pattern)}
	case c.Alone:
		return Decision{Ground: Alone, Weight: m.Weight(Alone, c.Pattern) + c.Frequency}
	}
	return Decision{Ground: Left, Weight: m.Weight(Left, c.Pattern) + c.Frequency}
}

// negligible is the weight under which a candidate is nobody's rival: one in
// a thousand.
const negligible = -10

// rivals groups the candidates that share an identity, directly or by way of
// others; those that speak for nothing are left out.
func rivals(candidates []Pair, decisions []Decision) [][]int {
	var forest Forest
	for i, c := range candidates {
		if decisions[i].Weight > negligible {
			forest.Join(c.A, c.B)
		}
	}
	groups := map[int64][]int{}
	var order []int64
	for i, c := range candidates {
		decisions[i].Probability = Probability(decisions[i].Weight)
		if decisions[i].Weight <= negligible {
			continue
		}
		g := forest.Group(c.A)
		if groups[g] == nil {
			order = append(order, g)
		}
		groups[g] = append(groups[g], i)
	}
	all := make([][]int, 0, len(order))
	for _, g := range order {
		group := groups[g]
		slices.SortFunc(group, func(i, j int) int {
			return cmp.Or(cmp.Compare(candidates[i].A, candidates[j].A), cmp.Compare(candidates[i].B, candidates[j].B))
		})
		all = append(all, group)
	}
	return all
}

// settle gives the candidates of one group their probabilities: exactly where
// the ways to pair it up can be counted, else by each one's own rivals alone, as
// if all of them could be true at once, which only makes it more careful.
func settle(candidates []Pair, group []int, decisions []Decision) {
	odds := make([]float64, len(group))
	for n, i := range group {
		odds[n] = math.Exp2(min(decisions[i].Weight, 60))
	}
	probabilities, ok := pairUp(candidates, group, odds)
	if !ok {
		sumA, sumB := map[int64]float64{}, map[int64]float64{}
		for n, i := range group {
			sumA[candidates[i].A] += odds[n]
			sumB[candidates[i].B] += odds[n]
		}
		probabilities = make([]float64, len(group))
		for n, i := range group {
			probabilities[n] = odds[n] / (1 + sumA[candidates[i].A] + sumB[candidates[i].B] - odds[n])
		}
	}
	for n, i := range group {
		d := &decisions[i]
		p := min(probabilities[n], 1-1e-9)
		d.Probability, d.Weight = p, math.Log2(p/(1-p))
		if len(group) == 1 {
			d.Weight = math.Log2(odds[n])
		}
		d.Linked = p >= linkedFrom
		d.Review = !d.Linked && p >= reviewFrom
	}
}

// waysCounted bounds the ways to pair up a group that are counted one by one.
const waysCounted = 1 << 14

// pairUp goes through all ways in which each a of the group has one of its b
// or nobody, and no b two: the odds of a way are the product of those of its
// pairs, the probability of a pair the share of the ways it is part of.
func pairUp(candidates []Pair, group []int, odds []float64) ([]float64, bool) {
	var starts []int // where the candidates of each a begin: the group is sorted
	ways := 1
	for n, i := range group {
		if n == 0 || candidates[i].A != candidates[group[n-1]].A {
			starts = append(starts, n)
		}
	}
	for s := range starts {
		ways *= end(starts, s, len(group)) - starts[s] + 1
		if ways > waysCounted {
			return nil, false
		}
	}
	sums, all := make([]float64, len(group)), 0.0
	taken := map[int64]bool{}
	var chosen []int
	var go_ func(s int, product float64)
	go_ = func(s int, product float64) {
		if s == len(starts) {
			all += product
			for _, n := range chosen {
				sums[n] += product
			}
			return
		}
		go_(s+1, product)
		for n := starts[s]; n < end(starts, s, len(group)); n++ {
			b := candidates[group[n]].B
			if taken[b] {
				continue
			}
			taken[b] = true
			chosen = append(chosen, n)
			go_(s+1, product*odds[n])
			chosen = chosen[:len(chosen)-1]
			delete(taken, b)
		}
	}
	go_(0, 1)
	for n := range sums {
		sums[n] /= all
	}
	return sums, true
}

func end(starts []int, s, length int) int {
	if s+1 < len(starts) {
		return starts[s+1]
	}
	return length
}
