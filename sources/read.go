package sources

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"doudi/sources/clean"
	"doudi/sources/decode"
)

// Version is that of the reading: part of the raw store's key, raised whenever
// the same bytes would be read otherwise.
const Version = 7

// Input is one file of a roll.
type Input struct {
	Kind    string            // the roll's kind
	Path    string            // where it lies on disk
	Name    string            // as published: relative to the workspace
	Columns map[string]string // `columns:` of doudi.yaml: header → canonical name
	// Password opens workbooks that ask for one; "" for none. It is in no receipt.
	Password string
	Database bool // the result of a query, as fetch laid it down
	// Memo is the file of a DBF's memos, which lies beside it; "" for none. Its
	// hash is part of what decides how the file is read.
	Memo, MemoSHA256 string
}

// Settings are what decides, beside the file itself, how it is read, and how
// much of the machine is used for it.
type Settings struct {
	Words       *clean.Words
	Places      *clean.Places
	Fingerprint string // of the two, for the raw store's key
	Workers     int    // goroutines for one file, at least one is used
	Scratch     string // a folder for what is unpacked
	// Parquet lays a Parquet file down as lines of JSON under the name to, every
	// value as text, and gives the number of its rows; refused is why it cannot be
	// read. Given from outside, because the one sound reader is a database's and
	// sources knows none; without it Parquet is refused.
	Parquet func(ctx context.Context, file, to string) (rows int64, refused string, err error)
}

// headRows is how many rows the header is looked for in.
const headRows = 30

// Read reads a file, and what is packed in it, into the folder into: Parquet of
// the accepted records, Parquet of the rejects, and a receipt a member (two
// where a workbook holds both persons and families). A file that cannot be read
// whole leaves a refused receipt and no Parquet; an error is our own trouble: a
// disk, or a configuration that names what does not exist. The Parquet files
// hold the same bytes whatever Workers is.
func Read(ctx context.Context, in Input, set Settings, into string) ([]Receipt, error) {
	k, ok := KindOf(in.Kind)
	if !ok {
		return nil, fmt.Errorf("read %s: no kind of list is called %q", in.Name, in.Kind)
	}
	for _, name := range in.Columns {
		if _, ok := k.Column(name); !ok && !families(k, name) {
			return nil, fmt.Errorf("read %s: columns: %s has no column %q", in.Name, k.Name, name)
		}
	}
	members, err := in.members(ctx, set.Scratch)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", in.Name, err)
	}
	var receipts []Receipt
	for i, m := range members {
		if m.Format == "dbf" && m.Memo == "" {
			m.Memo = in.Memo
		}
		if m.Locked() && in.Password != "" {
			if err := decode.Unlock(ctx, &m, in.Password, set.Scratch); err != nil {
				return nil, fmt.Errorf("read %s: %w", in.Name, err)
			}
		}
		r := &memberReader{in: in, set: set, kind: k, member: m, no: i, into: into}
		some, err := r.read(ctx)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", m.Name, err)
		}
		receipts = append(receipts, some...)
	}
	if len(receipts) == 0 {
		receipts = append(receipts, Receipt{Roll: k.Name, Table: k.Name, File: in.Name,
			Status: StatusEmpty, Note: "压缩包里没有可读的文件"})
	}
	return receipts, nil
}

// members are the file itself, or what is packed in it.
func (in Input) members(ctx context.Context, scratch string) ([]decode.Member, error) {
	if in.Database {
		m, err := decode.Rows(ctx, in.Path, in.Name)
		return []decode.Member{m}, err
	}
	return decode.Unpack(ctx, in.Path, in.Name, scratch)
}

// families reports whether name is a column of the kind's families' file.
func families(k Kind, name string) bool {
	_, ok := dibaoFamilies.Column(name)
	return ok && k.FamiliesTable() != ""
}

// A memberReader reads one member file.
type memberReader struct {
	in     Input
	set    Settings
	kind   Kind
	member decode.Member
	no     int // among the members, for the names of the parts
	into   string

	parts  int        // parts begun
	mu     sync.Mutex // over files
	files  []string   // all Parquet files written
	sheets []readSheet
	before map[string]map[string]int64 // table → column → sum of the sheets before
	rows   map[string]span             // table → rows of the sheets before
}

