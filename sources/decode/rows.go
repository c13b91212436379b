package decode

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"os"
	"slices"
)

// rowsOf is the result of a database's query as fetch laid it down: the columns'
// names as one array of JSON, then an array a row. The names stand in no row, so
// that the first row of the result is row 1.
type rowsOf struct {
	path  string
	size  int
	names []string
}

// Rows is the member that such a file is. Its format is known, not looked for.
func Rows(ctx context.Context, file, name string) (Member, error) {
	m := Member{Name: name, Path: file, Format: "database"}
	return m, m.identify(ctx)
}

const noteTornRows = "取回的数据库查询结果不完整或已损坏，整份不予读取；请重新取数"

func openRows(m Member) (*rowsOf, error) {
	f, err := os.Open(m.Path)
	if err != nil {
		return nil, fmt.Errorf("%s: open: %w", m.Name, err)
	}
	defer f.Close()
	line, err := bufio.NewReaderSize(f, MaxRecord).ReadSlice('\n')
	r := &rowsOf{path: m.Path, size: chunkSize}
	if err != nil || json.Unmarshal(line, &r.names) != nil || len(r.names) == 0 {
		return nil, refuse(noteTornRows)
	}
	if len(r.names) > maxKeys {
		return nil, refuse("查询的结果有超过 %d 列，不像是名册，整份不予读取", maxKeys)
	}
	return r, nil
}

func (r *rowsOf) head(sheet, n int) ([]Record, []Range, error) {
	if n < 1 {
		return nil, nil, nil
	}
	var count int64
	rows, err := firstRecords(r.chunks(context.Background(), sheet, 1, 0, &count), n-1)
	return append([]Record{{Cells: slices.Clone(r.names)}}, rows...), nil, err
}

// chunks reads from line from+1 on, for the first line holds the names, row 0.
func (r *rowsOf) chunks(ctx context.Context, _ int, from int64, _ int, count *int64) iter.Seq2[*Chunk, error] {
	return pieces(ctx, r.path, utf8Plain, grammar{}, r.size, max(from, 1)+1, count, func(p piece) iter.Seq[*Record] {
		p.row--
		return func(yield func(*Record) bool) {
			o := jsonObject{array: true, cells: make([]string, len(r.names))}
			o.lines(p, grammar{}, yield)
		}
	})
}
