package sources

import (
	"path"
	"strings"
	"unicode"

	"doudi/sources/clean"
)

// surroundings are the texts round a sheet that may say what no column does:
// the rows above the header, the sheet's name, the file's name and folders.
type surroundings struct {
	titles []string
	sheet  string
	file   string // as published
}

// The words PlaceFrom and place_from have.
const (
	fromSheet = "sheet"
	fromTitle = "title"
	fromFile  = "file"
)

// fileName is the file's own name without folders and extensions.
func (s surroundings) fileName() string {
	base := path.Base(s.file)
	for {
		ext := path.Ext(base)
		if ext == "" || ext == base || len(ext) > 6 {
			return base
		}
		base = strings.TrimSuffix(base, ext)
	}
}

// benefit is rural or urban where the title, else the file's name, else its
// folders say one of them alone; else "".
func (s surroundings) benefit() string {
	for _, text := range []string{strings.Join(s.titles, " "), s.sheet, s.fileName(), path.Dir(s.file)} {
		if b := benefitIn(clean.Fold(text)); b != "" {
			return b
		}
	}
	return ""
}

var benefitWords = []struct {
	code  string
	words []string
}{
	{"rural", []string{"农村低保", "农村居民最低", "农村最低", "农保", "农低保", "农村特困", "农村五保", "农村边缘", "农村刚性"}},
	{"urban", []string{"城市低保", "城镇低保", "城市居民最低", "城镇居民最低", "城市最低", "城镇最低", "城保", "城低保",
		"城市特困", "城镇特困", "城市三无", "城镇三无", "城市边缘", "城市刚性"}},
}

func benefitIn(text string) string {
	found := ""
	for _, b := range benefitWords {
		for _, w := range b.words {
			if strings.Contains(text, w) {
				if found != "" && found != b.code {
					return ""
				}
				found = b.code
			}
		}
	}
	return found
}

// month is the month that title, sheet or file name give: one without a day
// before one with a day, which is rather the day of the export.
func (s surroundings) month() clean.Date {
	texts := append(append([]string{}, s.titles...), s.sheet, s.fileName(), path.Base(path.Dir(s.file)))
	withDay := clean.NoDate
	for _, text := range texts {
		month, day := monthIn(clean.Fold(text))
		if month != clean.NoDate {
			return month
		}
		if withDay == clean.NoDate {
			withDay = day
		}
	}
	return withDay
}

// monthIn finds the first year and month in a folded text that stand without a
// day, and the month of the first date that has one.
func monthIn(text string) (month, ofDate clean.Date) {
	month, ofDate = clean.NoDate, clean.NoDate
	for i := 0; i < len(text); i++ {
		if text[i] < '0' || text[i] > '9' || i > 0 && text[i-1] >= '0' && text[i-1] <= '9' {
			continue
		}
		d, hasDay := dateAt(text[i:])
		switch {
		case d == clean.NoDate:
		case hasDay && ofDate == clean.NoDate:
			ofDate = d
		case !hasDay && month == clean.NoDate:
			month = d
		}
	}
	return month, ofDate
}

// dateAt reads a year and a month, perhaps a day, at the head of s: 202609,
// 20260915, 2026-09, 2026年9月, 2026.9.15. It gives the month's first day.
func dateAt(s string) (first clean.Date, hasDay bool) {
	n := digitsAt(s)
	year, month := 0, 0
	switch n {
	case 6:
		year, month = number(s[:4]), number(s[4:6])
	case 8:
		year, month, hasDay = number(s[:4]), number(s[4:6]), true
		if _, ok := clean.DateOf(year, month, number(s[6:8])); !ok {
			return clean.NoDate, false
		}
	case 4:
		year = number(s[:4])
		rest, ok := cutAny(s[4:], "年", "-", "/", ".", "_")
		m := digitsAt(rest)
		if !ok || m == 0 || m > 2 {
			return clean.NoDate, false
		}
		month = number(rest[:m])
		if rest, ok = cutAny(rest[m:], "月", "-", "/", ".", "_"); ok {
			d := digitsAt(rest)
			hasDay = d == 1 || d == 2
		}
	default:
		return clean.NoDate, false
	}
	if year < 2000 || year > 2100 {
		return clean.NoDate, false
	}
	first, ok := clean.DateOf(year, month, 1)
	if !ok {
		return clean.NoDate, false
	}
	return first, hasDay
}

