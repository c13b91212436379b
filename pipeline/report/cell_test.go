package report

import (
	"encoding/xml"
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzPlain(f *testing.F) {
	for _, s := range []string{"", "赵大山", "\x00\x01", "a\nb\tc", "\xff\xfe", "￾￿", strings.Repeat("长", 11_000)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := plain(s)
		if !utf8.ValidString(got) || len(got) > maxText+60 {
			t.Errorf("%d bytes, valid %v", len(got), utf8.ValidString(got))
		}
		var escaped strings.Builder
		if err := xml.EscapeText(&escaped, []byte(got)); err != nil {
			t.Fatal(err)
		}
		var back struct {
			Text string `xml:",chardata"`
		}
		if err := xml.Unmarshal([]byte("<t>"+escaped.String()+"</t>"), &back); err != nil || back.Text != got {
			t.Errorf("%q comes back as %q, %v", got, back.Text, err)
		}
		if plain(got) != got && len(got) <= maxText {
			t.Errorf("plain(%q) is not plain", got)
		}
	})
}

func TestTextLines(t *testing.T) {
	for _, c := range []struct {
		text  string
		width float64
		want  int
	}{
		{"", 10, 1},
		{"一二三四", 9, 1},
		{"一二三四五", 9, 2},
		{"一\n二", 9, 2},
		{"一二三1234", 9, 2},            // the number is not parted
		{"一二三四。", 9, 2},              // a full stop takes the sign before it along
		{"123456789012345678", 9, 3}, // longer than a line
	} {
		if got := textLines(c.text, c.width); got != c.want {
			t.Errorf("textLines(%q, %v) = %d, want %d", c.text, c.width, got, c.want)
		}
	}
}

func TestRisky(t *testing.T) {
	for s, want := range map[string]bool{
		"": false, "赵": false, "1-1": false, "a=b": false,
		"=": true, "+1": true, "-1": true, "@": true, "\t": true, "\r": true, "\x00=1": true, "＝": true, "＋": true, "－": true, "＠": true,
	} {
		if got := risky(s); got != want {
			t.Errorf("risky(%q) = %v", s, got)
		}
	}
}
