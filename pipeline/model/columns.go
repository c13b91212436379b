package model

import "strings"

// splitColumns parts "a bigint, b decimal(18,2)" into names and types; a
// comma inside parentheses belongs to the type.
func splitColumns(ddl string) [][2]string {
	var all [][2]string
	depth, start := 0, 0
	for i := 0; i <= len(ddl); i++ {
		switch {
		case i == len(ddl) || ddl[i] == ',' && depth == 0:
			name, kind, _ := strings.Cut(strings.TrimSpace(ddl[start:i]), " ")
			all = append(all, [2]string{name, strings.TrimSpace(kind)})
			start = i + 1
		case ddl[i] == '(':
			depth++
		case ddl[i] == ')':
			depth--
		}
	}
	return all
}
