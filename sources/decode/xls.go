package decode

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
)

const (
	noteTornXLS      = "这个 .xls 工作簿不完整或已损坏，整份不予读取；请重新导出或重新拷贝后再放入"
	noteOldXLS       = "这是 Excel 95 或更早版本的工作簿，无法读取；请在 Excel 或 WPS 中另存为 .xlsx 再放入"
	noteEncryptedXLS = "这是设有打开密码的 .xls 工作簿，无法读取；请去掉密码后另存为 .xlsx 再放入"
)

// errXLS: a workbook's records do not add up.
var errXLS = errors.New("broken workbook")

// The records of a workbook (BIFF8) that are read; what is not named here says
// how things look.
const (
	recFormula    = 0x0006
	recEOF        = 0x000A
	recDateMode   = 0x0022
	recFilePass   = 0x002F
	recContinue   = 0x003C
	recBoundSheet = 0x0085
	recMulRK      = 0x00BD
	recRString    = 0x00D6
	recXF         = 0x00E0
	recMergeCells = 0x00E5
	recSST        = 0x00FC
	recLabelSST   = 0x00FD
	recNumber     = 0x0203
	recLabel      = 0x0204
	recBoolErr    = 0x0205
	recString     = 0x0207
	recRK         = 0x027E
	recFormat     = 0x041E
	recBOF        = 0x0809
)

// xls reads workbooks of Excel 97 to 2003.
type xls struct {
	tables
	stream  []byte
	at      int
	segs    [][]byte // the record just read and those that continue it
	strings []string
	formats []cellFormat
	date04  bool
}

func openXLS(ctx context.Context, m Member) (*tables, error) {
	if m.Bytes > maxListedBytes {
		return nil, refuse(noteTooBig, fmt.Sprintf("超过 %d MB", maxListedBytes>>20))
	}
	f, err := os.Open(m.Path)
	if err != nil {
		return nil, fmt.Errorf("%s: open: %w", m.Name, err)
	}
	defer f.Close()
	file, err := io.ReadAll(&contextReader{ctx, f})
	if err != nil {
		return nil, fmt.Errorf("%s: read: %w", m.Name, err)
	}
	c, err := openCompound(file)
	if err != nil {
		return nil, refuse(noteTornXLS)
	}
	x := xls{}
	if x.stream, err = c.stream("Workbook"); err != nil {
		return nil, refuse(noteTornXLS)
	}
	if x.stream == nil {
		if old, err := c.stream("Book"); err == nil && old != nil {
			return nil, refuse(noteOldXLS)
		}
		return nil, refuse(noteTornXLS)
	}
	if err := x.read(ctx); err != nil {
		var refused *Refusal
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case errors.As(err, &refused):
			return nil, refused
		}
		return nil, refuse(noteTornXLS)
	}
	x.done()
	return &x.tables, nil
}

// next reads a record and those that continue it.
func (x *xls) next() (id int, data []byte, err error) {
	id, data, ok := x.peek()
	if !ok {
		return 0, nil, errXLS
	}
	x.at += 4 + len(data)
	x.segs = append(x.segs[:0], data)
	for id != recContinue {
		more, part, ok := x.peek()
		if !ok || more != recContinue {
			break
		}
		x.at += 4 + len(part)
		x.segs = append(x.segs, part)
	}
	return id, data, nil
}

func (x *xls) peek() (id int, data []byte, ok bool) {
	if x.at+4 > len(x.stream) {
		return 0, nil, false
	}
	id = int(binary.LittleEndian.Uint16(x.stream[x.at:]))
	end := x.at + 4 + int(binary.LittleEndian.Uint16(x.stream[x.at+2:]))
	if end > len(x.stream) {
		return 0, nil, false
	}
	return id, x.stream[x.at+4 : end], true
}

// begin expects the beginning of a part of the workbook.
func (x *xls) begin() error {
	id, data, err := x.next()
	switch {
	case err != nil:
		return err
	case id != recBOF || len(data) < 4:
		return errXLS
	case binary.LittleEndian.Uint16(data) != 0x0600:
		return refuse(noteOldXLS)
	}
	return nil
}

