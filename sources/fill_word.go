package sources

import (
	"slices"
	"strings"

	"doudi/sources/clean"
)

type wordStep struct {
	base
	out      *textBuffer
	count    int64 // cells with a word in this chunk
	known    map[string]*wordMeaning
	last     *wordMeaning
	lastCell string
	absent   string                   // the code where the cell is empty: benefit of the title
	absentID func(id clean.ID) string // the code where the cell is empty: class and level of a certificate
	idCells  []int                    // the certificate's cells, for absentID
}

type wordMeaning struct {
	code  string
	empty bool // the cell says in words that it holds nothing
	known bool

	chunk          int   // the chunk in which the two numbers hold
	codeNo, wordNo int32 // of the code and of the word in their columns
}

func (s *wordStep) fill(f *filler) {
	cell := f.cell(&s.bound)
	m := s.meaning(f, cell)
	if m.empty {
		s.out.addOr(s.unsaid(f))
		s.twin.null() // a twin without a code is a word that no table knows
		return
	}
	if m.chunk == f.chunk {
		if m.code != "" {
			s.out.again(m.codeNo, m.code)
		} else {
			s.out.null()
		}
		s.twin.again(m.wordNo, cell)
	} else {
		s.out.addOr(m.code)
		s.twin.add(cell)
		m.codeNo, m.wordNo = s.out.last, s.twin.last
		if !s.out.plain && !s.twin.plain {
			m.chunk = f.chunk
		}
	}
	if !f.first() {
		return
	}
	s.count++
	if !m.known {
		f.unknownWord(s.Name, clean.Text(cell))
	}
}

// A wordUse says how often an unknown word stands in a sheet, and in which row
// first.
type wordUse struct{ times, first int64 }

// and is both uses together; either may be none.
func (u wordUse) and(other wordUse) wordUse {
	first := u.first
	if u.times == 0 || other.times > 0 && other.first < first {
		first = other.first
	}
	return wordUse{u.times + other.times, first}
}

func (f *filler) unknownWord(column, word string) {
	key := [2]string{column, impersonal(word)}
	f.words[key] = f.words[key].and(wordUse{1, f.rec.Row})
}

// impersonal is the word for a receipt: where columns have slipped, a word may
// be somebody's number or address, and receipts are shown.
func impersonal(word string) string {
	if digits(word) > 5 || len(word) > 60 {
		return "…"
	}
	return word
}

// meaning is what the cell means, looked up once a distinct cell.
func (s *wordStep) meaning(f *filler, cell string) *wordMeaning {
	if s.last != nil && s.lastCell == cell {
		return s.last
	}
	m, ok := s.known[cell]
	if !ok {
		m = s.meaningOf(f, cell)
		if len(s.known) < 10_000 {
			s.known[strings.Clone(cell)] = m
		}
	}
	s.last, s.lastCell = m, cell
	return m
}

func (s *wordStep) meaningOf(f *filler, cell string) *wordMeaning {
	text := clean.Text(cell)
	if text == "" {
		return &wordMeaning{empty: true}
	}
	code, known := f.r.words.Code(f.r.kind.Name, s.Name, text)
	if !known && s.Name == "sex" {
		code, known = sexCode(text)
	}
	if !known && clean.Nothing(text) {
		return &wordMeaning{empty: true}
	}
	return &wordMeaning{code: code, known: known}
}

// sexCode reads what no table need say.
func sexCode(text string) (code string, known bool) {
	switch clean.Fold(text) {
	case "男", "男性", "1":
		return "male", true
	case "女", "女性", "2":
		return "female", true
	}
	return "", false
}

func (s *wordStep) unsaid(f *filler) string {
	if s.absentID == nil {
		return s.absent
	}
	for _, i := range s.idCells {
		if i < len(f.rec.Cells) {
			if code := s.absentID(clean.ParseID(f.rec.Cells[i])); code != "" {
				return code
			}
		}
	}
	return s.absent
}

func (r *reading) wordStep(base base, b *batch) *wordStep {
	s := &wordStep{base: base, out: b.text(base.RawName()), known: map[string]*wordMeaning{}}
	switch {
	case base.Name == "benefit" && r.benefitFromTitle():
		s.absent = r.benefit
	case r.kind.Name == "disability" && (base.Name == "disability" || base.Name == "level"):
		s.absentID = levelOfID
		if base.Name == "disability" {
			s.absentID = disabilityOf
		}
		s.idCells = append(slices.Clone(r.cellsOf("certificate_no")), r.rows.id...)
	}
	return s
}

type boolStep struct {
	base
	out *boolBuffer
}

func (s *boolStep) fill(f *filler) {
	cell := f.cell(&s.bound)
	if cell == "" {
		s.out.null()
		s.twin.null()
		return
	}
	v, ok := clean.ParseBool(cell)
	if !ok {
		s.out.null()
		s.keep(cell, false)
		f.noteUnlessNothing(s.Name, reasonBool, cell)
		return
	}
	s.out.add(v)
	s.keep(cell, v && cell == "true" || !v && cell == "false")
}
