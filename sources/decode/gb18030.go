package decode

import (
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// badByte stands in decoded text for a byte that its encoding does not have.
// It is no UTF-8, so a record that holds one is not valid, and a genuine U+FFFD
// (84 31 A4 37) is not taken for one.
const badByte = 0xFF

const (
	fourBMP   = 39420   // four-byte codes of the BMP: linear numbers below this
	fourFFFD  = 39417   // 84 31 A4 37
	fourAbove = 189000  // 90 30 81 30 = U+10000
	fourEnd   = 1237576 // one past E3 32 9A 35 = U+10FFFF
)

// gb18030 holds the characters of the two-byte codes, by lead and trail byte,
// and of the four-byte codes of the BMP, by linear number. 0: no character.
type gb18030 struct {
	two  [126 * 191]rune // lead 81–FE, trail 40–FE
	four [fourBMP]rune
}

// gbTable is made once: the table of x/text, and what it lacks.
var gbTable = sync.OnceValue(func() *gb18030 {
	t := new(gb18030)
	decoder := simplifiedchinese.GB18030.NewDecoder()
	known := func(code ...byte) rune {
		// The decoder writes U+FFFD for what it does not know and never fails.
		text, _ := decoder.Bytes(code)
		r, size := utf8.DecodeRune(text)
		if size != len(text) || r == utf8.RuneError {
			return 0
		}
		return r
	}
	for lead := 0x81; lead <= 0xFE; lead++ {
		for trail := 0x40; trail <= 0xFE; trail++ {
			if trail != 0x7F {
				t.two[twoIndex(byte(lead), byte(trail))] = known(byte(lead), byte(trail))
			}
		}
	}
	for i := range t.four {
		rest := i
		d := byte('0' + rest%10)
		rest /= 10
		c := byte(0x81 + rest%126)
		rest /= 126
		t.four[i] = known(byte(0x81+rest/10), byte('0'+rest%10), c, d)
	}
	t.four[fourFFFD] = utf8.RuneError
	t.addUserDefined()
	t.add2022()
	return t
})

func twoIndex(lead, trail byte) int { return int(lead-0x81)*191 + int(trail-0x40) }

// addUserDefined fills the two-byte codes that x/text does not have with the
// private-use characters the standard gives them: three zones for users, and
// the holes between its own characters (GB 18030-2005, annex E; GBK). Old
// police and civil-affairs systems kept rare surnames there.
func (t *gb18030) addUserDefined() {
	zone := func(firstLead, lastLead, firstTrail, lastTrail byte, private rune) {
		for lead := firstLead; lead <= lastLead; lead++ {
			for trail := firstTrail; trail <= lastTrail; trail++ {
				if trail == 0x7F {
					continue
				}
				if at := &t.two[twoIndex(lead, trail)]; *at == 0 {
					*at = private
				}
				private++
			}
		}
	}
	zone(0xAA, 0xAF, 0xA1, 0xFE, 0xE000)
	zone(0xF8, 0xFE, 0xA1, 0xFE, 0xE234)
	zone(0xA1, 0xA7, 0x40, 0xA0, 0xE4C6)
	for _, hole := range []struct {
		first   uint16
		last    byte // of the trail
		private rune
	}{
		{0xA2AB, 0xB0, 0xE766}, {0xA2E4, 0xE4, 0xE76D}, {0xA2EF, 0xF0, 0xE76E}, {0xA2FD, 0xFE, 0xE770},
		{0xA4F4, 0xFE, 0xE772}, {0xA5F7, 0xFE, 0xE77D}, {0xA6B9, 0xC0, 0xE785}, {0xA6F6, 0xFE, 0xE797},
		{0xA7C2, 0xD0, 0xE7A0}, {0xA7F2, 0xFE, 0xE7AF}, {0xA896, 0xA0, 0xE7BC}, {0xA8C1, 0xC4, 0xE7C9},
		{0xA8EA, 0xFE, 0xE7CD}, {0xA958, 0x58, 0xE7E2}, {0xA95B, 0x5B, 0xE7E3}, {0xA95D, 0x5F, 0xE7E4},
		{0xA997, 0xA3, 0xE7F4}, {0xA9F0, 0xFE, 0xE801}, {0xD7FA, 0xFE, 0xE810}, {0xFEA0, 0xA0, 0xE864},
	} {
		lead := byte(hole.first >> 8)
		zone(lead, lead, byte(hole.first), hole.last, hole.private)
	}
}

// add2022 gives the characters to which GB 18030-2022 moved codes that were
// private use before. The last six it left private, for their characters lie
// beyond the BMP; they are mapped too, since FE51 in an old file and U+20087 in
// a new one are the same surname. The four-byte codes that used to mean these
// characters go on meaning them.
func (t *gb18030) add2022() {
	for code, r := range map[uint16]rune{
		0xA6D9: 0xFE10, 0xA6DA: 0xFE12, 0xA6DB: 0xFE11, 0xA6DC: 0xFE13, 0xA6DD: 0xFE14,
		0xA6DE: 0xFE15, 0xA6DF: 0xFE16, 0xA6EC: 0xFE17, 0xA6ED: 0xFE18, 0xA6F3: 0xFE19,
		0xA8BC: 0x1E3F,
		0xFE59: 0x9FB4, 0xFE61: 0x9FB5, 0xFE66: 0x9FB6, 0xFE67: 0x9FB7,
		0xFE6D: 0x9FB8, 0xFE7E: 0x9FB9, 0xFE90: 0x9FBA, 0xFEA0: 0x9FBB,
		0xFE51: 0x20087, 0xFE52: 0x20089, 0xFE53: 0x200CC, 0xFE6C: 0x215D7, 0xFE76: 0x2298F, 0xFE91: 0x241FE,
	} {
		t.two[twoIndex(byte(code>>8), byte(code))] = r
	}
}

// char decodes the character at the start of b, which begins with a byte of
// 80 or more. A size of 1 with r = 0 is a bad byte.
func (t *gb18030) char(b []byte) (r rune, size int) {
	if len(b) < 2 || b[0] < 0x81 || b[0] > 0xFE {
		return 0, 1
	}
	switch trail := b[1]; {
	case trail >= 0x40 && trail <= 0xFE:
		if r = t.two[twoIndex(b[0], trail)]; r != 0 {
			return r, 2
		}
	case trail >= '0' && trail <= '9' && len(b) >= 4 && b[2] >= 0x81 && b[2] <= 0xFE && b[3] >= '0' && b[3] <= '9':
		n := ((int(b[0]-0x81)*10+int(trail-'0'))*126+int(b[2]-0x81))*10 + int(b[3]-'0')
		if n < fourBMP {
			if r = t.four[n]; r != 0 {
				return r, 4
			}
		}
		if n >= fourAbove && n < fourEnd {
			return rune(n - fourAbove + 0x10000), 4
		}
	}
	return 0, 1
}

// appendUTF8 appends the text of b; a byte that has no meaning becomes badByte,
// and bad says whether there was one.
// It never makes a quote, comma, tab or line break out of part of a character,
// so raw bytes and decoded text have the same records.
func (t *gb18030) appendUTF8(to, b []byte) (text []byte, bad bool) {
	for i := 0; i < len(b); {
		c := b[i]
		if c < utf8.RuneSelf {
			start := i
			for i++; i < len(b) && b[i] < utf8.RuneSelf; i++ {
			}
			to = append(to, b[start:i]...)
			continue
		}
		r, size := t.char(b[i:])
		switch {
		case r == 0:
			to, bad = append(to, badByte), true
		case r >= 0x800 && r <= 0xFFFF:
			to = append(to, 0xE0|byte(r>>12), 0x80|byte(r>>6)&0xBF, 0x80|byte(r)&0x3F)
		default:
			to = utf8.AppendRune(to, r)
		}
		i += size
	}
	return to, bad
}