// readSheet is a sheet that was read, or passed over as empty (table "").
type readSheet struct {
	table            string
	roll             string
	receipt          SheetReceipt
	records, rejects []string
}

// refusal is why the file cannot be read whole.
type refusal struct{ note string }

func (r *refusal) Error() string { return r.note }

func (r *memberReader) receipt(status, note string) Receipt {
	m := r.member
	return Receipt{Roll: r.kind.Name, Table: r.kind.Name, File: m.Name, SHA256: m.SHA256, Bytes: m.Bytes,
		Format: m.Format, Encoding: m.Encoding, Status: status, Note: note}
}

func (r *memberReader) read(ctx context.Context) ([]Receipt, error) {
	if r.member.Refused != "" {
		return []Receipt{r.receipt(StatusRefused, r.member.Refused)}, nil
	}
	err := r.readBook(ctx)
	var refused *refusal
	var hostile *decode.Refusal
	switch {
	case errors.As(err, &refused):
		return []Receipt{r.receipt(StatusRefused, refused.note)}, r.removeFiles()
	case errors.As(err, &hostile):
		return []Receipt{r.receipt(StatusRefused, hostile.Note)}, r.removeFiles()
	case err != nil:
		return nil, errors.Join(err, r.removeFiles())
	}
	return r.receipts(), nil
}

// removeFiles takes back what was written of a file that turned out unreadable.
func (r *memberReader) removeFiles() error {
	var errs []error
	for _, f := range r.files {
		if err := os.Remove(filepath.Join(r.into, f)); err != nil && !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, fmt.Errorf("remove part: %w", err))
		}
	}
	return errors.Join(errs...)
}

// receipts puts the sheets together, one receipt a table.
func (r *memberReader) receipts() []Receipt {
	var out []Receipt
	find := func(s readSheet) *Receipt {
		for i := range out {
			if out[i].Table == s.table {
				return &out[i]
			}
		}
		one := r.receipt(StatusRead, "")
		one.Roll, one.Table = s.roll, s.table
		if s.table != r.kind.Name {
			one.Note = "表头有家庭人口或保障人口、没有与户主关系，按家庭表读取"
		}
		out = append(out, one)
		return &out[len(out)-1]
	}
	for _, s := range r.sheets {
		if s.table != "" {
			find(s)
		}
	}
	if len(out) == 0 {
		out = append(out, r.receipt(StatusEmpty, "文件里没有任何行"))
	}
	for _, s := range r.sheets {
		to := &out[0]
		if s.table != "" {
			to = find(s)
		}
		to.Sheets = append(to.Sheets, s.receipt)
		to.Records = append(to.Records, s.records...)
		to.Rejects = append(to.Rejects, s.rejects...)
	}
	return out
}

func (r *memberReader) readBook(ctx context.Context) error {
	m := r.member
	if m.Format == "parquet" {
		var err error
		if m, err = r.parquet(ctx); err != nil {
			return err
		}
		defer os.Remove(m.Path)
	}
	book, err := decode.Open(ctx, m)
	if err != nil {
		return err
	}
	headless := ""
	read := false
	for i, sheet := range book.Sheets {
		s := SheetReceipt{No: i, Hidden: sheet.Hidden, Status: StatusEmpty}
		if sheet.Named {
			s.Sheet = &sheet.Name
		}
		head, merges, err := book.Head(i, headRows)
		if err != nil {
			return err
		}
		reading, note, err := r.plan(head, merges, &s)
		if err != nil {
			return err
		}
		if reading == nil {
			if err := r.passOver(ctx, book, i, &s, note); err != nil {
				return err
			}
			if s.Other > 0 && headless == "" && s.Note != "" {
				headless = note
			}
			r.sheets = append(r.sheets, readSheet{receipt: s})
			continue
		}
		read = true
		done, err := r.readSheet(ctx, book, i, reading, head, s)
		if err != nil {
			return err
		}
		r.sheets = append(r.sheets, done)
	}
	if !read && headless != "" {
		return &refusal{headless}
	}
	return nil
}

