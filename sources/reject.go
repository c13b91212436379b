package sources

import (
	"strings"
	"unicode/utf8"

	"doudi/sources/decode"
)

// Why a record was rejected (column_name null): what decode says (bad_bytes,
// nul, too_long, cell_count, open_quote), or this one.
const reasonNobody = "no_person" // neither name nor ID

// Why a cell of an accepted record became null (column_name set).
const (
	reasonDate   = "bad_date" // no date, or not enough of one
	reasonMonth  = "bad_month"
	reasonMoney  = "bad_money"
	reasonNumber = "bad_number"
	reasonBool   = "bad_bool"
	reasonOwners = "owners_differ" // not as many IDs in the cell as names
)

// rejectFields is the schema of the rejects' Parquet files.
var rejectFields = []Field{
	{"roll", "VARCHAR"}, {"file", "VARCHAR"}, {"sheet", "VARCHAR"}, {"row", "BIGINT"},
	{"column_name", "VARCHAR"}, {"reason", "VARCHAR"}, {"cells", "VARCHAR"},
}

// RejectColumns is the schema of the rejects' Parquet files, in order.
func RejectColumns() []Field { return append([]Field(nil), rejectFields...) }

// maxCells is how much of a record rejects keep, in bytes.
const maxCells = 4 << 10

// cellsOf is the record as it came: its own text, else its cells with tabs
// between them.
func cellsOf(rec *decode.Record) string {
	if rec.Raw != "" {
		return cut(rec.Raw)
	}
	return cut(strings.Join(rec.Cells, "\t"))
}

// cut takes the first 4 KiB of s, ending with a whole character.
func cut(s string) string {
	if len(s) <= maxCells {
		return s
	}
	s = s[:maxCells]
	for len(s) > 0 {
		if r, size := utf8.DecodeLastRuneInString(s); r != utf8.RuneError || size > 1 {
			break
		}
		s = s[:len(s)-1]
	}
	return s
}
