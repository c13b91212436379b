package decode

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"strconv"
)

// maxMemos is the largest file of memos that is read: it is held in memory, as
// its texts lie in any order.
const maxMemos = 256 << 20

// memoNames are how the file of memos beside a table of that stem may be called.
var memoNames = []string{".fpt", ".dbt", ".FPT", ".DBT", ".Fpt", ".Dbt"}

// memos are the texts of a table's memo fields, which lie in blocks of a file of
// their own.
type memos struct {
	data  []byte
	block int64
	fox   bool // FoxPro's: a type and a length before each text
}

// openMemos reads the file of memos that belongs to a table of that version.
func openMemos(path string, version byte) (*memos, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("open memos: %w", err)
	}
	if info.Size() > maxMemos {
		return nil, refuse(noteBigMemo, maxMemos>>20)
	}
	m := &memos{block: 512}
	if m.data, err = os.ReadFile(path); err != nil {
		return nil, fmt.Errorf("read memos: %w", err)
	}
	switch version {
	case 0xF5, 0xFB, 0x30, 0x31, 0x32:
		if len(m.data) < 8 {
			return nil, refuse(noteTornMemo, "文件头不全")
		}
		m.fox, m.block = true, max(1, int64(binary.BigEndian.Uint16(m.data[6:])))
	case 0x8B, 0x8E, 0xCB:
		if len(m.data) < 22 {
			return nil, refuse(noteTornMemo, "文件头不全")
		}
		if size := int64(binary.LittleEndian.Uint16(m.data[20:])); size > 0 {
			m.block = size
		}
	}
	return m, nil
}

// text is the memo that a cell of a record points to, nil for none; ok is false
// where there is no such memo.
func (m *memos) text(cell []byte) (text []byte, ok bool) {
	block, ok := memoBlock(cell)
	if !ok || block == 0 {
		return nil, ok
	}
	at := block * m.block
	if block > maxMemos || at < 0 || at >= int64(len(m.data)) {
		return nil, false
	}
	rest := m.data[at:]
	switch {
	case m.fox:
		if len(rest) < 8 {
			return nil, false
		}
		length := int64(binary.BigEndian.Uint32(rest[4:]))
		if length > int64(len(rest))-8 {
			return nil, false
		}
		if binary.BigEndian.Uint32(rest) != 1 { // a picture or an object: no cell, as in a workbook
			return nil, true
		}
		text = rest[8 : 8+length]
	case bytes.HasPrefix(rest, []byte("\xFF\xFF\x08\x00")): // dBase IV
		if len(rest) < 8 {
			return nil, false
		}
		length := int64(binary.LittleEndian.Uint32(rest[4:]))
		if length < 8 || length > int64(len(rest)) {
			return nil, false
		}
		text = rest[8:length]
	default: // dBase III ends a text with the mark of the end
		end := bytes.IndexByte(rest, 0x1A)
		if end < 0 {
			return nil, false
		}
		text = rest[:end]
	}
	return bytes.Trim(bytes.TrimRight(text, "\x00\x1A"), " \r\n"), true
}

// memoBlock is the number of the block that a cell names: in four bytes, or in
// digits; 0 for no memo.
func memoBlock(cell []byte) (block int64, ok bool) {
	if len(cell) == 4 {
		return int64(binary.LittleEndian.Uint32(cell)), true
	}
	digits := bytes.Trim(cell, " \x00")
	if len(digits) == 0 {
		return 0, true
	}
	block, err := strconv.ParseInt(string(digits), 10, 64)
	return block, err == nil && block >= 0
}
