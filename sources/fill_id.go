package sources

import "doudi/sources/clean"

type ownIDStep struct {
	base
	no, kind, sex, disability, level *textBuffer
	key                              *int64Buffer
	birth                            *int32Buffer
}

func (s *ownIDStep) fill(f *filler) {
	f.cell(&s.bound) // cells under one word must agree
	id := parseID(f.id, f.isNumber(&s.bound))
	s.no.addOr(id.No)
	s.keep(f.id, false)
	s.kind.add(id.Kind)
	if id.Key != 0 {
		s.key.add(id.Key)
	} else {
		s.key.null()
	}
	addDate(s.birth, id.Birth)
	s.sex.addOr(id.Sex)
	s.disability.addOr(digit(id.Disability))
	s.level.addOr(digit(id.Level))
}

func parseID(cell string, number bool) clean.ID {
	if number {
		return clean.ParseIDNumber(cell)
	}
	return clean.ParseID(cell)
}

// disabilities are the classes of a certificate's digit 19, by the codes of
// policy/words.csv.
var disabilities = [...]string{"vision", "hearing", "speech", "limb", "intellectual", "mental", "multiple"}

func disabilityOf(id clean.ID) string {
	if i := int(id.Disability) - '1'; i >= 0 && i < len(disabilities) {
		return disabilities[i]
	}
	return ""
}

// levelOfID is the level of a certificate's digit 20; its codes are the digits.
func levelOfID(id clean.ID) string { return digit(id.Level) }

// digit is one digit as text, empty for 0.
func digit(d byte) string {
	const figures = "0123456789"
	if d < '1' || d > '9' {
		return ""
	}
	return figures[d-'0' : d-'0'+1]
}

type otherIDStep struct {
	base
	no  *textBuffer
	key *int64Buffer
}

func (s *otherIDStep) fill(f *filler) {
	cell := f.cell(&s.bound)
	id := parseID(cell, f.isNumber(&s.bound))
	s.no.addOr(id.No)
	if id.Key != 0 {
		s.key.add(id.Key)
	} else {
		s.key.null()
	}
	s.keep(cell, cell == id.No)
}
