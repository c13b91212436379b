package decode

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
	"unsafe"
)

const (
	noteTornDBF   = "这个 DBF 表不完整或已损坏（%s），整份不予读取；请重新导出或重新拷贝后再放入"
	noteMemoDBF   = "这个 DBF 表的备注型字段“%s”有内容，存放在另一个文件（.fpt 或 .dbt）里，旁边没有这个文件；请把它以同样的文件名与 DBF 放在一起（同一文件夹或同一压缩包）"
	noteTornMemo  = "与这个 DBF 表一起的备注文件（.fpt 或 .dbt）不完整，或不是它的（%s），整份不予读取；请把两个文件一起重新拷贝后再放入"
	noteBigMemo   = "与这个 DBF 表一起的备注文件超过 %d MB，整份不予读取；请在原系统中另存为 .xlsx 或 CSV 后再放入"
	noteFieldDBF  = "这个 DBF 表的字段“%s”是本程序不认识的类型（%s），整份不予读取；请在原系统中另存为 .xlsx 或 CSV 后再放入"
	noteDBase7    = "这是 dBase 7 格式的 DBF 表，无法读取；请另存为 dBase IV、FoxPro 格式或 CSV 后再放入"
	noteForeignDB = "这个 DBF 表标明的代码页（0x%02X）不是简体中文，无法读取；请另存为 .xlsx 或 CSV 后再放入"
)

// dbfFieldSize is the length of one field's description, and of what stands
// before the first.
const dbfFieldSize = 32

// dbfTypes are the types of a field: C text, N F numbers in digits, D dates, L
// yes and no, M memos; of FoxPro I B Y numbers in bytes, T times, G P objects
// such as pictures (no cell, as in a workbook), 0 the bits that say what is null.
const dbfTypes = "CNFDLMIBYTGP0"

// dbf is a table of dBase, Clipper or FoxPro. Its rows are the physical records,
// from 1; a deleted one keeps its number and comes as a blank one.
type dbf struct {
	path    string
	gb      bool
	fox     bool // Visual FoxPro: B is a number, not a memo
	rows    int64
	begin   int // where the first record lies
	length  int // of a record, with the byte that says whether it is deleted
	fields  []dbfField
	memos   *memos // of memo fields; nil where their file is not there
	nullsAt int    // where in a record the null bits lie, 0 for nowhere
}

// dbfField is a field that is a column.
type dbfField struct {
	name       string
	kind       byte
	start, end int // in a record
	null       int // its bit among the null bits, -1 for none
}

// isDBF looks at the header of dBase files: a version, a date, lengths, and a
// list of fields of known types.
func isDBF(b []byte) bool {
	if len(b) < dbfFieldSize+1 || bytes.IndexByte([]byte{0x03, 0x04, 0x05, 0x30, 0x31, 0x32, 0x43, 0x83, 0x8B, 0x8C, 0x8E, 0xCB, 0xF5, 0xFB}, b[0]) < 0 {
		return false
	}
	length, record := int(binary.LittleEndian.Uint16(b[8:])), int(binary.LittleEndian.Uint16(b[10:]))
	if b[2] > 12 || b[3] > 31 || length < dbfFieldSize+1 || record < 2 {
		return false
	}
	if b[0]&7 == 4 {
		return true // dBase 7 has another list
	}
	at := dbfFieldSize
	for ; at+dbfFieldSize <= min(length, len(b)) && b[at] != 0x0D; at += dbfFieldSize {
		if kind := b[at+11]; kind < '0' || kind > 'Z' {
			return false
		}
	}
	return at > dbfFieldSize
}

// sniffDBF tells the encoding of a table: by its code page where that is a
// Chinese one, else (none, or one that Western programs put there by habit) by
// its bytes.
func sniffDBF(f *os.File, header []byte) (sniffed, error) {
	s := sniffed{format: "dbf", encoding: gb18030e}
	switch page := header[29]; page {
	case 0x4D, 0x7A: // code page 936
		return s, nil
	case 0x4E, 0x4F, 0x13, 0x78, 0x79, 0x7B: // Korean, Big5, Japanese
		return sniffed{format: "dbf", refused: fmt.Sprintf(noteForeignDB, page)}, nil
	}
	var vote encodingVote
	length := min(int(binary.LittleEndian.Uint16(header[8:])), len(header))
	for at := dbfFieldSize; at+dbfFieldSize <= length && header[at] != 0x0D; at += dbfFieldSize {
		vote.judge(fieldName(header[at:]))
	}
	if _, err := f.Seek(int64(length), io.SeekStart); err != nil {
		return s, err
	}
	if _, err := io.CopyBuffer(struct{ io.Writer }{&vote}, struct{ io.Reader }{f}, make([]byte, 1<<20)); err != nil {
		return s, err
	}
	s.encoding = vote.encoding()
	return s, nil
}

