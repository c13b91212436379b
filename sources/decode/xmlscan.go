package decode

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"
)

// xmlScanner reads well-formed XML in UTF-8 as a stream, strictly: no DOCTYPE,
// no entities but the five of XML, every tag closed, one root, nothing torn
// off. Whatever it accepts encoding/xml accepts too (a test); it is there
// because a sheet of a hundred thousand rows is 70 MB of XML, which is read
// twice.
type xmlScanner struct {
	in   io.Reader
	buf  []byte // text[pos:] is not read yet
	pos  int
	eof  bool
	open []byte // names of the open elements, one after the other
	ends []int  // where each ends in open
	root bool   // the root was seen

	name  []byte // of the element, without a prefix
	text  []byte // of a text event, unescaped
	attrs []xmlAttr
	empty bool // the element just begun has ended too: <a/>
	spare []byte
}

type xmlAttr struct{ name, value []byte } // name without a prefix, value unescaped

type xmlEvent int

const (
	xmlEnd xmlEvent = iota // </name>
	xmlStart
	xmlText
	xmlDone
)

// errXML is all that is said of XML that is not well-formed: the person it is
// told to cannot mend it.
var errXML = errors.New("xml: not well-formed")

const (
	xmlBlock = 256 << 10
	xmlToken = 4 << 20 // the longest tag or text
	xmlDepth = 256
)

func newXMLScanner(in io.Reader) *xmlScanner {
	return &xmlScanner{in: in, buf: make([]byte, 0, xmlBlock)}
}

// more reads on, keeping what begins at pos.
func (x *xmlScanner) more() error {
	if x.eof {
		return errXML
	}
	if x.pos > 0 {
		x.buf = x.buf[:copy(x.buf, x.buf[x.pos:])]
		x.pos = 0
	}
	if len(x.buf) == cap(x.buf) {
		if len(x.buf) >= xmlToken {
			return errXML
		}
		x.buf = append(make([]byte, 0, 2*cap(x.buf)), x.buf...)
	}
	n, err := io.ReadFull(x.in, x.buf[len(x.buf):cap(x.buf)])
	x.buf = x.buf[:len(x.buf)+n]
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		x.eof = true
		return nil
	}
	return err
}

// until gives the bytes up to a mark and passes over both.
func (x *xmlScanner) until(mark string) ([]byte, error) {
	for from := 0; ; {
		if i := bytes.Index(x.buf[x.pos+from:], []byte(mark)); i >= 0 {
			text := x.buf[x.pos : x.pos+from+i]
			x.pos += len(text) + len(mark)
			return text, nil
		}
		from = max(0, len(x.buf)-x.pos-len(mark)+1)
		if err := x.more(); err != nil {
			return nil, err
		}
	}
}

// have makes sure of n bytes where there are so many.
func (x *xmlScanner) have(n int) (bool, error) {
	for len(x.buf)-x.pos < n {
		if x.eof {
			return false, nil
		}
		if err := x.more(); err != nil {
			return false, err
		}
	}
	return true, nil
}

// next gives the next event. What it points to is overwritten by the one after.
func (x *xmlScanner) next() (xmlEvent, error) {
	if x.empty {
		x.empty = false
		x.pop()
		return xmlEnd, nil
	}
	for {
		ok, err := x.have(1)
		if err != nil {
			return xmlDone, err
		}
		if !ok {
			if len(x.ends) > 0 || !x.root {
				return xmlDone, errXML
			}
			return xmlDone, nil
		}
		if x.buf[x.pos] != '<' {
			if err := x.readText(); err != nil {
				return xmlDone, err
			}
			if len(x.ends) > 0 {
				return xmlText, nil
			}
			if len(trimBlanks(bytes.TrimPrefix(x.text, []byte("\uFEFF")))) > 0 {
				return xmlDone, errXML
			}
			continue
		}
		if ok, err = x.have(2); err != nil || !ok {
			return xmlDone, errors.Join(err, errXML)
		}
		switch x.buf[x.pos+1] {
		case '/':
			x.pos += 2
			return xmlEnd, x.endTag()
		case '?':
			if err := x.instruction(); err != nil {
				return xmlDone, err
			}
		case '!':
			isText, err := x.declaration()
			if err != nil {
				return xmlDone, err
			}
			if isText {
				return xmlText, nil
			}
		default:
			x.pos++
			return xmlStart, x.startTag()
		}
	}
}

