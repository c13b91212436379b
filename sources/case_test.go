package sources

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/schema"
	"github.com/rogpeppe/go-internal/txtar"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"doudi/sources/clean"
)

// A case is testdata/<kind>/<what>.txtar:
//
//	comment: `columns:` lines "header = canonical" if any
//	-- name.csv --          the file; its name is what is published. A line that
//	                        is a Go string literal stands for the bytes it means
//	-- rows.csv --          columns of raw that count, and their values by row
//	-- rejects.csv --       row,column_name,reason (cells where the header has it)
//	-- receipt --           status and counts, notes, columns not understood
//
// The comment's lines "encoding = gb18030|utf-16le|utf-8-bom", "newline = crlf"
// and "pack = gz" say how the text is laid down. -update writes what was read.
func TestCases(t *testing.T) {
	paths, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, path := range paths {
		kind := filepath.Base(filepath.Dir(path))
		name := strings.TrimSuffix(filepath.Base(path), ".txtar")
		t.Run(kind+"/"+name, func(t *testing.T) { runCase(t, kind, path) })
	}
}

func runCase(t *testing.T, kind, path string) {
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	settings := map[string]string{}
	columns := map[string]string{}
	for _, line := range strings.Split(string(archive.Comment), "\n") {
		key, value, ok := strings.Cut(line, " = ")
		if !ok {
			continue
		}
		switch key {
		case "encoding", "newline", "pack", "workers", "end":
			settings[key] = value
		default:
			columns[key] = value
		}
	}
	in := archive.Files[0]
	got := readBytes(t, Input{Kind: kind, Name: in.Name, Columns: columns}, layDown(t, in.Data, settings))
	changed := false
	for i, f := range archive.Files[1:] {
		var is string
		switch f.Name {
		case "rows.csv":
			header, _, _ := strings.Cut(string(f.Data), "\n")
			is = got.show(t, got.rows, header)
		case "rejects.csv":
			header, _, _ := strings.Cut(string(f.Data), "\n")
			is = got.show(t, got.rejects, header)
		case "receipt":
			is = receiptText(got.receipts)
		default:
			t.Fatalf("what is %s?", f.Name)
		}
		if is == string(f.Data) {
			continue
		}
		if os.Getenv("UPDATE") != "" {
			archive.Files[i+1].Data, changed = []byte(is), true
			continue
		}
		t.Errorf("%s\ngot:\n%swant:\n%s", f.Name, is, f.Data)
	}
	if changed {
		if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// layDown turns the text of a case into the bytes of a file.
func layDown(t *testing.T, text []byte, settings map[string]string) []byte {
	t.Helper()
	var lines []string
	for _, line := range strings.SplitAfter(string(text), "\n") {
		body := strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(body, `"`) && strings.HasSuffix(body, `\n"`) {
			literal, err := strconv.Unquote(body)
			if err != nil {
				t.Fatalf("%s: %v", body, err)
			}
			line = literal
		}
		lines = append(lines, line)
	}
	s := strings.Join(lines, "")
	if settings["newline"] == "crlf" {
		s = strings.ReplaceAll(s, "\n", "\r\n")
	}
	if settings["end"] == "none" {
		s = strings.TrimSuffix(s, "\n")
	}
	var data []byte
	var err error
	switch settings["encoding"] {
	case "gb18030":
		data, err = simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(s))
	case "utf-16le":
		data, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(s))
	case "utf-8-bom":
		data = append([]byte("\xEF\xBB\xBF"), s...)
	default:
		data = []byte(s)
	}
	if err != nil {
		t.Fatal(err)
	}
	if settings["pack"] == "gz" {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		w.Write(data)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		data = b.Bytes()
	}
	return data
}

// reread is what Read left behind, read back.
type reread struct {
	receipts      []Receipt
	rows, rejects []map[string]string
}

