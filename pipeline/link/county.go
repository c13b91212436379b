package link

import (
	"cmp"
	"context"
	"math"
	"math/big"
	"slices"

	"doudi/pipeline/duck"
)

// What link.bits holds beside the comparisons.
const (
	prior    = "prior"
	sameName = "same_name"
)

// learn estimates the model from the county and writes its bits.
func learn(ctx context.Context, db *duck.DB) error {
	lessons, err := readLessons(ctx, db)
	if err != nil {
		return err
	}
	m := Estimate(lessons)
	return db.Append(ctx, "link", "bits", func(add func(...any) error) error {
		if err := add(int32(Left), sameName, int32(0), decimal(m.SameName, 4)); err != nil {
			return err
		}
		for g := range m.Bits {
			if err := add(int32(g), prior, int32(0), decimal(m.Prior[g], 4)); err != nil {
				return err
			}
			for c, levels := range m.Bits[g] {
				for level, value := range levels {
					if err := add(int32(g), Comparisons[c].Name, int32(level), decimal(value, 4)); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
}

func readLessons(ctx context.Context, db *duck.DB) (Lessons, error) {
	var l Lessons
	type row struct {
		lesson string
		Count
	}
	rows, err := duck.Collect(ctx, db, `
		select lesson, pattern, pairs from link.lessons
		union all
		select case when common > 0 then 'kin' when is_alone then 'alone' else 'left' end as lesson, pattern, count(*) as pairs
		from (
			select a_node, b_node, max(pattern) as pattern, max(common) as common, bool_or(is_alone) as is_alone
			from link.candidates group by all)
		group by all
		order by lesson, pattern`,
		func(r *duck.Rows) (x row, err error) {
			var pairs int64
			err = r.Scan(&x.lesson, &x.Pattern, &pairs)
			x.Pairs = float64(pairs)
			return x, err
		})
	if err != nil {
		return l, err
	}
	of := map[string]*[]Count{"same_id": &l.SameID, "crossed": &l.Crossed, "chance": &l.Chance, "left": &l.Left, "alone": &l.Alone, "kin": &l.Kin}
	for _, x := range rows {
		if x.Pattern.clashes() && x.lesson != "same_id" {
			continue // settled by what records of one ID teach
		}
		*of[x.lesson] = append(*of[x.lesson], x.Count)
	}
	l.Possible, l.PossibleAlone, err = possible(ctx, db)
	return l, err
}

// possible counts the pairs of left-over people with a troubled one on a side:
// those of whom neither has a household of his own, and the others.
func possible(ctx context.Context, db *duck.DB) (left, alone float64, err error) {
	count := map[[3]int]float64{} // roll, troubled, alone → people
	_, err = duck.Collect(ctx, db, `
		select roll_no, cast(is_troubled as integer), cast(is_alone as integer), count(*)
		from (
			select roll_no, identity, bool_or(troubled.record is not null) as is_troubled, bool_or(is_alone) as is_alone
			from link.leftovers left join link.troubled using (record, roll_no, identity)
			group by all)
		group by all`,
		func(r *duck.Rows) (none struct{}, err error) {
			var key [3]int
			var people int64
			err = r.Scan(&key[0], &key[1], &key[2], &people)
			count[key] = float64(people)
			return none, err
		})
	for a, peopleA := range count {
		for b, peopleB := range count {
			switch {
			case a[0] != 1 || b[0] != 2 || a[1]+b[1] == 0:
			case a[2]+b[2] == 0:
				left += peopleA * peopleB
			default:
				alone += peopleA * peopleB
			}
		}
	}
	return left, alone, err
}

// readModel reads the model back from its bits, as rounded as they are
// published: what is explained is what was decided by.
func readModel(ctx context.Context, db *duck.DB) (Model, error) {
	m := Model{Scheme: Comparisons}
	for g := range m.Bits {
		m.Bits[g] = Bits(m.Scheme.zeros())
	}
	place := map[string]int{}
	for c, comparison := range Comparisons {
		place[comparison.Name] = c
	}
	_, err := duck.Collect(ctx, db, "select ground, comparison, level, cast(bits as double) from link.bits", func(r *duck.Rows) (none struct{}, err error) {
		var ground, level int
		var comparison string
		var value float64
		if err := r.Scan(&ground, &comparison, &level, &value); err != nil {
			return none, err
		}
		switch comparison {
		case prior:
			m.Prior[ground] = value
		case sameName:
			m.SameName = value
		default:
			m.Bits[ground][place[comparison]][level] = value
		}
		return none, nil
	})
	return m, err
}

// weighAll writes the weight of every pattern on every ground.
func weighAll(ctx context.Context, db *duck.DB) error {
	m, err := readModel(ctx, db)
	if err != nil {
		return err
	}
	return db.Append(ctx, "link", "weights", func(add func(...any) error) error {
		var each func(c int, p Pattern) error
		each = func(c int, p Pattern) error {
			if c < len(Comparisons) {
				for level := range Comparisons[c].Levels {
					if err := each(c+1, Comparisons[c].With(p, level)); err != nil {
						return err
					}
				}
				return nil
			}
			for g := range m.Bits {
				weight := m.Weight(Ground(g), p)
				if err := add(int32(g), int32(p), decimal(weight, 4), decimal(min(Probability(weight), 1-1e-8), 8)); err != nil {
					return err
				}
			}
			return nil
		}
		return each(0, 0)
	})
}

// recordPair is a candidate with the records it rests on.
type recordPair struct {
	Pair
	aRecord, bRecord int64
}

// decideAll decides the candidates of the county.
func decideAll(ctx context.Context, db *duck.DB) error {
	m, err := readModel(ctx, db)
	if err != nil {
		return err
	}
	pairs, err := readPairs(ctx, db, m)
	if err != nil {
		return err
	}
	candidates := make([]Pair, len(pairs))
	for i, p := range pairs {
		candidates[i] = p.Pair
	}
	decisions := Decide(m, candidates)
	return db.Append(ctx, "link", "decided", func(add func(...any) error) error {
		for i, d := range decisions {
			decision := "linked"
			switch {
			case d.Review:
				decision = "review"
			case !d.Linked:
				continue
			}
			p := pairs[i]
			err := add(p.A, p.B, p.aRecord, p.bRecord, int32(d.Ground), int32(p.Pattern), method(d.Ground, p.Pattern), decision,
				decimal(d.Weight, 4), decimal(min(d.Probability, 1-1e-8), 8))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// method names what a pair rests on most.
func method(g Ground, p Pattern) string {
	switch {
	case p.level(byNumber) == 2:
		return "repaired_id"
	case p.level(byNumber) == 1 && g == Kin && p.level(byName) > 1:
		return "household"
	case p.level(byNumber) == 1 && g != Kin && p.level(byName) > 1 && p.level(byPlace) > 1:
		return "name_place"
	}
	return "scored"
}

// readPairs reads the candidates, one a pair of identities: of several records
// of a person those that agree most.
func readPairs(ctx context.Context, db *duck.DB, m Model) ([]recordPair, error) {
	// The chance that two persons share a surname, and a name where they do.
	surname, err := duck.Value[float64](ctx, db, "select coalesce(sum(cast(share_millionths as double) * share_millionths), 0) / 1e12 from link.surnames")
	if err != nil {
		return nil, err
	}
	households := map[[2]string]int{}
	pairs, err := duck.Collect(ctx, db, `
		select a_node, b_node, a_record, b_record, pattern, dibao_household, register_household, common, is_alone, surname_millionths, given_millionths
		from link.candidates
		semi join (select pattern from link.weights group by pattern having max(weight) > ?) using (pattern)`,
		func(r *duck.Rows) (p recordPair, err error) {
			var dibao, register duck.Null[string]
			var surnameHere, given duck.Null[int64]
			if err := r.Scan(&p.A, &p.B, &p.aRecord, &p.bRecord, &p.Pattern, &dibao, &register, &p.Common, &p.Alone, &surnameHere, &given); err != nil {
				return p, err
			}
			p.Households = -1
			if dibao.Valid && register.Valid {
				key := [2]string{dibao.V, register.V}
				if _, known := households[key]; !known {
					households[key] = len(households)
				}
				p.Households = households[key]
			}
			p.Clash = p.Pattern.clashes()
			p.Frequency = frequency(m, p.Pattern, surname, surnameHere.V, given.V)
			return p, nil
		}, negligible-2*mostFrequency) // nobody's rival on any ground, however rare the name
	if err != nil {
		return nil, err
	}
	slices.SortFunc(pairs, func(p, q recordPair) int {
		return cmp.Or(cmp.Compare(p.A, q.A), cmp.Compare(p.B, q.B),
			cmp.Compare(m.Weight(Left, q.Pattern)+q.Frequency, m.Weight(Left, p.Pattern)+p.Frequency),
			cmp.Compare(p.aRecord, q.aRecord), cmp.Compare(p.bRecord, q.bRecord))
	})
	return slices.CompactFunc(pairs, func(p, q recordPair) bool { return p.A == q.A && p.B == q.B }), nil
}

// mostFrequency bounds what the rarity of a surname, and of a given name, is
// worth in bits: shares of a few are chance.
const mostFrequency = 4

// frequency is what a pair's common name is worth more, or less, than a common
// name of average rarity, in bits: the surname by how many bear it where both
// live, the given name by how many of the surname do.
func frequency(m Model, p Pattern, averageSurname float64, surname, given int64) float64 {
	rarer := func(average float64, millionths int64) float64 {
		if millionths == 0 || average == 0 {
			return 0
		}
		return max(-mostFrequency, min(mostFrequency, math.Log2(average*1e6/float64(millionths))))
	}
	level := p.level(byName)
	if level < 2 {
		return 0
	}
	bits := rarer(averageSurname, surname)
	if level == 6 && averageSurname > 0 {
		bits += rarer(min(1, math.Exp2(m.SameName)/averageSurname), given)
	}
	return bits
}

// decimal is v as DECIMAL(9, scale).
func decimal(v float64, scale uint8) duck.Decimal {
	return duck.Decimal{Width: 9, Scale: scale, Value: big.NewInt(int64(math.Round(v * math.Pow10(int(scale)))))}
}
