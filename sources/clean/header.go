package clean

import "strings"

// FoldHeader gives the form in which a column's header is looked up (layouts.md):
// NFKC, no white space or line breaks, no numbering or mark for "required" in
// front, no colon behind, no unit, 账 for 帐.
func FoldHeader(s string) string {
	s = strings.ToLower(Fold(s))
	s = strings.ReplaceAll(s, "帐", "账")
	for {
		t := withoutUnit(withoutNumbering(strings.Trim(s, ":*")))
		if t == s {
			return s
		}
		s = t
	}
}

// HeaderUnit is the value in fen of the unit of money that a header or a title
// names, 0 where it names none: 保障金（万元）, 单位：元.
func HeaderUnit(s string) int64 {
	s = Fold(s)
	switch {
	case strings.Contains(s, "万元"):
		return WanYuanFen
	case strings.HasSuffix(s, "元"), strings.Contains(s, "(元"), strings.Contains(s, "元)"),
		strings.Contains(s, "元/"), strings.Contains(s, "单位:元"):
		return YuanFen
	}
	return 0
}

// withoutNumbering drops "1.", "1、", "(1)", "一、" before a header.
func withoutNumbering(s string) string {
	t := strings.TrimPrefix(s, "(")
	n := 0
	for n < len(t) && t[n] >= '0' && t[n] <= '9' {
		n++
	}
	if n == 0 {
		for _, r := range t {
			if !strings.ContainsRune("一二三四五六七八九十", r) {
				break
			}
			n += len(string(r))
		}
	}
	if n == 0 {
		return s
	}
	rest := t[n:]
	marks := []string{".", "、"}
	if t != s {
		marks = []string{")", ")、"}
	}
	for _, m := range marks {
		if after, ok := strings.CutPrefix(rest, m); ok && after != "" && !isDigits(after[:1]) {
			return after
		}
	}
	return s
}

// units that stand in brackets behind a header. What is not among them is part
// of the name: 乡(镇), 村(居).
var units = map[string]bool{
	"元": true, "万元": true, "元/月": true, "元/年": true, "元/人": true, "元/人/月": true, "元/人月": true, "元/人·月": true,
	"元/月/人": true, "元/人/年": true, "元/户": true, "元/户/月": true, "单位:元": true, "单位:万元": true, "单位元": true,
	"人": true, "口": true, "岁": true, "周岁": true, "月": true, "个月": true, "天": true, "日": true, "次": true,
	"套": true, "户": true, "张": true, "个": true, "平方米": true, "m2": true, "平米": true, "%": true, "亩": true,
}

// withoutUnit drops a unit behind a header: in brackets of any kind, after a
// sign, or a bare 元, 元/月, 万元.
func withoutUnit(s string) string {
	for _, pair := range []string{"()", "[]", "【】", "〔〕", "〈〉", "<>", "{}"} {
		open, shut := pair[:len(pair)/2], pair[len(pair)/2:]
		inner, ok := strings.CutSuffix(s, shut)
		if !ok {
			continue
		}
		if at := strings.LastIndex(inner, open); at > 0 && units[inner[at+len(open):]] {
			return inner[:at]
		}
	}
	for _, unit := range []string{"万元", "元/人/月", "元/月/人", "元/月", "元/年", "元/人", "元"} {
		t, ok := strings.CutSuffix(s, unit)
		if ok && t != "" && !strings.HasSuffix(t, "单") && !strings.HasSuffix(t, "万") {
			return strings.TrimRight(t, ":,、/_-—(")
		}
	}
	return s
}
