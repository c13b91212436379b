package sources

import "doudi/sources/clean"

type dateStep struct {
	base
	out *int32Buffer
	day bool // only a whole date will do: a birth
}

func (s *dateStep) fill(f *filler) {
	cell := f.cell(&s.bound)
	if cell == "" {
		s.out.null()
		s.twin.null()
		return
	}
	if d := plainDate(cell); d != clean.NoDate {
		addDate(s.out, d)
		s.keep(cell, len(cell) == len("2026-11-20"))
		return
	}
	d, precision, ok := clean.ParseDate(cell)
	switch {
	case !ok:
		f.noteUnlessNothing(s.Name, reasonDate, cell)
		d = clean.NoDate
	case precision == clean.Open:
		d = clean.NoDate
	case precision == clean.Year || precision == clean.Month && s.day:
		// The first of January would be a date nobody gave.
		f.noteUnlessNothing(s.Name, reasonDate, cell)
		d = clean.NoDate
	}
	addDate(s.out, d)
	s.keep(cell, false)
}

// plainDate reads 2026-11-20 and 20261120, which is how almost every date is
// written; NoDate for anything else.
func plainDate(cell string) clean.Date {
	y, m, d := "", "", ""
	switch {
	case len(cell) == len("2026-11-20") && cell[4] == '-' && cell[7] == '-':
		y, m, d = cell[:4], cell[5:7], cell[8:]
	case len(cell) == len("20261120"):
		y, m, d = cell[:4], cell[4:6], cell[6:]
	}
	if digitsAt(y) < 4 || digitsAt(m) < 2 || digitsAt(d) < 2 {
		return clean.NoDate
	}
	date, _ := clean.DateOf(number(y), number(m), number(d))
	return date
}

func addDate(out *int32Buffer, d clean.Date) {
	if d == clean.NoDate {
		out.null()
		return
	}
	out.add(int32(d))
}

type monthStep struct {
	base
	out    *int32Buffer
	absent clean.Date // where the cell is empty: the month of the title
	last   string     // the cell before, and what it is
	month  clean.Date
	same   bool
}

func (s *monthStep) fill(f *filler) {
	cell := f.cell(&s.bound)
	if cell == "" {
		addDate(s.out, s.absent)
		s.twin.null()
		return
	}
	if cell != s.last {
		s.last, s.month, s.same = cell, plainMonth(cell), true
		if s.month == clean.NoDate {
			s.month, s.same = monthOf(cell), false
		}
	}
	if s.month == clean.NoDate {
		if clean.Nothing(cell) {
			addDate(s.out, s.absent)
			s.keep(cell, false)
			return
		}
		if _, precision, ok := clean.ParseDate(cell); !ok || precision != clean.Open {
			f.noteUnlessNothing(s.Name, reasonMonth, cell)
		}
	}
	addDate(s.out, s.month)
	s.keep(cell, s.same)
}

// plainMonth reads 2026-11; NoDate for anything else.
func plainMonth(cell string) clean.Date {
	if len(cell) != len("2026-11") || cell[4] != '-' || digitsAt(cell[:4]) < 4 || digitsAt(cell[5:]) < 2 {
		return clean.NoDate
	}
	date, _ := clean.DateOf(number(cell[:4]), number(cell[5:]), 1)
	return date
}

func monthOf(cell string) clean.Date {
	if m, ok := clean.ParseMonth(cell); ok {
		return m
	}
	return clean.NoDate
}
