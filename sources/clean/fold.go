package clean

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold gives the form in which two spellings of one word are equal: NFKC, and
// no white space, control or invisible character at all. It keeps case.
func Fold(s string) string {
	if isPlain(s) {
		return s
	}
	s = norm.NFKC.String(strings.ToValidUTF8(s, "\uFFFD"))
	return norm.NFC.String(dropRunes(s, isBlank)) // what stood apart may combine now
}

// Text tidies a free text for people to read: blanks at the ends are cut, a run
// of blanks or line breaks inside becomes one space, invisible and control
// characters go, and so does the apostrophe by which a spreadsheet marks a
// number as text. Widths and variants stay as the officer wrote them.
func Text(s string) string {
	if isPlain(s) && !strings.HasPrefix(s, "'") {
		return s
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range s {
		switch {
		case isSpace(r):
			gap = b.Len() > 0
			continue
		case isInvisible(r):
			continue
		case r == '\'' && b.Len() == 0:
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Nothing reports whether a cell says in so many words that it holds no value:
// blank, a dash, a slash, 无, NULL and the like. In columns of dates, money and
// numbers such a cell is empty, not wrong.
func Nothing(s string) bool {
	switch strings.ToUpper(Fold(strings.TrimLeft(s, "'"))) {
	case "", "-", "--", "---", "—", "——", "–", "―", "/", "//", `\`, "无", "空", "没有", "暂无",
		"NULL", "NONE", "NIL", "N/A", "#N/A", "NA", "NAN", "(空)", "(空白)":
		return true
	}
	return false
}

// HasPrivateUse reports whether s holds a private-use character. Old police
// systems keep rare surnames there; what such a character looks like depends
// on the machine it came from, so it is kept as it is and pointed out.
func HasPrivateUse(s string) bool {
	for i := 0; i < len(s); {
		if s[i] < 0xEE { // U+E000, the lowest of them, begins with 0xEE
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if unicode.Is(unicode.Co, r) {
			return true
		}
		i += size
	}
	return false
}

// isPlain reports whether s is nothing but ASCII signs and the Han characters
// U+4E00–9FFF: NFKC and every dropping of blanks then leave it as it is. Almost
// every cell is plain, and this looks at bytes only.
func isPlain(s string) bool {
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c > 0x20 && c < 0x7F:
			i++
		case isHanAt(s, i):
			i += 3
		default:
			return false
		}
	}
	return true
}

// isHanAt reports whether the three bytes at i are a character of U+4E00–9FFF.
func isHanAt(s string, i int) bool {
	if i+2 >= len(s) {
		return false
	}
	c, d := s[i], s[i+1]
	return (c > 0xE4 && c < 0xEA || c == 0xE4 && d >= 0xB8) &&
		d >= 0x80 && d < 0xC0 && s[i+2] >= 0x80 && s[i+2] < 0xC0
}

// isSpace reports white space of any width, U+3000 and NBSP among them.
func isSpace(r rune) bool {
	return unicode.IsSpace(r)
}

// isInvisible reports characters that leave no mark on paper: controls, zero
// width marks, byte order marks, bidi and variation selectors.
func isInvisible(r rune) bool {
	switch {
	case r < 0x20, r == 0x7F, r >= 0x80 && r < 0xA0:
		return true
	case r < 0x300:
		return r == 0xAD
	case r == 0x034F, r == 0x061C, r == 0x115F, r == 0x1160, r == 0x17B4, r == 0x17B5,
		r == 0x3164, r == 0xFFA0:
		return true
	case r >= 0x180B && r <= 0x180F, r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E,
		r >= 0x2060 && r <= 0x206F, r >= 0xFE00 && r <= 0xFE0F, r == 0xFEFF,
		r >= 0xE0000 && r <= 0xE0FFF:
		return true
	}
	return false
}

func isBlank(r rune) bool { return isSpace(r) || isInvisible(r) }

// dropRunes is s without the runes for which drop holds; s itself where there
// are none.
func dropRunes(s string, drop func(rune) bool) string {
	if strings.IndexFunc(s, drop) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if drop(r) {
			return -1
		}
		return r
	}, s)
}
