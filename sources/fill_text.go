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
	level      *textBuffer // of a certificate's number, nil for other columns
	fold       *textBuffer // of a name, nil for other columns
	found      map[string]wordsFound
}

// wordsFound are the codes of the words that a text holds, and those of its
// words that no table knows, where it is made of words.
type wordsFound struct {
	codes   string
	unknown []string
}

func (s *textStep) fill(f *filler) {
	cell := f.cell(&s.bound)
	text := clean.Text(cell)
	s.out.addOr(text)
	s.keep(cell, text == cell)
	if s.level != nil {
		s.level.addOr(levelOfID(clean.ParseID(cell)))
	}
	if s.fold != nil {
		s.fold.addOr(foldOfName(text))
	}
	if s.codes == nil {
		return
	}
	if text == "" {
		s.codes.null()
		return
	}
	found, ok := s.found[text]
	if !ok {
		found = s.look(f, text)
		if len(s.found) < 10_000 {
			s.found[text] = found
		}
	}
	s.codes.addOr(found.codes)
	if f.first() {
		for _, w := range found.unknown {
			f.unknownWord(s.Name, w)
		}
	}
}

func (s *textStep) look(f *filler, text string) wordsFound {
	if s.Naming {
		return wordsFound{codes: f.r.words.Last(f.r.kind.Name, s.Name, text)}
	}
	in := func(text string) []string { return f.r.words.In(f.r.kind.Name, s.Name, text) }
	found := wordsFound{codes: strings.Join(in(text), ",")}
	if s.Several {
		for _, w := range strings.FieldsFunc(text, betweenWords) {
			if len(in(w)) == 0 && !clean.Nothing(w) {
				found.unknown = append(found.unknown, w)
			}
		}
	}
	return found
}

// foldOfName is the form in which names are equal, "" where the text says that
// there is none.
func foldOfName(text string) string {
	if clean.Nothing(text) {
		return ""
	}
	return clean.ParseName(text).Fold
}

func betweenWords(r rune) bool { return strings.ContainsRune("、，,；;/|+ ", r) }

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