func fieldName(description []byte) []byte {
	name, _, _ := bytes.Cut(description[:11], []byte{0})
	return bytes.TrimSpace(name)
}

// openDBF reads the header, and holds what it promises against the file's size.
func openDBF(m Member) (*dbf, error) {
	f, err := os.Open(m.Path)
	if err != nil {
		return nil, fmt.Errorf("%s: open: %w", m.Name, err)
	}
	defer f.Close()
	header := make([]byte, 1<<16)
	n, err := io.ReadFull(f, header)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("%s: read header: %w", m.Name, err)
	}
	header = header[:n]
	if n <= dbfFieldSize {
		return nil, refuse(noteTornDBF, "表头不全")
	}
	if header[0]&7 == 4 {
		return nil, refuse(noteDBase7)
	}
	d := &dbf{
		path: m.Path, gb: m.Encoding == gb18030e, fox: header[0] >= 0x30 && header[0] <= 0x32,
		rows: int64(binary.LittleEndian.Uint32(header[4:])), begin: int(binary.LittleEndian.Uint16(header[8:])),
		length: int(binary.LittleEndian.Uint16(header[10:])),
	}
	if d.begin > n || d.begin <= dbfFieldSize {
		return nil, refuse(noteTornDBF, "表头不全")
	}
	if err := d.readFields(header[:d.begin]); err != nil {
		return nil, err
	}
	if m.Memo != "" {
		if d.memos, err = openMemos(m.Memo, header[0]); err != nil {
			return nil, err
		}
	}
	return d, d.holds(f, m.Bytes)
}

func (d *dbf) readFields(header []byte) error {
	start, bit, at := 1, 0, dbfFieldSize
	for ; at < len(header) && header[at] != 0x0D; at += dbfFieldSize {
		if at+dbfFieldSize > len(header) {
			return refuse(noteTornDBF, "字段表不全")
		}
		one := header[at : at+dbfFieldSize]
		field := dbfField{kind: one[11], start: start, null: -1}
		size := int(one[16])
		if field.kind == 'C' {
			size |= int(one[17]) << 8 // Clipper's long texts
		}
		start += size
		field.end = start
		raw := fieldName(one)
		name, bad := d.text(raw)
		if bad || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' }) {
			return refuse(noteTornDBF, "字段名无法识别")
		}
		field.name = strings.Clone(name)
		want := map[byte]int{'D': 8, 'L': 1, 'I': 4, 'Y': 8, 'T': 8}[field.kind]
		if field.kind == 'B' && d.fox {
			want = 8
		}
		switch {
		case strings.IndexByte(dbfTypes, field.kind) < 0:
			return refuse(noteFieldDBF, field.name, strings.ToValidUTF8(string(field.kind), ""))
		case size == 0 || want > 0 && size != want:
			return refuse(noteTornDBF, "字段长度不符")
		case d.fox && one[18]&2 != 0 && field.kind != '0':
			field.null = bit
			bit++
		}
		if field.kind == '0' {
			d.nullsAt = field.start
			if bit > size*8 {
				return refuse(noteTornDBF, "字段长度不符")
			}
			continue
		}
		d.fields = append(d.fields, field)
	}
	if at >= len(header) || start != d.length || len(d.fields) == 0 {
		return refuse(noteTornDBF, "各字段长度与记录长度不符")
	}
	return nil
}

// holds says that the file has as many records as its header promises, and no
// more: what follows them is nothing, or the mark of the end.
func (d *dbf) holds(f io.ReaderAt, size int64) error {
	end := int64(d.begin) + d.rows*int64(d.length)
	if end > size {
		return refuse(noteTornDBF, fmt.Sprintf("应有 %d 条记录，实际只有 %d 条", d.rows, max(0, size-int64(d.begin))/int64(d.length)))
	}
	mark := make([]byte, 1)
	if size-end >= int64(d.length) {
		if _, err := f.ReadAt(mark, end); err != nil {
			return fmt.Errorf("read end of records: %w", err)
		}
		if mark[0] == ' ' || mark[0] == '*' {
			return refuse(noteTornDBF, fmt.Sprintf("表头说有 %d 条记录，后面却还有", d.rows))
		}
	}
	return nil
}

