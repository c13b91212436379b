package decode

import (
	"bytes"
	"iter"
	"strings"
	"unicode/utf8"
	"unsafe"
)

// splitter reads the records of one piece of separated text: RFC 4180, save
// that a quote inside a cell that does not begin with one is a plain character,
// that text may follow the closing quote of a cell of one line, and that a
// quoted cell which runs on and on costs its first line only.
type splitter struct {
	grammar grammar
	stop    [256]bool // bytes that end a plain cell
	text    string
	checked bool // the text holds neither bad bytes nor NUL
	record  Record
	cells   []string
}

// splitPiece decodes a piece and gives its records.
func splitPiece(p piece, g grammar) iter.Seq[*Record] {
	return func(yield func(*Record) bool) {
		if p.endless {
			yield(endlessRecord(p, g))
			return
		}
		s := splitter{grammar: g}
		s.text, s.checked = decoded(p.raw, g)
		s.stop[g.sep], s.stop['\n'], s.stop['\r'] = true, true, true
		s.cells = make([]string, 0, max(g.width, 16))
		row := p.row
		for at := 0; at < len(s.text); {
			at = s.next(at)
			s.record.Row = row
			row += s.record.Lines
			if !yield(&s.record) {
				return
			}
		}
	}
}

// decoded is the text of raw bytes, in which a byte without a meaning stays one
// that is no UTF-8; sound says that there is none, and no NUL. The raw bytes are
// not used again, so UTF-8 is not copied.
func decoded(raw []byte, g grammar) (text string, sound bool) {
	bad := false
	if g.gb {
		raw, bad = gbTable().appendUTF8(make([]byte, 0, len(raw)+len(raw)/2), raw)
	} else {
		bad = !utf8.Valid(raw)
	}
	return unsafe.String(unsafe.SliceData(raw), len(raw)), !bad && bytes.IndexByte(raw, 0) < 0
}

func endlessRecord(p piece, g grammar) *Record {
	text, _ := decoded(p.raw, g)
	return &Record{Row: p.row, Lines: 1, Reject: RejectLong, Raw: rawText(text)}
}

// rawText is the beginning of a rejected record, fit for publishing.
func rawText(text string) string {
	if len(text) > maxRaw {
		end := maxRaw
		for end > maxRaw-utf8.UTFMax && !utf8.RuneStart(text[end]) {
			end--
		}
		text = text[:end]
	}
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) > maxRaw { // the replacements are longer than what they replace
		return rawText(text)
	}
	return strings.ReplaceAll(text, "\x00", "\uFFFD")
}

// next reads the record at from into s.record, without its row, and gives where
// the next one begins.
func (s *splitter) next(from int) (after int) {
	text := s.text
	s.cells = s.cells[:0]
	s.record = Record{Lines: 1}
	at := from
	for {
		if at < len(text) && text[at] == '"' && s.grammar.quotes {
			cell, end, breaks, closed := quotedCell(text, at, &s.stop)
			if !closed {
				return s.rejectLine(from)
			}
			s.record.Lines += int64(breaks)
			s.cells = append(s.cells, cell)
			at = end
		} else {
			end := at
			for end < len(text) && !s.stop[text[end]] {
				end++
			}
			s.cells = append(s.cells, text[at:end])
			at = end
		}
		if at < len(text) && text[at] == s.grammar.sep {
			at++
			continue
		}
		break
	}
	end := at
	if at < len(text) {
		at++
		if text[end] == '\r' && at < len(text) && text[at] == '\n' {
			at++
		}
	}
	fits := s.fits()
	if s.record.Lines > 1 && (!fits || end-from > MaxRecord) {
		return s.rejectLine(from)
	}
	s.judge(text[from:end], fits)
	return at
}

// fits says that the record has as many cells as the header, or more by empty
// ones only.
func (s *splitter) fits() bool {
	width := s.grammar.width
	if width == 0 || len(s.cells) == width {
		return true
	}
	if len(s.cells) < width {
		return false
	}
	for _, cell := range s.cells[width:] {
		if !emptyCell(cell) {
			return false
		}
	}
	return true
}

func emptyCell(cell string) bool { return strings.Trim(cell, " \t\r\n") == "" }