// readBytes reads a file of the given bytes and reads the Parquet back.
func readBytes(t testing.TB, in Input, data []byte) reread {
	t.Helper()
	in.Path = filepath.Join(t.TempDir(), "in")
	if err := os.WriteFile(in.Path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	into := t.TempDir()
	receipts, err := Read(context.Background(), in, Settings{
		Words: someWords(), Places: somePlaces(), Workers: 2, Scratch: t.TempDir()}, into)
	if err != nil {
		t.Fatal(err)
	}
	got := reread{receipts: receipts}
	written := map[string]bool{}
	for _, r := range receipts {
		for _, name := range r.Records {
			got.rows = append(got.rows, readParquet(t, filepath.Join(into, name))...)
			written[name] = true
		}
		for _, name := range r.Rejects {
			got.rejects = append(got.rejects, readParquet(t, filepath.Join(into, name))...)
			written[name] = true
		}
	}
	left, err := os.ReadDir(into)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range left {
		if !written[f.Name()] {
			t.Errorf("%s lies about, no receipt names it", f.Name())
		}
	}
	return got
}

// show writes the columns that header names, NULL where a value is null.
func (reread) show(t *testing.T, rows []map[string]string, header string) string {
	t.Helper()
	var b strings.Builder
	w := csv.NewWriter(&b)
	columns := strings.Split(header, ",")
	if err := w.Write(columns); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		var cells []string
		for _, c := range columns {
			v, ok := row[c]
			if !ok {
				v = "NULL"
			}
			cells = append(cells, v)
		}
		if err := w.Write(cells); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	return b.String()
}

// receiptText is the part of receipts that cases compare.
func receiptText(receipts []Receipt) string {
	var b strings.Builder
	for _, r := range receipts {
		fmt.Fprintf(&b, "%s → %s %s %s\n", r.File, r.Table, strings.TrimSpace(r.Format+" "+r.Encoding), r.Status)
		if r.Note != "" {
			fmt.Fprintf(&b, "  note: %s\n", r.Note)
		}
		for _, s := range r.Sheets {
			header := "-"
			if s.HeaderRow != nil {
				header = strconv.FormatInt(*s.HeaderRow, 10)
			}
			fmt.Fprintf(&b, "  %s: header %s, accepted %d, rejected %d, other %d\n", s.Status, header, s.Accepted, s.Rejected, s.Other)
			if s.Note != "" {
				fmt.Fprintf(&b, "    note: %s\n", s.Note)
			}
			for _, c := range s.Controls {
				fmt.Fprintf(&b, "    control: %s row %d: %d, sum %d, rejected %d\n", c.Column, c.Row, c.Total, c.Sum, c.Rejected)
			}
			for what, list := range map[string][]string{"unused": s.Unused} {
				if len(list) > 0 {
					fmt.Fprintf(&b, "    %s: %s\n", what, strings.Join(list, " "))
				}
			}
			if len(s.Unknown) > 0 {
				fmt.Fprintf(&b, "    unknown: %s\n", strings.Join(s.Unknown, " "))
			}
			for _, w := range s.UnknownWords {
				fmt.Fprintf(&b, "    unknown word: %s %s %d, first in row %d\n", w.Column, w.Word, w.N, w.Row)
			}
			if len(s.UnknownPlaces) > 0 {
				fmt.Fprintf(&b, "    unknown places: %s\n", strings.Join(s.UnknownPlaces, " "))
			}
			if s.PlaceFrom != "" {
				fmt.Fprintf(&b, "    place from: %s\n", s.PlaceFrom)
			}
		}
	}
	return b.String()
}

// readParquet reads a file back with arrow's own reader: column → text, without
// the nulls.
func readParquet(t testing.TB, path string) []map[string]string {
	t.Helper()
	r, err := file.OpenParquetFile(path, false)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	rows := make([]map[string]string, r.NumRows())
	for i := range rows {
		rows[i] = map[string]string{}
	}
	at := 0
	for g := range r.NumRowGroups() {
		group := r.RowGroup(g)
		n := int(group.NumRows())
		for c := range r.MetaData().Schema.NumColumns() {
			column, err := group.Column(c)
			if err != nil {
				t.Fatal(err)
			}
			readColumn(t, column, rows[at:at+n])
		}
		at += n
	}
	return rows
}

func readColumn(t testing.TB, column file.ColumnChunkReader, rows []map[string]string) {
	t.Helper()
	n := int64(len(rows))
	levels := make([]int16, n)
	d := column.Descriptor()
	var values []string
	check := func(total int64, read int, err error) {
		if err != nil || total != n {
			t.Fatalf("%s: %d of %d rows, %v", d.Name(), total, n, err)
		}
		if read != len(values) {
			t.Fatalf("%s: %d values, %d shown", d.Name(), read, len(values))
		}
	}
	switch c := column.(type) {
	case *file.ByteArrayColumnChunkReader:
		total, read, err := readAll(n, levels, c.ReadBatch, &values, func(v parquet.ByteArray) string { return string(v) })
		check(total, read, err)
	case *file.Int64ColumnChunkReader:
		total, read, err := readAll(n, levels, c.ReadBatch, &values, func(v int64) string { return strconv.FormatInt(v, 10) })
		check(total, read, err)
	case *file.BooleanColumnChunkReader:
		total, read, err := readAll(n, levels, c.ReadBatch, &values, strconv.FormatBool)
		check(total, read, err)
	case *file.Int32ColumnChunkReader:
		total, read, err := readAll(n, levels, c.ReadBatch, &values, func(v int32) string {
			switch d.LogicalType().(type) {
			case schema.DateLogicalType:
				return clean.Date(v).String()
			case schema.DecimalLogicalType, *schema.DecimalLogicalType:
				return string(appendHundredths(nil, int64(v)))
			}
			return strconv.Itoa(int(v))
		})
		check(total, read, err)
	default:
		t.Fatalf("%s: what is %T?", d.Name(), column)
	}
	next := 0
	for i, level := range levels {
		if level == 1 {
			rows[i][d.Name()] = values[next]
			next++
		}
	}
}

func readAll[V any](n int64, levels []int16, batch func(int64, []V, []int16, []int16) (int64, int, error), to *[]string, show func(V) string) (total int64, read int, err error) {
	values := make([]V, n)
	for total < n {
		rows, k, err := batch(n-total, values, levels[total:], nil)
		if err != nil || rows == 0 {
			return total, read, err
		}
		for _, v := range values[:k] {
			*to = append(*to, show(v))
		}
		total += rows
		read += k
	}
	return total, read, nil
}
