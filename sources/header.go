package sources

import (
	"fmt"
	"slices"
	"strings"

	"doudi/sources/clean"
)

// vocabulary finds the column a header word means in one kind of list.
type vocabulary struct {
	kind  Kind
	words map[string]meaning // folded word → what it means
}

// meaning is a column, and how far down its list of words the word stands; what
// doudi.yaml says comes before all of them.
type meaning struct{ column, rank int }

const ofYAML = -1

// newVocabulary takes the kind's words, and those of `columns:` (header →
// canonical name). A canonical name the kind does not have is an error.
func newVocabulary(k Kind, overrides map[string]string) (*vocabulary, error) {
	v := &vocabulary{kind: k, words: map[string]meaning{}}
	for i, c := range k.Columns {
		for rank, w := range c.Headers {
			w = clean.FoldHeader(w)
			if _, taken := v.words[w]; !taken {
				v.words[w] = meaning{i, rank}
			}
		}
	}
	for header, name := range overrides {
		i := indexOf(k.Columns, name)
		if i < 0 {
			return nil, fmt.Errorf("columns: %s has no column %q", k.Name, name)
		}
		v.words[clean.FoldHeader(header)] = meaning{i, ofYAML}
	}
	return v, nil
}

// knows reports whether a header means a column of the kind.
func (v *vocabulary) knows(header string) bool {
	_, _, ok := v.strong(header)
	return ok
}

// IsID says whether a header means an ID number in a kind of list, or in the
// families' file of that kind; columns is `columns:` of doudi.yaml.
func IsID(kind string, columns map[string]string, header string) bool {
	k, _ := KindOf(kind)
	read := []Kind{k}
	if k.FamiliesTable() != "" {
		read = append(read, dibaoFamilies)
	}
	for _, k := range read {
		v, err := newVocabulary(k, overridesFor(k, columns))
		if err != nil {
			continue
		}
		if m, _, ok := v.strong(header); ok && k.Columns[m.column].Type == ID {
			return true
		}
	}
	return false
}

// strong looks a header up by the whole of it, then by its last levels.
func (v *vocabulary) strong(header string) (meaning, string, bool) {
	for {
		word := clean.FoldHeader(header)
		if m, ok := v.words[word]; ok {
			return m, word, true
		}
		_, rest, ok := strings.Cut(header, "/")
		if !ok {
			return meaning{}, "", false
		}
		header = rest
	}
}

// weak looks a header up by its first levels: 保障人数 over 其中残疾人数. It
// counts only for a column that nothing else in the file means.
func (v *vocabulary) weak(header string) (meaning, string, bool) {
	for {
		i := strings.LastIndexByte(header, '/')
		if i < 0 {
			return meaning{}, "", false
		}
		header = header[:i]
		word := clean.FoldHeader(header)
		if m, ok := v.words[word]; ok {
			return m, word, true
		}
	}
}

// bound is a column of the kind and the cells of the sheet that hold it: one,
// or several under the same word.
type bound struct {
	Column
	index  int // in Kind.Columns
	header string
	cells  []int
}

// mapping is what the header of one sheet means.
type mapping struct {
	bound   []bound  // in the order of the kind's columns
	unused  []string // words of a column that another word of it won over
	unknown []string
}

// bind maps the names of a header to the kind's columns.
func (v *vocabulary) bind(names []string) mapping {
	type hit struct {
		meaning
		word string
		cell int
	}
	var (
		hits    []hit
		taken   = map[int]bool{}    // columns with a strong hit
		present = map[string]bool{} // folded names of the file
		open    []int               // cells without a meaning yet
		result  mapping
	)
	for _, name := range names {
		present[clean.FoldHeader(name)] = true
	}
	find := func(cell int, look func(string) (meaning, string, bool)) bool {
		m, word, ok := look(names[cell])
		if ok {
			hits = append(hits, hit{m, word, cell})
		}
		return ok
	}
	for i, name := range names {
		if strings.TrimSpace(name) != "" && !find(i, v.strong) {
			open = append(open, i)
		}
	}
	// 风险是否已消除0 is another column where the plain one is there, else it is it.
	plain := func(name string) (meaning, string, bool) {
		folded := clean.FoldHeader(name)
		word := strings.TrimRight(folded, "0123456789")
		m, ok := v.words[word]
		return m, word, ok && word != folded && !present[word]
	}
	open = slices.DeleteFunc(open, func(i int) bool { return find(i, plain) })
	for _, h := range hits {
		taken[h.column] = true
	}
	open = slices.DeleteFunc(open, func(i int) bool {
		m, word, ok := v.weak(names[i])
		if !ok || taken[m.column] {
			return false
		}
		taken[m.column] = true
		hits = append(hits, hit{m, word, i})
		return true
	})
	for _, i := range open {
		result.unknown = append(result.unknown, names[i])
	}

	best := map[int]hit{}
	for _, h := range hits {
		if b, ok := best[h.column]; !ok || h.rank < b.rank {
			best[h.column] = h
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return a.cell - b.cell })
	for i, c := range v.kind.Columns {
		won, ok := best[i]
		if !ok {
			continue
		}
		b := bound{Column: c, index: i, header: names[won.cell]}
		for _, h := range hits {
			switch {
			case h.column != i:
			case h.word == won.word:
				b.cells = append(b.cells, h.cell)
			default:
				result.unused = append(result.unused, names[h.cell])
			}
		}
		result.bound = append(result.bound, b)
	}
	return result
}

// missing names the columns that the list cannot do without and the header does
// not have, each by the word it is best known by.
func (m mapping) missing(k Kind) []string {
	var missing []string
	for _, c := range k.Columns {
		if c.Required && !slices.ContainsFunc(m.bound, func(b bound) bool { return b.Name == c.Name }) {
			missing = append(missing, c.Headers[0])
		}
	}
	return missing
}

// find is the position of a canonical column among the bound ones, -1 without.
func (m mapping) find(name string) int {
	return slices.IndexFunc(m.bound, func(b bound) bool { return b.Name == name })
}

// isFamilies reports whether the header is that of a families' file: 家庭人口 or
// 保障人口 and no 与户主关系 (contract).
func isFamilies(names []string) bool {
	size, relation := false, false
	for _, name := range names {
		for {
			switch clean.FoldHeader(name) {
			case "家庭人口", "家庭人口数", "保障人口", "保障人口数":
				size = true
			case "与户主关系":
				relation = true
			}
			_, rest, ok := strings.Cut(name, "/")
			if !ok {
				break
			}
			name = rest
		}
	}
	return size && !relation
}
