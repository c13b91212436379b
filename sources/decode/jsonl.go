package decode

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxKeys is how many different keys the objects of one file may have.
const maxKeys = 1000

// jsonLines is a file of one JSON object a line. Its header is the keys of all
// objects, in the order in which they are first seen.
type jsonLines struct {
	path     string
	encoding string
	size     int
	keys     []string
	index    map[string]int
}

// openJSONLines reads the file through once for its keys.
func openJSONLines(ctx context.Context, m Member) (*jsonLines, error) {
	j := &jsonLines{path: m.Path, encoding: m.Encoding, size: chunkSize, index: map[string]int{}}
	var count int64
	g := j.grammar()
	for chunk, err := range pieces(ctx, j.path, j.encoding, g, j.size, 1, &count, func(p piece) iter.Seq[*Record] {
		return j.records(p, g, j.addKey)
	}) {
		if err != nil {
			return nil, fmt.Errorf("%s: look for keys: %w", m.Name, err)
		}
		for range chunk.Records() {
			if len(j.keys) > maxKeys {
				return nil, refuse("JSON 各行的键合计超过 %d 个，不像是名册，整份不予读取", maxKeys)
			}
		}
	}
	return j, nil
}

// Lines measures a file of JSON lines and says whether it has the rows that it
// was made of; the error is ours.
func Lines(ctx context.Context, file string, rows int64) (size int64, err error) {
	f, err := os.Open(file)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	lines := int64(0)
	block := make([]byte, 1<<20)
	for in := (&contextReader{ctx, f}); ; {
		n, err := in.Read(block)
		size += int64(n)
		lines += int64(bytes.Count(block[:n], []byte("\n")))
		if err == io.EOF {
			break
		}
		if err != nil {
			return 0, err
		}
	}
	if lines != rows {
		return 0, fmt.Errorf("%d lines were written of %d rows", lines, rows)
	}
	return size, nil
}

func (j *jsonLines) grammar() grammar { return grammar{gb: j.encoding == gb18030e} }

// addKey gives the column of a key, a new one where it was not seen before.
func (j *jsonLines) addKey(key string) int {
	i, ok := j.index[key]
	if !ok {
		i = len(j.keys)
		key = strings.Clone(key)
		j.keys = append(j.keys, key)
		j.index[key] = i
	}
	return i
}

func (j *jsonLines) head(sheet, n int) ([]Record, []Range, error) {
	if n < 1 {
		return nil, nil, nil
	}
	var count int64
	rows, err := firstRecords(j.chunks(context.Background(), sheet, 1, 0, &count), n-1)
	return append([]Record{{Cells: slices.Clone(j.keys)}}, rows...), nil, err
}

func (j *jsonLines) chunks(ctx context.Context, _ int, from int64, _ int, count *int64) iter.Seq2[*Chunk, error] {
	g := j.grammar()
	return pieces(ctx, j.path, j.encoding, g, j.size, from, count, func(p piece) iter.Seq[*Record] {
		return j.records(p, g, func(key string) int { return j.index[key] })
	})
}

// records reads the lines of a piece as objects; column says which cell a key is.
func (j *jsonLines) records(p piece, g grammar, column func(string) int) iter.Seq[*Record] {
	return func(yield func(*Record) bool) {
		o := jsonObject{column: column, cells: make([]string, len(j.keys)), set: make([]bool, len(j.keys))}
		o.lines(p, g, yield)
	}
}

// lines reads the lines of a piece, one record each.
func (o *jsonObject) lines(p piece, g grammar, yield func(*Record) bool) {
	if p.endless {
		yield(endlessRecord(p, g))
		return
	}
	var text string
	text, o.sound = decoded(p.raw, g)
	row := p.row
	for at := 0; at < len(text); row++ {
		line := text[at:]
		if i := strings.IndexAny(line, "\r\n"); i >= 0 {
			line = line[:i]
		}
		at += len(line)
		if strings.HasPrefix(text[at:], "\r\n") {
			at++
		}
		at++
		if !yield(o.record(line, row)) {
			return
		}
	}
}

// jsonObject reads one line after the other into the same cells.
type jsonObject struct {
	column func(string) int
	array  bool // lines are arrays of as many values as there are cells, not objects
	sound  bool // the text holds neither bad bytes nor NUL
	cells  []string
	set    []bool
	text   string
	at     int
	rec    Record
}

