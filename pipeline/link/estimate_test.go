package link

import (
	"math"
	"math/rand/v2"
	"testing"
)

// draw makes pairs whose comparisons come out by the given shares, each by itself.
func draw(r *rand.Rand, n int, number []float64, shares Shares) map[Pattern]float64 {
	pick := func(of []float64) int {
		x := r.Float64()
		for level, share := range of {
			if x -= share; x < 0 {
				return level
			}
		}
		return len(of) - 1
	}
	counts := map[Pattern]float64{}
	for range n {
		p := Pattern(0)
		for c := range Comparisons {
			of := shares[c]
			if c == byNumber {
				of = number
			}
			p = Comparisons[c].With(p, pick(of))
		}
		counts[p]++
	}
	return counts
}

func listed(all ...map[Pattern]float64) []Count {
	sum := map[Pattern]float64{}
	for _, counts := range all {
		for p, n := range counts {
			sum[p] += n
		}
	}
	var list []Count
	for p, n := range sum {
		list = append(list, Count{p, n})
	}
	return list
}

// TestEstimate: what a county was made from is found again, though the
// left-over pairs do not say which of them are one person's.
func TestEstimate(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	same := Comparisons.priors(func(c Comparison) []float64 { return c.Same })
	same[byName] = []float64{0.005, 0.03, 0.005, 0.02, 0.05, 0.01, 0.88}
	other := Comparisons.priors(func(c Comparison) []float64 { return c.Other })
	other[byName] = []float64{0.86, 0.09, 0.01, 0.005, 0.02, 0.005, 0.01}
	other[byPlace] = []float64{0.6, 0, 0.3, 0.1}
	kin := Comparisons.priors(func(c Comparison) []float64 { return c.Kin })
	unknown := []float64{0, 1, 0, 0}
	left := []float64{0.05, 0.6, 0.35, 0}
	m := Estimate(Lessons{
		SameID:   listed(draw(r, 50_000, unknown, same), draw(r, 300, unknown, kin)),
		Crossed:  listed(draw(r, 50_000, unknown, kin)),
		Chance:   listed(draw(r, 200_000, unknown, other)),
		Kin:      listed(draw(r, 6_000, left, same), draw(r, 4_000, []float64{0.2, 0.8, 0, 0}, kin)),
		Possible: 1e9, PossibleAlone: 1e8,
	})
	for _, want := range []struct {
		what      string
		got, want float64
	}{
		{"an equal name, blindly", m.Bits[Left][byName][6], math.Log2(0.88 / 0.01)},
		{"a name read alike, blindly", m.Bits[Left][byName][4], math.Log2(0.05 / 0.02)},
		{"one village", m.Bits[Left][byPlace][3], math.Log2(0.94 / 0.1)},
		{"an equal name at home", m.Bits[Kin][byName][6], math.Log2(0.88 / 0.002)},
		{"the surname alone at home", m.Bits[Kin][byName][1], math.Log2(0.03 / 0.48)},
		{"members of one household that are one person", m.Prior[Kin], math.Log2(6. / 4)},
		{"of one ID", m.Prior[SameID], math.Log2(50_000. / 300)},
		{"a birth date that is not known", m.Bits[Kin][byBirth][1], 0},
	} {
		if math.Abs(want.got-want.want) > 0.35 {
			t.Errorf("%s: %.2f bits, want %.2f", want.what, want.got, want.want)
		}
	}
}

// TestEstimateNothing: a county in which nobody stands on both rolls is judged by the priors,
// and soundly.
func TestEstimateNothing(t *testing.T) {
	m := Estimate(Lessons{Possible: 1e6, PossibleAlone: 1e6})
	for g := range m.Bits {
		for c, comparison := range Comparisons {
			for level, bits := range m.Bits[g][c] {
				if math.IsNaN(bits) || math.IsInf(bits, 0) {
					t.Errorf("ground %d, %s at level %d: %v bits", g, comparison.Name, level, bits)
				}
			}
		}
	}
	same, alike := Pattern(362232), Pattern(131211)
	if w := m.Weight(SameID, same); w < 10 {
		t.Errorf("one ID, one name: %v bits", w)
	}
	if w := m.Weight(Left, alike); w > 0 {
		t.Errorf("nothing but a surname: %v bits", w)
	}
}