// parquet gives the lines of JSON that a Parquet file becomes.
func (r *memberReader) parquet(ctx context.Context) (decode.Member, error) {
	if r.set.Parquet == nil {
		return decode.Member{}, &refusal{"这是 Parquet 文件，无法读取；请导出为 CSV 或 .xlsx 后再放入"}
	}
	f, err := os.CreateTemp(r.set.Scratch, "parquet-*.jsonl")
	if err != nil {
		return decode.Member{}, err
	}
	m := decode.Member{Name: r.member.Name, Path: f.Name(), Format: "jsonl", Encoding: "utf-8"}
	err = f.Close()
	var refused string
	var rows int64
	if err == nil {
		rows, refused, err = r.set.Parquet(ctx, r.member.Path, m.Path)
	}
	if err == nil && refused != "" {
		err = &refusal{refused}
	}
	if err == nil {
		m.Bytes, err = decode.Lines(ctx, m.Path, rows)
	}
	if err != nil {
		return m, errors.Join(err, os.Remove(m.Path))
	}
	return m, nil
}

// plan finds the header and works out how the sheet is read. Without a header
// it gives no reading and a note that says what was looked for.
func (r *memberReader) plan(head []decode.Record, merges []decode.Range, s *SheetReceipt) (*reading, string, error) {
	persons, err := newVocabulary(r.kind, overridesFor(r.kind, r.in.Columns))
	if err != nil {
		return nil, "", err
	}
	families := persons
	if r.kind.FamiliesTable() != "" {
		if families, err = newVocabulary(dibaoFamilies, overridesFor(dibaoFamilies, r.in.Columns)); err != nil {
			return nil, "", err
		}
	}
	h, ok := decode.FindHeader(head, merges, func(name string) bool {
		return persons.knows(name) || families.knows(name)
	})
	if !ok {
		return nil, fmt.Sprintf("前 %d 行里没有找到表头：认得的列名太少，至少要有%s。请检查表头，或在 doudi.yaml 的 columns 里写明",
			headRows, strings.Join(mapping{}.missing(r.kind), "、")), nil
	}
	if row := personAbove(head, h); row > 0 {
		return nil, "", &refusal{fmt.Sprintf("%s第 %d 行是表头，但上面第 %d 行已有带身份证号的记录：一张表里只能有一份名单。请把两份名单分成两张工作表或两个文件后再放入",
			sheetWord(s.Sheet), h.Last, row)}
	}
	k, table, v := r.kind, r.kind.Name, persons
	if r.kind.FamiliesTable() != "" && isFamilies(h.Names) {
		k, table, v = dibaoFamilies, r.kind.FamiliesTable(), families
	}
	around := surroundings{titles: h.Titles, file: r.member.Name}
	if s.Sheet != nil {
		around.sheet = *s.Sheet
	}
	reading := newReading(k, table, v, h, head, around, r.set)
	reading.file, reading.sheet, reading.sheetNo = r.member.Name, s.Sheet, s.No
	if missing := reading.mapped.missing(k); len(missing) > 0 {
		return nil, "", &refusal{fmt.Sprintf("%s%s，但缺少：%s。读到的列：%s。请补上，或在 doudi.yaml 的 columns 里写明是哪一列",
			sheetWord(s.Sheet), headerPlace(h), strings.Join(missing, "、"), strings.Join(headerWords(h.Names), "、"))}
	}
	return reading, "", nil
}

// headerPlace says where the header was found; keys and fields stand in no row.
func headerPlace(h decode.Header) string {
	if h.Last == 0 {
		return "表头已找到"
	}
	return fmt.Sprintf("第 %d 行是表头", h.Last)
}

// personAbove is the first row above the header with a valid ID number, 0 for
// none: there stands a list under a poorer header, and reading on below the
// better one would lose it without a word.
func personAbove(head []decode.Record, h decode.Header) int64 {
	for _, rec := range head {
		if rec.Row >= h.First {
			break
		}
		for _, cell := range rec.Cells {
			if looksLikeID(cell) && clean.ParseID(cell).Key != 0 {
				return rec.Row
			}
		}
	}
	return 0
}

func otherTable(sheet *string, row, header int64) string {
	return fmt.Sprintf("%s第 %d 行又是一个表头，与第 %d 行的不同：一张表里只能有一份名单。请把两份名单分成两张工作表或两个文件后再放入",
		sheetWord(sheet), row, header)
}

// overridesFor keeps the `columns:` that the kind has.
func overridesFor(k Kind, all map[string]string) map[string]string {
	kept := map[string]string{}
	for header, name := range all {
		if _, ok := k.Column(name); ok {
			kept[header] = name
		}
	}
	return kept
}

