package decode

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"
	"unsafe"
)

const (
	sheetRows    = 1 << 20 // the last row a sheet can have
	sheetColumns = 1 << 14
	rowsPerChunk = 8192
	textPerChunk = chunkSize / 2
)

// sheetReader reads the rows of a sheet as a stream.
type sheetReader struct {
	x      *xmlScanner
	w      *workbook
	row    int64 // the row just read
	cells  []sheetCell
	block  []byte // texts of cells that are not shared strings
	merges []Range
	inData bool
	value  []byte
}

// sheetCell is a cell: a shared string, or a piece of the reader's block.
type sheetCell struct {
	shared     string
	start, end int
	number     bool
}

func (c sheetCell) empty() bool { return c.shared == "" && c.start == c.end }

// next reads a row; ok is false at the end of the part, which is then known to
// be well-formed. The cells of earlier rows stay in block until it is reset.
func (r *sheetReader) next() (ok bool, err error) {
	for {
		event, err := r.x.next()
		if err != nil || event == xmlDone {
			return false, err
		}
		switch name := string(r.x.name); {
		case event == xmlText:
		case name == "sheetData":
			r.inData = event == xmlStart
		case event == xmlStart && name == "row" && r.inData:
			return true, r.readRow()
		case event == xmlStart && name == "mergeCell":
			m, ok := parseRange(r.x.attr("ref"))
			if !ok || len(r.merges) > sheetRows {
				return false, errXML
			}
			r.merges = append(r.merges, m)
		}
	}
}

func (r *sheetReader) readRow() error {
	row := r.row + 1
	if ref := r.x.attr("r"); ref != nil {
		n, err := strconv.ParseInt(string(ref), 10, 64)
		if err != nil || n < row {
			return errXML
		}
		row = n
	}
	if row > sheetRows {
		return errXML
	}
	r.row = row
	r.cells = r.cells[:0]
	for {
		event, err := r.x.next()
		switch {
		case err != nil:
			return err
		case event == xmlText:
		case event == xmlEnd: // of the row
			for len(r.cells) > 0 && r.cells[len(r.cells)-1].empty() {
				r.cells = r.cells[:len(r.cells)-1]
			}
			return nil
		case string(r.x.name) == "c":
			err = r.readCell()
		default:
			err = r.skip()
		}
		if err != nil {
			return err
		}
	}
}

// skip passes over the element just begun.
func (r *sheetReader) skip() error {
	for depth := 1; depth > 0; {
		event, err := r.x.next()
		if err != nil {
			return err
		}
		switch event {
		case xmlStart:
			depth++
		case xmlEnd:
			depth--
		}
	}
	return nil
}

func (r *sheetReader) readCell() error {
	column := len(r.cells)
	var kind cellKind
	var format cellFormat
	for _, a := range r.x.attrs {
		switch string(a.name) {
		case "r":
			c, row, ok := parseRef(a.value)
			if !ok || row != r.row || c < column {
				return errXML
			}
			column = c
		case "t":
			var ok bool
			if kind, ok = cellKinds[string(a.value)]; !ok {
				return errXML
			}
		case "s":
			if i, ok := atoi(a.value); ok && i < len(r.w.styles) {
				format = r.w.styles[i]
			}
		}
	}
	if column >= sheetColumns {
		return errXML
	}
	for len(r.cells) < column {
		r.cells = append(r.cells, sheetCell{})
	}
	cell := sheetCell{start: len(r.block), end: len(r.block)}
	r.value = r.value[:0]
	for {
		event, err := r.x.next()
		switch {
		case err != nil:
			return err
		case event == xmlText:
		case event == xmlEnd: // of the cell
			if len(r.value) > 0 {
				if err := r.setValue(&cell, kind, format); err != nil {
					return err
				}
			}
			r.cells = append(r.cells, cell)
			return nil
		case string(r.x.name) == "v":
			err = r.readValue()
		case string(r.x.name) == "is":
			r.block, err = richText(r.x, r.block)
			cell.end = len(r.block)
		default:
			err = r.skip()
		}
		if err != nil {
			return err
		}
	}
}

// readValue reads the text of a v.
func (r *sheetReader) readValue() error {
	for {
		event, err := r.x.next()
		switch {
		case err != nil:
			return err
		case event == xmlText:
			r.value = append(r.value, r.x.text...)
		case event == xmlEnd:
			return nil
		default:
			return errXML
		}
	}
}

