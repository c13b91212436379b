package link

import (
	"context"
	"time"

	"doudi/pipeline/duck"
)

// How a wrong identity number may have come out of a right one.
const (
	Single = "single" // one character mistyped, or one that is no digit
	Swap   = "swap"   // two neighbours changed places
	Lost   = "lost"   // one character missing
	Added  = "added"  // one character too many
	Excel  = "excel"  // a spreadsheet kept 15 digits and wrote 000 for the rest
)

// Candidate is a number that a wrong one may stand for.
type Candidate struct {
	// Key is the first 17 digits as a number; of an Excel candidate only the
	// first 15 are known and the last two are zero.
	Key  int64
	Kind string
}

// weights and their inverses modulo 11: w[i] = 2^(17-i) mod 11 for the
// eighteen characters of ISO 7064 MOD 11-2 (GB 11643-1999), of which the last
// is the check character, X being ten. A number is right when Σ w[i]·d[i] ≡ 1.
var w, inverse = func() (w, inverse [18]int) {
	v := 1
	for i := 17; i >= 0; i-- {
		w[i] = v
		for u := 1; u < 11; u++ {
			if u*v%11 == 1 {
				inverse[i] = u
			}
		}
		v = v * 2 % 11
	}
	return w, inverse
}()

// unknown stands for a character that is no digit.
const unknown = -1

// Candidates are the right numbers that a wrong one may stand for, each once:
// of 18 characters those with one character or two neighbours changed, of 17
// those with one more, of 19 those with one less. As every weight differs from
// zero and from its neighbour's, each place has exactly one character that
// mends the check, so they are computed, not searched. Dates that do not exist
// are left out. No candidates: a number that is right and does not end in three
// zeros, or one that is further off.
func Candidates(id string) []Candidate {
	d, ok := digits(id)
	if !ok {
		return nil
	}
	var found candidates
	switch len(d) {
	case 17:
		found.lost(d)
	case 18:
		if prefix, ok := spreadsheet(d); ok {
			return []Candidate{{Key: prefix, Kind: Excel}}
		}
		found.single(d)
		found.swap(d)
	case 19:
		found.added(d)
	}
	return found
}

// digits are the values of an ID's characters, X as ten in the last place
// only; one other character at most may stand for a digit.
func digits(id string) ([]int, bool) {
	d := make([]int, 0, 19)
	strange := 0
	for i, r := range id {
		switch {
		case len(d) == 19:
			return nil, false
		case r >= '0' && r <= '9':
			d = append(d, int(r-'0'))
		case r == 'X' && i == len(id)-1:
			d = append(d, 10)
		default:
			d = append(d, unknown)
			strange++
		}
	}
	return d, strange == 0 || strange == 1 && len(d) == 18
}

func sum(d []int) int {
	s := 0
	for i, v := range d {
		s += w[i] * v
	}
	return s % 11
}

// spreadsheet is the key of what is left of a number that went through a
// float64: 15 digits, then 000 with a check that does not hold.
func spreadsheet(d []int) (int64, bool) {
	for _, v := range d[:15] {
		if v == unknown {
			return 0, false
		}
	}
	if d[15] != 0 || d[16] != 0 || d[17] != 0 {
		return 0, false
	}
	return key(d[:15]) * 100, realDate(d)
}

type candidates []Candidate

func (c *candidates) add(d []int, kind string) {
	if !realDate(d) {
		return
	}
	k := key(d[:17])
	for _, have := range *c {
		if have.Key == k {
			return
		}
	}
	*c = append(*c, Candidate{Key: k, Kind: kind})
}

func (c *candidates) single(d []int) {
	for i := range d {
		if d[i] == unknown {
			rest := sum(with(d, i, 0))
			if mended := mod11((1 - rest) * inverse[i]); mended < 10 || i == 17 {
				c.add(with(d, i, mended), Single)
			}
			return
		}
	}
	s := sum(d)
	if s == 1 {
		return
	}
	for i := range d {
		if mended := mod11(d[i] - (s-1)*inverse[i]); mended < 10 || i == 17 {
			c.add(with(d, i, mended), Single)
		}
	}
}

