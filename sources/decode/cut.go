package decode

import (
	"bytes"
	"io"
)

const (
	// chunkSize is the size of a chunk in raw bytes; records are never cut, so
	// it may be a little less.
	chunkSize = 8 << 20
	// surelyLong is a raw length of which no encoding makes less than MaxRecord
	// bytes of UTF-8.
	surelyLong = 2*MaxRecord + 64
)

// piece is a run of whole records in raw bytes, of which the cutter counted
// records and lines. An endless piece is one line of over MaxRecord bytes, of
// which only the beginning is kept.
type piece struct {
	raw     []byte
	row     int64 // the line on which it begins
	records int64
	endless bool
}

// cutter cuts text into pieces at record boundaries. It follows the same rule
// as the splitter and shares no code with it: what both count must agree.
type cutter struct {
	in      io.Reader
	grammar grammar
	size    int
	total   int64 // no more bytes than this will come, so that a small file takes a small block
	row     int64 // line at the beginning of carry
	carry   []byte
	eof     bool
}

// grammar is what decides where a record ends.
type grammar struct {
	sep    byte // separator of cells
	quotes bool // a cell may stand in quotes
	gb     bool // raw bytes are GB18030, otherwise UTF-8
	width  int  // cells of the header, 0 for any number
}

// next gives the next piece; ok is false at the end.
func (c *cutter) next() (p piece, ok bool, err error) {
	block, err := c.fill()
	if err != nil || len(block) == 0 {
		return piece{}, false, err
	}
	p = piece{row: c.row}
	end := c.cut(block, &p)
	if end == 0 {
		return c.endless(block)
	}
	p.raw, c.carry = block[:end:end], block[end:]
	return p, true, nil
}

// fill gives what was carried over and as much again as makes a full block. How
// much that is does not depend on how the reader hands it out.
func (c *cutter) fill() ([]byte, error) {
	if c.eof {
		block := c.carry
		c.carry = nil
		return block, nil
	}
	block := make([]byte, min(int64(max(c.size, surelyLong+2)), c.total+1))
	n := copy(block, c.carry)
	more, err := io.ReadFull(c.in, block[n:])
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		c.eof, err = true, nil
	}
	return block[:n+more], err
}

// skip passes over the lines before row.
func (c *cutter) skip(row int64) error {
	for c.row < row {
		block, err := c.fill()
		if err != nil || len(block) == 0 {
			return err
		}
		lines := lineFinder{b: block, eof: c.eof}
		at := 0
		for c.row < row {
			_, after := lines.end(at)
			if after < 0 || after == at {
				break
			}
			at = after
			c.row++
		}
		c.carry = block[at:]
		if at == 0 {
			if _, _, err := c.endless(block); err != nil {
				return err
			}
		}
	}
	return nil
}

// cut finds the end of the last whole record of the block.
func (c *cutter) cut(block []byte, p *piece) int {
	lines := lineFinder{b: block, eof: c.eof}
	quote := -1 // where the next quote is; len(block) where there is none
	if !c.grammar.quotes {
		quote = len(block)
	}
	at := 0
	for at < min(len(block), c.size) {
		_, after := lines.end(at)
		if after < 0 {
			break
		}
		if quote < at {
			quote = indexFrom(block, at, '"')
		}
		n := int64(1)
		if quote < after {
			var more bool
			if after, n, more = c.quoted(block, at, after); more {
				break
			}
		}
		p.records++
		c.row += n
		at = after
	}
	return at
}

// indexFrom is where the first b at or after from is, len(text) where none is.
func indexFrom(text []byte, from int, b byte) int {
	if i := bytes.IndexByte(text[from:], b); i >= 0 {
		return from + i
	}
	return len(text)
}

// lineFinder finds the ends of lines: LF, CR LF, or a lone CR. It looks at each
// byte once, whatever the mixture.
type lineFinder struct {
	b      []byte
	eof    bool // nothing follows b
	lf, cr int  // the next of each at or after the place last asked, plus one; 0 before
}

