package link

import (
	"context"
	"math"
	"math/big"

	"doudi/pipeline/duck"
)

// A pattern is what two records have in common, a decimal digit a comparison,
// so that it can be read: 1 is missing throughout, so that nothing is taken
// for a disagreement that is only an empty cell.
//
//	100000 × identity number  3 equal, 2 equal once repaired, 1 not known on both sides, 0 differs
//	 10000 × name             5 equal … 1 shortened (name_level), 0 not compatible
//	  1000 × birth date       2 equal, 1 not known, 0 differs
//	   100 × sex              2 equal, 1 not known, 0 differs
//	    10 × place            2 same village, 1 same town or not known, 0 differs
//	     1 × household        2 others of the two households are linked and the relation to the
//	                          head agrees, 1 others are linked, 0 not looked at
//
// prior is log2 of the odds that a record and one picked at random from a
// county's roll of a million are one person.
const prior = -20

// The bits of each comparison: log2 of how much more often the outcome is seen
// between records of one person (m) than between records of two (u). Rates of
// error are those of linkage.md §5 (both records taken together, so twice the
// rate of one), frequencies from the population; none was fitted to a truth
// file. Issue 5 estimates them from the counts of the patterns themselves.
var (
	// Two persons share a number where one carries another's by mistake, one in
	// 250 (§5): u = 0.004 among a million. A repaired one is right in 97.7 of
	// 100 cases by the number alone (§0.4), which is 5.4 bits above the prior.
	idBits = [4]float64{math.Log2(0.012), 0, 25.4, math.Log2(0.90 / 0.004e-6)}

	// Equal names: two random persons of the country share a full name about
	// once in 10,000. One homophone, look-alike or mark opens some ten, five and
	// a hundred times as many names (§5 rates: 2.4, 0.8, 0.6 %). A lost
	// character is rarer still. Another given name: 1.2 %.
	nameBits = [6]float64{
		math.Log2(0.012),
		math.Log2(0.002 / 2e-3),
		math.Log2(0.008 / 5e-4),
		math.Log2(0.024 / 1e-3),
		math.Log2(0.006 / 1e-2),
		math.Log2(0.95 / 1e-4),
	}

	// Inside a household the surname and often one character of the given name
	// are shared: a compatible name is some thirty times likelier by chance.
	kinNameBits = [6]float64{
		math.Log2(0.012),
		math.Log2(0.002 / 2e-2),
		math.Log2(0.008 / 5e-3),
		math.Log2(0.024 / 1e-2),
		math.Log2(0.006 / 1e-1),
		math.Log2(0.95 / 1e-3),
	}

	// Sixty years of 365 days, evenly; 2 % of the twins of a household share
	// theirs (§5).
	birthBits    = [3]float64{math.Log2(0.01), 0, math.Log2(0.99 * 60 * 365)}
	kinBirthBits = [3]float64{math.Log2(0.01 / 0.98), 0, math.Log2(0.99 / 0.02)}

	// Half of all are men; 1 % of the cells are wrong on either side (§5).
	sexBits = [3]float64{math.Log2(0.02 / 0.5), 0, math.Log2(0.98 / 0.5)}

	// Villages of 200 among a million; 6 % have moved (§5). Within linked
	// households the village says nothing more.
	placeBits = [3]float64{math.Log2(0.06), 0, math.Log2(0.94 * 5000)}

	// A household that others of the family link has some three more members,
	// of a million. One in ten pairs has the relation wrong on a side (§5); one
	// in four of two other members has it in common: two sons, two daughters.
	householdBits = [3]float64{0, math.Log2(0.9 / 3e-6 * 0.1 / 0.75), math.Log2(0.9 / 3e-6 * 0.9 / 0.25)}
)

// weigh is the weight of a pattern: the log2 odds that the two are one.
func weigh(id, name, birth, sex, place, household int) float64 {
	bits := prior + idBits[id] + sexBits[sex] + householdBits[household]
	if household > 0 {
		return bits + kinNameBits[name] + kinBirthBits[birth]
	}
	return bits + nameBits[name] + birthBits[birth] + placeBits[place]
}

// Probability is that of a weight in log2 odds.
func Probability(weight float64) float64 { return 1 / (1 + math.Exp2(-weight)) }

// weighAll writes the weight of every pattern.
func weighAll(ctx context.Context, db *duck.DB) error {
	return db.Append(ctx, "link", "weights", func(add func(...any) error) error {
		for n := range 4 * 6 * 3 * 3 * 3 * 3 {
			household, place, sex, birth, name, id := n%3, n/3%3, n/9%3, n/27%3, n/81%6, n/486
			pattern := id*100000 + name*10000 + birth*1000 + sex*100 + place*10 + household
			weight := weigh(id, name, birth, sex, place, household)
			if err := add(int32(pattern), decimal(weight, 4), decimal(Probability(weight), 8)); err != nil {
				return err
			}
		}
		return nil
	})
}

// decimal is v as DECIMAL(9, scale).
func decimal(v float64, scale uint8) duck.Decimal {
	return duck.Decimal{Width: 9, Scale: scale, Value: big.NewInt(int64(math.Round(v * math.Pow10(int(scale)))))}
}