// text decodes bytes; strings of plain ASCII stay where they lie. In bad text a
// byte without a meaning stays one that is no UTF-8.
func (d *dbf) text(raw []byte) (text string, bad bool) {
	ascii := true
	for _, c := range raw {
		ascii = ascii && c < utf8.RuneSelf
	}
	switch {
	case ascii || !d.gb && utf8.Valid(raw):
		return unsafe.String(unsafe.SliceData(raw), len(raw)), false
	case d.gb:
		out, bad := gbTable().appendUTF8(make([]byte, 0, len(raw)*3/2+1), raw)
		return unsafe.String(unsafe.SliceData(out), len(out)), bad
	}
	return string(raw), true
}

func (d *dbf) head(sheet, n int) ([]Record, []Range, error) {
	if n < 1 {
		return nil, nil, nil
	}
	names := make([]string, len(d.fields))
	for i, f := range d.fields {
		names[i] = f.name
	}
	var count int64
	rows, err := firstRecords(d.chunks(context.Background(), sheet, 1, 0, &count), n-1)
	return append([]Record{{Cells: names}}, rows...), nil, err
}

// chunks counts by the bytes of the file; the records of a chunk are counted by
// whoever reads them.
func (d *dbf) chunks(ctx context.Context, _ int, from int64, _ int, count *int64) iter.Seq2[*Chunk, error] {
	return func(yield func(*Chunk, error) bool) {
		f, err := os.Open(d.path)
		if err != nil {
			yield(nil, fmt.Errorf("open table: %w", err))
			return
		}
		defer f.Close()
		from = max(from, 1)
		perChunk := int64(max(1, chunkSize/d.length))
		var texts int64
		for row := from; row <= d.rows; row += perChunk {
			n := min(perChunk, d.rows-row+1)
			block := make([]byte, n*int64(d.length))
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			if _, err := f.ReadAt(block, int64(d.begin)+(row-1)*int64(d.length)); err != nil {
				yield(nil, fmt.Errorf("read records from %d: %w", row, err))
				return
			}
			for i := int64(0); i < n; i++ {
				if err := d.check(block[i*int64(d.length):][:d.length], row+i, &texts); err != nil {
					yield(nil, err)
					return
				}
			}
			*count += n
			if !yield(&Chunk{records: d.records(block, row)}, nil) {
				return
			}
		}
	}
}

// check refuses what cannot be told record by record: a record that is not one,
// and memos that are not in the other file where they should be. texts is the
// length of all so far: records that share their memos would make much of little.
func (d *dbf) check(record []byte, row int64, texts *int64) error {
	if record[0] != ' ' && record[0] != '*' {
		return refuse(noteTornDBF, fmt.Sprintf("第 %d 条记录的删除标记无效", row))
	}
	for i := range d.fields {
		f := &d.fields[i]
		cell := record[f.start:f.end]
		if record[0] != ' ' || f.kind != 'M' && (f.kind != 'B' || d.fox) || len(bytes.Trim(cell, " 0\x00")) == 0 || d.isNull(f, record) {
			continue
		}
		switch {
		case f.kind == 'B':
			return refuse(noteFieldDBF, f.name, "B")
		case d.memos == nil:
			return refuse(noteMemoDBF, f.name)
		}
		text, ok := d.memos.text(cell)
		*texts += int64(len(text))
		if !ok || len(text) > MaxRecord || *texts > int64(len(d.memos.data)) {
			return refuse(noteTornMemo, fmt.Sprintf("第 %d 条记录的“%s”", row, f.name))
		}
	}
	return nil
}

// records reads the records of a block, the first of which has that row.
func (d *dbf) records(block []byte, row int64) iter.Seq[*Record] {
	return func(yield func(*Record) bool) {
		cells := make([]string, len(d.fields))
		numbers := make([]bool, len(d.fields))
		for at := 0; at < len(block); at, row = at+d.length, row+1 {
			r := Record{Row: row, Lines: 1}
			if raw := block[at : at+d.length]; raw[0] != '*' {
				d.read(&r, raw, cells, numbers)
			}
			if !yield(&r) {
				return
			}
		}
	}
}