func (o *jsonObject) record(line string, row int64) *Record {
	o.rec = Record{Row: row, Lines: 1}
	clear(o.cells)
	clear(o.set)
	switch {
	case len(line) > MaxRecord:
		o.rec.Reject = RejectLong
	case !o.sound && !utf8.ValidString(line):
		o.rec.Reject = RejectBytes
	case !o.sound && strings.IndexByte(line, 0) >= 0:
		o.rec.Reject = RejectNUL
	case strings.TrimSpace(line) == "":
	default:
		o.text, o.at = line, 0
		if o.array {
			o.rec.Reject = o.list()
		} else {
			o.rec.Reject = o.object()
		}
	}
	if o.rec.Reject != "" {
		o.rec.Raw = rawText(line)
	} else {
		o.rec.Cells = o.cells
	}
	return &o.rec
}

// object reads {"key": value, …} and gives why that is not possible, if so: an
// open string, a key twice with different values, or no object.
func (o *jsonObject) object() (reject string) {
	if !o.take('{') {
		return RejectBytes
	}
	for first := true; !o.take('}'); first = false {
		if !first && !o.take(',') {
			return RejectBytes
		}
		key, reject := o.string()
		if reject != "" {
			return reject
		}
		if !o.take(':') {
			return RejectBytes
		}
		value, reject := o.value()
		if reject != "" {
			return reject
		}
		if !o.put(key, value) {
			return RejectCells
		}
	}
	if o.space(); o.at < len(o.text) {
		return RejectBytes
	}
	return ""
}

// list reads [value, …] and gives why that is not possible, if so.
func (o *jsonObject) list() (reject string) {
	if !o.take('[') {
		return RejectBytes
	}
	n := 0
	for ; !o.take(']'); n++ {
		if n > 0 && !o.take(',') {
			return RejectBytes
		}
		value, reject := o.value()
		if reject != "" {
			return reject
		}
		if n < len(o.cells) {
			o.cells[n] = value
		}
	}
	if o.space(); o.at < len(o.text) {
		return RejectBytes
	}
	if n != len(o.cells) {
		return RejectCells
	}
	return ""
}

func (o *jsonObject) put(key, value string) bool {
	i := o.column(key)
	for len(o.cells) <= i {
		o.cells, o.set = append(o.cells, ""), append(o.set, false)
	}
	if o.set[i] && o.cells[i] != value {
		return false
	}
	o.cells[i], o.set[i] = value, true
	return true
}

func (o *jsonObject) space() {
	for o.at < len(o.text) && (o.text[o.at] == ' ' || o.text[o.at] == '\t') {
		o.at++
	}
}

func (o *jsonObject) take(c byte) bool {
	if o.space(); o.at < len(o.text) && o.text[o.at] == c {
		o.at++
		return true
	}
	return false
}

// value gives a value as text: of a string what it says, nothing for null, of
// anything else its JSON.
func (o *jsonObject) value() (text, reject string) {
	o.space()
	if strings.HasPrefix(o.text[o.at:], `"`) {
		return o.string()
	}
	start, depth := o.at, 0
scan:
	for o.at < len(o.text) {
		switch o.text[o.at] {
		case '"':
			if _, reject = o.string(); reject != "" {
				return "", reject
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				break scan
			}
			depth--
		case ',':
			if depth == 0 {
				break scan
			}
		}
		o.at++
	}
	text = strings.TrimRight(o.text[start:o.at], " \t")
	if !json.Valid([]byte(text)) {
		return "", RejectBytes
	}
	if text == "null" {
		text = ""
	}
	return text, ""
}

// string reads a string; one without escapes is a piece of the line.
func (o *jsonObject) string() (text, reject string) {
	if !o.take('"') {
		return "", RejectBytes
	}
	start := o.at
	escaped := false
	for ; o.at < len(o.text); o.at++ {
		switch o.text[o.at] {
		case '\\':
			escaped = true
			o.at++
		case '"':
			text = o.text[start:o.at]
			o.at++
			if !escaped {
				return text, ""
			}
			if err := json.Unmarshal([]byte(o.text[start-1:o.at]), &text); err != nil {
				return "", RejectBytes
			}
			if strings.IndexByte(text, 0) >= 0 {
				return "", RejectNUL
			}
			return text, ""
		}
	}
	return "", RejectOpenQuote
}
