package decode

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
)

const (
	spreadsheetNS = "urn:schemas-microsoft-com:office:spreadsheet"

	noteOtherXML = "这是 XML 文件，但不是 Excel 2003 XML 表格，无法读取；请在原系统中导出为 .xlsx 或 CSV 后再放入"
	noteTornXML  = "这个 XML 表格不完整或已损坏，整份不予读取；请重新导出或重新拷贝后再放入"
	noteDoctype  = "这个 XML 表格带有 DOCTYPE 声明，为安全起见不予读取；请用 Excel 或 WPS 打开后另存为 .xlsx 再放入"
)

// xmlSheets reads XML spreadsheets of Excel 2002 and 2003.
type xmlSheets struct {
	tables
	d      *xml.Decoder
	sheet  *tableSheet
	row    int64
	rowEnd int64 // the last row that it covers
	column int
}

func openXMLSheets(ctx context.Context, m Member) (*tables, error) {
	text, err := wholeText(ctx, m)
	if err != nil {
		return nil, err
	}
	x := xmlSheets{d: xml.NewDecoder(&contextReader{ctx, bytes.NewReader(text)})}
	// The encoding was told by the content; what the file says of itself is past.
	x.d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	if err := x.read(); err != nil {
		var refused *Refusal
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if errors.As(err, &refused) {
			return nil, refused
		}
		return nil, refuse(noteTornXML)
	}
	if len(x.sheets) == 0 {
		return nil, refuse(noteNoSheets)
	}
	x.done()
	return &x.tables, nil
}

// read reads the file to its end. Errors are refusals, or those of torn XML.
func (x *xmlSheets) read() error {
	path, begun := []string{}, false
	for {
		token, err := x.d.Token()
		if errors.Is(err, io.EOF) && len(path) == 0 && begun {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.Directive:
			return refuse(noteDoctype)
		case xml.StartElement:
			if len(path) == 0 && (t.Name.Local != "Workbook" || t.Name.Space != spreadsheetNS) {
				return refuse(noteOtherXML)
			}
			begun = true
			whole, err := x.start(path, &t)
			if err != nil {
				return err
			}
			if !whole {
				path = append(path, t.Name.Local)
			}
			if len(path) > 100 {
				return refuse(noteTornXML)
			}
		case xml.EndElement:
			path = path[:len(path)-1]
		}
	}
}

// start is called at the start of an element, path being what it lies in; whole
// says that it was read to its end.
func (x *xmlSheets) start(path []string, t *xml.StartElement) (whole bool, err error) {
	in := ""
	if len(path) > 0 {
		in = path[len(path)-1]
	}
	switch name := t.Name.Local; {
	case name == "Worksheet" && len(path) == 1:
		x.sheet = x.add(Sheet{Name: attribute(t, "Name"), Named: true})
		x.rowEnd = 0
	case x.sheet == nil:
	case name == "Visible" && in == "WorksheetOptions":
		text, err := x.text()
		x.sheet.Hidden = strings.HasPrefix(text, "SheetHidden") || strings.HasPrefix(text, "SheetVeryHidden")
		return true, err
	case name == "Row" && in == "Table":
		x.column = 0
		if x.row, err = next(t, x.rowEnd); err != nil {
			return false, err
		}
		span, err := small(t, "Span", sheetRows)
		x.rowEnd = x.row + span
		return false, err
	case name == "Cell" && in == "Row":
		return true, x.cell(t)
	}
	return false, nil
}

// next is the number of a row or cell, from 1: the one after the last, or a
// later one that is written down.
func next(t *xml.StartElement, last int64) (int64, error) {
	at := last + 1
	if index := attribute(t, "Index"); index != "" {
		n, err := strconv.ParseInt(index, 10, 64)
		if err != nil || n < at {
			return 0, refuse(noteTornXML)
		}
		at = n
	}
	if at > sheetRows {
		return 0, refuse(noteTooBig, "行列号超出范围")
	}
	return at, nil
}

// small reads an attribute that is a number of further rows or columns.
func small(t *xml.StartElement, name string, limit int64) (int64, error) {
	text := attribute(t, name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n > limit {
		return 0, refuse(noteTornXML)
	}
	return n, nil
}

func attribute(t *xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name && (a.Name.Space == spreadsheetNS || a.Name.Space == "") {
			return a.Value
		}
	}
	return ""
}

// cell reads a cell to its end: its Data, but not that of a comment on it.
func (x *xmlSheets) cell(t *xml.StartElement) error {
	at, err := next(t, int64(x.column))
	if err != nil {
		return err
	}
	right, err := small(t, "MergeAcross", sheetColumns)
	if err != nil {
		return err
	}
	down, err := small(t, "MergeDown", sheetRows)
	if err != nil {
		return err
	}
	column := int(at) - 1
	x.column = column + int(right) + 1
	text, number := "", false
	for {
		token, err := x.d.Token()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.Directive:
			return refuse(noteDoctype)
		case xml.StartElement:
			if t.Name.Local != "Data" {
				if err := x.d.Skip(); err != nil {
					return err
				}
				continue
			}
			if text, err = x.text(); err != nil {
				return err
			}
			text, number = xmlValue(text, attribute(&t, "Type"))
		case xml.EndElement:
			if right > 0 || down > 0 {
				x.sheet.merges = append(x.sheet.merges, Range{Top: x.row, Bottom: x.row + down, Left: column, Right: column + int(right)})
			}
			return x.put(x.sheet, x.row, column, text, number)
		}
	}
}

// text is all text of the element just begun, to its end.
func (x *xmlSheets) text() (string, error) {
	var text strings.Builder
	for depth := 1; depth > 0; {
		token, err := x.d.Token()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		case xml.CharData:
			text.Write(t)
		case xml.Directive:
			return "", refuse(noteDoctype)
		}
	}
	return text.String(), nil
}

// xmlValue is a value of a type as an officer sees it, and whether it is kept as
// a number.
func xmlValue(text, kind string) (string, bool) {
	switch kind {
	case "Number":
		if trimmed := strings.TrimSpace(text); isNumber([]byte(trimmed)) {
			return string(appendNumber(nil, []byte(trimmed))), true
		}
	case "Boolean":
		if strings.TrimSpace(text) == "1" {
			return "TRUE", false
		}
		return "FALSE", false
	case "DateTime":
		day, clock, _ := strings.Cut(strings.TrimSpace(text), "T")
		clock = strings.TrimSuffix(clock, ".000")
		switch {
		case clock == "" || clock == "00:00:00":
			return day, false
		case day == "1899-12-31":
			return clock, false
		}
		return day + " " + clock, false
	}
	return text, false
}
