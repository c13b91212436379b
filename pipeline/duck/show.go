package duck

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	duckdb "github.com/marcboeker/go-duckdb/v2"
)

// Show writes a value of a result as text.
func Show(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case []byte:
		return fmt.Sprintf("\\x%x", v)
	case time.Time:
		if v.Equal(v.Truncate(24 * time.Hour)) {
			return v.Format(time.DateOnly)
		}
		return v.Format("2006-01-02 15:04:05.999999")
	case duckdb.Decimal:
		return showDecimal(v)
	case *big.Int:
		return v.String()
	case []any:
		items := make([]string, len(v))
		for i, item := range v {
			items[i] = showInner(item)
		}
		return "[" + strings.Join(items, ", ") + "]"
	case map[string]any:
		return showStruct(v)
	}
	return fmt.Sprint(v)
}

// showInner writes a value within a list or a struct, where null needs a word.
func showInner(v any) string {
	if v == nil {
		return "NULL"
	}
	return Show(v)
}

func showDecimal(d duckdb.Decimal) string {
	text := new(big.Int).Abs(d.Value).String()
	scale := int(d.Scale)
	for len(text) <= scale {
		text = "0" + text
	}
	if scale > 0 {
		text = text[:len(text)-scale] + "." + text[len(text)-scale:]
	}
	if d.Value.Sign() < 0 {
		text = "-" + text
	}
	return text
}

func showStruct(fields map[string]any) string {
	set := make([]string, 0, len(fields))
	for name, value := range fields {
		set = append(set, name+": "+showInner(value))
	}
	slices.Sort(set)
	return "{" + strings.Join(set, ", ") + "}"
}