// readText reads text up to the next tag.
func (x *xmlScanner) readText() error {
	from := 0
	for {
		i := bytes.IndexByte(x.buf[x.pos+from:], '<')
		if i >= 0 {
			raw := x.buf[x.pos : x.pos+from+i]
			x.pos += len(raw)
			return x.setText(raw)
		}
		from = len(x.buf) - x.pos
		if x.eof { // only blanks may follow the root
			raw := x.buf[x.pos:]
			x.pos = len(x.buf)
			return x.setText(raw)
		}
		if err := x.more(); err != nil {
			return err
		}
	}
}

func (x *xmlScanner) setText(raw []byte) (err error) {
	plain, ok := xmlChars(raw, true)
	switch {
	case !ok:
		return errXML
	case plain:
		x.text = raw
	default:
		x.spare, err = xmlUnescape(x.spare[:0], raw)
		x.text = x.spare
	}
	return err
}

// xmlChars says whether all characters are allowed, and whether they stand for
// themselves: without references and CR.
func xmlChars(raw []byte, noCDATAEnd bool) (plain, ok bool) {
	plain = true
	for i := 0; i < len(raw); {
		c := raw[i]
		switch {
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRune(raw[i:])
			if r == utf8.RuneError && size == 1 || r == 0xFFFE || r == 0xFFFF {
				return false, false
			}
			i += size
			continue
		case c == '&' || c == '\r':
			plain = false
		case c < ' ' && c != '\t' && c != '\n':
			return false, false
		case c == '>' && noCDATAEnd && i >= 2 && raw[i-1] == ']' && raw[i-2] == ']':
			return false, false
		}
		i++
	}
	return plain, true
}

// xmlUnescape resolves references and turns CR LF and CR into LF.
func xmlUnescape(to, raw []byte) ([]byte, error) {
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; c {
		case '\r':
			if i+1 >= len(raw) || raw[i+1] != '\n' {
				to = append(to, '\n')
			}
		case '&':
			end := bytes.IndexByte(raw[i:min(len(raw), i+12)], ';')
			if end < 0 {
				return nil, errXML
			}
			r, ok := xmlReference(raw[i+1 : i+end])
			if !ok {
				return nil, errXML
			}
			to = utf8.AppendRune(to, r)
			i += end
		default:
			to = append(to, c)
		}
	}
	return to, nil
}

func xmlReference(name []byte) (rune, bool) {
	switch string(name) {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	base, digits := rune(10), name[1:]
	if digits[0] == 'x' {
		base, digits = 16, digits[1:]
	}
	var r rune
	for _, c := range digits {
		d := rune(c)
		switch {
		case c >= '0' && c <= '9':
			d -= '0'
		case base == 16 && (c|0x20) >= 'a' && (c|0x20) <= 'f':
			d = rune(c|0x20) - 'a' + 10
		default:
			return 0, false
		}
		if r = r*base + d; r > utf8.MaxRune {
			return 0, false
		}
	}
	ok := len(digits) > 0 && (r >= ' ' || r == '\t' || r == '\n' || r == '\r') && utf8.ValidRune(r) && r != 0xFFFE && r != 0xFFFF
	return r, ok
}

// instruction passes over <?…?>; that of XML itself must come first and say UTF-8.
func (x *xmlScanner) instruction() error {
	x.pos += 2
	text, err := x.until("?>")
	if err != nil {
		return err
	}
	target, rest, _ := bytes.Cut(text, []byte(" "))
	if _, ok := xmlChars(text, false); !ok || !xmlName(target) {
		return errXML
	}
	if !bytes.EqualFold(target, []byte("xml")) {
		return nil
	}
	if x.root || !bytes.Contains(rest, []byte(`version="1.0"`)) && !bytes.Contains(rest, []byte(`version='1.0'`)) {
		return errXML
	}
	if _, after, has := bytes.Cut(bytes.ToLower(rest), []byte("encoding")); has {
		after = bytes.Trim(after, "= \t\r\n")
		if !bytes.HasPrefix(after, []byte(`"utf-8"`)) && !bytes.HasPrefix(after, []byte(`'utf-8'`)) {
			return errXML
		}
	}
	return nil
}

// declaration passes over a comment or reads CDATA; a DOCTYPE is refused.
func (x *xmlScanner) declaration() (isText bool, err error) {
	if _, err := x.have(9); err != nil {
		return false, err
	}
	rest := x.buf[x.pos:]
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		x.pos += 4
		text, err := x.until("--")
		if err != nil {
			return false, err
		}
		_, ok := xmlChars(text, false)
		if more, err := x.have(1); err != nil || !more || !ok || x.buf[x.pos] != '>' {
			return false, errors.Join(err, errXML)
		}
		x.pos++
		return false, nil
	case bytes.HasPrefix(rest, []byte("<![CDATA[")) && len(x.ends) > 0:
		x.pos += 9
		text, err := x.until("]]>")
		if err != nil {
			return false, err
		}
		if _, ok := xmlChars(text, false); !ok {
			return false, errXML
		}
		x.text = text
		return true, nil
	}
	return false, errXML
}