type cellKind byte

const (
	numberCell cellKind = iota
	sharedCell
	textCell // the text of a formula, an error such as #N/A
	inlineCell
	boolCell
	isoDateCell
)

var cellKinds = map[string]cellKind{
	"n": numberCell, "s": sharedCell, "str": textCell, "e": textCell, "inlineStr": inlineCell, "b": boolCell, "d": isoDateCell,
}

// setValue makes the text of a cell out of its stored value, as an officer sees
// it: of formulas the cached result, of dates the date.
func (r *sheetReader) setValue(cell *sheetCell, kind cellKind, format cellFormat) error {
	switch kind {
	case sharedCell:
		i, ok := atoi(trimBlanksRight(trimBlanks(r.value)))
		if !ok || i >= len(r.w.strings) {
			return errXML
		}
		cell.shared = r.w.strings[i]
		return nil
	case numberCell:
		text := trimBlanksRight(trimBlanks(r.value))
		if !isNumber(text) {
			r.block = append(r.block, text...)
			break
		}
		if format != asNumber {
			if date, ok := dateText(string(text), format, r.w.date04); ok {
				r.block = append(r.block, date...)
				break
			}
		}
		cell.number = true
		r.block = appendNumber(r.block, text)
	case boolCell:
		word := "FALSE"
		if string(r.value) == "1" {
			word = "TRUE"
		}
		r.block = append(r.block, word...)
	case isoDateCell:
		r.block = append(r.block, bytes.TrimSuffix(r.value, []byte("T00:00:00"))...)
	case inlineCell:
	default:
		r.block = append(r.block, r.value...)
		r.block = unescapeCodes(r.block, cell.start)
	}
	cell.end = len(r.block)
	return nil
}

func isNumber(text []byte) bool {
	for _, c := range text {
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'E' && c != 'e' {
			return false
		}
	}
	return len(text) > 0
}

// appendNumber writes a number as Excel shows it: with at most 15 significant
// digits, for 610.20000000000005 in a file is 610.2 in the cell, and 1.5E-2 is
// 0.015. Whole numbers stay as they came, and so do those of 15 digits and more
// before the point: an ID number that was damaged must look damaged.
func appendNumber(to, text []byte) []byte {
	if !bytes.ContainsAny(text, ".eE") {
		return append(to, text...)
	}
	f, err := strconv.ParseFloat(unsafe.String(unsafe.SliceData(text), len(text)), 64)
	if err != nil || math.Abs(f) >= 1e15 {
		return append(to, text...)
	}
	short := strconv.FormatFloat(f, 'g', 15, 64)
	if f, err = strconv.ParseFloat(short, 64); err != nil {
		return append(to, text...)
	}
	return strconv.AppendFloat(to, f, 'f', -1, 64)
}

