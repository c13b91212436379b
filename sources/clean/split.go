package clean

import "strings"

// isListSeparator reports the signs by which officers set several values apart
// in one cell. Blanks and line breaks are looked at separately.
func isListSeparator(r rune) bool {
	return strings.ContainsRune("、，,;；/／|｜\\＼\n\r\t", r)
}

// SplitNames takes the names of one cell apart, in order: by 、，,;；/ and line
// breaks, else by blanks. A blank inside a name of two characters (张　三) does
// not separate: a character that stands alone belongs to what follows it.
func SplitNames(cell string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(strings.ToValidUTF8(cell, "\uFFFD"), isListSeparator) {
		out = append(out, namesIn(part)...)
	}
	return out
}

func namesIn(part string) []string {
	words := strings.FieldsFunc(part, isBlank)
	var out []string
	for i := 0; i < len(words); i++ {
		w := words[i]
		if len([]rune(w)) == 1 && i+1 < len(words) {
			i++
			w += words[i]
		}
		out = append(out, w)
	}
	return out
}

// SplitIDs takes the identity numbers of one cell apart, in order: by the same
// signs and by blanks, save those inside one number (990101 19900307 1234).
// Two numbers of 18 with nothing between them come apart too.
func SplitIDs(cell string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(strings.ToValidUTF8(cell, "\uFFFD"), isListSeparator) {
		words := strings.FieldsFunc(part, isBlank)
		whole := true // each word could be a number by itself
		for _, w := range words {
			whole = whole && len(Fold(w)) >= 15
		}
		if !whole {
			words = []string{strings.Join(words, "")}
		}
		for _, w := range words {
			if f := foldID(w); len(f) == 36 && CheckChar(f[:17]) != 0 && CheckChar(f[18:35]) != 0 {
				out = append(out, f[:18], f[18:])
				continue
			}
			if w != "" {
				out = append(out, w)
			}
		}
	}
	return out
}
