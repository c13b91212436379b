package report

import "github.com/xuri/excelize/v2"

const (
	bodyFont  = "宋体"
	titleFont = "黑体"
)

// styles are the looks of cells, numbered as the file numbers them.
type styles struct {
	title, left, leftOpen, right, section int
	group, groupOpen, head, headOpen      int

	text, textSafe     int // wrapped, General; and as text
	center, id         int // both as text
	number, money, sum int
	total, totalNumber int
	totalMoney         int
	open, openDate     int // to be filled in, not locked
	gone, goneMoney    int
	goneID, band       int
	note               int
	states             map[string]int
	paragraph          int
}

// The number formats used that are built in.
const (
	formatNumber = 3 // #,##0
	formatText   = 49
)

// formatSum is money in a table of figures, where most cells have none.
var (
	formatDay   = "yyyy-mm-dd"
	formatMoney = "#,##0.00_ ;-#,##0.00_ "
	formatSum   = `#,##0.00_ ;-#,##0.00_ ;"—"_ `
)

// look describes a style by what differs from plain wrapped text in a grid.
type look struct {
	font    string
	size    float64
	bold    bool
	colour  string
	fill    string
	across  string // left, center, right
	down    string // top, center
	bare    bool   // without a grid
	open    bool   // not locked
	noWrap  bool
	format  int
	ownForm *string
}

func newStyles(f *excelize.File) (s styles, err error) {
	s.states = map[string]int{}
	make := func(l look) (id int) {
		if err == nil {
			id, err = f.NewStyle(l.style())
		}
		return id
	}
	s.title = make(look{font: titleFont, size: 18, across: "center", down: "center", bare: true})
	s.left = make(look{across: "left", down: "center", bare: true, noWrap: true})
	s.leftOpen = make(look{across: "left", down: "center", bare: true, open: true, noWrap: true, format: formatText})
	s.right = make(look{across: "right", down: "center", bare: true, noWrap: true})
	s.section = make(look{font: titleFont, size: 12, across: "left", down: "center", bare: true, noWrap: true})
	s.group = make(look{bold: true, fill: "D6E0EE", across: "center", down: "center"})
	s.groupOpen = make(look{bold: true, fill: "F6E7B4", across: "center", down: "center"})
	s.head = make(look{bold: true, fill: "E9EFF7", across: "center", down: "center"})
	s.headOpen = make(look{bold: true, fill: "FCF3D3", across: "center", down: "center"})

	s.text = make(look{across: "left", down: "top"})
	s.textSafe = make(look{across: "left", down: "top", format: formatText})
	s.center = make(look{across: "center", down: "top", format: formatText})
	s.id = make(look{across: "center", down: "top", format: formatText})
	s.number = make(look{across: "center", down: "top", format: formatNumber})
	s.money = make(look{across: "right", down: "top", ownForm: &formatMoney})
	s.sum = make(look{across: "right", down: "top", ownForm: &formatSum})
	s.total = make(look{bold: true, fill: "F2F2F2", across: "left", down: "top"})
	s.totalNumber = make(look{bold: true, fill: "F2F2F2", across: "center", down: "top", format: formatNumber})
	s.totalMoney = make(look{bold: true, fill: "F2F2F2", across: "right", down: "top", ownForm: &formatSum})

	s.open = make(look{fill: "FFFBEC", across: "left", down: "top", open: true, format: formatText})
	s.openDate = make(look{fill: "FFFBEC", across: "center", down: "top", open: true, ownForm: &formatDay})

	s.gone = make(look{colour: "7F7F7F", across: "left", down: "top"})
	s.goneID = make(look{colour: "7F7F7F", across: "center", down: "top", format: formatText})
	s.goneMoney = make(look{colour: "7F7F7F", across: "right", down: "top", ownForm: &formatMoney})
	s.band = make(look{bold: true, fill: "E7E6E6", across: "left", down: "center"})
	s.note = make(look{colour: "595959", across: "left", down: "center", bare: true})

	for state, fill := range map[string]string{"new": "FADBD2", "changed": "FCE8B2", "reopened": "E3DAF0"} {
		s.states[state] = make(look{bold: true, fill: fill, across: "center", down: "top", format: formatText})
	}
	s.states["open"] = s.center
	s.states["gone"] = s.goneID

	s.paragraph = make(look{size: 12, across: "left", down: "top", bare: true})
	return s, err
}

func (l look) style() *excelize.Style {
	size, font := l.size, l.font
	if size == 0 {
		size = 11
	}
	if font == "" {
		font = bodyFont
	}
	colour := l.colour
	if colour == "" {
		colour = "000000"
	}
	style := &excelize.Style{
		Font:         &excelize.Font{Family: font, Size: size, Bold: l.bold, Color: colour},
		Alignment:    &excelize.Alignment{Horizontal: l.across, Vertical: l.down, WrapText: !l.noWrap},
		Protection:   &excelize.Protection{Locked: !l.open},
		NumFmt:       l.format,
		CustomNumFmt: l.ownForm,
	}
	if l.fill != "" {
		style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{l.fill}}
	}
	if !l.bare {
		for _, side := range []string{"left", "right", "top", "bottom"} {
			style.Border = append(style.Border, excelize.Border{Type: side, Color: "8C8C8C", Style: 1})
		}
	}
	return style
}
