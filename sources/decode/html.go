package decode

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	noteMHTML    = "这是网页存档（MHTML）文件，无法读取；请用 Excel 或 WPS 打开后另存为 .xlsx 再放入"
	noteNoTable  = "这是网页（HTML）文件，里面没有表格（可能是登录页、出错页，或工作表存放在旁边的文件夹里），无法读取；请重新导出，或用 Excel、WPS 打开后另存为 .xlsx 再放入"
	noteTornHTML = "这个网页（HTML）表格不完整或已损坏（没有写完），整份不予读取；请重新导出或重新拷贝后再放入"
)

// webPage reads the tables of a page, as export pages and Excel write them under
// the name of .xls. Each table is a sheet, named by its number; a row is a tr.
type webPage struct {
	tables
	open []*webTable // tables that are not closed yet, the innermost last
	mute int         // inside scripts and the like
	page bool        // <html> was opened and not closed
}

// webTable is a table being read.
type webTable struct {
	sheet   *tableSheet
	row     int64
	column  int
	taken   []int64 // by column: the last row that a cell from above reaches down to
	text    []byte
	inCell  bool
	number  bool
	value   string // x:num: the number that Excel shows as the text
	colspan int
	rowspan int64
}

func openHTML(ctx context.Context, m Member) (*tables, error) {
	text, err := wholeText(ctx, m)
	if err != nil {
		return nil, err
	}
	p := webPage{}
	z := html.NewTokenizer(bytes.NewReader(text))
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		kind := z.Next()
		if kind == html.ErrorToken {
			if !errors.Is(z.Err(), io.EOF) {
				return nil, refuse(noteTornHTML)
			}
			break
		}
		if err := p.token(kind, z); err != nil {
			return nil, err
		}
	}
	switch {
	case len(p.open) > 0 || p.page:
		return nil, refuse(noteTornHTML)
	case len(p.sheets) == 0:
		return nil, refuse(noteNoTable)
	}
	p.done()
	return &p.tables, nil
}

func (p *webPage) token(kind html.TokenType, z *html.Tokenizer) error {
	switch kind {
	case html.TextToken:
		if t := p.table(); t != nil && t.inCell && p.mute == 0 {
			t.text = append(t.text, z.Text()...)
		}
	case html.StartTagToken, html.SelfClosingTagToken:
		token := z.Token()
		return p.start(&token)
	case html.EndTagToken:
		name, _ := z.TagName()
		return p.end(atom.Lookup(name))
	}
	return nil
}

// table is the innermost table, nil outside of any.
func (p *webPage) table() *webTable {
	if len(p.open) == 0 {
		return nil
	}
	return p.open[len(p.open)-1]
}

func (p *webPage) start(token *html.Token) error {
	t := p.table()
	switch token.DataAtom {
	case atom.Html:
		p.page = true
	case atom.Script, atom.Style:
		if token.Type == html.StartTagToken {
			p.mute++
		}
	case atom.Table:
		p.open = append(p.open, &webTable{sheet: p.add(Sheet{Name: strconv.Itoa(len(p.sheets) + 1), Named: true})})
	}
	if t == nil {
		return nil
	}
	switch token.DataAtom {
	case atom.Tr:
		if err := p.endCell(t); err != nil {
			return err
		}
		t.row++
		t.column = 0
	case atom.Td, atom.Th:
		return p.startCell(t, token)
	case atom.Thead, atom.Tbody, atom.Tfoot:
		return p.endRows(t)
	case atom.Br, atom.P, atom.Div:
		if t.inCell && (token.DataAtom == atom.Br || len(bytes.TrimSpace(t.text)) > 0) {
			t.text = append(t.text, brk...)
		}
	}
	return nil
}

// brk stands for a line break until the blanks of a cell are folded.
const brk = "\x01"

func (p *webPage) startCell(t *webTable, token *html.Token) error {
	if err := p.endCell(t); err != nil {
		return err
	}
	if t.row == 0 {
		t.row = 1
	}
	for t.column < len(t.taken) && t.taken[t.column] >= t.row {
		t.column++
	}
	t.inCell, t.text, t.number, t.value, t.colspan, t.rowspan = true, t.text[:0], false, "", 1, 1
	for _, a := range token.Attr {
		n, err := strconv.Atoi(strings.TrimSpace(a.Val))
		switch {
		case a.Key == "colspan" && err == nil:
			t.colspan = min(max(n, 1), sheetColumns)
		case a.Key == "rowspan" && err == nil:
			t.rowspan = int64(min(max(n, 1), sheetRows))
		case a.Key == "x:num":
			t.number, t.value = true, strings.TrimSpace(a.Val)
		}
	}
	return nil
}

// endCell puts the cell down that is open, if one is.
func (p *webPage) endCell(t *webTable) error {
	if !t.inCell {
		return nil
	}
	t.inCell = false
	text := foldBlanks(t.text)
	if t.number && isNumber([]byte(text)) && strings.ContainsAny(text, "eE") && isNumber([]byte(t.value)) {
		text = t.value // 1.1E+17 would hide what the cell holds
	}
	last := t.column + t.colspan - 1
	if err := p.put(t.sheet, t.row, last, "", false); err != nil {
		return err
	}
	if err := p.put(t.sheet, t.row, t.column, text, t.number && isNumber([]byte(text))); err != nil {
		return err
	}
	if t.colspan > 1 || t.rowspan > 1 {
		t.sheet.merges = append(t.sheet.merges, Range{Top: t.row, Bottom: t.row + t.rowspan - 1, Left: t.column, Right: last})
	}
	for len(t.taken) <= last {
		t.taken = append(t.taken, 0)
	}
	for i := t.column; i <= last; i++ {
		t.taken[i] = max(t.taken[i], t.row+t.rowspan-1)
	}
	t.column = last + 1
	return nil
}

// endRows ends a group of rows: cells do not reach down beyond it.
func (p *webPage) endRows(t *webTable) error {
	err := p.endCell(t)
	t.taken = t.taken[:0]
	for i := len(t.sheet.merges) - 1; i >= 0 && t.sheet.merges[i].Bottom > t.row; i-- {
		t.sheet.merges[i].Bottom = max(t.row, t.sheet.merges[i].Top)
	}
	return err
}

func (p *webPage) end(name atom.Atom) error {
	t := p.table()
	switch {
	case name == atom.Html:
		p.page = false
	case name == atom.Script || name == atom.Style:
		p.mute = max(0, p.mute-1)
	case t == nil:
	case name == atom.Table:
		p.open = p.open[:len(p.open)-1]
		return p.endRows(t)
	case name == atom.Td || name == atom.Th || name == atom.Tr:
		return p.endCell(t)
	case name == atom.Thead || name == atom.Tbody || name == atom.Tfoot:
		return p.endRows(t)
	}
	return nil
}

// foldBlanks makes one blank of runs of them, as a page shows them.
func foldBlanks(text []byte) string {
	lines := strings.Split(string(text), brk)
	for i, line := range lines {
		lines[i] = strings.Join(strings.FieldsFunc(line, func(r rune) bool {
			return r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\f' || r == '\u00A0'
		}), " ")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
