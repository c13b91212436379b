package publish

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"doudi/pipeline/duck"
)

// figures are what a dataset's table says of itself before it is written, and
// what the second reader must find in the file: its rows, and of each column
// that is checked its nulls, a sum, and the least and the greatest value.
type figures struct {
	rows    int64
	columns []columnFigures
	digest  *big.Int // over all cells of the datasets of digested, else nil
}

// columnFigures are those of one column. The sum is of integers, days,
// hundredths, truths or bytes of text; low and high are such numbers in
// decimal, or the text itself, and "" where there is no value.
type columnFigures struct {
	index     int // among the dataset's columns
	nulls     int64
	sum       *big.Int
	low, high string
}

// checkedWhole are the datasets of which every column is checked; of the
// others it is the key, the numbers and the dates. Those of digested are
// checked cell by cell besides.
var (
	checkedWhole = []string{"findings", "links", "cases", "household_links", "rules", "sources"}
	digested     = []string{"findings", "links"}
)

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

// stored is the expression for what Parquet holds of a column: text, or a
// whole number (of days since 1970 for a date, of units of the last place for
// a decimal).
func stored(name, kind string) string {
	column := duck.Ident(name)
	switch {
	case kind == "DATE":
		return "date_diff('day', date '1970-01-01', " + column + ")"
	case kind == "BOOLEAN":
		return "cast(" + column + " as integer)"
	case strings.HasPrefix(kind, "DECIMAL"):
		return fmt.Sprintf("cast(cast(%s as decimal(28, 10)) * %s as bigint)", column, powerOfTen(kind))
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

// cell is the expression for a cell's share in the text that a row's digest is
// of: its length and itself, or a dash for null. See (*tally).row.
func cell(name, kind string) string {
	text := "cast(" + stored(name, kind) + " as varchar)"
	return "coalesce(strlen(" + text + ") || ':' || " + text + ", '-')"
}

// figuresOf takes the figures from the table.
func figuresOf(ctx context.Context, db *duck.DB, d Dataset, types []string) (figures, error) {
	terms := []string{"count(*)"}
	f := figures{}
	var cells []string
	for _, i := range checked(d, types) {
		name, value := d.Columns[i].Name, stored(d.Columns[i].Name, types[i])
		added := value
		if types[i] == "VARCHAR" {
			added = "strlen(" + value + ")"
		}
		terms = append(terms, "count(*) - count("+duck.Ident(name)+")", "coalesce(sum("+added+"), 0)",
			"coalesce(cast(min("+value+") as varchar), '')", "coalesce(cast(max("+value+") as varchar), '')")
		cells = append(cells, cell(name, types[i]))
		f.columns = append(f.columns, columnFigures{index: i})
	}
	if slices.Contains(digested, d.Name) {
		terms = append(terms, "coalesce(sum(md5_number_lower("+strings.Join(cells, " || ")+")), 0)")
	}
	for i, term := range terms {
		terms[i] = "cast(" + term + " as varchar)"
	}
	source := d.Query
	if d.Figures != "" {
		source = d.Figures
	}
	rows, err := duck.Collect(ctx, db, "select "+strings.Join(terms, ", ")+" from ("+source+")", func(r *duck.Rows) ([]string, error) {
		texts := make([]string, len(terms))
		into := make([]any, len(terms))
		for i := range texts {
			into[i] = &texts[i]
		}
		return texts, r.Scan(into...)
	})
	if err != nil {
		return figures{}, err
	}
	whole := func(text string) *big.Int {
		n, ok := new(big.Int).SetString(text, 10)
		if !ok {
			panic("a count or a sum is no whole number")
		}
		return n
	}
	f.rows = whole(rows[0][0]).Int64()
	for n := range f.columns {
		of := rows[0][1+4*n:]
		c := &f.columns[n]
		c.nulls, c.sum, c.low, c.high = whole(of[0]).Int64(), whole(of[1]), of[2], of[3]
	}
	if slices.Contains(digested, d.Name) {
		f.digest = whole(rows[0][len(terms)-1])
	}
	return f, nil
}