// read fills a record that is not deleted.
func (d *dbf) read(r *Record, raw []byte, cells []string, numbers []bool) {
	for i := range d.fields {
		f := &d.fields[i]
		cells[i], numbers[i] = "", false
		if d.isNull(f, raw) {
			continue
		}
		var bad bool
		if cells[i], numbers[i], bad = d.value(f, raw[f.start:f.end]); bad {
			r.Reject = RejectBytes
		} else if r.Reject == "" && strings.IndexByte(cells[i], 0) >= 0 {
			r.Reject = RejectNUL
		}
	}
	if r.Reject != "" {
		r.Raw = rawText(firstText(cells))
		return
	}
	r.Cells, r.Numbers = cells, numbers
}

// isNull looks at a field's bit among the null bits of its record.
func (d *dbf) isNull(f *dbfField, raw []byte) bool {
	return d.nullsAt > 0 && f.null >= 0 && raw[d.nullsAt+f.null/8]>>(f.null%8)&1 == 1
}

// value is the text of a field as an officer sees it, and whether it is kept as
// a number.
func (d *dbf) value(f *dbfField, raw []byte) (text string, number, bad bool) {
	switch f.kind {
	case 'I':
		return strconv.Itoa(int(int32(binary.LittleEndian.Uint32(raw)))), true, false
	case 'Y':
		return fixed4(int64(binary.LittleEndian.Uint64(raw))), true, false
	case 'T':
		return foxTime(binary.LittleEndian.Uint32(raw), binary.LittleEndian.Uint32(raw[4:])), false, false
	case 'M':
		text, bad := d.memo(raw)
		return text, false, bad
	case 'G', 'P':
		return "", false, false
	case 'B':
		if !d.fox {
			return "", false, false
		}
		n := math.Float64frombits(binary.LittleEndian.Uint64(raw))
		return numberText(n), true, math.IsNaN(n) || math.IsInf(n, 0)
	}
	raw = bytes.Trim(bytes.TrimRight(raw, "\x00"), " ")
	text, bad = d.text(raw)
	switch {
	case bad:
	case f.kind == 'N' || f.kind == 'F':
		return text, isNumber(raw), false
	case f.kind == 'D' && len(text) == 8 && strings.Trim(text, "0123456789") == "":
		text = text[:4] + "-" + text[4:6] + "-" + text[6:]
	case f.kind == 'L':
		switch text {
		case "T", "t", "Y", "y":
			text = "TRUE"
		case "F", "f", "N", "n":
			text = "FALSE"
		case "?":
			text = ""
		}
	}
	return text, false, bad
}

// memo is the text that a cell points to. Where it has no meaning as it is, the
// line ends that dBase's editor put in, half a character of GB18030, are taken
// out.
func (d *dbf) memo(cell []byte) (text string, bad bool) {
	if d.memos == nil {
		return "", false
	}
	raw, _ := d.memos.text(cell)
	if text, bad = d.text(raw); bad {
		if soft := bytes.ReplaceAll(raw, []byte("\x8D\n"), nil); len(soft) < len(raw) {
			text, bad = d.text(soft)
		}
	}
	return strings.ReplaceAll(text, "\r\n", "\n"), bad
}

// numberText writes a number as Excel shows it.
func numberText(n float64) string {
	return string(appendNumber(nil, strconv.AppendFloat(nil, n, 'f', -1, 64)))
}

// fixed4 writes ten-thousandths without zeros at the end.
func fixed4(n int64) string {
	sign, u := "", uint64(n)
	if n < 0 {
		sign, u = "-", -u
	}
	text := fmt.Sprintf("%s%d.%04d", sign, u/10000, u%10000)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// foxTime is a Julian day and the milliseconds since its midnight; an empty one
// has no day.
func foxTime(day, ms uint32) string {
	const unixDay = 2440588 // 1970-01-01
	if day == 0 || day > unixDay+3_000_000 {
		return ""
	}
	at := time.Unix((int64(day)-unixDay)*86400, 0).UTC().Add(time.Duration(ms) * time.Millisecond).Round(time.Second)
	if at.Equal(at.Truncate(24 * time.Hour)) {
		return at.Format(time.DateOnly)
	}
	return at.Format(time.DateTime)
}
