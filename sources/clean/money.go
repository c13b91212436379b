package clean

import (
	"math"
	"math/bits"
	"strings"
)

// The value of one unit of money, in fen.
const (
	YuanFen    int64 = 100
	WanYuanFen int64 = 1_000_000
)

// ParseFen reads an amount of money as whole fen. unitFen is the value of the
// column's unit, YuanFen or WanYuanFen; a unit written in the cell itself wins.
// The decimal text is taken exactly, never by way of a float; what is finer
// than a fen is rounded, half away from zero, so that a reversal cancels what
// it reverses. It is not ok where the text is no amount or does not fit.
func ParseFen(raw string, unitFen int64) (int64, bool) {
	if fen, ok := plainAmount(raw, unitFen); ok {
		return fen, true
	}
	s, unit := moneyText(raw, unitFen)
	return decimal(s, unit)
}

// plainAmount is the way of almost every cell: twelve characters at most, two
// places at most. Both units are whole hundreds of fen.
func plainAmount(s string, unitFen int64) (int64, bool) {
	n, places := int64(0), -1
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c-'0' <= 9:
			n = n*10 + int64(c-'0')
			if places >= 0 {
				places++
			}
		case c == '.' && places < 0 && i > 0:
			places = 0
		default:
			return 0, false
		}
	}
	if s == "" || len(s) > 12 || places > 2 || unitFen%100 != 0 {
		return 0, false
	}
	for range 2 - max(places, 0) {
		n *= 10
	}
	return n * (unitFen / 100), true
}

// ParseDecimal2 reads a number with two decimals as hundredths: per cent, with
// or without its sign, and square metres. Rounded as money is.
func ParseDecimal2(raw string) (int64, bool) {
	s := strings.ToLower(numberText(raw))
	for _, unit := range []string{"%", "平方米", "平米", "平方", "m2"} {
		if t, ok := strings.CutSuffix(s, unit); ok {
			s = t
			break
		}
	}
	return decimal(s, 100)
}

// ParseInt reads a whole number: of people, months, homes. A counting word after
// it and a spreadsheet's .0 are read over; 2.5 is not a whole number.
func ParseInt(raw string) (int64, bool) {
	s := numberText(raw)
	for _, unit := range []string{"个月", "人", "口", "个", "户", "岁", "套", "月", "年", "年度", "次", "间", "张", "床", "位", "天", "日", "名", "周岁"} {
		if t, ok := strings.CutSuffix(s, unit); ok && t != "" && t[len(t)-1] < 0x80 {
			s = t
			break
		}
	}
	// Six places tell a fraction from the noise that floats leave in XML
	// (3.0000000000000004).
	const million = 1_000_000
	n, ok := decimal(s, million)
	if !ok || n%million != 0 {
		return 0, false
	}
	return n / million, true
}

// moneyText strips the signs of money off a cell and says which unit it names.
func moneyText(raw string, unit int64) (string, int64) {
	s := numberText(raw)
	for _, sign := range []string{"¥", "RMB", "CNY", "人民币"} {
		s = strings.TrimPrefix(s, sign)
	}
	if t, ok := strings.CutPrefix(s, "-¥"); ok {
		s = "-" + t
	}
	for _, tail := range []string{"/月", "/年", "/人", "整", "正"} {
		s = strings.TrimSuffix(s, tail)
	}
	for _, u := range []struct {
		word string
		fen  int64
	}{{"万元", WanYuanFen}, {"万", WanYuanFen}, {"元", YuanFen}, {"圆", YuanFen}, {"块", YuanFen}, {"分", 1}, {"角", 10}} {
		if t, ok := strings.CutSuffix(s, u.word); ok {
			return t, u.fen
		}
	}
	return s, unit
}

