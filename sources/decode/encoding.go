package decode

import (
	"bufio"
	"bytes"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// Encodings of text, as published in sources.encoding.
const (
	utf8Plain = "utf-8"
	utf8BOM   = "utf-8-bom"
	gb18030e  = "gb18030"
	utf16LE   = "utf-16le"
	utf16BE   = "utf-16be"
)

// encodingByMark tells an encoding by its byte order mark, or UTF-16 without
// one by the place of its NUL bytes; "" where neither decides.
func encodingByMark(start []byte) string {
	switch {
	case bytes.HasPrefix(start, []byte{0xEF, 0xBB, 0xBF}):
		return utf8BOM
	case bytes.HasPrefix(start, []byte{0xFF, 0xFE}):
		return utf16LE
	case bytes.HasPrefix(start, []byte{0xFE, 0xFF}):
		return utf16BE
	}
	// Tables are full of ASCII separators, digits and line ends; in UTF-16 half
	// of their bytes are NUL, all on one side.
	var nul [2]int
	start = start[:min(len(start), 4096)]
	for i, c := range start {
		if c == 0 {
			nul[i%2]++
		}
	}
	switch units := len(start) / 2; {
	case units == 0:
	case nul[1] > units/8 && nul[0]*20 < nul[1]:
		return utf16LE
	case nul[0] > units/8 && nul[1]*20 < nul[0]:
		return utf16BE
	}
	return ""
}

// encodingVote decides between UTF-8 and GB18030 over a whole file, block by
// block. A file that is UTF-8 throughout is; otherwise what counts is how many
// of its other than ASCII bytes make characters in each, in the first megabytes
// that have any: one torn record must not turn a list into another encoding.
type encodingVote struct {
	rest              []byte // a character cut by the end of a block
	invalid           bool
	counted           int
	good8, bad8, badG int
}

const encodingSample = 8 << 20

func (v *encodingVote) Write(block []byte) (int, error) {
	text := block
	if len(v.rest) > 0 {
		text = append(v.rest, block...)
		v.rest = nil
	}
	whole := len(text) - cutCharacter(text)
	v.rest = append([]byte(nil), text[whole:]...)
	v.judge(text[:whole])
	return len(block), nil
}

func (v *encodingVote) judge(text []byte) {
	valid := utf8.Valid(text)
	if !valid {
		v.invalid = true
	}
	if v.counted >= encodingSample {
		return
	}
	good8, bad8 := v.good8, v.bad8
	each(text, func(b []byte) int {
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 {
			v.bad8++
		} else {
			v.good8++
		}
		return size
	})
	if v.good8 > good8 || v.bad8 > bad8 {
		v.counted += len(text)
	}
	if valid {
		return
	}
	table := gbTable()
	each(text, func(b []byte) int {
		r, size := table.char(b)
		if r == 0 {
			v.badG++
		}
		return size
	})
}

// each calls char at every character that is not ASCII; char says its size.
func each(text []byte, char func([]byte) int) {
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			i++
		} else {
			i += char(text[i:])
		}
	}
}

// cutCharacter is the number of bytes at the end of text that may be the
// beginning of a UTF-8 character.
func cutCharacter(text []byte) int {
	for n := 1; n <= min(utf8.UTFMax-1, len(text)); n++ {
		c := text[len(text)-n]
		if utf8.RuneStart(c) {
			if c >= utf8.RuneSelf && !utf8.FullRune(text[len(text)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}

func (v *encodingVote) encoding() string {
	if len(v.rest) > 0 {
		v.judge(v.rest)
		v.rest = nil
	}
	if !v.invalid || v.good8 > 3*v.bad8 || v.badG >= v.bad8 {
		return utf8Plain
	}
	return gb18030e
}

// textReader gives the bytes of a text file as the cutter wants them: without a
// byte order mark, and UTF-16 as UTF-8 (which has no bytes in common with a
// separator inside a character). GB18030 stays as it is.
func textReader(in io.Reader, encoding string) io.Reader {
	switch encoding {
	case utf16LE, utf16BE:
		return &utf16Reader{in: bufio.NewReaderSize(in, 256<<10), big: encoding == utf16BE, first: true}
	case utf8BOM:
		return &skipReader{in: in, skip: 3}
	}
	return in
}

type skipReader struct {
	in   io.Reader
	skip int64
}

func (r *skipReader) Read(p []byte) (int, error) {
	if r.skip > 0 {
		if _, err := io.CopyN(io.Discard, r.in, r.skip); err != nil {
			return 0, err
		}
		r.skip = 0
	}
	return r.in.Read(p)
}

// utf16Reader turns UTF-16 into UTF-8. A surrogate without its other half and
// an odd last byte become badByte.
type utf16Reader struct {
	in    *bufio.Reader
	big   bool
	first bool
	ahead int // a unit already read, plus one; 0 for none
	buf   []byte
	out   []byte // what of buf is not read yet
}

func (r *utf16Reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for len(r.out) == 0 {
		if err := r.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, r.out)
	r.out = r.out[n:]
	return n, nil
}

// fill decodes some units into out.
func (r *utf16Reader) fill() error {
	out := r.buf[:0]
	for len(out) < 64<<10 {
		unit, bad, err := r.unit()
		if err != nil && len(out) > 0 {
			break
		}
		if err != nil {
			return err
		}
		switch c := rune(unit); {
		case bad:
			out = append(out, badByte)
		case !utf16.IsSurrogate(c):
			if !(r.first && c == 0xFEFF) {
				out = utf8.AppendRune(out, c)
			}
		default:
			low, lowBad, err := r.unit()
			if whole := utf16.DecodeRune(c, rune(low)); err == nil && !lowBad && whole != utf8.RuneError {
				out = utf8.AppendRune(out, whole)
				break
			}
			out = append(out, badByte)
			if err == nil && lowBad {
				out = append(out, badByte)
			} else if err == nil {
				r.ahead = int(low) + 1
			}
		}
		r.first = false
	}
	r.buf, r.out = out, out
	return nil
}

// unit reads one code unit; bad is an odd last byte.
func (r *utf16Reader) unit() (unit uint16, bad bool, err error) {
	if r.ahead > 0 {
		unit, r.ahead = uint16(r.ahead-1), 0
		return unit, false, nil
	}
	a, err := r.in.ReadByte()
	if err != nil {
		return 0, false, err
	}
	b, err := r.in.ReadByte()
	if err == io.EOF {
		return 0, true, nil
	}
	if err != nil {
		return 0, false, err
	}
	if r.big {
		return uint16(a)<<8 | uint16(b), false, nil
	}
	return uint16(b)<<8 | uint16(a), false, nil
}
