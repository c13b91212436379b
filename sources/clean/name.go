package clean

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Name is one person's name, tidied and in the forms that linking compares.
type Name struct {
	// Text is the name for people: NFKC, no blanks but between letters, one
	// kind of dot (·), characters as they were written.
	Text string
	// Fold is the name for equality: as Text, without blanks and dots,
	// traditional and variant characters as their plain ones.
	Fold string
	// Sound is the toneless pinyin of Fold, SoundWidth ASCII bytes a character.
	Sound string
	// Surname is the first character of Fold, or the first two where they are
	// a compound surname; empty for names with a dot and names not in Han.
	Surname string
}

// SoundWidth is the bytes that Name.Sound has for a character: the longest
// syllable (zhuang), shorter ones filled up with "-".
const SoundWidth = 6

// ParseName reads a name.
func ParseName(raw string) Name {
	if isHan(raw) {
		fold, sound := han().read(raw)
		return Name{Text: raw, Fold: fold, Sound: sound, Surname: surname(fold)}
	}
	text := nameText(raw)
	bare := norm.NFC.String(dropRunes(text, func(r rune) bool { return r == '·' || isBlank(r) }))
	fold, sound := han().read(bare)
	n := Name{Text: text, Fold: fold, Sound: sound}
	if !strings.ContainsRune(text, '·') {
		n.Surname = surname(fold)
	}
	return n
}

// isHan reports whether s is nothing but characters of U+4E00–9FFF.
func isHan(s string) bool {
	if len(s)%3 != 0 {
		return false
	}
	for i := 0; i < len(s); i += 3 {
		if !isHanAt(s, i) {
			return false
		}
	}
	return true
}

// nameText is the name as people should read it.
func nameText(raw string) string {
	s := norm.NFKC.String(strings.ToValidUTF8(raw, "\uFFFD"))
	runes := make([]rune, 0, len(s))
	gap := false
	for _, r := range s {
		switch {
		case isSpace(r):
			gap = true
			continue
		case isInvisible(r), len(runes) == 0 && strings.ContainsRune("'‘’`", r):
			continue
		case isDot(r):
			r = '·'
		}
		// A blank is kept between two letters alone, and no dot stands first
		// or after another.
		last := rune('·')
		if len(runes) > 0 {
			last = runes[len(runes)-1]
		}
		if r == '·' && last == '·' {
			continue
		}
		if gap && isLetter(last) && isLetter(r) {
			runes = append(runes, ' ')
		}
		gap = false
		runes = append(runes, r)
	}
	if n := len(runes); n > 0 && runes[n-1] == '·' {
		runes = runes[:n-1]
	}
	return norm.NFC.String(string(runes)) // what stood apart may combine now
}

// isDot reports the signs that stand between the parts of a minority name. NFKC
// has made one of their full- and half-width forms already.
func isDot(r rune) bool {
	switch r {
	case '·', '.', '•', '‧', '∙', '⋅', '・', '･', '。', '｡', '⸱', '᛫', 'ᐧ', '\u119E':
		return true
	}
	return false
}

func isLetter(r rune) bool {
	return r < 0x250 && (r|0x20 >= 'a' && r|0x20 <= 'z' || r >= 0xC0)
}

// isMark reports the signs that stand for a character a system could not show.
func isMark(r rune) bool {
	switch r {
	case '?', '□', '*', '〓', '■', '？', '＊', '�', '▢', '◻', '◼', '▯':
		return true
	}
	return false
}

// surname of a folded name.
func surname(fold string) string {
	first, size := utf8.DecodeRuneInString(fold)
	if size < 3 || isMark(first) {
		return ""
	}
	if len(fold) >= 9 && size == 3 && compoundSurnames[fold[:6]] {
		return fold[:6]
	}
	return fold[:size]
}

// compoundSurnames of two characters that are in use, folded.
var compoundSurnames = func() map[string]bool {
	m := map[string]bool{}
	for _, s := range strings.Fields(`
欧阳 上官 司马 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 司空 夏侯 宇文 长孙 轩辕 端木 独孤 南宫 万俟
闻人 澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 公羊 赫连 钟离 鲜于 闾丘 亓官 司寇 呼延 东郭 南门 羊舌
微生 梁丘 左丘 东门 西门 第五 拓跋 完颜 纳兰 叶赫 欧侯 达奚 贺兰 百里 段干 谷梁 巫马 公西 漆雕 乐正
壤驷 夹谷 宰父 子车 颛孙 仉督 范姜 张简 侯莫`) {
		m[s] = true
	}
	return m
}()