// atoi reads a small whole number without a sign.
func atoi(text []byte) (int, bool) {
	n := 0
	for _, c := range text {
		if c < '0' || c > '9' || n > 1<<30 {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, len(text) > 0
}

// parseRef reads an address such as AB12: the column from 0, the row from 1.
func parseRef(ref []byte) (column int, row int64, ok bool) {
	i := 0
	for ; i < len(ref) && ref[i] >= 'A' && ref[i] <= 'Z'; i++ {
		if column = column*26 + int(ref[i]-'A') + 1; column > sheetColumns {
			return 0, 0, false
		}
	}
	n, ok := atoi(ref[i:])
	return column - 1, int64(n), ok && i > 0
}

func parseRange(ref []byte) (Range, bool) {
	from, to, two := bytes.Cut(ref, []byte(":"))
	left, top, ok := parseRef(from)
	if !two {
		return Range{Top: top, Bottom: top, Left: left, Right: left}, ok
	}
	right, bottom, ok2 := parseRef(to)
	return Range{Top: top, Bottom: bottom, Left: left, Right: right}, ok && ok2 && top <= bottom && left <= right
}

// read opens a sheet's rows.
func (w *workbook) read(ctx context.Context, p parts, sheet int) (*sheetReader, io.Closer, error) {
	x, closer, err := p.open(ctx, w.sheets[sheet].part)
	if err != nil {
		return nil, nil, err
	}
	return &sheetReader{x: x, w: w}, closer, nil
}

// preflight reads a sheet through and keeps what must be known before its rows
// are read in earnest.
func (w *workbook) preflight(ctx context.Context, p parts, sheet int) error {
	r, closer, err := w.read(ctx, p, sheet)
	if err != nil {
		return err
	}
	defer closer.Close()
	s := &w.sheets[sheet]
	for {
		ok, err := r.next()
		if err != nil {
			return partError(ctx, err)
		}
		if !ok {
			s.merges = r.merges
			return nil
		}
		if len(r.cells) > 0 {
			s.last = r.row
		}
		r.block = r.block[:0]
	}
}

func (w *workbook) head(sheet, n int) ([]Record, []Range, error) {
	var count int64
	head, err := firstRecords(w.chunks(context.Background(), sheet, 1, 0, &count), n)
	return head, w.sheets[sheet].merges, err
}

// chunks gives the rows down to the last that has contents; those that the file
// leaves out are blank. The count is the pre-flight's.
func (w *workbook) chunks(ctx context.Context, sheet int, from int64, _ int, count *int64) iter.Seq2[*Chunk, error] {
	return func(yield func(*Chunk, error) bool) {
		last := w.sheets[sheet].last
		*count = max(0, last-from+1)
		z, p, err := openPackage(w.path)
		if err != nil {
			yield(nil, err)
			return
		}
		defer z.Close()
		r, closer, err := w.read(ctx, p, sheet)
		if err != nil {
			yield(nil, err)
			return
		}
		defer closer.Close()
		b := rowBatch{}
		for due := from; due <= last; {
			ok, err := r.next()
			if err == nil && !ok {
				err = fmt.Errorf("sheet ended at row %d, not %d: the workbook was changed while it was read", r.row, last)
			}
			if err != nil {
				yield(nil, partError(ctx, err))
				return
			}
			if r.row < due || len(r.cells) == 0 {
				r.block = r.block[:b.text]
				continue
			}
			for ; due <= r.row; due++ {
				if due < r.row {
					b.addBlank(due)
				} else {
					b.add(r)
				}
				if len(b.rows) < rowsPerChunk && len(r.block) < textPerChunk && due < last {
					continue
				}
				if !yield(b.chunk(r.block), nil) {
					return
				}
				b = rowBatch{rows: make([]batchRow, 0, len(b.rows)), cells: b.cells[:0]}
				if due == r.row { // else the texts of this row lie in the block
					r.block = make([]byte, 0, len(r.block)+len(r.block)/8)
				}
			}
		}
	}
}

// rowBatch is rows on their way into a chunk.
type rowBatch struct {
	rows  []batchRow
	cells []sheetCell
	text  int // how much of the reader's block belongs to rows of the batch
}

type batchRow struct {
	row        int64
	start, end int
	long       bool
}

func (b *rowBatch) addBlank(row int64) {
	b.rows = append(b.rows, batchRow{row: row, start: len(b.cells), end: len(b.cells)})
}

func (b *rowBatch) add(r *sheetReader) {
	start, size := len(b.cells), 0
	for _, c := range r.cells {
		size += len(c.shared) + c.end - c.start
	}
	b.cells = append(b.cells, r.cells...)
	b.rows = append(b.rows, batchRow{row: r.row, start: start, end: len(b.cells), long: size > MaxRecord})
	b.text = len(r.block)
}

// chunk makes strings of the cells. The block is not written to again.
func (b *rowBatch) chunk(block []byte) *Chunk {
	text := unsafe.String(unsafe.SliceData(block), len(block))
	cells := make([]string, len(b.cells))
	numbers := make([]bool, len(b.cells))
	for i, c := range b.cells {
		numbers[i] = c.number
		if cells[i] = c.shared; c.shared == "" {
			cells[i] = text[c.start:c.end]
		}
	}
	rows := b.rows
	return &Chunk{records: func(yield func(*Record) bool) {
		for _, row := range rows {
			r := Record{Row: row.row, Lines: 1, Cells: cells[row.start:row.end:row.end], Numbers: numbers[row.start:row.end:row.end]}
			if row.long {
				r = Record{Row: row.row, Lines: 1, Reject: RejectLong, Raw: rawText(firstText(r.Cells))}
			}
			if !yield(&r) {
				return
			}
		}
	}}
}

// firstText is the beginning of a row that is too long, with tabs between cells.
func firstText(cells []string) string {
	var text []byte
	for _, cell := range cells {
		if len(text) > maxRaw {
			break
		}
		text = append(append(text, cell[:min(len(cell), maxRaw)]...), '\t')
	}
	return string(text)
}
