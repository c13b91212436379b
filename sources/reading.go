package sources

import (
	"slices"
	"strings"

	"doudi/sources/clean"
	"doudi/sources/decode"
)

// A reading is how one sheet is to be read: worked out once from its header and
// the texts round it, then shared by all goroutines, which only look at it.
type reading struct {
	kind   Kind
	table  string
	fields []Field // of the raw table

	file    string  // as published
	sheet   *string // nil without sheets
	sheetNo int
	header  decode.Header
	mapped  mapping

	words  *clean.Words
	places *clean.Places
	around surroundings

	// columns are the bound ones, and those without a cell that something else
	// fills: the place, benefit and month of the title, class and level of a
	// certificate's number.
	columns []bound
	summed  []bound // the columns whose totals can be checked
	rows    *rowReader

	town, village, placeFrom string
	benefit                  string
	month                    clean.Date
}

// newReading works out how the sheet is read. head is the sheet's first records.
func newReading(k Kind, table string, v *vocabulary, h decode.Header, head []decode.Record, around surroundings, set Settings) *reading {
	r := &reading{kind: k, table: table, fields: k.RawColumns(), header: h,
		mapped: v.bind(h.Names), words: set.Words, places: set.Places, around: around}
	if r.words == nil {
		r.words = clean.NewWords(nil)
	}
	r.town, r.village, r.placeFrom = around.place(set.Places)
	r.benefit, r.month = around.benefit(), around.month()
	r.columns = slices.Clone(r.mapped.bound)
	for i, c := range k.Columns {
		if r.mapped.find(c.Name) < 0 && r.fillsAbsent(c) {
			r.columns = append(r.columns, bound{Column: c, index: i})
		}
	}
	for _, b := range r.mapped.bound {
		if b.Type == Money || b.Type == Area || b.Type == Int && b.Name != "year" {
			r.summed = append(r.summed, b)
		}
	}
	r.rows = newRowReader(r, v, head)
	return r
}

// fillsAbsent reports whether a column that the header does not have can be
// filled all the same.
func (r *reading) fillsAbsent(c Column) bool {
	switch {
	case c.Name == "benefit":
		return r.benefitFromTitle() && r.benefit != ""
	case r.monthFromTitle(c):
		return r.month != clean.NoDate
	case r.kind.Name == "disability":
		return c.Name == "disability" || c.Name == "level"
	}
	return false
}

// benefitFromTitle: the rolls of benefits; what an application is for only its
// own row can say.
func (r *reading) benefitFromTitle() bool { return r.kind.Name != "approvals" }

// monthFromTitle: payments say their month in the title as often as in a column.
func (r *reading) monthFromTitle(c Column) bool {
	return r.kind.Name == "dibao_payments" && c.Name == "month"
}

// unitOf is the value in fen of one unit of the column.
func (r *reading) unitOf(b bound) int64 {
	if unit := clean.HeaderUnit(b.header); unit != 0 {
		return unit
	}
	return r.around.unit()
}

// sumOf is the column's place among the summed ones, -1 for none.
func (r *reading) sumOf(b bound) int {
	return slices.IndexFunc(r.summed, func(s bound) bool { return s.Name == b.Name })
}

// cellsOf are the cells of a canonical column.
func (r *reading) cellsOf(name string) []int {
	if i := r.mapped.find(name); i >= 0 {
		return r.mapped.bound[i].cells
	}
	return nil
}

func newRowReader(r *reading, v *vocabulary, head []decode.Record) *rowReader {
	rows := &rowReader{
		words: map[string]bool{}, titles: map[string]bool{},
		name: r.cellsOf("name"), id: r.cellsOf("id_no"),
	}
	if r.kind.Headed {
		rows.name, rows.id = r.cellsOf("head_name"), r.cellsOf("head_id_no")
	}
	if r.kind.Nameless {
		rows.home = r.cellsOf("home")
	}
	for w := range v.words {
		rows.words[w] = true
	}
	for _, name := range r.header.Names {
		levels := map[string]bool{}
		if folded := clean.FoldHeader(name); folded != "" {
			levels[folded] = true
		}
		for _, level := range strings.Split(name, "/") {
			if folded := clean.FoldHeader(level); folded != "" {
				levels[folded] = true
			}
		}
		for w := range levels {
			rows.words[w] = true
		}
		rows.headers = append(rows.headers, levels)
	}
	for _, rec := range head {
		if rec.Row >= r.header.First {
			break
		}
		for _, cell := range rec.Cells {
			if folded := clean.Fold(cell); folded != "" {
				rows.titles[folded] = true
			}
		}
	}
	return rows
}

// totalOf reads a row of totals against the summed columns.
func (r *reading) totalOf(rec *decode.Record, level totalLevel) totalRow {
	t := totalRow{row: rec.Row, level: level,
		values: make([]int64, len(r.summed)), given: make([]bool, len(r.summed))}
	for i, b := range r.summed {
		cell := firstOf(rec.Cells, b.cells)
		if strings.TrimSpace(cell) == "" {
			continue
		}
		switch b.Type {
		case Money:
			t.values[i], t.given[i] = clean.ParseFen(cell, r.unitOf(b))
		case Int:
			n, ok := clean.ParseInt(cell)
			t.values[i], t.given[i] = n*100, ok && n < 1<<53 && n > -1<<53
		default:
			t.values[i], t.given[i] = clean.ParseDecimal2(cell)
		}
	}
	return t
}
