package link

import "math"

// Count is how many pairs of records have a pattern.
type Count struct {
	Pattern Pattern
	Pairs   float64
}

// Lessons are the counted pairs that a model is learnt from.
type Lessons struct {
	SameID  []Count // of one valid ID, whatever else: one person, but for borrowed numbers
	Crossed []Count // of two members of households that stand on both rolls: two persons
	Chance  []Count // picked blindly: two persons
	// Kin are candidates whose households share somebody else, Alone those of whom
	// one has a household of his own, which can share nobody, Left the others.
	// Possible and PossibleAlone are among how many pairs of left-over records,
	// one of them troubled, they were found.
	Left, Alone, Kin        []Count
	Possible, PossibleAlone float64
}

// Ground is what two records are compared on.
type Ground int

// The grounds.
const (
	Left   Ground = iota // left over, in two households that share nobody else
	Kin                  // left over, in two households that share somebody else
	SameID               // of one valid ID
	Alone                // left over, one of them without anybody who could be shared
	grounds
)

// Model is what a county teaches: on each ground the weight before anything is
// compared (Prior, log2 odds) and the bits of each level.
type Model struct {
	Prior [grounds]float64
	Bits  [grounds]Bits
	// SameName is log2 of the chance that two persons picked blindly share a name.
	SameName float64
}

// Weight is the log2 odds that two records of a pattern are one person's.
func (m Model) Weight(g Ground, p Pattern) float64 { return m.Prior[g] + m.Bits[g].of(p) }

// Estimate learns a model (Fellegi and Sunter 1969; the estimates are by
// expectation and maximisation, as in Winkler 1988). It is anchored: what two
// records of one person have in common is learnt from those of one ID, what
// those of two persons have, from blind pairs and from members crossed inside
// households, so that nothing can switch sides; the left-over pairs then teach
// how many of them are one person's, and how often their numbers and birth dates
// agree. Every share is pulled towards its prior with the weight of Strength
// pairs.
func Estimate(l Lessons) Model {
	other := shares(l.Chance, func(c Comparison) []float64 { return c.Other })
	kin := shares(l.Crossed, func(c Comparison) []float64 { return c.Kin })
	var m Model

	// Records of one ID: one person's (same), or two members of one household of
	// whom one carries the other's number, one in 125 (§5).
	same, borrowed := priors(func(c Comparison) []float64 { return c.Same }), 0.008
	learnt := []int{byName, byBirth, bySex, byPlace, byRelation}
	for range rounds {
		is := expect(l.SameID, math.Log2((1-borrowed)/borrowed), bits(same, kin), learnt)
		same = is.shares(same, learnt)
		borrowed = 1 - is.share(1-0.008)
	}
	m.SameName = math.Log2(other[byName][6])
	m.Prior[SameID], m.Bits[SameID] = math.Log2((1-borrowed)/borrowed), bits(same, kin)
	m.Bits[SameID][byNumber] = make([]float64, Comparisons[byNumber].Levels)

	m.Prior[Left], m.Bits[Left] = leftOver(l.Left, l.Possible, same, other)
	m.Prior[Alone], m.Bits[Alone] = leftOver(l.Alone, l.PossibleAlone, same, other)
	m.Prior[Kin], m.Bits[Kin] = leftOver(l.Kin, total(l.Kin), same, kin)
	return m
}

// leftOver learns a ground of left-over records: how many of the possible pairs
// are one person's, and how their numbers and birth dates agree. The pairs that
// did not become candidates are two persons'.
func leftOver(counts []Count, possible float64, same, other Shares) (prior float64, b Bits) {
	all := []int{byNumber, byName, byBirth, bySex, byPlace, byRelation}
	same, other = clone(same), clone(other)
	possible = max(possible, total(counts))
	found := total(counts)/4 + 0.5
	for range rounds {
		share := min(found/(possible+1), 0.9)
		prior = math.Log2(share / (1 - share))
		b = bits(same, other)
		is := expect(counts, prior, b, all)
		found = is.pairs + 0.5
		same = is.shares(same, []int{byNumber, byBirth})
		// Every pair whose numbers meet was a candidate, so that those of two
		// persons can be counted.
		numbers := is.others[byNumber]
		numbers[1] += possible - total(counts)
		other[byNumber] = smooth(numbers, Comparisons[byNumber].Other, Comparisons[byNumber].Unknown)
	}
	return prior, b
}

// rounds is more than the estimates need to stand still: each changes them by a
// tenth of the round before.
const rounds = 40

// expected is how many pairs are of one person, and at which levels; others
// counts the levels of the rest.
type expected struct {
	pairs, of    float64
	same, others Shares
}

func expect(counts []Count, prior float64, b Bits, compared []int) expected {
	e := expected{same: zeros(), others: zeros()}
	for _, n := range counts {
		weight := prior
		for _, c := range compared {
			weight += b[c][n.Pattern.Level(c)]
		}
		p := Probability(weight)
		e.pairs += p * n.Pairs
		e.of += n.Pairs
		for _, c := range compared {
			level := n.Pattern.Level(c)
			e.same[c][level] += p * n.Pairs
			e.others[c][level] += (1 - p) * n.Pairs
		}
	}
	return e
}

// shares are those of the pairs of one person, in the comparisons learnt.
func (e expected) shares(before Shares, learnt []int) Shares {
	s := clone(before)
	for _, c := range learnt {
		s[c] = smooth(e.same[c], Comparisons[c].Same, Comparisons[c].Unknown)
	}
	return s
}

// share is how many of the pairs are one person's, pulled towards a prior.
func (e expected) share(prior float64) float64 {
	return (e.pairs + Strength*prior) / (e.of + Strength)
}

// shares counts the levels of pairs, pulled towards their priors.
func shares(counts []Count, prior func(Comparison) []float64) Shares {
	s := zeros()
	for _, n := range counts {
		for c := range Comparisons {
			s[c][n.Pattern.Level(c)] += n.Pairs
		}
	}
	for c, comparison := range Comparisons {
		if c == byNumber {
			s[c] = prior(comparison)
			continue
		}
		s[c] = smooth(s[c], prior(comparison), comparison.Unknown)
	}
	return s
}

// smooth turns counts into shares, with the prior weighing Strength pairs. The
// unknown level has no share.
func smooth(counts, prior []float64, unknown int) []float64 {
	all := 0.0
	for level, n := range counts {
		if level != unknown {
			all += n
		}
	}
	s := make([]float64, len(counts))
	for level, n := range counts {
		if level != unknown {
			s[level] = (n + Strength*prior[level]) / (all + Strength)
		}
	}
	return s
}

func priors(prior func(Comparison) []float64) Shares {
	s := zeros()
	for c, comparison := range Comparisons {
		copy(s[c], prior(comparison))
	}
	return s
}

func zeros() Shares {
	s := make(Shares, len(Comparisons))
	for c, comparison := range Comparisons {
		s[c] = make([]float64, comparison.Levels)
	}
	return s
}

func clone(s Shares) Shares {
	t := zeros()
	for c := range s {
		copy(t[c], s[c])
	}
	return t
}

func total(counts []Count) float64 {
	sum := 0.0
	for _, n := range counts {
		sum += n.Pairs
	}
	return sum
}
