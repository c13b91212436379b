package decode

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

func TestGB18030(t *testing.T) {
	const bad = "\xff"
	for _, c := range []struct{ name, bytes, want string }{
		{"ASCII", "a,1\n", "a,1\n"},
		{"two bytes", "\xD5\xC5\xC8\xFD", "张三"},
		{"moved by the edition of 2022", "\xFE\x59\xFE\x61\xFE\x66\xFE\x67\xFE\x6D\xFE\x7E\xFE\x90\xFE\xA0", "\u9FB4\u9FB5\u9FB6\u9FB7\u9FB8\u9FB9\u9FBA\u9FBB"},
		{"punctuation moved in 2022", "\xA6\xD9\xA6\xDA\xA6\xDB\xA6\xF3", "\uFE10\uFE12\uFE11\uFE19"},
		{"beyond the BMP in two bytes", "\xFE\x51\xFE\x52\xFE\x53\xFE\x6C\xFE\x76\xFE\x91", "\U00020087\U00020089\U000200CC\U000215D7\U0002298F\U000241FE"},
		{"ḿ", "\xA8\xBC", "\u1E3F"},
		{"user zones", "\xAA\xA1\xAF\xFE\xF8\xA1\xFE\xFE\xA1\x40\xA7\xA0\xAD\xF7", "\uE000\uE233\uE234\uE4C5\uE4C6\uE765\uE170"},
		{"holes", "\xA2\xAB\xA6\xFE\xA9\xA3\xD7\xFA\xD7\xFE", "\uE766\uE79F\uE800\uE810\uE814"},
		{"four bytes", "\x82\x35\x90\x37\x95\x32\x90\x31\x90\x30\x81\x30\xE3\x32\x9A\x35", "\u9FB4\U00020087\U00010000\U0010FFFF"},
		{"genuine replacement character", "\x84\x31\xA4\x37", "\uFFFD"},
		{"bad single bytes", "\x80a\xFF", bad + "a" + bad},
		{"lead byte before a comma", "\xD5,\xD5\n\xD5\"", bad + "," + bad + "\n" + bad + "\""},
		{"torn four bytes", "\x82\x35,\x82\x35\x90,", bad + "5," + bad + "5" + bad + ","},
		{"lead byte at the end", "a\xD5", "a" + bad},
		{"above Unicode", "\xE3\x32\x9A\x36", bad + "2" + bad + "6"},
	} {
		got, isBad := gbTable().appendUTF8(nil, []byte(c.bytes))
		if string(got) != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if isBad != strings.Contains(c.want, bad) {
			t.Errorf("%s: bad %v", c.name, isBad)
		}
	}
}

// Every character that x/text can write as GB18030 reads back as itself, save
// where a code has another meaning since 2022; and every two-byte code means
// something.
func TestGB18030Whole(t *testing.T) {
	encoder := simplifiedchinese.GB18030.NewEncoder()
	for r := rune(0x80); r <= utf8.MaxRune; r++ {
		if !utf8.ValidRune(r) || r == utf8.RuneError || r >= 0xE000 && r <= 0xF8FF {
			continue
		}
		code, err := encoder.Bytes([]byte(string(r)))
		if err != nil {
			continue
		}
		if got, _ := gbTable().appendUTF8(nil, code); string(got) != string(r) {
			t.Fatalf("U+%04X as % X reads as %q", r, code, got)
		}
	}
	seen := map[rune][2]byte{}
	for lead := 0x81; lead <= 0xFE; lead++ {
		for trail := 0x40; trail <= 0xFE; trail++ {
			r, size := gbTable().char([]byte{byte(lead), byte(trail)})
			if trail == 0x7F {
				continue
			}
			if r == 0 || size != 2 {
				t.Errorf("%02X%02X means nothing", lead, trail)
			}
			if other, twice := seen[r]; twice && r != 0x3000 { // A3A0 is a blank in the field, as A1A1
				t.Errorf("%02X%02X and % X are both U+%04X", lead, trail, other, r)
			}
			seen[r] = [2]byte{byte(lead), byte(trail)}
		}
	}
}