func sheetWord(name *string) string {
	if name == nil {
		return ""
	}
	return "工作表“" + *name + "”"
}

// headerWords are the names of a header for a note: no long ones, no digits, in
// case a row of data was taken for a header.
func headerWords(names []string) []string {
	var out []string
	for _, n := range names {
		n = clean.Text(n)
		if n == "" || len(n) > 60 || digits(n) > 4 {
			continue
		}
		if out = append(out, n); len(out) == 40 {
			break
		}
	}
	return out
}

func digits(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		}
	}
	return n
}

// passOver counts the rows of a sheet without a header. A sheet with ID numbers
// is a list: then the file cannot be read whole.
func (r *memberReader) passOver(ctx context.Context, book *decode.Book, sheet int, s *SheetReceipt, note string) error {
	filled := false
	for chunk, err := range book.Chunks(ctx, sheet, 1, 0) {
		if err != nil {
			return err
		}
		for rec := range chunk.Records() {
			s.Physical++
			filled = filled || rec.Reject != "" || !blank(rec.Cells)
			for _, cell := range rec.Cells {
				if looksLikeID(cell) && clean.ParseID(cell).Key != 0 {
					return &refusal{sheetWord(s.Sheet) + note}
				}
			}
		}
	}
	if got := book.Physical(sheet); got != s.Physical {
		return fmt.Errorf("sheet %d: the cutter counted %d records, the reader %d", sheet, got, s.Physical)
	}
	s.Other = s.Physical
	if filled {
		s.Note = "没有名单表头，也没有身份证号，按说明页略过"
	}
	return nil
}

func (r *memberReader) readSheet(ctx context.Context, book *decode.Book, no int, reading *reading, head []decode.Record, s SheetReceipt) (readSheet, error) {
	roll := reading.kind.Name
	from := reading.header.Last + 1
	above, err := r.above(reading, head, from)
	if err != nil {
		return readSheet{}, err
	}
	results, err := r.readChunks(ctx, book, no, reading, from)
	if err != nil {
		return readSheet{}, err
	}
	results = append([]*chunkResult{above}, results...)
	done := readSheet{table: reading.table, roll: roll, receipt: s}
	if err := r.sum(&done, reading, results); err != nil {
		return readSheet{}, err
	}
	if got, want := book.Physical(no)+above.physical, done.receipt.Physical; got != want {
		return readSheet{}, fmt.Errorf("sheet %d: the cutter counted %d records, the reader %d", no, got, want)
	}
	return done, nil
}

// above counts the records up to the header's last line.
func (r *memberReader) above(reading *reading, head []decode.Record, from int64) (*chunkResult, error) {
	f := newFiller(reading)
	defer f.done()
	result := &chunkResult{spans: []span{{sums: make([]int64, len(reading.summed))}}}
	for i := range head {
		rec := &head[i]
		if rec.Row < 1 || rec.Row >= from {
			continue
		}
		result.physical++
		if rec.Reject == "" || rec.Reject == decode.RejectCells {
			result.other++
			continue
		}
		result.rejected++
		f.reject(rec, "", rec.Reject, cellsOf(rec))
	}
	return result, r.writeParts(f, result, r.nextPart())
}

func (r *memberReader) nextPart() int {
	r.parts++
	return r.parts
}

