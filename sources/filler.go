package sources

import (
	"strings"

	"doudi/sources/clean"
	"doudi/sources/decode"
)

// A filler turns the accepted records of one sheet into the columns of a batch.
// Each goroutine has its own: it keeps what it has read before, so that a word,
// a place or a month is cleaned once, not once a row.
type filler struct {
	r     *reading
	batch *batch
	notes *batch // rejects
	steps []step

	rec *decode.Record
	// The part of the record that is being filled: one owner of several.
	part     int
	name, id string
	twice    string                // header of a column whose cells under one word differ
	words    map[[2]string]wordUse // column, unknown word → its use
	counts   []*wordStep           // the coded columns, each with its count
	places   map[string]bool       // unknown places
	sums     []int64               // of the summed columns, since the last total

	privateUse       int64 // names with a character of a machine's own
	chunk            int   // counts the chunks this filler has begun
	file, sheet      *textBuffer
	sheetNo, partCol *int32Buffer
	row              *int64Buffer
}

// A step fills the columns of raw that come from one column of the list, one
// value in each a call.
type step interface{ fill(f *filler) }

func newFiller(r *reading) *filler {
	f := &filler{
		r: r, batch: takeBatch(r.table, r.fields), notes: takeBatch("rejects", rejectFields),
	}
	f.forget()
	f.file, f.sheet = f.batch.text("file"), f.batch.text("sheet")
	f.sheetNo, f.partCol = f.batch.int("sheet_no"), f.batch.int("part")
	f.row = f.batch.long("row")
	f.steps = r.steps(f.batch)
	for _, s := range f.steps {
		if w, ok := s.(*wordStep); ok {
			f.counts = append(f.counts, w)
		}
	}
	return f
}

// coded counts the cells with a word, by coded column.
func (f *filler) coded() map[string]int64 {
	counts := map[string]int64{}
	for _, s := range f.counts {
		if s.count > 0 {
			counts[s.Name] = s.count
		}
	}
	return counts
}

// done ends the filler's life: its batches serve others.
func (f *filler) done() {
	f.batch.giveBack()
	f.notes.giveBack()
}

// forget starts a new chunk.
func (f *filler) forget() {
	f.chunk++
	f.batch.reset()
	f.notes.reset()
	f.words, f.places = map[[2]string]wordUse{}, map[string]bool{}
	for _, s := range f.counts {
		s.count = 0
	}
	f.sums = make([]int64, len(f.r.summed))
	f.twice, f.privateUse = "", 0
}

// accept appends an accepted record: one row, or one an owner.
func (f *filler) accept(rec *decode.Record) {
	f.rec, f.part = rec, 1
	if f.r.kind.Owners && f.r.acceptOwners(f) {
		return
	}
	f.name, f.id = firstOf(rec.Cells, f.r.rows.name), firstOf(rec.Cells, f.r.rows.id)
	f.fillRow()
}

func (f *filler) fillRow() {
	switch {
	case f.batch.rows > 0:
		f.file.repeat()
		f.sheet.repeat()
	case f.r.sheet == nil:
		f.file.add(f.r.file)
		f.sheet.null()
	default:
		f.file.add(f.r.file)
		f.sheet.add(*f.r.sheet)
	}
	f.batch.rows++
	f.sheetNo.add(int32(f.r.sheetNo))
	f.row.add(f.rec.Row)
	f.partCol.add(int32(f.part))
	for _, s := range f.steps {
		s.fill(f)
	}
}

// acceptOwners appends one row an owner where the cell of names or of IDs holds
// several; false where it does not.
func (r *reading) acceptOwners(f *filler) bool {
	names := clean.SplitNames(firstOf(f.rec.Cells, r.rows.name))
	ids := clean.SplitIDs(firstOf(f.rec.Cells, r.rows.id))
	if len(names) < 2 && len(ids) < 2 {
		return false
	}
	if len(ids) > 0 && len(names) > 0 && len(ids) != len(names) {
		// Whose number is whose cannot be known.
		f.note("id_no", reasonOwners, firstOf(f.rec.Cells, r.rows.id))
		ids = nil
	}
	for i := range max(len(names), len(ids)) {
		f.part, f.name, f.id = i+1, "", ""
		if i < len(names) {
			f.name = names[i]
		}
		if i < len(ids) {
			f.id = ids[i]
		}
		f.fillRow()
	}
	return true
}

