package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"doudi/pipeline"

	"golang.org/x/text/width"
)

// formats are the ways a result can be written; rows go out as they come, but
// for table and markdown, whose columns are as wide as their widest cell.
var formats = map[string]func(io.Writer, *pipeline.Result) error{
	"table": writeTable, "csv": writeCSV, "json": writeJSON, "markdown": writeMarkdown,
}

func writeCSV(w io.Writer, r *pipeline.Result) error {
	out := csv.NewWriter(w)
	if err := out.Write(r.Columns); err != nil {
		return err
	}
	err := r.Each(func(cells []*string) error { return out.Write(plain(cells, "")) })
	out.Flush()
	if err == nil {
		err = out.Error()
	}
	return err
}

// writeJSON writes an array of objects, a row an object: numbers and flags as
// they are, everything else as text, or null. ID numbers are text already.
func writeJSON(w io.Writer, r *pipeline.Result) error {
	sep := "[\n"
	err := r.Each(func(cells []*string) error {
		var b strings.Builder
		b.WriteString(sep + " {")
		for i, c := range cells {
			if i > 0 {
				b.WriteString(", ")
			}
			name, err := json.Marshal(r.Columns[i])
			if err != nil {
				return err
			}
			value, err := json.Marshal(c)
			if err != nil {
				return err
			}
			b.Write(name)
			b.WriteString(": ")
			if c != nil && (r.Numeric[i] || r.Plain[i] && json.Valid([]byte(*c))) {
				b.WriteString(*c)
			} else {
				b.Write(value)
			}
		}
		b.WriteString("}")
		sep = ",\n"
		_, err := io.WriteString(w, b.String())
		return err
	})
	if err != nil {
		return err
	}
	if sep == "[\n" {
		_, err = io.WriteString(w, "[]\n")
	} else {
		_, err = io.WriteString(w, "\n]\n")
	}
	return err
}

func writeTable(w io.Writer, r *pipeline.Result) error {
	return writeAligned(w, r, "  ", func(widths []int) string {
		line := make([]string, len(widths))
		for i, n := range widths {
			line[i] = strings.Repeat("-", n)
		}
		return strings.Join(line, "  ") + "\n"
	}, "", "", "")
}

func writeMarkdown(w io.Writer, r *pipeline.Result) error {
	return writeAligned(w, r, " | ", func(widths []int) string {
		line := make([]string, len(widths))
		for i, n := range widths {
			line[i] = strings.Repeat("-", max(n, 3))
		}
		return "| " + strings.Join(line, " | ") + " |\n"
	}, "| ", " |", `\|`)
}

// writeAligned writes a result in columns of one width; a bar within a cell is
// written as bar, where that is not empty.
func writeAligned(w io.Writer, r *pipeline.Result, between string, rule func([]int) string, before, after, bar string) error {
	oneLine := []string{"\n", "␤", "\r", ""}
	if bar != "" {
		oneLine = append(oneLine, "|", bar)
	}
	tidy := strings.NewReplacer(oneLine...)
	var rows [][]string
	add := func(cells []string) {
		row := make([]string, len(cells))
		for i, cell := range cells {
			row[i] = tidy.Replace(cell)
		}
		rows = append(rows, row)
	}
	add(r.Columns)
	err := r.Each(func(cells []*string) error {
		add(plain(cells, ""))
		return nil
	})
	if err != nil {
		return err
	}
	widths := make([]int, len(r.Columns))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], columns(cell))
		}
	}
	for n, row := range rows {
		line := make([]string, len(row))
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-min(columns(cell), widths[i]))
			if n > 0 && r.Numeric[i] {
				line[i] = pad + cell
			} else {
				line[i] = cell + pad
			}
		}
		text := before + strings.Join(line, between) + after
		if _, err := fmt.Fprintln(w, strings.TrimRight(text, " ")); err != nil {
			return err
		}
		if n == 0 {
			if _, err := io.WriteString(w, rule(widths)); err != nil {
				return err
			}
		}
	}
	return nil
}

// plain turns cells into text, null into the given word.
func plain(cells []*string, null string) []string {
	texts := make([]string, len(cells))
	for i, c := range cells {
		texts[i] = null
		if c != nil {
			texts[i] = *c
		}
	}
	return texts
}

// columns is how many columns of a terminal a text takes: two a wide character.
func columns(s string) int {
	n := 0
	for _, r := range s {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}