// judge says why the record, of which text is all, cannot be read, if so.
func (s *splitter) judge(text string, fits bool) {
	r := &s.record
	switch {
	case len(text) > MaxRecord:
		r.Reject = RejectLong
	case !s.checked && !utf8.ValidString(text):
		r.Reject = RejectBytes
	case !s.checked && strings.IndexByte(text, 0) >= 0:
		r.Reject = RejectNUL
	case !fits && !allEmpty(s.cells):
		r.Reject, r.Cells = RejectCells, s.cells
	default:
		r.Cells = s.cells
		return
	}
	r.Raw = rawText(text)
}

func allEmpty(cells []string) bool {
	for _, cell := range cells {
		if !emptyCell(cell) {
			return false
		}
	}
	return true
}

// rejectLine gives up on a record whose quotes do not end: its first line is
// rejected, and reading goes on at the next.
func (s *splitter) rejectLine(from int) (after int) {
	end := strings.IndexAny(s.text[from:], "\r\n")
	if end < 0 {
		end = len(s.text) - from
	}
	end += from
	after = min(end+1, len(s.text))
	if strings.HasPrefix(s.text[end:], "\r\n") {
		after = end + 2
	}
	s.record = Record{Lines: 1}
	s.judge(s.text[from:end], true)
	if s.record.Reject == "" && s.plainLine(s.text[from:end]) {
		return after
	}
	if s.record.Reject == "" {
		s.record = Record{Lines: 1, Reject: RejectOpenQuote, Raw: rawText(s.text[from:end])}
	}
	return after
}

// plainLine reads a line of tabs as cells without quotes, where it then fits the
// header: WPS and many a report put quotes into such files as they stand in the
// cell, and tabs, unlike commas, do not stand in names and remarks.
func (s *splitter) plainLine(line string) bool {
	if s.grammar.sep != '\t' {
		return false
	}
	s.cells = append(s.cells[:0], strings.Split(line, "\t")...)
	if !s.fits() {
		return false
	}
	s.record.Cells = s.cells
	return true
}

// quotedCell reads the cell whose opening quote is at from: its text, where it
// ends, and how many line breaks it holds. Not closed: there is no closing
// quote within MaxQuotedLines lines, or on a later line one that text follows,
// which must be the opening quote of another cell.
func quotedCell(text string, from int, stop *[256]bool) (cell string, end, breaks int, closed bool) {
	start := from + 1
	var unquoted []byte // what came before start, where the cell is not one piece of text
	plain := true
	for at := start; at < len(text); at++ {
		switch text[at] {
		case '\r', '\n':
			if text[at] == '\r' && at+1 < len(text) && text[at+1] == '\n' {
				at++
			}
			if breaks++; breaks >= MaxQuotedLines {
				return "", 0, 0, false
			}
		case '"':
			if at+1 < len(text) && text[at+1] == '"' {
				at++
				unquoted, plain = append(unquoted, text[start:at]...), false
				start = at + 1
				continue
			}
			end = at + 1
			for end < len(text) && !stop[text[end]] {
				end++
			}
			if breaks > 0 && end > at+1 {
				return "", 0, 0, false
			}
			if plain && end == at+1 {
				return text[start:at], end, breaks, true
			}
			unquoted = append(unquoted, text[start:at]...)
			unquoted = append(unquoted, text[at+1:end]...)
			return string(unquoted), end, breaks, true
		}
	}
	return "", 0, 0, false
}

// separatorOf tells the separator of a text by its first lines: the one that
// comes in equal numbers on most of them.
func separatorOf(sample []byte) byte {
	lines := lineFinder{b: sample, eof: true}
	var counts [3]map[int]int
	separators := [3]byte{',', '\t', ';'}
	for at, n := 0, 0; at < len(sample) && n < 200; n++ {
		end, after := lines.end(at)
		for i, sep := range separators {
			if count := bytes.Count(sample[at:end], []byte{sep}); count > 0 {
				if counts[i] == nil {
					counts[i] = map[int]int{}
				}
				counts[i][count]++
			}
		}
		at = after
	}
	best, most := byte(','), 0
	for i, sep := range separators {
		for count, times := range counts[i] {
			if count*times > most {
				best, most = sep, count*times
			}
		}
	}
	return best
}
