package decode

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func rowsFile(t testing.TB, text string) Member {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rows.jsonl")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := Rows(context.Background(), path, "postgres:a")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestRows(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"values", "[\"姓名\",\"村\"]\n[\"张三\",null]\n[\"李\\n四\\\"\",\"\"]\n", `0 ["姓名" "村"]|1 ["张三" ""]|2 ["李\n四\"" ""]`},
		{"no rows", "[\"姓名\"]\n", `0 ["姓名"]`},
		{"damaged", "[\"a\",\"b\"]\n[\"1\"]\n{\"a\":1}\n[\"1\",\"2\"]x\n[\"1\",\"2\",\"3\"]\n[\"1\",\"2\"]\n",
			`0 ["a" "b"]|1 cell_count "[\"1\"]"|2 bad_bytes "{\"a\":1}"|3 bad_bytes "[\"1\",\"2\"]x"|4 cell_count "[\"1\",\"2\",\"3\"]"|5 ["1" "2"]`},
		{"bad bytes, NUL", "[\"a\"]\n[\"\xff\"]\n[\"\\u0000\"]\n", `0 ["a"]|1 bad_bytes "[\"�\"]"|2 nul "[\"\\u0000\"]"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, got := headed(t, rowsFile(t, c.text)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
	for _, text := range []string{"x", "[\"a\"]", "[]\n", "{}\n", "[1]\n"} {
		_, err := Open(context.Background(), rowsFile(t, text))
		if refused := (*Refusal)(nil); !errors.As(err, &refused) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// FuzzRows takes any bytes for a query's result.
func FuzzRows(f *testing.F) {
	f.Add("[\"a\",\"b\"]\n[\"1\",null]\n")
	f.Fuzz(func(t *testing.T, text string) {
		b, err := Open(context.Background(), rowsFile(t, text))
		var refused *Refusal
		if errors.As(err, &refused) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		for sheet := range b.Sheets {
			readSheet(t, b, sheet)
		}
	})
}