// numberText folds the text of a number: NFKC, no blanks, no leading
// apostrophe, one kind of minus, accounting parentheses as a minus.
func numberText(raw string) string {
	s := strings.TrimLeft(Fold(raw), "'‘’`")
	if strings.ContainsAny(s, "−–—") {
		s = minuses.Replace(s)
	}
	if len(s) > 2 && s[0] == '(' && s[len(s)-1] == ')' {
		s = "-" + s[1:len(s)-1]
	}
	return s
}

// minuses are the dashes NFKC leaves as they are.
var minuses = strings.NewReplacer("−", "-", "–", "-", "—", "-")

// decimal is the value of a decimal text times scale, rounded half away from
// zero. It knows a sign, thousand separators in their places, a point and an
// exponent as XML has it (1.2E-3).
func decimal(s string, scale int64) (int64, bool) {
	if len(s) > 60 {
		return 0, false
	}
	negative := false
	if s != "" && (s[0] == '-' || s[0] == '+') {
		negative = s[0] == '-'
		s = s[1:]
	}
	exponent := 0
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		e := strings.TrimPrefix(s[i+1:], "+")
		minus := strings.HasPrefix(e, "-")
		e = strings.TrimPrefix(e, "-")
		if !isDigits(e) || len(e) > 3 {
			return 0, false
		}
		exponent = atoi(e)
		if minus {
			exponent = -exponent
		}
		s = s[:i]
	}
	whole, frac, _ := strings.Cut(s, ".")
	whole, ok := withoutSeparators(whole)
	if !ok || whole == "" && frac == "" || whole != "" && !isDigits(whole) || frac != "" && !isDigits(frac) {
		return 0, false
	}
	digits := whole + frac
	n, ok := scaled(digits, len(whole)+exponent, scale)
	if negative {
		n = -n
	}
	return n, ok
}

// withoutSeparators drops commas that stand before every third digit from the
// right; any other comma makes the text no number.
func withoutSeparators(s string) (string, bool) {
	if strings.IndexByte(s, ',') < 0 {
		return s, true
	}
	groups := strings.Split(s, ",")
	if len(groups[0]) == 0 || len(groups[0]) > 3 {
		return "", false
	}
	for _, g := range groups[1:] {
		if len(g) != 3 {
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}

// scaled is 0.digits × 10^point × scale, rounded half up on the absolute value.
func scaled(digits string, point int, scale int64) (int64, bool) {
	trimmed := strings.TrimLeft(digits, "0")
	point -= len(digits) - len(trimmed)
	digits = strings.TrimRight(trimmed, "0")
	if digits == "" {
		return 0, true
	}
	// The whole part, times scale.
	n := uint64(0)
	for i := 0; i < point; i++ {
		d := uint64(0)
		if i < len(digits) {
			d = uint64(digits[i] - '0')
		}
		if n > (math.MaxInt64-d)/10 {
			return 0, false
		}
		n = n*10 + d
	}
	high, n := bits.Mul64(n, uint64(scale))
	if high != 0 || n > math.MaxInt64 {
		return 0, false
	}
	// The fraction, digit by digit: long multiplication of scale by 0.ddd, of
	// which what is left of the last place decides the rounding.
	frac := ""
	switch {
	case point <= 0 && -point > 40:
		return int64(n), true // under any scale's half
	case point <= 0:
		frac = strings.Repeat("0", -point) + digits
	case point < len(digits):
		frac = digits[point:]
	}
	part, up := fraction(frac, uint64(scale))
	n += part
	if up {
		n++
	}
	if n > math.MaxInt64 {
		return 0, false
	}
	return int64(n), true
}

// fraction is the whole part of 0.frac × scale, and whether the rest is a half
// or more. From the last digit to the first, acc is the product so far in
// tenths; what is finer cannot change which side of a half it is on.
func fraction(frac string, scale uint64) (part uint64, up bool) {
	acc := uint64(0)
	for i := len(frac) - 1; i >= 0; i-- {
		acc = (uint64(frac[i]-'0')*scale*10 + acc) / 10
	}
	return acc / 10, acc%10 >= 5
}
