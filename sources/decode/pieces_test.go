package decode

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// slowSplit is the rule of the contract, written once more for clarity, not
// speed: lines first, then one record after the other.
func slowSplit(text string, width int) []Record {
	var lines, ends []string
	for text != "" {
		i := strings.IndexAny(text, "\r\n")
		end := ""
		switch {
		case i < 0:
			i = len(text)
		case strings.HasPrefix(text[i:], "\r\n"):
			end = "\r\n"
		default:
			end = text[i : i+1]
		}
		lines, ends = append(lines, text[:i]), append(ends, end)
		text = text[i+len(end):]
	}
	var records []Record
	for at := 0; at < len(lines); {
		r, ok := slowRecord(lines[at:], ends[at:], width)
		if !ok {
			r = Record{Lines: 1, Reject: RejectOpenQuote, Raw: lines[at]}
		}
		whole := strings.Join(interleave(lines[at:at+int(r.Lines)], ends[at:]), "")
		switch {
		case !utf8.ValidString(whole):
			r = Record{Lines: r.Lines, Reject: RejectBytes}
		case strings.Contains(whole, "\x00"):
			r = Record{Lines: r.Lines, Reject: RejectNUL}
		}
		r.Row = int64(at + 1)
		at += int(r.Lines)
		records = append(records, r)
	}
	return records
}

// interleave puts lines and their ends together, without the last end.
func interleave(lines, ends []string) []string {
	var parts []string
	for i, line := range lines {
		parts = append(parts, line)
		if i < len(lines)-1 {
			parts = append(parts, ends[i])
		}
	}
	return parts
}

func slowRecord(lines, ends []string, width int) (Record, bool) {
	r := Record{Lines: 1}
	line := lines[0]
	for {
		cell := ""
		if strings.HasPrefix(line, `"`) {
			line = line[1:]
			spanned := 1
			for closed := false; !closed; {
				i := strings.IndexByte(line, '"')
				switch {
				case i < 0: // goes on in the next line
					if int(r.Lines) == len(lines) || spanned == MaxQuotedLines {
						return r, false
					}
					if ends[r.Lines-1] == "" {
						return r, false
					}
					cell += line + ends[r.Lines-1]
					line = lines[r.Lines]
					r.Lines++
					spanned++
				case strings.HasPrefix(line[i+1:], `"`):
					cell, line = cell+line[:i+1], line[i+2:]
				default:
					cell, line, closed = cell+line[:i], line[i+1:], true
				}
			}
			if spanned > 1 && line != "" && line[0] != ',' {
				return r, false
			}
		}
		i := strings.IndexByte(line, ',')
		if i < 0 {
			r.Cells = append(r.Cells, cell+line)
			break
		}
		r.Cells = append(r.Cells, cell+line[:i])
		line = line[i+1:]
	}
	empty := func(cell string) bool { return strings.Trim(cell, " \t") == "" }
	fits := width == 0 || len(r.Cells) == width || len(r.Cells) > width && !slices.ContainsFunc(r.Cells[width:], func(c string) bool { return !empty(c) })
	if r.Lines > 1 && !fits {
		return r, false
	}
	if !fits && slices.ContainsFunc(r.Cells, func(c string) bool { return !empty(c) }) {
		r.Reject = RejectCells
	}
	return r, true
}

// FuzzSplit holds cutter and splitter, in chunks of any size, against the slow
// rule: the same records on the same lines, none lost, no line blamed for
// another's fault.
func FuzzSplit(f *testing.F) {
	for _, text := range []string{
		"a,b\nc,d\n", "\"a\n1\",b\r\nc,d\r", "\"a,b\nc,d\n\"e\",f\n", "a,\"b\"\"\n\"\"c\"\n\n,\n", "\"a\"x,b\n\"\xff\n,\x00\n",
		"\"" + strings.Repeat("x\n", 19) + "\",b\n", "\"" + strings.Repeat("x\n", 20) + "\",b\n", "a,\"b\r", "\"\"\r\r\n\"", "a,b,,\n",
	} {
		f.Add(text, uint8(2), uint16(5))
		f.Add(text, uint8(0), uint16(1))
	}
	f.Fuzz(func(t *testing.T, text string, width uint8, size uint16) {
		if text == "" || strings.HasPrefix(text, "\uFEFF") {
			return
		}
		want := slowSplit(text, int(width))
		m := file(t, "a.csv", []byte(text))
		content := &textContent{path: m.Path, encoding: "utf-8", size: int(size) + 1, grammar: grammar{sep: ',', quotes: true}}
		b := &Book{Sheets: []Sheet{{}}, content: content, counted: map[int]int64{}}
		got := records(t, b, 0, 1, int(width))
		for i := range got {
			got[i].Raw = ""
		}
		for i := range want {
			want[i].Raw = ""
			if want[i].Reject != "" && want[i].Reject != RejectCells {
				want[i].Cells = nil
			}
		}
		if shown(got) != shown(want) {
			t.Fatalf("width %d, chunks of %d, %q:\ngot\n%swant\n%s", width, content.size, text, shown(got), shown(want))
		}
	})
}