// startTag reads a tag after its "<".
func (x *xmlScanner) startTag() error {
	tag, err := x.tag()
	if err != nil {
		return err
	}
	if len(tag) > 0 && tag[len(tag)-1] == '/' {
		x.empty = true
		tag = tag[:len(tag)-1]
	}
	end := 0
	for end < len(tag) && !xmlBlank(tag[end]) {
		end++
	}
	if !xmlName(tag[:end]) || len(x.ends) >= xmlDepth || x.root && len(x.ends) == 0 {
		return errXML
	}
	x.root = true
	x.open = append(x.open, tag[:end]...)
	x.ends = append(x.ends, len(x.open))
	x.name = local(tag[:end])
	return x.attributes(tag[end:])
}

// tag gives what stands before the ">" that ends a tag; one inside the quotes
// of an attribute does not.
func (x *xmlScanner) tag() ([]byte, error) {
	var quote byte
	for i := x.pos; ; i++ {
		if i == len(x.buf) {
			i -= x.pos
			if err := x.more(); err != nil {
				return nil, err
			}
			if i == len(x.buf) {
				return nil, errXML
			}
		}
		switch c := x.buf[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '<':
			return nil, errXML
		case c == '>':
			tag := x.buf[x.pos:i]
			x.pos = i + 1
			return tag, nil
		}
	}
}

// attributes reads the rest of a tag into attrs.
func (x *xmlScanner) attributes(rest []byte) error {
	x.attrs = x.attrs[:0]
	for {
		trimmed := trimBlanks(rest)
		if len(trimmed) == 0 {
			return nil
		}
		if len(trimmed) == len(rest) {
			return errXML
		}
		rest = trimmed
		eq := bytes.IndexByte(rest, '=')
		if eq < 0 {
			return errXML
		}
		name := trimBlanksRight(rest[:eq])
		rest = trimBlanks(rest[eq+1:])
		if !xmlName(name) || len(rest) < 2 || rest[0] != '"' && rest[0] != '\'' {
			return errXML
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return errXML
		}
		value := rest[1 : 1+end]
		rest = rest[end+2:]
		plain, ok := xmlChars(value, false)
		if !ok || bytes.IndexByte(value, '<') >= 0 {
			return errXML
		}
		if !plain {
			var err error
			if value, err = xmlUnescape(nil, value); err != nil {
				return err
			}
		}
		x.attrs = append(x.attrs, xmlAttr{local(name), value})
	}
}

// attr is the value of an attribute, nil where the element has none.
func (x *xmlScanner) attr(name string) []byte {
	for _, a := range x.attrs {
		if string(a.name) == name {
			return a.value
		}
	}
	return nil
}

func (x *xmlScanner) endTag() error {
	tag, err := x.tag()
	if err != nil {
		return err
	}
	tag = trimBlanksRight(tag)
	if len(x.ends) == 0 {
		return errXML
	}
	start := 0
	if len(x.ends) > 1 {
		start = x.ends[len(x.ends)-2]
	}
	if !bytes.Equal(x.open[start:], tag) {
		return errXML
	}
	x.pop()
	return nil
}

// pop closes the innermost element and makes it the name of the event.
func (x *xmlScanner) pop() {
	start := 0
	if n := len(x.ends) - 1; n > 0 {
		start = x.ends[n-1]
	}
	x.name = local(x.open[start:])
	x.open = x.open[:start]
	x.ends = x.ends[:len(x.ends)-1]
}

func xmlBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func trimBlanks(text []byte) []byte {
	for len(text) > 0 && xmlBlank(text[0]) {
		text = text[1:]
	}
	return text
}

func trimBlanksRight(text []byte) []byte {
	for len(text) > 0 && xmlBlank(text[len(text)-1]) {
		text = text[:len(text)-1]
	}
	return text
}

// xmlName allows the names that spreadsheets use: ASCII, with at most one prefix.
func xmlName(name []byte) bool {
	colons := 0
	for i, c := range name {
		switch {
		case (c|0x20) >= 'a' && (c|0x20) <= 'z' || c == '_':
		case c >= '0' && c <= '9' || c == '-' || c == '.':
			if i == 0 || name[i-1] == ':' {
				return false
			}
		case c == ':':
			if colons++; colons > 1 || i == 0 || i == len(name)-1 {
				return false
			}
		default:
			return false
		}
	}
	return len(name) > 0
}

// local is a name without its prefix.
func local(name []byte) []byte {
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		return name[i+1:]
	}
	return name
}
