package sources

import "doudi/sources/clean"

type moneyStep struct {
	base
	out  *int64Buffer
	unit int64
	sum  int // in filler.sums
}

func (s *moneyStep) fill(f *filler) {
	cell := f.cell(&s.bound)
	if cell == "" {
		s.out.null()
		s.twin.null()
		return
	}
	fen, ok := plainHundredths(cell)
	if ok {
		ok = s.unit == clean.YuanFen
	}
	if !ok {
		fen, ok = clean.ParseFen(cell, s.unit)
	}
	if !ok {
		s.out.null()
		s.keep(cell, false)
		f.noteUnlessNothing(s.Name, reasonMoney, cell)
		return
	}
	s.out.add(fen)
	s.keep(cell, saysHundredths(cell, fen))
	f.addTo(s.sum, fen)
}

func (f *filler) addTo(sum int, v int64) {
	if f.first() {
		f.sums[sum] = addSaturated(f.sums[sum], v)
	}
}

// plainHundredths is the value of at most twelve digits and at most two places,
// which is how almost every amount is written; false for anything else.
func plainHundredths(cell string) (v int64, ok bool) {
	whole, places := 0, -1
	for i := 0; i < len(cell); i++ {
		c := cell[i]
		switch {
		case c >= '0' && c <= '9' && places < 2:
			v = v*10 + int64(c-'0')
			if places < 0 {
				whole++
			} else {
				places++
			}
		case c == '.' && places < 0:
			places = 0
		default:
			return 0, false
		}
	}
	for range 2 - max(places, 0) {
		v *= 10
	}
	return v, whole > 0 && whole <= 12 && places != 0
}

// saysHundredths reports whether the cell is v/100 with exactly two places.
func saysHundredths(cell string, v int64) bool {
	n := len(cell)
	if n < 4 || cell[n-3] != '.' {
		return false
	}
	var b [24]byte
	return string(appendHundredths(b[:0], v)) == cell
}

// appendHundredths writes v/100 with two places.
func appendHundredths(b []byte, v int64) []byte {
	u := uint64(v)
	if v < 0 {
		b = append(b, '-')
		u = -u
	}
	b = appendUint(b, u/100)
	return append(b, '.', byte('0'+u/10%10), byte('0'+u%10))
}

func appendUint(b []byte, u uint64) []byte {
	if u >= 10 {
		b = appendUint(b, u/10)
	}
	return append(b, byte('0'+u%10))
}

type intStep struct {
	base
	out *int64Buffer
	sum int // in filler.sums, -1 where the column is not summed
}

func (s *intStep) fill(f *filler) {
	cell := f.cell(&s.bound)
	if cell == "" {
		s.out.null()
		s.twin.null()
		return
	}
	n, ok := clean.ParseInt(cell)
	if !ok {
		s.out.null()
		s.keep(cell, false)
		f.noteUnlessNothing(s.Name, reasonNumber, cell)
		return
	}
	s.out.add(n)
	var b [24]byte
	s.keep(cell, n >= 0 && string(appendUint(b[:0], uint64(n))) == cell)
	if s.sum >= 0 && n < 1<<53 && n > -1<<53 {
		f.addTo(s.sum, n*100)
	}
}

type decimalStep struct {
	base
	out *int32Buffer
	sum int // in filler.sums, -1 where the column is not summed
}

// maxDecimal is the largest DECIMAL(9,2), in hundredths.
const maxDecimal = 999_999_999

func (s *decimalStep) fill(f *filler) {
	cell := f.cell(&s.bound)
	if cell == "" {
		s.out.null()
		s.twin.null()
		return
	}
	v, ok := clean.ParseDecimal2(cell)
	if !ok || v > maxDecimal || v < -maxDecimal {
		s.out.null()
		s.keep(cell, false)
		f.noteUnlessNothing(s.Name, reasonNumber, cell)
		return
	}
	s.out.add(int32(v))
	s.keep(cell, saysHundredths(cell, v))
	if s.sum >= 0 {
		f.addTo(s.sum, v)
	}
}