func digitsAt(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

func number(digits string) int {
	n := 0
	for _, d := range digits {
		n = n*10 + int(d-'0')
	}
	return n
}

func cutAny(s string, prefixes ...string) (rest string, ok bool) {
	for _, p := range prefixes {
		if rest, ok := strings.CutPrefix(s, p); ok {
			return rest, true
		}
	}
	return s, false
}

// unit is the value in fen of the unit that the title gives the whole sheet:
// 单位：万元. Yuan where it gives none.
func (s surroundings) unit() int64 {
	for _, title := range s.titles {
		folded := clean.Fold(title)
		if strings.Contains(folded, "万元") && (strings.Contains(folded, "单位") || strings.Contains(folded, "(万元)")) {
			return clean.WanYuanFen
		}
	}
	return clean.YuanFen
}

// place finds the town, and in it the village, that sheet, title or file name
// give, and from which of them the first of these came.
func (s surroundings) place(places *clean.Places) (town, village, from string) {
	if places == nil {
		return "", "", ""
	}
	texts := s.placeTexts()
	for _, t := range texts {
		if town == "" {
			if town = townIn(places, t.text, t.exact); town != "" {
				from = t.from
			}
		}
	}
	if town == "" {
		return "", "", ""
	}
	return town, s.village(places, town), from
}

// village finds a village of the town in the texts.
func (s surroundings) village(places *clean.Places, town string) string {
	for _, t := range s.placeTexts() {
		if v := villageIn(places, town, t.text, t.exact); v != "" {
			return v
		}
	}
	return ""
}

// placeText is a text in which a place is looked for. Exact: all of it may be
// the place's bare name.
type placeText struct {
	text, from string
	exact      bool
}

func (s surroundings) placeTexts() []placeText {
	var texts []placeText
	add := func(text, from string, exact bool) {
		if text = clean.Fold(text); text != "" && len(text) <= 400 {
			texts = append(texts, placeText{text, from, exact})
		}
	}
	parts := func(text, from string) {
		add(text, from, true)
		words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.Is(unicode.Han, r) })
		if len(words) > 1 {
			for _, w := range words {
				add(w, from, true)
			}
		}
	}
	parts(s.sheet, fromSheet)
	for _, t := range s.titles {
		add(t, fromTitle, false)
	}
	parts(s.fileName(), fromFile)
	if dir := path.Base(path.Dir(s.file)); dir != "." && dir != "/" {
		parts(dir, fromFile)
	}
	return texts
}

// townIn finds a town's name in text: anywhere with its kind (镇, 乡, 街道), as
// the whole text without it too.
func townIn(places *clean.Places, text string, exact bool) string {
	for i := range text {
		for j := len(text); j > i; j-- {
			if j < len(text) && text[j]&0xC0 == 0x80 {
				continue // inside a character
			}
			word := text[i:j]
			if !(exact && word == text) && !endsIn(word, "镇", "乡", "街道", "街道办", "办事处", "农场", "林场", "开发区", "园区", "管理区", "管委会") {
				continue
			}
			if p := places.Find("", word, ""); p.Known && len(p.Code) >= 9 && p.Town != "" {
				return p.Town
			}
		}
	}
	return ""
}

// villageIn finds the name of a village of the town likewise.
func villageIn(places *clean.Places, town, text string, exact bool) string {
	for i := range text {
		for j := len(text); j > i; j-- {
			if j < len(text) && text[j]&0xC0 == 0x80 {
				continue
			}
			word := text[i:j]
			if !(exact && word == text) && !endsIn(word, "村", "社区", "居委会", "村委会", "居") {
				continue
			}
			if p := places.Find("", town, word); p.Known && len(p.Code) >= 12 {
				return p.Village
			}
		}
	}
	return ""
}

func endsIn(s string, ends ...string) bool {
	for _, e := range ends {
		if strings.HasSuffix(s, e) && s != e {
			return true
		}
	}
	return false
}
