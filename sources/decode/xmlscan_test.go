package decode

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// scanned writes the events of a document: <name a=v>, text, </name>.
func scanned(in io.Reader) (string, error) {
	x := newXMLScanner(in)
	var b strings.Builder
	for {
		event, err := x.next()
		if err != nil || event == xmlDone {
			return b.String(), err
		}
		switch event {
		case xmlStart:
			fmt.Fprintf(&b, "<%s", x.name)
			for _, a := range x.attrs {
				fmt.Fprintf(&b, " %s=%q", a.name, a.value)
			}
			b.WriteString(">")
		case xmlEnd:
			fmt.Fprintf(&b, "</%s>", x.name)
		case xmlText:
			fmt.Fprintf(&b, "%q", x.text)
		}
	}
}

func TestXMLScanner(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`<a/>`, `<a></a>`},
		{"\uFEFF<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\r\n<a>\r\n</a>\n", `<a>"\n"</a>`},
		{`<x:a b = "1" r:id='2&lt;' ><x:b c="&#x5F20;&#19977;"/>t&amp;u</x:a >`, `<a b="1" id="2<"><b c="张三"></b>"t&u"</a>`},
		{`<a><!-- c --><?pi x?>1<![CDATA[<2>]]>3</a>`, `<a>"1""<2>""3"</a>`},
		{`<a b=">"/>`, `<a b=">"></a>`},
	} {
		for _, in := range []io.Reader{strings.NewReader(c.text), iotest.OneByteReader(strings.NewReader(c.text))} {
			if got, err := scanned(in); err != nil || got != c.want {
				t.Errorf("%s:\n got %s, %v\nwant %s", c.text, got, err, c.want)
			}
		}
	}
}

var notXML = []string{
	``, ` `, `a`, `<a>`, `<a></b>`, `<a/><b/>`, `<a></a>x`, `<a`, `<a b>`, `<a b=1/>`, `<a b="1"c="2"/>`, `<a b="<"/>`, `</a>`, `<1/>`,
	`<!DOCTYPE a><a/>`, `<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>`, `<a>&e;</a>`, `<a>&#0;</a>`, `<a>&#xD800;</a>`, `<a>&amp</a>`, `<a>]]></a>`,
	`<a><!-- -- --></a>`, `<a><![CDATA[</a>`, "<a>\x00</a>", "<a>\xff</a>", "<a>\x0b</a>", `<?xml version="1.0" encoding="GBK"?><a/>`,
	`<?xml version="1.1"?><a/>`, `<a:b:c/>`, strings.Repeat("<a>", 300) + strings.Repeat("</a>", 300),
}

func TestXMLRefused(t *testing.T) {
	for _, text := range notXML {
		if got, err := scanned(strings.NewReader(text)); err == nil {
			t.Errorf("%.60q was read as %s", text, got)
		}
	}
}

// FuzzXML holds the scanner against encoding/xml: what it accepts, encoding/xml
// accepts in its strict mode, with the same elements, attributes and text.
func FuzzXML(f *testing.F) {
	f.Add(`<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns:r="u"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>`)
	f.Add("<a b='1&lt;'>x&#13;\r\ny<![CDATA[<&]]><!--c--><b/></a>")
	for _, text := range notXML {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := scanned(strings.NewReader(text))
		if err != nil {
			return
		}
		want, err := peer(text)
		if err != nil {
			t.Fatalf("encoding/xml refuses: %v", err)
		}
		if merged(got) != merged(want) {
			t.Fatalf("got  %s\nwant %s", got, want)
		}
	})
}

// peer is scanned by encoding/xml.
func peer(text string) (string, error) {
	d := xml.NewDecoder(strings.NewReader(text))
	var b strings.Builder
	depth := 0
	for {
		token, err := d.RawToken()
		if err == io.EOF {
			return b.String(), nil
		}
		if err != nil {
			return "", err
		}
		switch token := token.(type) {
		case xml.StartElement:
			depth++
			fmt.Fprintf(&b, "<%s", token.Name.Local)
			for _, a := range token.Attr {
				fmt.Fprintf(&b, " %s=%q", a.Name.Local, a.Value)
			}
			b.WriteString(">")
		case xml.EndElement:
			depth--
			fmt.Fprintf(&b, "</%s>", token.Name.Local)
		case xml.CharData:
			if depth > 0 {
				fmt.Fprintf(&b, "%q", token)
			}
		}
	}
}

// merged joins texts that follow one another, and drops empty ones.
func merged(events string) string {
	return strings.ReplaceAll(events, `""`, "")
}
