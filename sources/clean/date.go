package clean

import (
	"math"
	"strings"
	"time"
)

// Date is a civil date as days since 1970-01-01, as Parquet's DATE has it.
type Date int32

// NoDate stands for no date.
const NoDate Date = math.MinInt32

// The years a roll may speak of. Outside them a date is a mistyped one.
const (
	firstYear = 1850
	lastYear  = 2200
)

// Precision says how much of a date its text gave.
type Precision byte

// The precisions of a date.
const (
	NoPrecision Precision = iota
	Day                   // the day is known
	Month                 // the date is the first of the month
	Year                  // the date is the first of the year
	Open                  // 长期: without end, the date is NoDate
)

// DateOf is the date y-m-d, false where the calendar has no such day or the
// year is not one a roll can mean (1850–2200).
func DateOf(y, m, d int) (Date, bool) {
	if y < firstYear || y > lastYear || m < 1 || m > 12 || d < 1 || d > daysIn(y, m) {
		return NoDate, false
	}
	// Days from civil, after Howard Hinnant: years begin in March, so that the
	// leap day is the last of its year.
	yy := y
	if m <= 2 {
		yy--
	}
	era := yy / 400
	yoe := yy - era*400
	doy := (153*((m+9)%12)+2)/5 + d - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return Date(era*146097 + doe - 719468), true
}

func daysIn(y, m int) int {
	switch m {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// Civil is the date's year, month and day.
func (d Date) Civil() (y, m, day int) {
	t := time.Unix(int64(d)*86400, 0).UTC()
	return t.Year(), int(t.Month()), t.Day()
}

// String is the date as 2026-11-20, empty for NoDate.
func (d Date) String() string {
	if d == NoDate {
		return ""
	}
	y, m, day := d.Civil()
	b := []byte("0000-00-00")
	put := func(at, digits, v int) {
		for i := at + digits - 1; i >= at; i-- {
			b[i] = byte('0' + v%10)
			v /= 10
		}
	}
	put(0, 4, y)
	put(5, 2, m)
	put(8, 2, day)
	return string(b)
}

// ParseMonth reads a month, or the month of a date, as its first day. A bare
// year and 长期 are no month.
func ParseMonth(raw string) (Date, bool) {
	d, p, ok := ParseDate(raw)
	if !ok || p != Day && p != Month {
		return NoDate, false
	}
	y, m, _ := d.Civil()
	return DateOf(y, m, 1)
}

// ParseDate reads every spelling of a date that rolls use: 20230901,
// 2023-09-01 (also with / . and a time of day), 2023.9, 2023年9月, 202309, a
// spreadsheet's day number 45170, 二〇二三年九月一日, and 长期, which is ok
// with the precision Open and no date.
//
// Two-digit years and 9/1/2023 are not read: nobody can tell which number is
// which. Day numbers are read from 10000 (1927-05-18) on; four digits are a
// year.
func ParseDate(raw string) (Date, Precision, bool) {
	s := strings.TrimLeft(Fold(withoutClock(raw)), "'‘’`")
	if isDigits(s) {
		return dateOfDigits(s)
	}
	switch s {
	case "长期", "长期有效", "永久", "永久有效", "无期限", "无固定期限", "長期", "长":
		return NoDate, Open, true
	}
	if whole, frac, ok := strings.Cut(s, "."); ok && len(whole) == 5 && isDigits(whole) && isDigits(frac) {
		return dateOfDigits(whole) // a day number with its time of day
	}
	// A spreadsheet may hand on 20230901 as a number with a point.
	if whole, ok := strings.CutSuffix(s, ".0"); ok && isDigits(whole) && len(whole) >= 6 {
		return dateOfDigits(whole)
	}
	return dateOfParts(s)
}

// dateOfDigits reads a date written with digits alone.
func dateOfDigits(s string) (Date, Precision, bool) {
	switch len(s) {
	case 4:
		return finish(atoi(s), 0, 0)
	case 5:
		n := atoi(s)
		if n < 10000 {
			return NoDate, NoPrecision, false
		}
		return Date(n - 25569), Day, true // 25569 is 1970-01-01 in the 1900 system
	case 6:
		return finish(atoi(s[:4]), atoi(s[4:]), 0)
	case 8:
		return finish(atoi(s[:4]), atoi(s[4:6]), atoi(s[6:]))
	case 14: // with the time of day
		if !isClock(s[8:10] + ":" + s[10:12] + ":" + s[12:]) {
			return NoDate, NoPrecision, false
		}
		return finish(atoi(s[:4]), atoi(s[4:6]), atoi(s[6:8]))
	}
	return NoDate, NoPrecision, false
}

// withoutClock drops a time of day set apart by a blank. It is looked for before
// blanks are folded away: 2023/9/1 12:30 would run together to another day.
func withoutClock(raw string) string {
	colon := strings.IndexAny(raw, ":：")
	if colon < 0 {
		return raw
	}
	start := strings.LastIndexFunc(raw[:colon], isBlank)
	if before := strings.TrimFunc(raw[:max(start, 0)], isBlank); before != "" && isClock(Fold(raw[start:])) {
		return before
	}
	return raw
}

// dateOfParts reads a date whose year, month and day stand apart.
func dateOfParts(s string) (Date, Precision, bool) {
	year, rest, ok := leadingNumber(s, 4)
	if !ok || year < 1000 {
		return NoDate, NoPrecision, false
	}
	rest, chinese := strings.CutPrefix(rest, "年")
	if chinese {
		if rest == "" || rest == "度" {
			return finish(year, 0, 0)
		}
	} else {
		if rest == "" || !strings.ContainsRune("-/.—–~_、,\\", firstRune(rest)) {
			return NoDate, NoPrecision, false
		}
		rest = rest[len(string(firstRune(rest))):]
	}
	month, rest, ok := leadingNumber(rest, 2)
	if !ok || month == 0 {
		return NoDate, NoPrecision, false
	}
	if after, ok := strings.CutPrefix(rest, "月"); ok {
		rest = strings.TrimPrefix(after, "份")
	} else if rest != "" {
		if !strings.ContainsRune("-/.—–~_、,\\", firstRune(rest)) {
			return NoDate, NoPrecision, false
		}
		rest = rest[len(string(firstRune(rest))):]
	}
	if rest == "" {
		return finish(year, month, 0)
	}
	day, rest, ok := leadingNumber(rest, 2)
	if !ok || day == 0 {
		return NoDate, NoPrecision, false
	}
	for _, end := range []string{"日", "号", "T"} {
		if after, ok := strings.CutPrefix(rest, end); ok && (after == "" && end != "T" || isClock(after)) {
			return finish(year, month, day)
		}
	}
	if rest == "" || rest == "." {
		return finish(year, month, day)
	}
	return NoDate, NoPrecision, false
}

// finish checks a date against the calendar. Month 0 and day 0 stand for not
// given. The last days that systems write for "never" (9999-12-31) are Open.
func finish(y, m, d int) (Date, Precision, bool) {
	if y == 9999 && m == 12 {
		return NoDate, Open, true
	}
	p := Day
	if d == 0 {
		p, d = Month, 1
	}
	if m == 0 {
		if p != Month {
			return NoDate, NoPrecision, false
		}
		p, m = Year, 1
	}
	date, ok := DateOf(y, m, d)
	if !ok {
		return NoDate, NoPrecision, false
	}
	return date, p, true
}

// isClock reports whether s is a time of day: 8:30, 08:30:00, 00:00:00.000Z,
// 上午8:30 and the like. What time it is does not matter here.
func isClock(s string) bool {
	for _, p := range []string{"上午", "下午"} {
		s = strings.TrimPrefix(s, p)
	}
	for _, p := range []string{"Z", "AM", "PM"} {
		s = strings.TrimSuffix(s, p)
	}
	if i := strings.IndexAny(s, "+"); i > 0 {
		s = s[:i]
	}
	colons := 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == ':':
			colons++
		case s[i] == '.' && colons == 2:
		case s[i] < '0' || s[i] > '9':
			return false
		}
	}
	return colons >= 1 && colons <= 2 && s[0] != ':' && s[len(s)-1] != ':' && len(s) <= 20
}

