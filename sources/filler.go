package sources

import (
	"slices"
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
	twice    string              // header of a column whose cells under one word differ
	words    map[[2]string]int64 // column, unknown word → times
	counts   []*wordStep         // the coded columns, each with its count
	places   map[string]bool     // unknown places
	sums     []int64             // of the summed columns, since the last total

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
	f.words, f.places = map[[2]string]int64{}, map[string]bool{}
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
	text, fold, sound *textBuffer
}

func (s *nameStep) fill(f *filler) {
	n := clean.ParseName(f.name)
	if clean.HasPrivateUse(n.Text) {
		f.privateUse++
	}
	s.text.addOr(n.Text)
	s.fold.addOr(n.Fold)
	s.sound.addOr(n.Sound)
	cell := f.cell(&s.bound)
	s.keep(cell, cell == n.Text)
}

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
		s.keep(cell, false)
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
		f.words[[2]string{s.Name, impersonal(clean.Text(cell))}]++
	}
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

func (f *filler) noteUnlessNothing(column, reason, cell string) {
	if f.first() && !clean.Nothing(cell) {
		f.note(column, reason, cell)
	}
}

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

// placeStep fills county, town, village, area_code and place_from together: a
// village is known by its town, and where the row gives none of them the texts
// round the sheet do.
type placeStep struct {
	county, town, village             bound
	countyTwin, townTwin, villageTwin *textBuffer
	countyOut, townOut, villageOut    *textBuffer
	code, from                        *textBuffer

	all   []*textBuffer // all of these
	found map[placeKey]placeFound
	chunk int // in which last and place were set
	last  placeKey
	place placeFound
	any   bool // last and place are set
}

type placeKey struct{ county, town, village string }

type placeFound struct {
	clean.Place
	county, from string
}

func (s *placeStep) fill(f *filler) {
	key := placeKey{f.cell(&s.county), f.cell(&s.town), f.cell(&s.village)}
	if s.chunk == f.chunk && key == s.last {
		for _, out := range s.all {
			out.repeat()
		}
		if !s.place.Known && f.first() {
			f.unknownPlace(&s.place)
		}
		return
	}
	s.chunk = f.chunk
	if key != s.last || !s.any {
		p, ok := s.found[key]
		if !ok {
			p = s.find(f, key)
			if len(s.found) >= 50_000 {
				clear(s.found)
			}
			s.found[key] = p
		}
		s.last, s.place, s.any = key, p, true
	}
	p := &s.place
	s.countyOut.addOr(p.county)
	s.townOut.addOr(p.Town)
	s.villageOut.addOr(p.Village)
	s.code.addOr(p.Code)
	s.from.addOr(p.from)
	twin(s.countyTwin, key.county, p.county)
	twin(s.townTwin, key.town, p.Town)
	twin(s.villageTwin, key.village, p.Village)
	if !p.Known && f.first() {
		f.unknownPlace(p)
	}
}

func twin(out *textBuffer, cell, value string) {
	if cell == value || strings.TrimSpace(cell) == "" {
		out.null()
		return
	}
	out.add(cell)
}

func (s *placeStep) find(f *filler, key placeKey) placeFound {
	r := f.r
	p := placeFound{county: clean.Text(key.county)}
	town, village := clean.Text(key.town), clean.Text(key.village)
	if r.places == nil {
		p.Place = clean.Place{Town: town, Village: village, Known: true}
		return p
	}
	if town == "" && village == "" {
		if r.placeFrom != "" {
			town, village, p.from = r.town, r.village, r.placeFrom
		}
	} else if village == "" && town != "" && len(s.village.cells) == 0 {
		if t := r.places.Find(p.county, town, ""); t.Known && t.Village == "" {
			if village = r.around.village(r.places, t.Town); village != "" {
				p.from = r.placeFrom
			}
		}
	} else if town == "" && len(s.town.cells) == 0 && r.town != "" {
		town, p.from = r.town, r.placeFrom
	}
	p.Place = r.places.Find(p.county, town, village)
	return p
}

// maxUnknownPlaces is how many places no table knows a chunk remembers.
const maxUnknownPlaces = 1000

func (f *filler) unknownPlace(p *placeFound) {
	name := impersonal(p.Town)
	if p.Village != "" {
		name += "/" + impersonal(p.Village)
	}
	if len(f.places) < maxUnknownPlaces {
		f.places[name] = true
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
			steps = append(steps, &nameStep{base, b.text("name"), b.text("name_fold"), b.text("name_sound")})
		case c.isOwnID():
			steps = append(steps, &ownIDStep{base, b.text("id_no"), b.text("id_kind"), b.text("id_sex"),
				b.text("id_disability"), b.text("id_level"), b.long("id_key"), b.int("id_birth")})
		case c.Type == ID:
			steps = append(steps, &otherIDStep{base, b.text(c.RawName()), b.long(keyName(c.Column))})
		case c.Type == Text:
			s := &textStep{base: base, out: b.text(c.RawName())}
			if c.Coded {
				s.codes, s.found = b.text(c.CodeName()), map[string]string{}
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
