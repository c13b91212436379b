package decode

import (
	"slices"
	"strings"
)

// Header is the header of a sheet, over one to three rows.
type Header struct {
	First, Last int64    // physical rows, both included; 0 and 0 where the format has its own (JSON lines)
	Names       []string // one a column; over several rows joined top-down with "/", merged cells filled; without empty ones at the end
	Titles      []string // the text of each row above that has any
}

const (
	headerWithin = 30 // a header is looked for in the first rows only
	headerRows   = 3  // and has no more rows than this
)

// FindHeader looks for the header in the first rows of a sheet: the rows whose
// names are known in most different columns; of equal ones the fewest rows, of
// these the highest. Known says whether a name is that of some column; it is
// asked for whole joined names and for their levels. Not found: fewer than two
// names are known, and fewer than half.
func FindHeader(head []Record, merges []Range, known func(name string) bool) (Header, bool) {
	head = head[:min(len(head), headerWithin)]
	if len(head) > 0 && head[0].Row == 0 {
		return Header{Names: slices.Clone(head[0].Cells)}, len(head[0].Cells) > 0
	}
	g := newGrid(head, merges)
	var best span
	for first := range g.rows {
		for n := 1; n <= headerRows && first+n <= len(g.rows); n++ {
			if n > 1 && !g.continues(first+n-1, known) {
				break
			}
			s := span{first: first, n: n, names: g.names(first, n)}
			s.score(known)
			if s.hits > best.hits || s.hits == best.hits && s.n < best.n {
				best = s
			}
		}
	}
	if best.hits < 2 && best.hits*2 < best.filled || best.hits == 0 {
		return Header{}, false
	}
	if wider := g.merged(best.first, best.n); wider.n > best.n {
		wider.names = g.names(wider.first, wider.n)
		best = wider
	}
	last := head[best.first+best.n-1]
	h := Header{First: head[best.first].Row, Last: last.Row + max(last.Lines, 1) - 1, Names: best.names}
	for i := range head[:best.first] {
		if title := strings.Join(nonEmpty(head[i].Cells), " "); title != "" {
			h.Titles = append(h.Titles, title)
		}
	}
	return h, true
}

// span is a candidate: n rows from first.
type span struct {
	first, n     int
	names        []string
	hits, filled int // different known names; columns with a name
}

func (s *span) score(known func(string) bool) {
	seen := map[string]bool{}
	for _, name := range s.names {
		if name == "" {
			continue
		}
		s.filled++
		if !seen[name] && knownAtAnyLevel(name, known) {
			s.hits++
		}
		seen[name] = true
	}
}

func knownAtAnyLevel(name string, known func(string) bool) bool {
	return known(name) || strings.Contains(name, "/") && slices.ContainsFunc(strings.Split(name, "/"), known)
}

// grid is the first rows of a sheet with their merged cells filled.
type grid struct {
	rows   [][]string // trimmed; as they came
	filled [][]string // every cell of a merged range holds the text of its first
	merges []Range    // rows as indices into rows
	width  int
}

func newGrid(head []Record, merges []Range) *grid {
	g := &grid{rows: make([][]string, len(head)), filled: make([][]string, len(head))}
	index := map[int64]int{}
	for i, r := range head {
		index[r.Row] = i
		g.width = max(g.width, len(r.Cells))
	}
	for i, r := range head {
		g.rows[i] = make([]string, g.width)
		for j, cell := range r.Cells {
			g.rows[i][j] = strings.TrimSpace(cell)
		}
		g.filled[i] = slices.Clone(g.rows[i])
	}
	for _, m := range merges {
		top, ok := index[m.Top]
		if !ok || m.Left >= g.width {
			continue
		}
		bottom := top
		for bottom+1 < len(head) && head[bottom+1].Row <= m.Bottom {
			bottom++
		}
		right := min(m.Right, g.width-1)
		g.merges = append(g.merges, Range{Top: int64(top), Bottom: int64(bottom), Left: m.Left, Right: right})
		for i := top; i <= bottom; i++ {
			for j := m.Left; j <= right; j++ {
				g.filled[i][j] = g.rows[top][m.Left]
			}
		}
	}
	return g
}

// continues says that a row may be a lower row of a header: it has a known name
// of its own and nothing that looks like data.
func (g *grid) continues(row int, known func(string) bool) bool {
	hit := false
	for _, cell := range g.rows[row] {
		if digits(cell) >= 4 {
			return false
		}
		hit = hit || cell != "" && known(cell)
	}
	return hit && !slices.Equal(g.rows[row], g.rows[row-1])
}

func digits(text string) (n int) {
	for _, r := range text {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n
}

// names joins n rows from first top-down. A group's name stands in the first of
// its columns only where its cells are not merged, as in a CSV: it goes on to
// the right as long as the upper cells are empty and the lower ones are not.
func (g *grid) names(first, n int) []string {
	names := make([]string, g.width)
	last := first + n - 1
	for row := first; row <= last; row++ {
		group := ""
		for j, name := range g.filled[row] {
			below := row < last && g.rows[row+1][j] != ""
			switch {
			case name != "":
				group = ""
				if below {
					group = name
				}
			case below && group != "":
				name = group
			default:
				group = ""
			}
			names[j] = joinName(names[j], name)
		}
	}
	for len(names) > 0 && names[len(names)-1] == "" {
		names = names[:len(names)-1]
	}
	return names
}

func joinName(upper, lower string) string {
	switch {
	case lower == "" || lower == upper || strings.HasSuffix(upper, "/"+lower):
		return upper
	case upper == "":
		return lower
	}
	return upper + "/" + lower
}

// merged widens a header to the rows that its vertically merged cells tie to it.
func (g *grid) merged(first, n int) span {
	last := first + n - 1
	for again := true; again; {
		again = false
		for _, m := range g.merges {
			top, bottom := int(m.Top), int(m.Bottom)
			if top == bottom || bottom < first || top > last || g.rows[top][m.Left] == "" {
				continue
			}
			lo, hi := min(first, top), max(last, bottom)
			if hi-lo < headerRows && (lo < first || hi > last) {
				first, last, again = lo, hi, true
			}
		}
	}
	return span{first: first, n: last - first + 1}
}

func nonEmpty(cells []string) []string {
	var texts []string
	for _, cell := range cells {
		if cell = strings.TrimSpace(cell); cell != "" {
			texts = append(texts, cell)
		}
	}
	return texts
}
