package decode

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"
	"unsafe"
)

// sharedStrings reads the table of strings. All of them lie in one block of
// memory, which grows with the different texts of a workbook, not with its rows.
func sharedStrings(ctx context.Context, p parts, name string) ([]string, error) {
	x, closer, err := p.open(ctx, name)
	if err != nil {
		return nil, err
	}
	defer closer.Close()
	var block []byte
	var ends []int
	for {
		event, err := x.next()
		if err != nil {
			return nil, partError(ctx, err)
		}
		if event == xmlDone {
			break
		}
		if event == xmlStart && string(x.name) == "si" {
			if block, err = richText(x, block); err != nil {
				return nil, partError(ctx, err)
			}
			ends = append(ends, len(block))
		}
	}
	text := unsafe.String(unsafe.SliceData(block), len(block))
	table := make([]string, len(ends))
	start := 0
	for i, end := range ends {
		table[i] = text[start:end]
		start = end
	}
	return table, nil
}

// richText appends the text of the element just begun, an si or is: its t and
// those of its runs; how a text is read aloud (rPh) is no part of it.
func richText(x *xmlScanner, to []byte) ([]byte, error) {
	from := len(to)
	text, spoken := 0, 0
	for depth := 1; depth > 0; {
		event, err := x.next()
		if err != nil {
			return nil, err
		}
		switch event {
		case xmlStart:
			depth++
			switch string(x.name) {
			case "t":
				text++
			case "rPh":
				spoken++
			}
		case xmlEnd:
			depth--
			switch {
			case depth == 0:
			case string(x.name) == "t":
				text--
			case string(x.name) == "rPh":
				spoken--
			}
		case xmlText:
			if text > 0 && spoken == 0 {
				to = append(to, x.text...)
			}
		}
	}
	return unescapeCodes(to, from), nil
}

// unescapeCodes resolves _xHHHH_, by which Excel writes characters that XML does
// not have, in to from a place on. NUL and halves of surrogates stay as they are.
func unescapeCodes(to []byte, from int) []byte {
	text := to[from:]
	if !strings.Contains(unsafe.String(unsafe.SliceData(text), len(text)), "_x") {
		return to
	}
	old := string(text)
	to = to[:from]
	for i := 0; i < len(old); {
		if r, ok := code(old[i:]); ok {
			to = utf8.AppendRune(to, r)
			i += len("_xHHHH_")
			continue
		}
		to = append(to, old[i])
		i++
	}
	return to
}

func code(text string) (rune, bool) {
	if len(text) < 7 || text[0] != '_' || text[1] != 'x' || text[6] != '_' {
		return 0, false
	}
	n, err := strconv.ParseUint(text[2:6], 16, 16)
	return rune(n), err == nil && n != 0 && utf8.ValidRune(rune(n))
}
