package decode

import (
	"fmt"
	"strings"
	"testing"
)

func describe(r Record) string {
	text := fmt.Sprintf("%d", r.Row)
	if r.Lines > 1 {
		text += fmt.Sprintf("+%d", r.Lines-1)
	}
	if r.Reject != "" {
		text += " " + r.Reject
		if r.Cells == nil {
			return text + fmt.Sprintf(" %.40q", r.Raw)
		}
	}
	return text + fmt.Sprintf(" %q", r.Cells)
}

func TestSplit(t *testing.T) {
	long := strings.Repeat("长", MaxRecord/3)
	for _, c := range []struct {
		name, text string
		width      int
		want       string
	}{
		{"plain", "a,b\nc,d\n", 2, `1 ["a" "b"]|2 ["c" "d"]`},
		{"no last line end", "a,b\nc,d", 2, `1 ["a" "b"]|2 ["c" "d"]`},
		{"CR LF", "a,b\r\nc,d\r\n", 2, `1 ["a" "b"]|2 ["c" "d"]`},
		{"lone CR", "a,b\rc,d\r", 2, `1 ["a" "b"]|2 ["c" "d"]`},
		{"mixed line ends", "a,b\r\nc,d\re,f\n\ng,h", 2, `1 ["a" "b"]|2 ["c" "d"]|3 ["e" "f"]|4 [""]|5 ["g" "h"]`},
		{"blank lines count", "a,b\n\n,\n  \nc,d\n", 2, `1 ["a" "b"]|2 [""]|3 ["" ""]|4 ["  "]|5 ["c" "d"]`},
		{"quotes", "\"a,1\",\"b\"\"2\"\"\"\n", 2, `1 ["a,1" "b\"2\""]`},
		{"quote inside a plain cell", "a\"1\",b\n", 2, `1 ["a\"1\"" "b"]`},
		{"text after the closing quote", "\"a\"x\"y,b\n", 2, `1 ["ax\"y" "b"]`},
		{"cell over lines", "\"a\n1\",b\nc,d\n", 2, `1+1 ["a\n1" "b"]|3 ["c" "d"]`},
		{"cell over lines, CR LF", "\"a\r\n1\",\"b\"\r\nc,d\r\n", 2, `1+1 ["a\r\n1" "b"]|3 ["c" "d"]`},
		{"two cells over lines", "\"a\n1\",\"b\n2\n3\"\nc,d\n", 2, `1+3 ["a\n1" "b\n2\n3"]|5 ["c" "d"]`},
		{"open quote", "\"a,b\nc,d\ne,f\n", 2, `1 open_quote "\"a,b"|2 ["c" "d"]|3 ["e" "f"]`},
		{"open quote on a second line", "\"a\n1\",\"b\nc,d\n", 2, `1 open_quote "\"a"|2 open_quote "1\",\"b"|3 ["c" "d"]`},
		{"closed later, does not fit", "\"a,b\nc,d\n\"e\",f\n", 2, `1 open_quote "\"a,b"|2 ["c" "d"]|3 ["e" "f"]`},
		{"short row", "a\n", 2, `1 cell_count ["a"]`},
		{"long row", "a,b,c\n", 2, `1 cell_count ["a" "b" "c"]`},
		{"long by empty cells", "a,b,, ,\n", 2, `1 ["a" "b" "" " " ""]`},
		{"bad bytes", "a,b\n\xff,b\nc,d\n", 2, `1 ["a" "b"]|2 bad_bytes "�,b"|3 ["c" "d"]`},
		{"genuine replacement character", "a,\uFFFD\n\xe5,b\n", 2, "1 [\"a\" \"\uFFFD\"]|2 bad_bytes \"\uFFFD,b\""},
		{"NUL", "a,b\n\x00,b\nc,d\n", 2, `1 ["a" "b"]|2 nul "�,b"|3 ["c" "d"]`},
		{"bad bytes in an open quote", "\"\xff,b\nc,d\n", 2, `1 bad_bytes "\"�,b"|2 ["c" "d"]`},
		{"any width", "a\nb,c\n", 0, `1 ["a"]|2 ["b" "c"]`},
		{"longest record", long + ",\n" + long + "ab,\nc,d\n", 2, `1 ["` + long + `" ""]|2 too_long "` + long[:120] + `"|3 ["c" "d"]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := file(t, "a.csv", []byte(c.text))
			m.Encoding, m.Format = "utf-8", "csv"
			content, err := openText(m)
			if err != nil {
				t.Fatal(err)
			}
			content.grammar.sep = ','
			for _, size := range []int{1, 7, chunkSize} {
				content.size = size
				b := &Book{Sheets: []Sheet{{}}, content: content, counted: map[int]int64{}}
				got := strings.TrimSuffix(strings.ReplaceAll(shown(records(t, b, 0, 1, c.width)), "\n", "|"), "|")
				if got != c.want {
					t.Errorf("chunks of %d:\n got %s\nwant %s", size, got, c.want)
				}
			}
		})
	}
}

// Stray quotes in files of tabs, as WPS leaves them, are part of the cell where
// the line then fits the header; the records are the same however it is cut.
func TestStrayQuotes(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"never closed", "\"小张\t1\n李四\t2\n", `1 ["\"小张" "1"]|2 ["李四" "2"]`},
		{"opened twice", "\"小张\t1\n\"李四\t2\n王五\t\"3\n", `1 ["\"小张" "1"]|2 ["\"李四" "2"]|3 ["王五" "\"3"]`},
		{"does not fit", "\"小张\t1\t2\n李四\t2\n", `1 open_quote "\"小张\t1\t2"|2 ["李四" "2"]`},
		{"quoted as it should be", "\"小\n张\"\t\"1\t2\"\n", `1+1 ["小\n张" "1\t2"]`},
		{"bad bytes all the same", "\"\xff\t1\n李四\t2\n", "1 bad_bytes \"\\\"\uFFFD\\t1\"|2 [\"李四\" \"2\"]"},
	} {
		m := file(t, "a.tsv", []byte(c.text))
		m.Encoding, m.Format = "utf-8", "tsv"
		content, err := openText(m)
		if err != nil {
			t.Fatal(err)
		}
		content.grammar.sep = '\t'
		for _, size := range []int{1, 7, chunkSize} {
			content.size = size
			b := &Book{Sheets: []Sheet{{}}, content: content, counted: map[int]int64{}}
			got := strings.TrimSuffix(strings.ReplaceAll(shown(records(t, b, 0, 1, 2)), "\n", "|"), "|")
			if got != strings.ReplaceAll(c.want, "\n", "|") {
				t.Errorf("%s, chunks of %d:\n got %s\nwant %s", c.name, size, got, c.want)
			}
		}
	}
}
