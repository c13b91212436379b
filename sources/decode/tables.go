package decode

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of the formats whose sheets are held in memory.
const (
	maxListedBytes = 256 << 20 // of the file
	maxListedCells = 16 << 20  // of all sheets, merged and left-out ones included
	maxListedText  = 1 << 30   // bytes of all cells, a text that several share counted each time
)

const noteTooBig = "这个文件太大（%s），整份不予读取；请另存为 .xlsx 或 CSV，或分成几个文件"

// tables is a book whose sheets are held in memory: XLS, XML-2003, HTML. They
// are formats of small files, and must be read to their end before it is known
// that they can be.
type tables struct {
	sheets []*tableSheet
	cells  int
	text   int
}

// tableSheet is a sheet; rows that the file leaves out are not among its rows.
type tableSheet struct {
	Sheet
	rows   []Record
	merges []Range
}

// add puts a sheet at the end.
func (l *tables) add(s Sheet) *tableSheet {
	sheet := &tableSheet{Sheet: s}
	l.sheets = append(l.sheets, sheet)
	return sheet
}

// put sets a cell, row from 1, column from 0. Where the limits do not allow it the error is a refusal.
func (l *tables) put(s *tableSheet, row int64, column int, text string, number bool) error {
	if row < 1 || row > sheetRows || column < 0 || column >= sheetColumns {
		return refuse(noteTooBig, fmt.Sprintf("超过 %d 行或 %d 列", sheetRows, sheetColumns))
	}
	if l.text += len(text); l.text > maxListedText {
		return refuse(noteTooLarge, maxListedText>>20)
	}
	r := s.record(row)
	if more := column + 1 - len(r.Cells); more > 0 {
		if l.cells += more; l.cells > maxListedCells {
			return refuse(noteTooBig, fmt.Sprintf("超过 %d 个单元格", maxListedCells))
		}
		r.Cells = append(r.Cells, make([]string, more)...)
		r.Numbers = append(r.Numbers, make([]bool, more)...)
	}
	r.Cells[column], r.Numbers[column] = text, number
	return nil
}

// record is a row, made where it is not there; files have them in order mostly.
func (s *tableSheet) record(row int64) *Record {
	at := len(s.rows) - 1
	if at < 0 || s.rows[at].Row < row {
		s.rows = append(s.rows, Record{Row: row, Lines: 1})
		return &s.rows[at+1]
	}
	if s.rows[at].Row > row {
		there := false
		at, there = slices.BinarySearchFunc(s.rows, row, func(r Record, row int64) int { return cmp.Compare(r.Row, row) })
		if !there {
			s.rows = slices.Insert(s.rows, at, Record{Row: row, Lines: 1})
		}
	}
	return &s.rows[at]
}

// done drops blank rows at the ends of sheets and judges the others.
func (l *tables) done() {
	for _, s := range l.sheets {
		for len(s.rows) > 0 && s.rows[len(s.rows)-1].Blank() {
			s.rows = s.rows[:len(s.rows)-1]
		}
		for i := range s.rows {
			judgeCells(&s.rows[i])
		}
	}
}

// judgeCells says why a row cannot be read, if so.
func judgeCells(r *Record) {
	size := 0
	for _, cell := range r.Cells {
		size += len(cell)
		switch {
		case !utf8.ValidString(cell):
			r.Reject = RejectBytes
		case r.Reject == "" && strings.IndexByte(cell, 0) >= 0:
			r.Reject = RejectNUL
		}
	}
	if size > MaxRecord {
		r.Reject = RejectLong
	}
	if r.Reject != "" {
		r.Raw = rawText(firstText(r.Cells))
		r.Cells, r.Numbers = nil, nil
	}
}

func (l *tables) names() []Sheet {
	names := make([]Sheet, len(l.sheets))
	for i, s := range l.sheets {
		names[i] = s.Sheet
	}
	return names
}

func (l *tables) head(sheet, n int) ([]Record, []Range, error) {
	var count int64
	head, err := firstRecords(l.chunks(context.Background(), sheet, 1, 0, &count), n)
	return head, l.sheets[sheet].merges, err
}

// chunks gives the rows down to the last that has contents; those that the file
// leaves out are blank. The count is by the last row's number.
func (l *tables) chunks(ctx context.Context, sheet int, from int64, _ int, count *int64) iter.Seq2[*Chunk, error] {
	return func(yield func(*Chunk, error) bool) {
		rows := l.sheets[sheet].rows
		for len(rows) > 0 && rows[0].Row < from {
			rows = rows[1:]
		}
		if len(rows) == 0 {
			return
		}
		*count = rows[len(rows)-1].Row - from + 1
		for len(rows) > 0 {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			some := rows[:min(len(rows), rowsPerChunk)]
			rows = rows[len(some):]
			start := from
			from = some[len(some)-1].Row + 1
			if !yield(&Chunk{records: withBlanks(some, start)}, nil) {
				return
			}
		}
	}
}

// withBlanks yields the rows, and before each the blank ones that are left out.
func withBlanks(rows []Record, from int64) iter.Seq[*Record] {
	return func(yield func(*Record) bool) {
		for i := range rows {
			for ; from < rows[i].Row; from++ {
				if !yield(&Record{Row: from, Lines: 1}) {
					return
				}
			}
			r := rows[i]
			if from++; !yield(&r) {
				return
			}
		}
	}
}

// wholeText is all text of a member in UTF-8; a byte without a meaning stays one
// that is no UTF-8.
func wholeText(ctx context.Context, m Member) ([]byte, error) {
	if m.Bytes > maxListedBytes {
		return nil, refuse(noteTooBig, fmt.Sprintf("超过 %d MB", maxListedBytes>>20))
	}
	f, err := os.Open(m.Path)
	if err != nil {
		return nil, fmt.Errorf("%s: open: %w", m.Name, err)
	}
	defer f.Close()
	text, err := io.ReadAll(textReader(&contextReader{ctx, f}, m.Encoding))
	if err != nil {
		return nil, fmt.Errorf("%s: read: %w", m.Name, err)
	}
	if m.Encoding == gb18030e {
		text, _ = gbTable().appendUTF8(make([]byte, 0, len(text)*3/2), text)
	}
	return bytes.TrimPrefix(text, []byte("\uFEFF")), nil
}