// read reads what belongs to the whole workbook, then its sheets.
func (x *xls) read(ctx context.Context) error {
	if err := x.begin(); err != nil {
		return err
	}
	type place struct {
		Sheet
		at int
	}
	var places []place
	custom := map[int]cellFormat{}
	var used []int
	le := binary.LittleEndian
	for id := 0; id != recEOF; {
		var data []byte
		var err error
		if id, data, err = x.next(); err != nil {
			return err
		}
		switch {
		case id == recFilePass:
			return refuse(noteEncryptedXLS)
		case id == recDateMode && len(data) >= 2:
			x.date04 = data[0] == 1
		case id == recFormat && len(data) >= 2:
			r := segments{rest: [][]byte{data[2:]}}
			pattern, err := r.text(2)
			if err != nil {
				return err
			}
			custom[int(le.Uint16(data))] = formatOf(pattern)
		case id == recXF && len(data) >= 4:
			used = append(used, int(le.Uint16(data[2:])))
		case id == recSST:
			if err := x.sst(); err != nil {
				return err
			}
		case id == recBoundSheet && len(data) >= 8:
			r := segments{rest: [][]byte{data[6:]}}
			name, err := r.text(1)
			if err != nil {
				return err
			}
			if data[5] == 0 { // not a chart, not a macro
				places = append(places, place{Sheet{Name: name, Named: true, Hidden: data[4]&3 != 0}, int(le.Uint32(data))})
			}
		}
	}
	for _, n := range used {
		format, ok := custom[n]
		if !ok {
			format = builtinFormat(n)
		}
		x.formats = append(x.formats, format)
	}
	if len(places) == 0 {
		return refuse(noteNoSheets)
	}
	for _, p := range places {
		if p.at >= len(x.stream) {
			return errXLS
		}
		x.at = p.at
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := x.sheet(x.add(p.Sheet)); err != nil {
			return err
		}
	}
	return nil
}

// sst reads the table of strings.
func (x *xls) sst() error {
	r := segments{rest: x.segs}
	head, err := r.take(8)
	if err != nil {
		return err
	}
	for n := binary.LittleEndian.Uint32(head[4:]); n > 0; n-- {
		text, err := r.text(2)
		if err != nil {
			return err
		}
		x.strings = append(x.strings, text)
	}
	return nil
}

