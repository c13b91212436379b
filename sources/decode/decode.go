// Package decode turns the bytes of a file into records: which format and
// encoding it has, where its records begin and end, what its cells say. It
// knows nothing of kinds of list and cleans nothing.
//
// The way of a file:
//
//	Unpack     the members of a file: itself, or what a .gz or .zip holds   unpack.go, archive.go
//	  sniff    format and encoding by content, never by extension          sniff.go, encoding.go
//	Open       a Book of sheets; hostile or torn workbooks are refused here text.go, xlsx.go, xls.go, dbf.go, html.go …
//	Head       the first rows, for the header to be found                   header.go
//	Chunks     the rest, cut at record boundaries; chunks read in parallel  cut.go, split.go, sheet.go
//
// Three ways out: a record that cannot be read carries a Reject, a file that
// cannot be read whole is a Refusal (or a Member with Refused set), and an
// error is our own trouble (a disk). Texts for people are Chinese and hold no
// cell contents.
package decode

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// Why a physical record cannot be read: Record.Reject.
const (
	RejectBytes     = "bad_bytes"  // bytes its encoding does not have, or a JSON line that is no object
	RejectNUL       = "nul"        // a NUL character
	RejectLong      = "too_long"   // over MaxRecord bytes
	RejectCells     = "cell_count" // not as many cells as the header
	RejectOpenQuote = "open_quote" // a quoted cell that does not end
)

const (
	// MaxRecord is the longest record read, in bytes of UTF-8 without its line end.
	MaxRecord = 1 << 20
	// MaxQuotedLines is how many lines one quoted cell may span.
	MaxQuotedLines = 20
	// maxRaw is how much of a rejected record is kept.
	maxRaw = 4 << 10
)

// Member is one file to read: the file itself, or one packed inside a .gz or .zip.
type Member struct {
	Name     string // as published: path relative to the workspace; inside an archive dir/a.zip/b.csv
	Path     string // where its plain bytes lie on disk (unpacked into scratch where packed); "" where refused before that
	Bytes    int64  // of the plain bytes
	SHA256   string // of the plain bytes, 64 hexadecimal digits
	Format   string // csv tsv xlsx jsonl xls dbf html xml database; parquet, which Open does not read, "" for the rest
	Encoding string // utf-8 utf-8-bom gb18030 utf-16le utf-16be, "" where there is none
	Memo     string // of a DBF: where the file of its memos lies; "" where there is none
	Refused  string // what the file is, why it cannot be read, what to do; "" where it can
}

// Record is one physical record. Its slices are overwritten by the next one of
// the same chunk; its strings stay.
type Record struct {
	Row     int64    // physical row of the sheet, or physical line on which it begins, from 1
	Lines   int64    // how many of these it takes: 1, more where quoted cells hold line breaks
	Cells   []string // nil where Reject is set, save for cell_count, where they are as they came
	Numbers []bool   // the cell was stored as a number; nil where the format is text
	Reject  string   // "" or why this record cannot be read
	Raw     string   // of a rejected record: its text as it came, valid UTF-8, at most 4 KiB
}

// Blank says that no cell of the record holds anything but blanks.
func (r *Record) Blank() bool {
	return r.Reject == "" && !slices.ContainsFunc(r.Cells, func(cell string) bool { return strings.TrimSpace(cell) != "" })
}

// Sheet is one sheet of a book. A format without sheets has one that is not Named.
type Sheet struct {
	Name   string
	Named  bool
	Hidden bool
}

// Range is a rectangle of merged cells: rows from 1, columns from 0, both ends included.
type Range struct {
	Top, Bottom int64
	Left, Right int
}

// Refusal says why a file cannot be read as a whole, in words for the officer
// who sent it.
type Refusal struct{ Note string }

func (r *Refusal) Error() string { return r.Note }

func refuse(format string, args ...any) error { return &Refusal{Note: fmt.Sprintf(format, args...)} }

// Book is a member opened for reading. It holds no file open between calls.
type Book struct {
	Sheets  []Sheet
	content content
	counted map[int]int64
}

// content is what a format has to offer; sheets are indices into Book.Sheets.
type content interface {
	// head gives the first n records, copied, and the merged ranges of the sheet.
	head(sheet, n int) ([]Record, []Range, error)
	// chunks yields the records from row `from` on and adds to count what the
	// cutter, not the reader of the chunks, has counted.
	chunks(ctx context.Context, sheet int, from int64, width int, count *int64) iter.Seq2[*Chunk, error]
}

