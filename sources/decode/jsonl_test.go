package decode

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestJSONLines(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"keys of all lines", `{"姓名": "张三", "村": "甲村"}` + "\n" + `{"姓名":"李四","年龄":30}`,
			`0 ["姓名" "村" "年龄"]|1 ["张三" "甲村" ""]|2 ["李四" "" "30"]`},
		{"values", `{"a": null, "b": true, "c": -1.50, "d": [1, {"x": "}"}], "e": "\u5f20\n\"", "f": 110105194912310021}`,
			`0 ["a" "b" "c" "d" "e" "f"]|1 ["" "true" "-1.50" "[1, {\"x\": \"}\"}]" "张\n\"" "110105194912310021"]`},
		{"blank lines", "{\"a\":1}\r\n\r\n{\"a\":2}\r\n", `0 ["a"]|1 ["1"]|2 [""]|3 ["2"]`},
		{"no object", "{\"a\":1}\n[1]\n\"x\"\n{\"a\":1}x\n{\"a\":01}\n{\"a\" 1}\n{\"a\":2}\n",
			`0 ["a"]|1 ["1"]|2 bad_bytes "[1]"|3 bad_bytes "\"x\""|4 bad_bytes "{\"a\":1}x"|5 bad_bytes "{\"a\":01}"|6 bad_bytes "{\"a\" 1}"|7 ["2"]`},
		{"torn line", "{\"a\":\"x\"}\n{\"a\":\"y", `0 ["a"]|1 ["x"]|2 open_quote "{\"a\":\"y"`},
		{"key twice", "{\"a\":1,\"a\":1}\n{\"a\":1,\"a\":2}\n", `0 ["a"]|1 ["1"]|2 cell_count "{\"a\":1,\"a\":2}"`},
		{"bad bytes, NUL", "{\"a\":\"张\"}\n{\"a\":\"\xff\"}\n{\"a\":\"\x00\"}\n{\"a\":\"\\u0000\"}\n",
			`0 ["a"]|1 ["张"]|2 bad_bytes "{\"a\":\"�\"}"|3 nul "{\"a\":\"�\"}"|4 nul "{\"a\":\"\\u0000\"}"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := file(t, "a.jsonl", []byte(c.text))
			if m.Format != "jsonl" {
				t.Fatalf("format %q", m.Format)
			}
			head, got := headed(t, m)
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			h, ok := FindHeader(head, nil, nil)
			if !ok || h.First != 0 || h.Last != 0 || fmt.Sprint(h.Names) != fmt.Sprint(head[0].Cells) {
				t.Errorf("header %+v, %v", h, ok)
			}
		})
	}
}

// headed reads a file whose header is its first line: that, and all its records
// on one line.
func headed(t *testing.T, m Member) (head []Record, all string) {
	t.Helper()
	b, err := Open(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	if head, _, err = b.Head(0, 1); err != nil {
		t.Fatal(err)
	}
	records := append(slices.Clone(head), records(t, b, 0, 1, 0)...)
	return head, strings.TrimSuffix(strings.ReplaceAll(shown(records), "\n", "|"), "|")
}

// In GB18030 and UTF-16 the lines are the same.
func TestJSONLinesEncoded(t *testing.T) {
	const text = "{\"姓名\":\"张三\"}\n{\"姓名\":\"李四\"}\n"
	want := shown(everything(t, file(t, "a", []byte(text)), 0, 1, 0))
	for _, content := range [][]byte{gb(t, text), utf16Bytes(text, true, true), []byte("\uFEFF" + text)} {
		if got := shown(everything(t, file(t, "a", content), 0, 1, 0)); got != want {
			t.Errorf("got\n%swant\n%s", got, want)
		}
	}
}

func TestTooManyKeys(t *testing.T) {
	var b strings.Builder
	for i := range maxKeys + 1 {
		fmt.Fprintf(&b, "{\"k%d\":1}\n", i)
	}
	if _, err := Open(context.Background(), file(t, "a", []byte(b.String()))); err == nil {
		t.Error("read")
	}
}

// FuzzJSONLine holds one line against encoding/json: a line that is accepted is
// an object to both, with as many keys.
func FuzzJSONLine(f *testing.F) {
	for _, line := range []string{`{"a":1}`, `{"a":"\u5f20\\","b":[{"c":null}]}`, `{}`, `{"a":"x`, `{"a":1,}`, `{"a":tru}`, "{\"a\":\"\t\"}", `{"\u0061":1,"a":1}`} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if strings.ContainsAny(line, "\r\n") {
			return
		}
		var keys []string
		object := jsonObject{column: func(key string) int {
			for i, k := range keys {
				if k == key {
					return i
				}
			}
			keys = append(keys, key)
			return len(keys) - 1
		}}
		r := object.record(line, 1)
		var peer map[string]json.RawMessage
		err := json.Unmarshal([]byte(line), &peer)
		switch {
		case r.Reject != "" || r.Blank() && len(keys) == 0:
		case err != nil && !strings.ContainsFunc(line, func(c rune) bool { return c < ' ' }):
			t.Fatalf("accepted, encoding/json says %v", err)
		case err == nil && len(peer) != len(keys):
			t.Fatalf("%d keys, encoding/json has %d", len(keys), len(peer))
		}
	})
}
