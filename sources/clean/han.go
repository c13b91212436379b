package clean

import (
	_ "embed"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:generate go run ./tables/soundgen

// The tables of Han characters. tables/README.md tells where each comes from.
var (
	//go:embed tables/sound.txt
	soundText string
	//go:embed tables/fold.txt
	foldText string
	//go:embed tables/shape.txt
	shapeText string
)

// The characters that almost every name is made of have their entries in plain
// arrays, the rest in maps.
const (
	firstHan = 0x3400
	lastHan  = 0x9FFF
)

// hanTable is what is known of each Han character.
type hanTable struct {
	syllables []string // number of a syllable → its SoundWidth bytes; 0 is none

	fold  [lastHan - firstHan + 1]rune   // character → the plain one, 0 where it is plain
	sound [lastHan - firstHan + 1]uint16 // character → its first reading

	foldRare  map[rune]rune // the same, for characters beyond
	soundRare map[rune]uint16
	readings  map[rune][]uint16 // all readings of those that have several
	alike     map[rune]string   // the characters that look like it
}

// han is the table, read when it is first asked for.
var han = sync.OnceValue(readTables)

// readTables reads the embedded texts.
func readTables() *hanTable {
	t := &hanTable{
		syllables: []string{""},
		foldRare:  map[rune]rune{},
		soundRare: map[rune]uint16{},
		readings:  map[rune][]uint16{},
		alike:     map[rune]string{},
	}
	t.readSounds(soundText)
	t.readFolds(foldText)
	t.readShapes(shapeText)
	return t
}

// lines calls f with every line that is not a comment.
func lines(text string, f func(line string)) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSuffix(line, "\n"); line != "" && line[0] != '#' {
			f(line)
		}
	}
}

func (t *hanTable) readSounds(text string) {
	type reading struct {
		r rune
		n uint16
	}
	var others []reading
	lines(text, func(line string) {
		syllable, rest, _ := strings.Cut(line, " ")
		first, other, _ := strings.Cut(rest, " ")
		n := uint16(len(t.syllables))
		t.syllables = append(t.syllables, padSound(syllable))
		for _, r := range first {
			if r >= firstHan && r <= lastHan {
				t.sound[r-firstHan] = n
			} else if r != '-' {
				t.soundRare[r] = n
			}
		}
		for _, r := range other {
			if r != '-' {
				others = append(others, reading{r, n})
			}
		}
	})
	for _, o := range others {
		if t.readings[o.r] == nil {
			t.readings[o.r] = []uint16{t.soundOf(o.r)}
		}
		t.readings[o.r] = append(t.readings[o.r], o.n)
	}
}

// readFolds reads lines of a plain character and those that stand for it.
func (t *hanTable) readFolds(text string) {
	lines(text, func(line string) {
		plain, size := utf8.DecodeRuneInString(line)
		for _, r := range line[size:] {
			if r >= firstHan && r <= lastHan {
				t.fold[r-firstHan] = plain
			} else {
				t.foldRare[r] = plain
			}
		}
	})
}

// readShapes reads lines of a character and later ones that look like it.
func (t *hanTable) readShapes(text string) {
	lines(text, func(line string) {
		a, size := utf8.DecodeRuneInString(line)
		t.alike[a] += line[size:]
		for _, b := range line[size:] {
			t.alike[b] += string(a)
		}
	})
}

// plain is the character that r is folded to, r itself for most.
func (t *hanTable) plain(r rune) rune {
	if r >= firstHan && r <= lastHan {
		if p := t.fold[r-firstHan]; p != 0 {
			return p
		}
		return r
	}
	if p, ok := t.foldRare[r]; ok {
		return p
	}
	return r
}

// soundOf is the number of r's first reading, 0 where it has none.
func (t *hanTable) soundOf(r rune) uint16 {
	if r >= firstHan && r <= lastHan {
		return t.sound[r-firstHan]
	}
	return t.soundRare[r]
}

// read is the fold and the sound of a name that has no blanks and no dots.
func (t *hanTable) read(name string) (fold, sound string) {
	var foldBuf, soundBuf [96]byte
	f, s := foldBuf[:0], soundBuf[:0]
	changed := false
	first := true
	for _, r := range name {
		p := t.plain(r)
		changed = changed || p != r
		f = utf8.AppendRune(f, p)
		switch n := t.soundOf(p); {
		case first && surnameSounds[p] != "":
			s = append(s, surnameSounds[p]...)
		case n != 0:
			s = append(s, t.syllables[n]...)
		default:
			s = appendSign(s, p)
		}
		first = false
	}
	fold = name
	if changed {
		fold = string(f)
	}
	return fold, string(s)
}

// appendSign gives a character without a reading SoundWidth bytes all the same:
// one mark for all missing characters, letters as they are, else the code point.
func appendSign(s []byte, r rune) []byte {
	const hex = "0123456789abcdef"
	switch {
	case isMark(r):
		return append(s, "?-----"...)
	case r < 0x80:
		return append(s, byte(r), '-', '-', '-', '-', '-')
	case r < 0x10000:
		return append(s, 'u', '+', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
	}
	return append(s, '+', hex[r>>16&15], hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
}

func padSound(s string) string {
	return s + "------"[:SoundWidth-len(s)]
}

// surnameSounds are the surnames that are read otherwise than the character is
// in most words.
var surnameSounds = map[rune]string{
	'曾': padSound("zeng"), '单': padSound("shan"), '仇': padSound("qiu"), '解': padSound("xie"),
	'查': padSound("zha"), '任': padSound("ren"), '覃': padSound("qin"), '区': padSound("ou"),
	'朴': padSound("piao"), '翟': padSound("zhai"), '盖': padSound("ge"), '种': padSound("chong"),
	'缪': padSound("miao"), '冼': padSound("xian"), '员': padSound("yun"), '尉': padSound("wei"),
	'乐': padSound("yue"), '折': padSound("she"), '召': padSound("shao"), '秘': padSound("bi"),
	'牟': padSound("mou"), '重': padSound("chong"), '繁': padSound("po"), '晟': padSound("cheng"),
	'逄': padSound("pang"), '訾': padSound("zi"), '殷': padSound("yin"), '燕': padSound("yan"),
	'宁': padSound("ning"), '华': padSound("hua"), '卜': padSound("bu"), '洗': padSound("xian"),
	'车': padSound("che"), '石': padSound("shi"), '俞': padSound("yu"), '郗': padSound("xi"),
	'乜': padSound("nie"), '贾': padSound("jia"), '沈': padSound("shen"), '叶': padSound("ye"),
	'谌': padSound("chen"), '撒': padSound("sa"), '麻': padSound("ma"), '祭': padSound("zhai"),
	'黑': padSound("hei"), '薄': padSound("bo"), '都': padSound("du"), '过': padSound("guo"),
	'那': padSound("na"), '哈': padSound("ha"), '佴': padSound("nai"), '隗': padSound("wei"),
}