// end gives where the line at from ends, without and with its line end; after
// is -1 where b stops before that is known.
func (f *lineFinder) end(from int) (end, after int) {
	if f.lf <= from {
		f.lf = indexFrom(f.b, from, '\n') + 1
	}
	if f.cr <= from {
		f.cr = indexFrom(f.b, from, '\r') + 1
	}
	lf, cr := f.lf-1, f.cr-1
	switch {
	case lf < cr:
		return lf, lf + 1
	case cr == len(f.b): // neither
		if !f.eof {
			return cr, -1
		}
		return cr, cr
	case lf == cr+1 && lf < len(f.b):
		return cr, lf + 1
	case cr+1 == len(f.b) && !f.eof:
		return cr, -1
	}
	return cr, cr + 1
}

// quoted follows a record whose first line, up to firstAfter, holds a quote:
// where it ends and over how many lines. More says that the block is too short
// to know.
func (c *cutter) quoted(block []byte, start, firstAfter int) (after int, lines int64, more bool) {
	g := c.grammar
	cells, filled := 0, 0 // cells so far; the last of them that is not empty
	lines = 1
	inQuote, atStart, content := false, true, false
	quotedLines := 0
	for i := start; ; i++ {
		if i-start > surelyLong {
			return firstAfter, 1, false
		}
		if i >= len(block) {
			if !c.eof {
				// A record that ended on its first line would not have come here.
				return 0, 0, true
			}
			if inQuote {
				return firstAfter, 1, false
			}
			return c.fits(block, start, i, firstAfter, i, lines, cells, filled, content)
		}
		b := block[i]
		isBreak := b == '\n' || b == '\r'
		if isBreak && b == '\r' {
			if i+1 >= len(block) && !c.eof {
				return 0, 0, true
			}
			if i+1 < len(block) && block[i+1] == '\n' {
				if !inQuote {
					return c.fits(block, start, i, firstAfter, i+2, lines, cells, filled, content)
				}
				i++
			}
		}
		switch {
		case inQuote && b == '"':
			if i+1 >= len(block) && !c.eof {
				return 0, 0, true
			}
			if i+1 < len(block) && block[i+1] == '"' {
				i++
				content = true
			} else {
				inQuote = false
				if quotedLines > 1 && i+1 < len(block) && block[i+1] != g.sep && block[i+1] != '\n' && block[i+1] != '\r' {
					return firstAfter, 1, false
				}
			}
		case inQuote && isBreak:
			lines++
			if quotedLines++; quotedLines > MaxQuotedLines {
				return firstAfter, 1, false
			}
		case inQuote:
			content = content || !blank(b)
		case isBreak:
			return c.fits(block, start, i, firstAfter, i+1, lines, cells, filled, content)
		case b == g.sep:
			cells++
			if content {
				filled = cells
			}
			atStart, content = true, false
			continue
		case b == '"' && atStart:
			inQuote, quotedLines = true, 1
		default:
			content = content || !blank(b)
		}
		atStart = false
	}
}

// fits decides on a record that ended at end: over several lines it must have
// as many cells as the header and be no longer than MaxRecord.
func (c *cutter) fits(block []byte, start, end, firstAfter, after int, lines int64, cells, filled int, content bool) (int, int64, bool) {
	cells++
	if content {
		filled = cells
	}
	if lines > 1 {
		width := c.grammar.width
		if width > 0 && (cells < width || filled > width) || c.length(block[start:end]) > MaxRecord {
			return firstAfter, 1, false
		}
	}
	return after, lines, false
}

// length is the number of bytes of UTF-8 that raw bytes will be.
func (c *cutter) length(raw []byte) int {
	if !c.grammar.gb || len(raw)*2 <= MaxRecord {
		return len(raw)
	}
	text, _ := gbTable().appendUTF8(nil, raw)
	return len(text)
}

// blank says that a byte is one that an empty cell may hold.
func blank(b byte) bool { return b == ' ' || b == '\t' }

// endless passes over a line that does not end within a block.
func (c *cutter) endless(block []byte) (piece, bool, error) {
	p := piece{raw: bytes.Clone(block[:min(len(block), 2*maxRaw)]), row: c.row, records: 1, endless: true}
	c.row++
	for {
		lines := lineFinder{b: block, eof: c.eof}
		if _, after := lines.end(0); after >= 0 {
			c.carry = block[after:]
			return p, true, nil
		}
		// A CR at the end of the block may have its LF in the next.
		c.carry = nil
		if block[len(block)-1] == '\r' {
			c.carry = []byte{'\r'}
		}
		var err error
		if block, err = c.fill(); err != nil {
			return piece{}, false, err
		}
	}
}