// sum puts the results of the chunks together, in their order.
func (r *memberReader) sum(done *readSheet, reading *reading, results []*chunkResult) error {
	s := &done.receipt
	s.Status = StatusRead
	if reading.header.Last > 0 {
		last := reading.header.Last
		s.HeaderRow = &last
	}
	words, coded, places := map[[2]string]wordUse{}, map[string]int64{}, map[string]bool{}
	var (
		spans      []span
		totals     []totalRow
		privateUse int64
	)
	for _, c := range results {
		if c.otherTable > 0 {
			return &refusal{otherTable(s.Sheet, c.otherTable, reading.header.Last)}
		}
		if c.twice != "" {
			return &refusal{fmt.Sprintf("%s表头“%s”出现不止一次，而且同一行里内容不同，无法确定取哪一列；请删去或改名其中一列",
				sheetWord(s.Sheet), c.twice)}
		}
		s.Physical += c.physical
		s.Accepted += c.accepted
		s.Rejected += c.rejected
		s.Other += c.other
		s.Parts += c.parts
		privateUse += c.privateUse
		done.records = append(done.records, c.records...)
		done.rejects = append(done.rejects, c.rejects...)
		for w, use := range c.words {
			words[w] = words[w].and(use)
		}
		for w, n := range c.coded {
			coded[w] += n
		}
		for p := range c.places {
			places[p] = true
		}
		for i, one := range c.spans {
			if i == 0 && len(spans) > 0 {
				spans[len(spans)-1].add(one)
				continue
			}
			spans = append(spans, one)
		}
		totals = append(totals, c.totals...)
	}
	s.Rows = s.Accepted + s.Rejected
	if privateUse > 0 {
		s.Note = fmt.Sprintf("%d 个姓名含有造字（私用区字符），不同机器上显示可能不同，请核对", privateUse)
	}
	if s.Rows+s.Other != s.Physical {
		return fmt.Errorf("sheet %d: %d records read, %d accepted, %d rejected, %d other", s.No, s.Physical, s.Accepted, s.Rejected, s.Other)
	}
	s.Controls = controls(reading.summed, spans, totals, r.sumsBefore(reading))
	r.remember(reading, spans)
	for _, b := range reading.mapped.bound {
		s.Understood = append(s.Understood, ColumnUse{Header: clean.Text(b.header), Column: b.Name})
	}
	s.Unused, s.Unknown = reading.mapped.unused, reading.mapped.unknown
	s.UnknownWords = wordCounts(words)
	s.CodedWords = codedCounts(coded)
	s.UnknownPlaces = sortedKeys(places, 200)
	if slices.ContainsFunc(reading.columns, func(b bound) bool { return b.Name == "town" && len(b.cells) > 0 }) {
		return nil
	}
	s.PlaceFrom = reading.placeFrom
	return nil
}

// sumsBefore are the sums of the sheets of the same table before this one.
func (r *memberReader) sumsBefore(reading *reading) span {
	before := r.rows[reading.table]
	before.sums = make([]int64, len(reading.summed))
	for i, b := range reading.summed {
		before.sums[i] = r.before[reading.table][b.Name]
	}
	return before
}

// remember adds the sheet to the sums before the next one.
func (r *memberReader) remember(reading *reading, spans []span) {
	if r.before == nil {
		r.before, r.rows = map[string]map[string]int64{}, map[string]span{}
	}
	sums, ok := r.before[reading.table]
	if !ok {
		sums = map[string]int64{}
		r.before[reading.table] = sums
	}
	rows := r.rows[reading.table]
	for _, s := range spans {
		rows.rows += s.rows
		rows.rejected += s.rejected
		for i, b := range reading.summed {
			sums[b.Name] = addSaturated(sums[b.Name], s.sums[i])
		}
	}
	r.rows[reading.table] = rows
}

// maxUnknownWords is how many unknown words of one column a receipt names; the
// rest is counted together, without a word.
const maxUnknownWords = 200

func wordCounts(words map[[2]string]wordUse) []WordCount {
	out := make([]WordCount, 0, len(words))
	for w, use := range words {
		out = append(out, WordCount{Column: w[0], Word: w[1], N: use.times, Row: use.first})
	}
	slices.SortFunc(out, func(a, b WordCount) int {
		if c := strings.Compare(a.Column, b.Column); c != 0 {
			return c
		}
		return strings.Compare(a.Word, b.Word)
	})
	var kept []WordCount
	named := 0
	for _, w := range out {
		if len(kept) > 0 && kept[len(kept)-1].Column == w.Column {
			if named >= maxUnknownWords {
				last := &kept[len(kept)-1]
				last.Word = ""
				last.N += w.N
				last.Row = min(last.Row, w.Row)
				continue
			}
		} else {
			named = 0
		}
		named++
		kept = append(kept, w)
	}
	return kept
}

func codedCounts(coded map[string]int64) []WordCount {
	var out []WordCount
	for _, column := range sortedKeys(coded, len(coded)) {
		out = append(out, WordCount{Column: column, N: coded[column]})
	}
	return out
}

func sortedKeys[V any](m map[string]V, most int) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	if len(keys) > most {
		keys = keys[:most]
	}
	if len(keys) == 0 {
		return nil
	}
	return keys
}
