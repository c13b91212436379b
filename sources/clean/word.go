package clean

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// WordRow is one row of policy/words.csv. Column is kind.column, or *.column
// for every kind.
type WordRow struct {
	Column, Word, Code string
}

// Words knows what the coded words of the rolls mean.
type Words struct {
	codes   map[string]map[string]string // column → folded word → code
	longest map[string]int               // column → runes of its longest word
}

// NewWords makes the table. Where one word stands twice under a column the
// first row counts.
func NewWords(rows []WordRow) *Words {
	w := &Words{codes: map[string]map[string]string{}, longest: map[string]int{}}
	for _, row := range rows {
		column, word := strings.ToLower(Fold(row.Column)), foldWord(row.Word)
		if column == "" || word == "" {
			continue
		}
		if w.codes[column] == nil {
			w.codes[column] = map[string]string{}
		}
		if _, ok := w.codes[column][word]; ok {
			continue
		}
		w.codes[column][word] = Fold(row.Code)
		w.longest[column] = max(w.longest[column], utf8.RuneCountInString(word))
	}
	return w
}

// Code is the code of a word in a column of a kind. Rows of the kind itself
// win over those for every kind. An empty word has the empty code and is known;
// a word without a row is not known, and its code is empty.
func (w *Words) Code(kind, column, word string) (code string, known bool) {
	if code, known = w.code(kind, column, word); known {
		return code, true
	}
	folded := foldWord(word)
	if folded == "" {
		return "", true
	}
	return w.code(kind, column, folded)
}

func (w *Words) code(kind, column, word string) (string, bool) {
	if code, ok := w.codes[kind+"."+column][word]; ok {
		return code, true
	}
	code, ok := w.codes["*."+column][word]
	return code, ok
}

// In is the codes of the words that a text holds, sorted, each once: remarks,
// and cells with several measures. At every place the longest word counts and
// is used up, so that 低保边缘 is not 低保.
func (w *Words) In(kind, column, text string) []string {
	longest := max(w.longest[kind+"."+column], w.longest["*."+column])
	if longest == 0 || text == "" {
		return nil
	}
	var found []string
	runes := []rune(foldWord(text))
	for i := 0; i < len(runes); {
		step := 1
		for n := min(longest, len(runes)-i); n > 0; n-- {
			if code, ok := w.code(kind, column, string(runes[i:i+n])); ok {
				if code != "" {
					found = append(found, code)
				}
				step = n
				break
			}
		}
		i += step
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// Last is the code of the longest word that a text ends in, "" for none:
// 青山镇敬老院 is an institution, 敬老院王某 is not.
func (w *Words) Last(kind, column, text string) string {
	runes := []rune(foldWord(text))
	longest := max(w.longest[kind+"."+column], w.longest["*."+column])
	for n := min(longest, len(runes)); n > 0; n-- {
		if code, ok := w.code(kind, column, string(runes[len(runes)-n:])); ok {
			return code
		}
	}
	return ""
}

// foldWord gives the form in which words are equal: width, blanks and case do
// not matter.
func foldWord(s string) string {
	return strings.ToUpper(Fold(s))
}