// sheet reads a sheet to its end; charts that lie in it are passed over.
func (x *xls) sheet(s *tableSheet) error {
	if err := x.begin(); err != nil {
		return err
	}
	var due [3]int // row, column and one more: a formula whose text comes next
	for depth := 1; depth > 0; {
		id, data, err := x.next()
		if err != nil {
			return err
		}
		switch {
		case id == recBOF:
			depth++
		case id == recEOF:
			depth--
		case depth > 1:
		case id == recString && due[2] > 0:
			r := segments{rest: x.segs}
			text, err := r.text(2)
			if err == nil {
				err = x.put(s, int64(due[0])+1, due[1], text, false)
			}
			if err != nil {
				return err
			}
			due = [3]int{}
		case id == recMergeCells:
			err = merges(s, data)
		default:
			err = x.cell(s, id, data, &due)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func merges(s *tableSheet, data []byte) error {
	if len(data) < 2 || len(data) < 2+8*int(binary.LittleEndian.Uint16(data)) {
		return errXLS
	}
	for n := int(binary.LittleEndian.Uint16(data)); n > 0; n-- {
		var v [4]int
		for i := range v {
			v[i] = int(binary.LittleEndian.Uint16(data[2+8*(n-1)+2*i:]))
		}
		if v[0] > v[1] || v[2] > v[3] {
			return errXLS
		}
		s.merges = append(s.merges, Range{Top: int64(v[0]) + 1, Bottom: int64(v[1]) + 1, Left: v[2], Right: v[3]})
	}
	return nil
}

// cellSizes are the least lengths of the records that are cells.
var cellSizes = map[int]int{
	recLabelSST: 10, recLabel: 9, recRString: 9, recNumber: 14, recRK: 10, recMulRK: 12, recBoolErr: 8, recFormula: 14,
}

// cell reads a record that is a cell, or several.
func (x *xls) cell(s *tableSheet, id int, data []byte, due *[3]int) error {
	least, ok := cellSizes[id]
	if !ok {
		return nil
	}
	if len(data) < least {
		return errXLS
	}
	le := binary.LittleEndian
	row, column, style := int64(le.Uint16(data))+1, int(le.Uint16(data[2:])), le.Uint16(data[4:])
	value := data[6:]
	switch id {
	case recLabelSST:
		n := le.Uint32(value)
		if int64(n) >= int64(len(x.strings)) {
			return errXLS
		}
		return x.put(s, row, column, x.strings[n], false)
	case recLabel, recRString:
		r := segments{rest: append([][]byte{value}, x.segs[1:]...)}
		text, err := r.text(2)
		if err != nil {
			return err
		}
		return x.put(s, row, column, text, false)
	case recNumber:
		return x.number(s, row, column, style, math.Float64frombits(le.Uint64(value)))
	case recRK:
		return x.number(s, row, column, style, rk(le.Uint32(value)))
	case recMulRK:
		for pairs := data[4 : len(data)-2]; len(pairs) >= 6; pairs, column = pairs[6:], column+1 {
			if err := x.number(s, row, column, le.Uint16(pairs), rk(le.Uint32(pairs[2:]))); err != nil {
				return err
			}
		}
		return nil
	case recBoolErr:
		return x.put(s, row, column, boolOrError(value[0], value[1] != 0), false)
	}
	// A formula: its result, as it was last worked out.
	if le.Uint16(value[6:]) != 0xFFFF {
		return x.number(s, row, column, style, math.Float64frombits(le.Uint64(value)))
	}
	switch value[0] {
	case 0:
		*due = [3]int{int(row) - 1, column, 1}
	case 1, 2:
		return x.put(s, row, column, boolOrError(value[2], value[0] == 2), false)
	}
	return nil
}

// rk unpacks a number of 30 bits: whole or the upper half of a float64, as it is
// or times a hundred.
func rk(v uint32) float64 {
	n := math.Float64frombits(uint64(v&^3) << 32)
	if v&2 != 0 {
		n = float64(int32(v) >> 2)
	}
	if v&1 != 0 {
		n /= 100
	}
	return n
}

// number puts a number down as an officer sees it: a date as a date.
func (x *xls) number(s *tableSheet, row int64, column int, style uint16, n float64) error {
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return errXLS
	}
	text := numberText(n)
	if int(style) < len(x.formats) && x.formats[style] != asNumber {
		if date, ok := dateText(text, x.formats[style], x.date04); ok {
			return x.put(s, row, column, date, false)
		}
	}
	return x.put(s, row, column, text, true)
}

func boolOrError(v byte, isError bool) string {
	if !isError {
		if v == 0 {
			return "FALSE"
		}
		return "TRUE"
	}
	if word, ok := map[byte]string{0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}[v]; ok {
		return word
	}
	return "#N/A"
}

// segments reads a record and those that continue it.
type segments struct{ rest [][]byte }

// take gives the next n bytes, over the ends of segments.
func (r *segments) take(n int) ([]byte, error) {
	var out []byte
	for {
		if len(r.rest) == 0 {
			if n == 0 {
				return out, nil
			}
			return nil, errXLS
		}
		seg := r.rest[0]
		if n <= len(seg) {
			r.rest[0] = seg[n:]
			if out == nil {
				return seg[:n], nil
			}
			return append(out, seg[:n]...), nil
		}
		out, n = append(out, seg...), n-len(seg)
		r.rest = r.rest[1:]
	}
}

// text reads a string whose length is written in one or two bytes. Where its
// characters go on in the next segment, that says anew how wide they are.
func (r *segments) text(lengthSize int) (string, error) {
	head, err := r.take(lengthSize + 1)
	if err != nil {
		return "", err
	}
	length, flags := int(head[0]), head[lengthSize]
	if lengthSize == 2 {
		length |= int(head[1]) << 8
	}
	skip := 0
	if flags&8 != 0 {
		runs, err := r.take(2)
		if err != nil {
			return "", err
		}
		skip = 4 * int(binary.LittleEndian.Uint16(runs))
	}
	if flags&4 != 0 {
		ext, err := r.take(4)
		if err != nil {
			return "", err
		}
		size := binary.LittleEndian.Uint32(ext)
		if size > maxListedBytes {
			return "", errXLS
		}
		skip += int(size)
	}
	wide := make([]byte, 0, 2*length)
	for length > 0 {
		if len(r.rest) == 0 {
			return "", errXLS
		}
		if len(r.rest[0]) == 0 {
			if r.rest = r.rest[1:]; len(r.rest) == 0 || len(r.rest[0]) == 0 {
				return "", errXLS
			}
			flags, r.rest[0] = r.rest[0][0], r.rest[0][1:]
			continue
		}
		seg := r.rest[0]
		if flags&1 != 0 {
			n := min(length, len(seg)/2)
			if n == 0 {
				return "", errXLS
			}
			wide, r.rest[0], length = append(wide, seg[:2*n]...), seg[2*n:], length-n
			continue
		}
		n := min(length, len(seg))
		for _, c := range seg[:n] {
			wide = append(wide, c, 0)
		}
		r.rest[0], length = seg[n:], length-n
	}
	if _, err := r.take(skip); err != nil {
		return "", err
	}
	return utf16Text(wide), nil
}
