package sources

import (
	"strings"

	"doudi/sources/clean"
)

// A base is a list's column and the two columns it fills at least.
type base struct {
	bound
	twin *textBuffer
}

// keep writes the raw twin: null where the cell is blank or says the same as
// the cleaned value.
func (s *base) keep(cell string, same bool) {
	if same || strings.TrimSpace(cell) == "" {
		s.twin.null()
		return
	}
	s.twin.add(cell)
}

type textStep struct {
	base
	out, codes *textBuffer // codes: nil unless coded
	found      map[string]string
}

func (s *textStep) fill(f *filler) {
	cell := f.cell(&s.bound)
	text := clean.Text(cell)
	s.out.addOr(text)
	s.keep(cell, text == cell)
	if s.codes == nil {
		return
	}
	if text == "" {
		s.codes.null()
		return
	}
	codes, ok := s.found[text]
	if !ok {
		codes = strings.Join(f.r.words.In(f.r.kind.Name, s.Name, text), ",")
		if len(s.found) < 10_000 {
			s.found[text] = codes
		}
	}
	s.codes.addOr(codes)
}

type nameStep struct {
	base
	text, fold, sound, surname *textBuffer
}

func (s *nameStep) fill(f *filler) {
	n := clean.ParseName(f.name)
	if clean.HasPrivateUse(n.Text) {
		f.privateUse++
	}
	s.text.addOr(n.Text)
	s.fold.addOr(n.Fold)
	s.sound.addOr(n.Sound)
	s.surname.addOr(n.Surname)
	cell := f.cell(&s.bound)
	s.keep(cell, cell == n.Text)
}

func twin(out *textBuffer, cell, value string) {
	if cell == value || strings.TrimSpace(cell) == "" {
		out.null()
		return
	}
	out.add(cell)
}
