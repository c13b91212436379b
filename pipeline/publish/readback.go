package publish

import (
	"cmp"
	"context"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"doudi/pipeline/duck"

	"github.com/xitongsys/parquet-go-source/local"
	"github.com/xitongsys/parquet-go/reader"
)

// figures are what a dataset's table says of itself before it is written, and
// what the second reader must find in the file: its rows, and of each column
// that is checked how many are null and a sum, of integers, days, hundredths,
// truths or bytes of text.
type figures struct {
	rows    int64
	columns []columnFigures
}

type columnFigures struct {
	index int // among the dataset's columns
	nulls int64
	sum   *big.Int
}

// checkedWhole are the datasets of which every column is checked; of the
// others it is the key, the numbers and the dates.
var checkedWhole = []string{"findings", "links", "cases", "household_links", "rules", "sources"}

// checked says which columns of a dataset are read back.
func checked(d Dataset, types []string) []int {
	var indexes []int
	for i, c := range d.Columns {
		if slices.Contains(checkedWhole, d.Name) || types[i] != "VARCHAR" || slices.Contains(d.Key, c.Name) {
			indexes = append(indexes, i)
		}
	}
	return indexes
}

// summed is the expression whose sum stands for a column.
func summed(name, kind string) string {
	column := duck.Ident(name)
	switch {
	case kind == "VARCHAR":
		return "strlen(" + column + ")"
	case kind == "DATE":
		return "date_diff('day', date '1970-01-01', " + column + ")"
	case kind == "BOOLEAN":
		return "cast(" + column + " as integer)"
	case strings.HasPrefix(kind, "DECIMAL"):
		return fmt.Sprintf("cast(cast(%s as decimal(28, 10)) * %s as hugeint)", column, powerOfTen(kind))
	default:
		return column
	}
}

// powerOfTen takes a DECIMAL(w,s) to the whole number that Parquet holds.
func powerOfTen(kind string) string {
	_, scale, _ := strings.Cut(strings.TrimSuffix(kind, ")"), ",")
	n := 0
	fmt.Sscan(scale, &n)
	return "1" + strings.Repeat("0", n)
}

func figuresOf(ctx context.Context, db *duck.DB, d Dataset, types []string) (figures, error) {
	indexes := checked(d, types)
	terms := []string{"cast(count(*) as varchar)"}
	for _, i := range indexes {
		name := d.Columns[i].Name
		terms = append(terms, "cast(count(*) - count("+duck.Ident(name)+") as varchar)",
			"cast(coalesce(sum("+summed(name, types[i])+"), 0) as varchar)")
	}
	source := d.Query
	if d.Figures != "" {
		source = d.Figures
	}
	rows, err := duck.Collect(ctx, db, "select "+strings.Join(terms, ", ")+" from ("+source+")", func(r *duck.Rows) ([]*big.Int, error) {
		texts := make([]string, len(terms))
		into := make([]any, len(terms))
		for i := range texts {
			into[i] = &texts[i]
		}
		if err := r.Scan(into...); err != nil {
			return nil, err
		}
		numbers := make([]*big.Int, len(texts))
		for i, text := range texts {
			n, ok := new(big.Int).SetString(text, 10)
			if !ok {
				return nil, fmt.Errorf("a sum is no whole number")
			}
			numbers[i] = n
		}
		return numbers, nil
	})
	if err != nil {
		return figures{}, err
	}
	f := figures{rows: rows[0][0].Int64()}
	for n, i := range indexes {
		f.columns = append(f.columns, columnFigures{i, rows[0][1+2*n].Int64(), rows[0][2+2*n]})
	}
	return f, nil
}

// batch is how many rows of a column the second reader holds at a time.
const batch = 1 << 16

// readBack reads a file with parquet-go and holds it against the figures: rows,
// nulls and sums of the checked columns, and the key strictly ascending.
func readBack(path string, d Dataset, types []string, want figures) (err error) {
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
	sums := make([]sum, len(want.columns))
	keys := make([]int, len(d.Key)) // where each key column stands among the checked
	for i, k := range d.Key {
		keys[i] = slices.IndexFunc(want.columns, func(c columnFigures) bool { return d.Columns[c.index].Name == k })
	}
	last := make([]any, len(keys))
	for done := int64(0); done < want.rows; {
		n := min(want.rows-done, batch)
		values := make([][]any, len(want.columns))
		for i, c := range want.columns {
			got, _, _, err := r.ReadColumnByIndex(int64(c.index), n)
			if err != nil {
				return fmt.Errorf("column %s: %w", d.Columns[c.index].Name, err)
			}
			if int64(len(got)) != n {
				return fmt.Errorf("column %s: a short read, %d of %d rows", d.Columns[c.index].Name, len(got), n)
			}
			sums[i].add(got)
			values[i] = got
		}
		for row := range int(n) {
			order := 0
			for i, k := range keys {
				if order == 0 {
					order = compare(last[i], values[k][row])
				}
			}
			if (done > 0 || row > 0) && order >= 0 {
				return fmt.Errorf("row %d is not after the row before it, by %s", done+int64(row)+1, strings.Join(d.Key, ", "))
			}
			for i, k := range keys {
				last[i] = values[k][row]
			}
		}
		done += n
	}
	for i, c := range want.columns {
		if sums[i].nulls != c.nulls || sums[i].total().Cmp(c.sum) != 0 {
			return fmt.Errorf("column %s (%s) differs from its table", d.Columns[c.index].Name, types[c.index])
		}
	}
	return nil
}

// sum adds up a column in two halves, so that no overflow hides.
type sum struct {
	nulls     int64
	high, low int64
}

func (s *sum) add(values []any) {
	for _, v := range values {
		var n int64
		switch v := v.(type) {
		case nil:
			s.nulls++
			continue
		case string:
			n = int64(len(v))
		case int32:
			n = int64(v)
		case int64:
			n = v
		case bool:
			if v {
				n = 1
			}
		}
		s.high += n >> 32
		s.low += n & (1<<32 - 1)
	}
}

func (s *sum) total() *big.Int {
	t := big.NewInt(s.high)
	t.Lsh(t, 32)
	return t.Add(t, big.NewInt(s.low))
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
	switch a := a.(type) {
	case string:
		return strings.Compare(a, b.(string))
	case int32:
		return cmp.Compare(a, b.(int32))
	case int64:
		return cmp.Compare(a, b.(int64))
	case bool:
		return cmp.Compare(truth(a), truth(b.(bool)))
	}
	return 0
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}