func utf16Bytes(text string, big, mark bool) []byte {
	units := utf16.Encode([]rune(text))
	if mark {
		units = append([]uint16{0xFEFF}, units...)
	}
	var b []byte
	for _, u := range units {
		if big {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return b
}

func gb(t testing.TB, text string) []byte {
	t.Helper()
	b, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEncodings(t *testing.T) {
	const text = "姓名,身份证号,村\n张三,990101199001010010,\U00020087家村\n"
	const want = `1 ["姓名" "身份证号" "村"]|2 ["张三" "990101199001010010" "𠂇家村"]`
	for _, c := range []struct {
		name, encoding string
		content        []byte
		want           string
	}{
		{"UTF-8", "utf-8", []byte(text), want},
		{"UTF-8 with mark", "utf-8-bom", []byte("\uFEFF" + text), want},
		{"GB18030", "gb18030", gb(t, text), want},
		{"UTF-16 LE", "utf-16le", utf16Bytes(text, false, true), want},
		{"UTF-16 BE", "utf-16be", utf16Bytes(text, true, true), want},
		{"UTF-16 LE without mark", "utf-16le", utf16Bytes(text, false, false), want},
		{"UTF-16 BE without mark", "utf-16be", utf16Bytes(text, true, false), want},
		{"ASCII", "utf-8", []byte("name,id\na,b\n"), `1 ["name" "id"]|2 ["a" "b"]`},
		{"UTF-8 with a torn record", "utf-8", []byte("姓名,村\n\xE5\xBC,甲村\n张三,乙村\n"), `1 ["姓名" "村"]|2 bad_bytes "�,甲村"|3 ["张三" "乙村"]`},
		{"GB18030 with a torn record", "gb18030", append(gb(t, "姓名,村\n张三,"), "\xFF\n"...), `1 ["姓名" "村"]|2 bad_bytes "张三,�"`},
		{"ASCII with a bad byte", "utf-8", []byte("a,b\n\xFF,c\n"), `1 ["a" "b"]|2 bad_bytes "�,c"`},
		{"UTF-16 with half a surrogate", "utf-16le", append(utf16Bytes("姓,1\n", false, true), 0x00, 0xD8, ',', 0, '\n', 0), `1 ["姓" "1"]|2 bad_bytes "�,"`},
		{"UTF-16 with an odd byte", "utf-16le", append(utf16Bytes("姓,1\n2,", false, true), 'x'), `1 ["姓" "1"]|2 bad_bytes "2,�"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := file(t, "a.csv", c.content)
			if m.Encoding != c.encoding || m.Format != "csv" || m.Refused != "" {
				t.Fatalf("encoding %q, format %q, refused %q", m.Encoding, m.Format, m.Refused)
			}
			got := strings.TrimSuffix(strings.ReplaceAll(shown(everything(t, m, 0, 1, 0)), "\n", "|"), "|")
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// ASCII for a megabyte and GB18030 after it is GB18030: the whole file decides.
func TestEncodingLate(t *testing.T) {
	late := append(bytes.Repeat([]byte("a,b\n"), 1<<19), gb(t, "张三,李四\n")...)
	if m := file(t, "a.csv", late); m.Encoding != "gb18030" {
		t.Errorf("encoding %q", m.Encoding)
	}
	split := append(bytes.Repeat([]byte("a,b\n"), 1<<18-1), "ab,张三\n"...) // a character over the end of a block
	if m := file(t, "a.csv", split); m.Encoding != "utf-8" {
		t.Errorf("encoding %q", m.Encoding)
	}
}

func TestSeparator(t *testing.T) {
	for _, c := range []struct {
		text, format string
		cells        int
	}{
		{"a,b,c\n1,2,3\n", "csv", 3},
		{"a\tb\tc\n1\t2\t3\n", "tsv", 3},
		{"a;b;c\n1;2;3\n", "csv", 3},
		{"a,b,c\n1\t,2,3\n4\t,5,6\n", "csv", 3},       // the tab that keeps Excel from damaging an ID
		{"a\tb\tc\n1,1\t2\t3\n1,1\t2\t3\n", "tsv", 3}, // commas in an address
		{"名册\na\tb\n1\t2\n", "tsv", 1},
		{"a\nb\n", "csv", 1},
	} {
		m := file(t, "a.txt", []byte(c.text))
		rows := everything(t, m, 0, 1, 0)
		if m.Format != c.format || len(rows[0].Cells) != c.cells {
			t.Errorf("%q: %s of %d cells, want %s of %d", c.text, m.Format, len(rows[0].Cells), c.format, c.cells)
		}
	}
}