// leadingNumber takes a number of at most max digits off the front of s, in
// Arabic or Chinese figures.
func leadingNumber(s string, max int) (n int, rest string, ok bool) {
	i := 0
	for i < len(s) && i < max && s[i] >= '0' && s[i] <= '9' {
		n = n*10 + int(s[i]-'0')
		i++
	}
	if i > 0 {
		return n, s[i:], true
	}
	return leadingChinese(s, max)
}

// leadingChinese reads 二〇二三 digit by digit, and 九, 十, 十二, 二十, 三十一
// as one counts.
func leadingChinese(s string, max int) (n int, rest string, ok bool) {
	const figures = "〇一二三四五六七八九"
	digits, tens := 0, false
	for rest = s; rest != ""; {
		r := firstRune(rest)
		if r == '零' || r == '○' {
			r = '〇'
		}
		at := strings.IndexRune(figures, r)
		switch {
		case at >= 0 && tens:
			n += at / 3
			return n, rest[len(string(firstRune(rest))):], true
		case at >= 0 && digits < max:
			n = n*10 + at/3
			digits++
		case r == '十' && max == 2 && digits <= 1 && !tens:
			if digits == 0 {
				n = 1
			}
			n *= 10
			tens = true
		default:
			return n, rest, digits > 0 || tens
		}
		rest = rest[len(string(firstRune(rest))):]
	}
	return n, rest, digits > 0 || tens
}

func firstRune(s string) rune {
	for _, r := range s {
		return r
	}
	return -1
}

func isDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// atoi is the value of at most nine digits.
func atoi(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		n = n*10 + int(s[i]-'0')
	}
	return n
}
