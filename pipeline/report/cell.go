package report

import (
	"strings"
	"unicode/utf8"
)

// maxText is the most bytes of a text that are shown in a cell: Excel takes
// 32,767 characters, and says nothing when there are more.
const maxText = 32_000

// plain makes a text that a workbook can hold: no control characters but line
// breaks, valid UTF-8, not cut silently.
func plain(s string) string {
	if strings.ContainsFunc(s, isControl) {
		s = strings.Map(func(r rune) rune {
			if isControl(r) {
				return ' '
			}
			return r
		}, s)
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "□")
	}
	if len(s) > maxText {
		s = s[:maxText]
		for !utf8.ValidString(s) {
			s = s[:len(s)-1]
		}
		s += "……（过长，已截断）"
	}
	return s
}

func isControl(r rune) bool {
	return r < 0x20 && r != '\n' || r == 0x7f || r == 0xfffe || r == 0xffff
}

// risky is true for a text that a spreadsheet could take for a formula once
// somebody edits the cell or saves the sheet as CSV. Such cells have the
// number format of text.
func risky(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return strings.ContainsRune("=+-@\t\r\x00＝＋－＠", r)
}