// Chunk is a run of whole records. Chunks come in order; each may be read in a
// goroutine of its own.
type Chunk struct{ records iter.Seq[*Record] }

// Records yields the records in order.
func (c *Chunk) Records() iter.Seq[*Record] { return c.records }

// Open makes a member ready for reading, and reads whatever is needed to know
// that it can be read whole. The error is a *Refusal where it cannot.
func Open(ctx context.Context, m Member) (*Book, error) {
	if m.Refused != "" {
		return nil, &Refusal{Note: m.Refused}
	}
	b := &Book{Sheets: []Sheet{{}}, counted: map[int]int64{}}
	var err error
	switch {
	case m.Bytes == 0:
		b.content = nothing{}
	case m.Format == "csv" || m.Format == "tsv":
		b.content, err = openText(m)
	case m.Format == "jsonl":
		b.content, err = openJSONLines(ctx, m)
	case m.Format == "database":
		b.content, err = openRows(m)
	case m.Format == "dbf":
		b.content, err = openDBF(m)
	case m.Format == "xls":
		b.content, b.Sheets, err = inMemory(openXLS(ctx, m))
	case m.Format == "html":
		b.content, b.Sheets, err = inMemory(openHTML(ctx, m))
	case m.Format == "xml":
		b.content, b.Sheets, err = inMemory(openXMLSheets(ctx, m))
	case m.Format == "xlsx":
		var w *workbook
		if w, err = openWorkbook(ctx, m.Path); err == nil {
			b.content, b.Sheets = w, w.names()
		}
	default:
		err = refuse("本程序不读取这种文件")
	}
	if err != nil {
		return nil, err
	}
	return b, nil
}

// inMemory is a book of sheets that are held in memory.
func inMemory(l *tables, err error) (content, []Sheet, error) {
	if err != nil {
		return nil, nil, err
	}
	return l, l.names(), nil
}

// Head gives the first n records of a sheet, copied, and its merged ranges.
// Blank rows count among the n. Lines of JSON come under a record of row 0 that
// holds their keys.
func (b *Book) Head(sheet, n int) ([]Record, []Range, error) {
	return b.content.head(sheet, n)
}

// Chunks cuts the records from physical row from on into chunks of about 8 MB;
// width is the number of cells of the header (0: unknown, any number fits). The
// cutting depends on nothing but the bytes. One goroutine iterates. Breaking
// off early is allowed; Physical then counts what was cut so far.
func (b *Book) Chunks(ctx context.Context, sheet int, from int64, width int) iter.Seq2[*Chunk, error] {
	return func(yield func(*Chunk, error) bool) {
		var count int64
		defer func() { b.counted[sheet] = count }()
		b.content.chunks(ctx, sheet, from, width, &count)(yield)
	}
}

// Physical is the number of records, blank ones included, that the cutter
// counted from the row given to the last Chunks of that sheet; the records
// which its chunks yield are counted apart from it, and both must agree.
func (b *Book) Physical(sheet int) int64 { return b.counted[sheet] }

// nothing is the content of an empty file.
type nothing struct{}

func (nothing) head(int, int) ([]Record, []Range, error) { return nil, nil, nil }

func (nothing) chunks(context.Context, int, int64, int, *int64) iter.Seq2[*Chunk, error] {
	return func(func(*Chunk, error) bool) {}
}

// firstRecords copies the first n records of some chunks.
func firstRecords(chunks iter.Seq2[*Chunk, error], n int) ([]Record, error) {
	if n <= 0 {
		return nil, nil
	}
	var head []Record
	for chunk, err := range chunks {
		if err != nil {
			return nil, err
		}
		for r := range chunk.Records() {
			if head = append(head, r.clone()); len(head) >= n {
				return head, nil
			}
		}
	}
	return head, nil
}

// clone copies a record and lets go of the chunk its strings lie in.
func (r *Record) clone() Record {
	c := *r
	c.Raw = strings.Clone(r.Raw)
	c.Numbers = slices.Clone(r.Numbers)
	c.Cells = slices.Clone(r.Cells)
	for i, cell := range c.Cells {
		c.Cells[i] = strings.Clone(cell)
	}
	return c
}
