package decode

import (
	"encoding/binary"
	"errors"
	"unicode/utf16"
)

// errCompound: a compound file is torn or its sectors do not add up.
var errCompound = errors.New("broken compound file")

const (
	endOfChain   = 0xFFFFFFFE
	compoundHead = 512
	entrySize    = 128
)

// compound is a compound file (OLE2): streams in chains of sectors.
type compound struct {
	file      []byte
	shift     uint // of the size of a sector
	fat, mini []uint32
	small     []byte // the stream that holds the small ones
	cutoff    uint32 // under so many bytes a stream is small
	directory []byte
}

// openCompound reads the tables. Every chain is as long as the file at most, so
// that none goes in circles.
func openCompound(file []byte) (*compound, error) {
	if len(file) < compoundHead {
		return nil, errCompound
	}
	le := binary.LittleEndian
	c := &compound{file: file, shift: uint(le.Uint16(file[0x1E:])), cutoff: le.Uint32(file[0x38:])}
	if c.shift != 9 && c.shift != 12 || le.Uint16(file[0x20:]) != 6 {
		return nil, errCompound
	}
	sectors := table(file[0x4C:compoundHead])
	for next, n := le.Uint32(file[0x44:]), 0; next < endOfChain-1; n++ {
		more, ok := c.sector(next)
		if !ok || len(more) < 1<<c.shift || n > len(file)>>c.shift {
			return nil, errCompound
		}
		list := table(more)
		sectors, next = append(sectors, list[:len(list)-1]...), list[len(list)-1]
	}
	count := int(le.Uint32(file[0x2C:]))
	if count < 1 || count > len(sectors) {
		return nil, errCompound
	}
	for _, n := range sectors[:count] {
		part, ok := c.sector(n)
		if !ok {
			return nil, errCompound
		}
		c.fat = append(c.fat, table(part)...)
	}
	var err error
	if c.directory, err = c.chain(le.Uint32(file[0x30:])); err != nil || len(c.directory) < entrySize {
		return nil, errCompound
	}
	if first := le.Uint32(file[0x3C:]); first < endOfChain-1 {
		list, err := c.chain(first)
		if err != nil {
			return nil, err
		}
		c.mini = table(list)
		if c.small, err = c.chain(le.Uint32(c.directory[0x74:])); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func table(b []byte) []uint32 {
	list := make([]uint32, len(b)/4)
	for i := range list {
		list[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return list
}

// sector gives a sector; the last of a file may be short.
func (c *compound) sector(n uint32) ([]byte, bool) {
	from := (int64(n) + 1) << c.shift
	if from >= int64(len(c.file)) {
		return nil, false
	}
	return c.file[from:min(from+1<<c.shift, int64(len(c.file)))], true
}

// chain gives the bytes of a chain of sectors.
func (c *compound) chain(next uint32) ([]byte, error) {
	var out []byte
	for next != endOfChain {
		part, ok := c.sector(next)
		if !ok || int64(next) >= int64(len(c.fat)) || len(out) > len(c.file) {
			return nil, errCompound
		}
		out, next = append(out, part...), c.fat[next]
	}
	return out, nil
}

// stream gives a stream by its name; nil where there is none.
func (c *compound) stream(want string) ([]byte, error) {
	le := binary.LittleEndian
	for at := 0; at+entrySize <= len(c.directory); at += entrySize {
		entry := c.directory[at : at+entrySize]
		size := int(le.Uint16(entry[0x40:]))
		if entry[0x42] != 2 || size < 2 || size > 64 || utf16Text(entry[:size-2]) != want {
			continue
		}
		start, length := le.Uint32(entry[0x74:]), le.Uint32(entry[0x78:])
		read := c.chain
		if length < c.cutoff {
			read = c.smallChain
		}
		out, err := read(start)
		if err != nil || int64(len(out)) < int64(length) {
			return nil, errCompound
		}
		return out[:length], nil
	}
	return nil, nil
}

// smallChain gives the bytes of a chain of the small sectors.
func (c *compound) smallChain(next uint32) ([]byte, error) {
	var out []byte
	for next != endOfChain {
		from := int64(next) << 6
		if int64(next) >= int64(len(c.mini)) || from+64 > int64(len(c.small)) || len(out) > len(c.small) {
			return nil, errCompound
		}
		out, next = append(out, c.small[from:from+64]...), c.mini[next]
	}
	return out, nil
}

// utf16Text decodes UTF-16; half of a surrogate pair becomes badByte.
func utf16Text(b []byte) string {
	text := make([]byte, 0, len(b)*3/2)
	for i := 0; i+1 < len(b); i += 2 {
		r := rune(binary.LittleEndian.Uint16(b[i:]))
		if utf16.IsSurrogate(r) {
			low := rune(0)
			if i+3 < len(b) {
				low = rune(binary.LittleEndian.Uint16(b[i+2:]))
			}
			if r = utf16.DecodeRune(r, low); r == 0xFFFD {
				text = append(text, badByte)
				continue
			}
			i += 2
		}
		text = append(text, string(r)...)
	}
	return string(text)
}
