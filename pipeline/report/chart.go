package report

import (
	"fmt"
	"html"
	"html/template"
	"strings"
	"unicode"
)

// The charts of the page are drawn here, as SVG without a script. They are 420
// units wide, so that a telephone shows their 12-unit letters nearly as large
// as a desk does.
const (
	chartWidth = 420
	lineHeight = 24
	letter     = 12 // units of a Chinese character
)

// drawing gathers the elements of a chart.
type drawing struct{ strings.Builder }

func (d *drawing) rect(x, y, w, h int, class, title string) {
	if w <= 0 || h <= 0 {
		return
	}
	fmt.Fprintf(d, `<rect x="%d" y="%d" width="%d" height="%d" class="%s"><title>%s</title></rect>`,
		x, y, w, h, class, html.EscapeString(title))
}

func (d *drawing) label(x, y int, anchor, text string) {
	fmt.Fprintf(d, `<text x="%d" y="%d" text-anchor="%s">%s</text>`, x, y, anchor, html.EscapeString(text))
}

func (d *drawing) line(x1, y1, x2, y2 int) {
	fmt.Fprintf(d, `<line x1="%d" y1="%d" x2="%d" y2="%d"/>`, x1, y1, x2, y2)
}

// svg closes the chart; about is what a reader that cannot see it is told.
func (d *drawing) svg(height int, about string) template.HTML {
	return template.HTML(fmt.Sprintf(
		`<svg viewBox="0 0 %d %d" role="img" aria-label="%s">%s</svg>`,
		chartWidth, height, html.EscapeString(about), d.String(),
	))
}

// bar is a line of a chart: a name and its values.
type bar struct {
	name   string
	values []int64
}

// opposed draws two values of each line away from a middle axis, on one scale
// and with equal room: neither side is the main one.
func opposed(about, left, right, leftClass, rightClass string, bars []bar, show func(int64) string) template.HTML {
	const (
		nameWidth = 92
		axis      = nameWidth + (chartWidth-nameWidth)/2
		room      = (chartWidth-nameWidth)/2 - 56 // the longest bar; beyond it stands the figure
		top       = 26
	)
	var most int64 = 1
	for _, b := range bars {
		most = max(most, b.values[0], b.values[1])
	}
	var d drawing
	d.label(axis-6, 15, "end", left)
	d.label(axis+6, 15, "start", right)
	for i, b := range bars {
		y := top + i*lineHeight
		d.label(0, y+16, "start", shorten(b.name, nameWidth))
		l, r := share(b.values[0], most, room), share(b.values[1], most, room)
		d.rect(axis-l, y+4, l, lineHeight-8, leftClass, b.name+" "+left+" "+show(b.values[0]))
		d.rect(axis, y+4, r, lineHeight-8, rightClass, b.name+" "+right+" "+show(b.values[1]))
		d.label(axis-l-4, y+16, "end", show(b.values[0]))
		d.label(axis+r+4, y+16, "start", show(b.values[1]))
	}
	height := top + len(bars)*lineHeight + 4
	d.line(axis, top, axis, height-4)
	return d.svg(height, about)
}

// stacked draws the values of each line one after the other, and their sum.
func stacked(about string, names, classes []string, bars []bar) template.HTML {
	const (
		nameWidth = 84
		room      = chartWidth - nameWidth - 60
		top       = 4
	)
	var most int64 = 1
	for _, b := range bars {
		most = max(most, sum(b.values))
	}
	var d drawing
	for i, b := range bars {
		y := top + i*lineHeight
		d.label(0, y+16, "start", shorten(b.name, nameWidth))
		x := nameWidth
		for j, v := range b.values {
			w := share(v, most, room)
			d.rect(x, y+4, w, lineHeight-8, classes[j], fmt.Sprintf("%s %s %d", b.name, names[j], v))
			x += w
		}
		d.label(x+4, y+16, "start", number(sum(b.values)))
	}
	return d.svg(top+len(bars)*lineHeight+4, about)
}

// share is the length of a bar; what is not nothing is seen.
func share(v, most int64, room int) int {
	w := int((v*int64(room) + most/2) / most)
	if v > 0 && w == 0 {
		return 1
	}
	return w
}

func sum(values []int64) (all int64) {
	for _, v := range values {
		all += v
	}
	return all
}

// shorten cuts a name to the units it may take.
func shorten(name string, room int) string {
	used := 0
	for i, r := range name {
		w := letter
		if r < 0x80 {
			w = letter * 6 / 10
		}
		if used+w > room-letter && i+len(string(r)) < len(name) {
			return strings.TrimRightFunc(name[:i], unicode.IsSpace) + "…"
		}
		used += w
	}
	return name
}

// number writes a count with its thousands apart.
func number(n int64) string {
	s := fmt.Sprint(n)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// yuanText writes fen as yuan, without fen where there are none.
func yuanText(fen int64) string {
	if fen%100 == 0 {
		return number(fen / 100)
	}
	return fmt.Sprintf("%s.%02d", number(fen/100), fen%100)
}

// shortYuan writes fen as whole yuan, or ten thousands of them, for a chart.
func shortYuan(fen int64) string {
	yuan := (fen + 50) / 100
	if yuan < 100_000 {
		return number(yuan)
	}
	return fmt.Sprintf("%s.%d万", number(yuan/10_000), yuan%10_000/1000)
}
