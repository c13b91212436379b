package sources

import (
	"slices"
	"strings"

	"doudi/sources/clean"
)

// The level of a total: what it closes.
type totalLevel byte

const (
	noTotal    totalLevel = iota
	groupTotal            // 小计, 本页合计: the rows since the last total
	wholeTotal            // 合计, 总计, 共计: the sheet, or the file
)

// levelOf reads a cell as the label of a total.
func levelOf(cell string) totalLevel {
	if len(cell) < len("合计") || len(cell) > 80 || !strings.Contains(cell, "计") && !strings.Contains(cell, "計") {
		return noTotal
	}
	s := strings.ReplaceAll(clean.Fold(cell), "計", "计")
	for _, w := range [...]string{"小计", "合计", "总计", "共计", "累计"} {
		i := strings.Index(s, w)
		if i < 0 || len([]rune(s[:i])) > 12 {
			continue
		}
		rest := s[i+len(w):]
		if rest != "" && !strings.ContainsRune(":(,，。.0123456789", []rune(rest)[0]) && !strings.HasPrefix(rest, "共") &&
			!strings.HasPrefix(rest, "金额") && !strings.HasPrefix(rest, "人") && !strings.HasPrefix(rest, "户") {
			continue
		}
		if w == "小计" || strings.HasPrefix(s, "本页") || strings.Contains(s, "页合计") {
			return groupTotal
		}
		return wholeTotal
	}
	return noTotal
}

// span sums the accepted rows between two totals: one sum a summed column.
type span struct {
	rows, rejected int64
	sums           []int64
}

func (s *span) add(o span) {
	s.rows += o.rows
	s.rejected += o.rejected
	if s.sums == nil {
		s.sums = make([]int64, len(o.sums))
	}
	for i, v := range o.sums {
		s.sums[i] = addSaturated(s.sums[i], v)
	}
}

// addSaturated stays at the end of the range: such a sum equals no total that
// anybody wrote.
func addSaturated(a, b int64) int64 {
	c := a + b
	switch {
	case a > 0 && b > 0 && c < 0:
		return 1<<63 - 1
	case a < 0 && b < 0 && c >= 0:
		return -1 << 63
	}
	return c
}

// totalRow is a row of totals as it stands in the sheet.
type totalRow struct {
	row    int64
	level  totalLevel
	values []int64 // one a summed column
	given  []bool  // whether that column has a total in it
}

// controls compares totals with the rows they close. spans has the rows before
// each total, and one span more for those after the last. before is what the
// sheets before this one of the same file held.
//
// 小计 closes the rows since the total before it. 合计, 总计 and 共计 close the
// sheet, but offices also write 合计 under each town and 总计 under the file, so
// such a total holds if it equals any of: the rows since the last whole total,
// the sheet so far, the file so far.
func controls(columns []bound, spans []span, totals []totalRow, before span) []Control {
	var (
		out                []Control
		group, part, sheet span
		file               span
		firstWhole         = true
		zero               = make([]int64, len(columns))
		reset              = func() span { return span{sums: slices.Clone(zero)} }
	)
	group, part, sheet, file = reset(), reset(), reset(), reset()
	if before.sums != nil {
		file.add(before)
	}
	for i, t := range totals {
		for _, s := range []*span{&group, &part, &sheet, &file} {
			s.add(spans[i])
		}
		closes := []span{group, part, sheet}
		if t.level == wholeTotal {
			closes = []span{sheet, part, file}
			if !firstWhole {
				closes = []span{part, sheet, file}
			}
		}
		for c, column := range columns {
			if !t.given[c] {
				continue
			}
			best := closes[0]
			for _, s := range closes {
				if s.sums[c] == t.values[c] {
					best = s
					break
				}
			}
			out = append(out, Control{Column: column.Name, Header: column.header, Row: t.row,
				Total: t.values[c], Sum: best.sums[c], Rejected: best.rejected})
		}
		group = reset()
		if t.level == wholeTotal {
			part, firstWhole = reset(), false
		}
	}
	return out
}
