package publish

import (
	"cmp"
	"context"
	"crypto/md5"
	"encoding/binary"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/xitongsys/parquet-go-source/local"
	"github.com/xitongsys/parquet-go/reader"
)

// batch is how many rows of a column the second reader holds at a time.
const batch = 1 << 16

// readBack reads a file with parquet-go and holds it against the figures of
// its table: rows, each checked column, the key strictly ascending.
func readBack(ctx context.Context, path string, d Dataset, want figures) (err error) {
	// parquet-go panics on what it does not expect.
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the second reader cannot read the file")
		}
	}()
	file, err := local.NewLocalFileReader(path)
	if err != nil {
		return bare(err)
	}
	defer file.Close()
	r, err := reader.NewParquetColumnReader(file, 1)
	if err != nil {
		return err
	}
	defer r.ReadStop()
	if got := r.GetNumRows(); got != want.rows {
		return fmt.Errorf("the footer says %d rows, the table had %d", got, want.rows)
	}
	got := newTally(d, want)
	for done := int64(0); done < want.rows; {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := min(want.rows-done, batch)
		values := make([][]any, len(want.columns))
		for i, c := range want.columns {
			if values[i], _, _, err = r.ReadColumnByIndex(int64(c.index), n); err != nil {
				return fmt.Errorf("column %s: %w", d.Columns[c.index].Name, err)
			}
			// A damaged page ends a read early and without an error.
			if int64(len(values[i])) != n {
				return fmt.Errorf("column %s: a short read, %d of %d rows", d.Columns[c.index].Name, len(values[i]), n)
			}
		}
		if err := got.add(values, int(n)); err != nil {
			return err
		}
		done += n
	}
	for i, c := range want.columns {
		if !got.columns[i].matches(c) {
			return fmt.Errorf("column %s differs from its table", d.Columns[c.index].Name)
		}
	}
	if want.digest != nil && got.digest.total().Cmp(want.digest) != 0 {
		return fmt.Errorf("a cell differs from its table")
	}
	return nil
}

// tally gathers from a file what figures say of its table.
type tally struct {
	rows    int64
	columns []columnTally
	key     []int // where each key column stands among the checked
	last    []any // the key of the row before
	names   []string
	digest  *wide // nil where no digest is taken
	text    []byte
}

func newTally(d Dataset, want figures) *tally {
	t := &tally{columns: make([]columnTally, len(want.columns)), last: make([]any, len(d.Key)), names: d.Key}
	for _, k := range d.Key {
		t.key = append(t.key, slices.IndexFunc(want.columns, func(c columnFigures) bool { return d.Columns[c.index].Name == k }))
	}
	if want.digest != nil {
		t.digest = new(wide)
	}
	return t
}

// add takes n more rows, column by column as they were read.
func (t *tally) add(values [][]any, n int) error {
	for i := range values {
		t.columns[i].add(values[i])
	}
	for row := range n {
		order := 0
		for i, k := range t.key {
			if order = compare(t.last[i], values[k][row]); order != 0 {
				break
			}
		}
		if t.rows > 0 && order >= 0 {
			return fmt.Errorf("row %d is not after the row before it, by %s", t.rows+1, strings.Join(t.names, ", "))
		}
		for i, k := range t.key {
			t.last[i] = values[k][row]
		}
		if t.digest != nil {
			t.row(values, row)
		}
		t.rows++
	}
	return nil
}

// row adds a row's digest: the last eight bytes of the MD5 of its cells, each
// led by its length, as DuckDB's md5_number_lower reads them. See cell.
func (t *tally) row(values [][]any, row int) {
	t.text = t.text[:0]
	for _, column := range values {
		if column[row] == nil {
			t.text = append(t.text, '-')
			continue
		}
		text := show(column[row])
		t.text = strconv.AppendInt(t.text, int64(len(text)), 10)
		t.text = append(append(t.text, ':'), text...)
	}
	hash := md5.Sum(t.text)
	t.digest.add(binary.LittleEndian.Uint64(hash[8:]))
}

// columnTally gathers one column.
type columnTally struct {
	nulls     int64
	high, low int64 // the sum in two halves, so that no overflow hides
	least     any
	greatest  any
}

func (c *columnTally) add(values []any) {
	for _, v := range values {
		if v == nil {
			c.nulls++
			continue
		}
		n := size(v)
		c.high += n >> 32
		c.low += n & (1<<32 - 1)
		if c.least == nil || compare(v, c.least) < 0 {
			c.least = v
		}
		if c.greatest == nil || compare(v, c.greatest) > 0 {
			c.greatest = v
		}
	}
}

func (c *columnTally) matches(want columnFigures) bool {
	sum := big.NewInt(c.high)
	sum.Add(sum.Lsh(sum, 32), big.NewInt(c.low))
	return c.nulls == want.nulls && sum.Cmp(want.sum) == 0 && show(c.least) == want.low && show(c.greatest) == want.high
}

// wide is a sum of 64-bit numbers that does not overflow.
type wide struct{ high, low uint64 }

func (w *wide) add(n uint64) {
	w.low += n
	if w.low < n {
		w.high++
	}
}

func (w *wide) total() *big.Int {
	t := new(big.Int).SetUint64(w.high)
	return t.Add(t.Lsh(t, 64), new(big.Int).SetUint64(w.low))
}

// size is what a value adds to its column's sum.
func size(v any) int64 {
	switch v := v.(type) {
	case string:
		return int64(len(v))
	case int32:
		return int64(v)
	case int64:
		return v
	case bool:
		return truth(v)
	}
	panic("a type that is never published")
}

// show is a value as figures write it, "" for none.
func show(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	return strconv.FormatInt(size(v), 10)
}

// compare orders two values of a column, null last.
func compare(a, b any) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	if a, ok := a.(string); ok {
		return strings.Compare(a, b.(string))
	}
	return cmp.Compare(size(a), size(b))
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