func (c *candidates) swap(d []int) {
	for _, v := range d {
		if v == unknown {
			return
		}
	}
	s := sum(d)
	for i := 0; i < 17 && s != 1; i++ {
		if d[i] == 10 || d[i+1] == 10 || mod11(s+(w[i]-w[i+1])*(d[i+1]-d[i])) != 1 {
			continue
		}
		swapped := with(d, i, d[i+1])
		swapped[i+1] = d[i]
		c.add(swapped, Swap)
	}
}

func (c *candidates) lost(d []int) {
	for i := 0; i <= 17; i++ {
		whole := make([]int, 18)
		copy(whole, d[:i])
		copy(whole[i+1:], d[i:])
		whole[i] = mod11((1 - sum(whole)) * inverse[i])
		if whole[i] < 10 && whole[16] < 10 || i == 17 && whole[16] < 10 {
			c.add(whole, Lost)
		}
	}
}

func (c *candidates) added(d []int) {
	for i := range d {
		rest := append(append(make([]int, 0, 18), d[:i]...), d[i+1:]...)
		if rest[16] < 10 && sum(rest) == 1 {
			c.add(rest, Added)
		}
	}
}

func with(d []int, i, value int) []int {
	changed := append(make([]int, 0, len(d)), d...)
	changed[i] = value
	return changed
}

func mod11(n int) int { return (n%11 + 11) % 11 }

func key(d []int) int64 {
	k := int64(0)
	for _, v := range d {
		k = k*10 + int64(v)
	}
	return k
}

// realDate reports whether digits 7 to 14 are a date of the 20th century or
// later.
func realDate(d []int) bool {
	year, month, day := int(key(d[6:10])), int(key(d[10:12])), int(key(d[12:14]))
	date := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return year >= 1900 && year < 2100 && date.Month() == time.Month(month) && date.Day() == day
}

// repairAll writes the candidates of every wrong number that has some. One that
// ends in three zeros may be a spreadsheet's though its check is right: of eleven
// that are eaten one is.
func repairAll(ctx context.Context, db *duck.DB) error {
	rows, err := db.Query(ctx, `
		select record, id_no from normal.persons
		where length(id_no) between 17 and 19
			and (id_key is null and id_kind in ('bad_check', 'bad_birth', 'bad_length', 'damaged') or id_key is not null and id_no like '%000')
		order by record`)
	if err != nil {
		return err
	}
	defer rows.Close()
	err = db.Append(ctx, "link", "repairs", func(add func(...any) error) error {
		for rows.Next() {
			var record int64
			var id string
			if err := rows.Scan(&record, &id); err != nil {
				return err
			}
			for _, c := range Candidates(id) {
				if err := add(record, c.Key, c.Kind); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return rows.Err()
}

// repairTexts says of every record that is linked by a repaired number which
// number, on which roll, becomes which: published, never logged.
func repairTexts(ctx context.Context, db *duck.DB) error {
	return db.Exec(ctx, `
		insert into link.repair_texts
		with sides as (
			select a.record as a_record, b.record as b_record, a.roll as a_roll, b.roll as b_roll, a.id_no as a_id_no, b.id_no as b_id_no,
				a.id_key is null or b.id_key is not null and a.id_no like '%000' as a_is_wrong
			from link.edges
			inner join normal.persons a on a.record = edges.a_record
			inner join normal.persons b on b.record = edges.b_record
			where edges.method = 'repaired_id'
		)
		select
			case when a_is_wrong then a_record else b_record end as record,
			min(case when a_is_wrong then a_roll || ': ' || a_id_no || ' → ' || b_id_no else b_roll || ': ' || b_id_no || ' → ' || a_id_no end)
		from sides
		group by 1
		order by 1`)
}
