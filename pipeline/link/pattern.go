package link

import "math"

// A pattern says how far two records agree, a decimal digit a comparison, so
// that it can be read. Unknown is told apart from differing: an empty cell
// speaks neither for nor against.
//
//	100000 × identity number  3 equal, 2 equal once repaired, 1 not known on a side, 0 differs
//	 10000 × name             6 equal, 5 a mark for a character, 4 read alike, 3 looks alike,
//	                          2 a character lost, 1 the surname alone, 0 differs
//	  1000 × birth date       2 equal, 1 unknown, 0 differs
//	   100 × sex              2 equal, 1 unknown, 0 differs
//	    10 × place            3 one village, 2 one town, 1 unknown, 0 differs
//	     1 × relation to head 2 equal, 1 unknown, 0 differs
type Pattern int32

// Comparison is one digit of a pattern.
type Comparison struct {
	Name   string
	Unit   int32
	Levels int
	// Free is whether its shares among pairs of one person are learnt from the
	// left-over pairs, which are what they are because of it, instead of from
	// records of one ID.
	Free bool
	// Unknown is the level of which nothing can be learnt, -1 where every
	// level says something.
	Unknown int
	// Same are the prior shares of the levels among pairs of one person,
	// Other among two persons picked blindly, Kin among two members of one
	// household. They are what stands in their place while a county is too
	// small to learn from, and weigh as much as Strength pairs otherwise.
	Same, Other, Kin []float64
}

// Strength is how many pairs a prior weighs as much as.
const Strength = 50

// Places of the comparisons in Comparisons.
const (
	byNumber = iota
	byName
	byBirth
	bySex
	byPlace
	byRelation
)

// Scheme is the comparisons of a pattern, highest digit first.
type Scheme []Comparison

// Comparisons are those of persons of dibao and the register. The priors of Same
// are the rates of error of linkage.md §5, both records taken together; those of
// Other and Kin are counted from the population: a full name is shared by one
// in 10,000, a village by one in 5,000, a birth date by one in 60 × 365; in a
// household the surname is shared by half, 2 % of the members are twins.
var Comparisons = Scheme{
	// Of records left over: one in two has no number, one in three a wrong one that
	// can be repaired. A wrong number has some 18 repairs, so that one in
	// 50 million pairs meets by chance.
	{"id", 100000, 4, true, -1, []float64{0.02, 0.50, 0.33, 0.15}, []float64{0.10, 0.8999998, 1e-7, 1e-7}, []float64{0.10, 0.8899, 1e-4, 0.01}},
	{"name", 10000, 7, false, -1, []float64{0.002, 0.012, 0.002, 0.008, 0.024, 0.006, 0.946}, []float64{0.93, 0.06, 0.002, 0.0007, 0.0015, 0.0002, 0.0001}, []float64{0.48, 0.48, 0.02, 0.005, 0.01, 0.003, 0.002}},
	{"birth", 1000, 3, true, 1, []float64{0.01, 0, 0.99}, []float64{1 - 1/21900., 0, 1 / 21900.}, []float64{0.98, 0, 0.02}},
	{"sex", 100, 3, false, 1, []float64{0.02, 0, 0.98}, []float64{0.5, 0, 0.5}, []float64{0.55, 0, 0.45}},
	{"place", 10, 4, false, 1, []float64{0.01, 0, 0.05, 0.94}, []float64{0.97, 0, 0.0298, 0.0002}, []float64{0.01, 0, 0.05, 0.94}},
	{"relation", 1, 3, false, 1, []float64{0.10, 0, 0.90}, []float64{0.75, 0, 0.25}, []float64{0.75, 0, 0.25}},
}

// Level is p's digit of a comparison.
func (c Comparison) Level(p Pattern) int { return int(p/Pattern(c.Unit)) % 10 }

// level is the digit of one of Comparisons.
func (p Pattern) level(c int) int { return Comparisons[c].Level(p) }

// clashes says whether p is one number, repaired or not, under names that are
// not compatible: only the household can speak for it.
func (p Pattern) clashes() bool { return p.level(byNumber) >= 2 && p.level(byName) < 2 }

// With is p with another level of a comparison.
func (c Comparison) With(p Pattern, level int) Pattern {
	return p + Pattern(level-c.Level(p))*Pattern(c.Unit)
}

// Shares are what share of some pairs is at each level, a comparison a row.
type Shares [][]float64

// Bits are log2 of how much more often each level is seen among pairs of one
// person than among the others.
type Bits [][]float64

func (s Scheme) bits(same, other Shares) Bits {
	b := make(Bits, len(s))
	for c, comparison := range s {
		b[c] = make([]float64, comparison.Levels)
		for level := range b[c] {
			if level != comparison.Unknown {
				b[c][level] = math.Log2(same[c][level] / other[c][level])
			}
		}
	}
	return b
}

// of adds up what a pattern says.
func (s Scheme) of(b Bits, p Pattern) float64 {
	total := 0.0
	for c, comparison := range s {
		total += b[c][comparison.Level(p)]
	}
	return total
}

// Probability is that of a weight in log2 odds.
func Probability(weight float64) float64 { return 1 / (1 + math.Exp2(-weight)) }
