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
	Scheme Scheme
	Prior  [grounds]float64
	Bits   [grounds]Bits
	// SameName is log2 of the chance that two persons picked blindly share a name.
	SameName float64
}

// Weight is the log2 odds that two records of a pattern are one person's.
func (m Model) Weight(g Ground, p Pattern) float64 { return m.Prior[g] + m.Scheme.of(m.Bits[g], p) }

// Estimate learns the model of a county (Fellegi and Sunter 1969; by expectation
// and maximisation, as in Winkler 1988). It is anchored: what two records of one
// person have in common is learnt from those of one ID, what those of two persons
// have, from blind pairs and from members crossed inside households, so that
// nothing can switch sides; the left-over pairs then teach how many of them are
// one person's, and how often their numbers and birth dates agree. Every share is
// pulled towards its prior with the weight of Strength pairs.
func Estimate(l Lessons) Model {
	s := Comparisons
	chance := s.shares(l.Chance, s.priors(func(c Comparison) []float64 { return c.Other }), byNumber)
	kin := s.shares(l.Crossed, s.priors(func(c Comparison) []float64 { return c.Kin }), byNumber)
	same, borrowed := s.oneNumber(l.SameID, kin)

	m := Model{Scheme: s, SameName: math.Log2(chance[byName][6])}
	m.Prior[SameID], m.Bits[SameID] = math.Log2((1-borrowed)/borrowed), s.bits(same, kin)
	m.Bits[SameID][byNumber] = make([]float64, s[byNumber].Levels)
	m.Prior[Left], m.Bits[Left] = s.LeftOver(l.Left, l.Possible, same, chance, byNumber)
	m.Prior[Alone], m.Bits[Alone] = s.LeftOver(l.Alone, l.PossibleAlone, same, chance, byNumber)
	m.Prior[Kin], m.Bits[Kin] = s.LeftOver(l.Kin, total(l.Kin), same, kin, byNumber)
	return m
}

// borrowing is how many records of one ID are two members' of one household, of
// whom one carries the other's number: one in 125 (linkage.md §5, both sides).
const borrowing = 0.008

// oneNumber learns from records of one ID what those of one person have in
// common, and how many are two persons' after all: members of one household.
func (s Scheme) oneNumber(counts []Count, kin Shares) (same Shares, borrowed float64) {
	same, borrowed = s.priors(func(c Comparison) []float64 { return c.Same }), borrowing
	for range rounds {
		is := s.expect(counts, math.Log2((1-borrowed)/borrowed), s.bits(same, kin), byNumber)
		for c, comparison := range s {
			if c != byNumber {
				same[c] = smooth(is.same[c], comparison.Same, comparison.Unknown)
			}
		}
		borrowed = (is.of - is.pairs + Strength*borrowing) / (is.of + Strength)
	}
	return same, borrowed
}

// LeftOver learns a ground of left-over records from the candidates among their
// possible pairs, those that did not become candidates being two persons': how
// many are one person's, and the shares of the comparisons that are Free. Every
// pair in which the comparison `complete` is not at level 1 was a candidate, so that
// its levels among two persons can be counted; none is where it is negative.
func (s Scheme) LeftOver(counts []Count, possible float64, same, other Shares, complete int) (prior float64, b Bits) {
	same, other = same.clone(), other.clone()
	possible = max(possible, total(counts))
	found := total(counts)/4 + 0.5
	for range rounds {
		share := min(found/(possible+1), 0.9)
		prior = math.Log2(share / (1 - share))
		b = s.bits(same, other)
		is := s.expect(counts, prior, b, -1)
		found = is.pairs + 0.5
		for c, comparison := range s {
			if comparison.Free {
				same[c] = smooth(is.same[c], comparison.Same, comparison.Unknown)
			}
		}
		if complete >= 0 {
			levels := is.others[complete]
			levels[1] += possible - total(counts)
			other[complete] = smooth(levels, s[complete].Other, s[complete].Unknown)
		}
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

// expect says of every count how many are one person's, without a look at the
// comparison skipped.
func (s Scheme) expect(counts []Count, prior float64, b Bits, skipped int) expected {
	e := expected{same: s.zeros(), others: s.zeros()}
	for _, n := range counts {
		weight := prior
		for c, comparison := range s {
			if c != skipped {
				weight += b[c][comparison.Level(n.Pattern)]
			}
		}
		p := Probability(weight)
		e.pairs += p * n.Pairs
		e.of += n.Pairs
		for c, comparison := range s {
			level := comparison.Level(n.Pattern)
			e.same[c][level] += p * n.Pairs
			e.others[c][level] += (1 - p) * n.Pairs
		}
	}
	return e
}

// shares counts the levels of pairs, pulled towards their priors; of the
// comparison skipped the prior alone speaks.
func (s Scheme) shares(counts []Count, prior Shares, skipped int) Shares {
	counted := s.zeros()
	for _, n := range counts {
		for c, comparison := range s {
			if c != skipped {
				counted[c][comparison.Level(n.Pattern)] += n.Pairs
			}
		}
	}
	for c, comparison := range s {
		counted[c] = smooth(counted[c], prior[c], comparison.Unknown)
	}
	return counted
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

func (s Scheme) priors(prior func(Comparison) []float64) Shares {
	all := s.zeros()
	for c, comparison := range s {
		copy(all[c], prior(comparison))
	}
	return all
}

func (s Scheme) zeros() Shares {
	all := make(Shares, len(s))
	for c, comparison := range s {
		all[c] = make([]float64, comparison.Levels)
	}
	return all
}

func (s Shares) clone() Shares {
	t := make(Shares, len(s))
	for c := range s {
		t[c] = append([]float64(nil), s[c]...)
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