// cell is the text of the first of the cells that holds something. Cells under
// the same word must agree.
func (f *filler) cell(b *bound) string {
	cells := f.rec.Cells
	if len(b.cells) == 1 {
		if i := b.cells[0]; i < len(cells) {
			return cells[i]
		}
		return ""
	}
	text := ""
	for _, i := range b.cells {
		if i >= len(cells) || strings.TrimSpace(cells[i]) == "" {
			continue
		}
		if text == "" {
			text = cells[i]
		} else if clean.Fold(text) != clean.Fold(cells[i]) && f.twice == "" {
			f.twice = b.header
		}
	}
	return text
}

// isNumber reports whether the workbook holds the cell as a number.
func (f *filler) isNumber(b *bound) bool {
	return f.rec.Numbers != nil && len(b.cells) > 0 &&
		b.cells[0] < len(f.rec.Numbers) && f.rec.Numbers[b.cells[0]]
}

// note says in the rejects that a cell of an accepted record became null.
func (f *filler) note(column, reason, cell string) {
	f.reject(f.rec, column, reason, cut(cell))
}

// reject appends to the rejects; column is empty for a rejected record.
func (f *filler) reject(rec *decode.Record, column, reason, cells string) {
	n := f.notes
	n.rows++
	n.text("roll").add(f.r.kind.Name)
	n.text("file").add(f.r.file)
	if f.r.sheet == nil {
		n.text("sheet").null()
	} else {
		n.text("sheet").add(*f.r.sheet)
	}
	n.long("row").add(rec.Row)
	n.text("column_name").addOr(column)
	n.text("reason").add(reason)
	n.text("cells").addOr(cells)
}

// first reports whether this is the record's first part: sums and counts take a
// record once.
func (f *filler) first() bool { return f.part == 1 }

func (f *filler) noteUnlessNothing(column, reason, cell string) {
	if f.first() && !clean.Nothing(cell) {
		f.note(column, reason, cell)
	}
}

// steps makes the steps of the reading over a batch: one a column of the header,
// and one for each column that something else than a cell can fill.
func (r *reading) steps(b *batch) []step {
	var steps []step
	place := &placeStep{found: map[placeKey]placeFound{},
		countyTwin: b.text("county_raw"), townTwin: b.text("town_raw"), villageTwin: b.text("village_raw"),
		countyOut: b.text("county"), townOut: b.text("town"), villageOut: b.text("village"),
		code: b.text("area_code"), from: b.text("place_from")}
	place.all = []*textBuffer{place.countyTwin, place.townTwin, place.villageTwin,
		place.countyOut, place.townOut, place.villageOut, place.code, place.from}
	steps = append(steps, place)
	for _, c := range r.columns {
		base := base{bound: c, twin: b.text(c.TwinName())}
		switch {
		case c.Name == "county":
			place.county = c
		case c.Name == "town":
			place.town = c
		case c.Name == "village":
			place.village = c
		case c.isOwnName():
			steps = append(steps, &nameStep{base, b.text("name"), b.text("name_fold"), b.text("name_sound"), b.text("surname")})
		case c.isOwnID():
			steps = append(steps, &ownIDStep{base, b.text("id_no"), b.text("id_kind"), b.text("id_sex"),
				b.text("id_disability"), b.text("id_level"), b.long("id_key"), b.int("id_birth")})
		case c.Type == ID:
			steps = append(steps, &otherIDStep{base, b.text(c.RawName()), b.long(keyName(c.Column))})
		case c.Type == Text:
			s := &textStep{base: base, out: b.text(c.RawName())}
			if c.Coded {
				s.codes, s.found = b.text(c.CodeName()), map[string]wordsFound{}
			}
			if c.Naming {
				s.fold = b.text(c.Name + "_fold")
			}
			if c.Level {
				s.level = b.text("certificate_level")
			}
			steps = append(steps, s)
		case c.Type == Word:
			steps = append(steps, r.wordStep(base, b))
		case c.Type == Bool:
			steps = append(steps, &boolStep{base, b.bool(c.RawName())})
		case c.Type == Date:
			steps = append(steps, &dateStep{base, b.int(c.RawName()), c.Name == "birth"})
		case c.Type == Month:
			s := &monthStep{base: base, out: b.int(c.RawName()), absent: clean.NoDate, month: clean.NoDate}
			if r.monthFromTitle(c.Column) {
				s.absent = r.month
			}
			steps = append(steps, s)
		case c.Type == Money:
			steps = append(steps, &moneyStep{base, b.long(c.RawName()), r.unitOf(c), r.sumOf(c)})
		case c.Type == Int:
			steps = append(steps, &intStep{base, b.long(c.RawName()), r.sumOf(c)})
		default:
			steps = append(steps, &decimalStep{base, b.int(c.RawName()), r.sumOf(c)})
		}
	}
	return steps
}
