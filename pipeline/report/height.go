package report

import (
	"iter"
	"math"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Heights in points: of a line of 11-point text, of the room around it, and
// the highest row that a spreadsheet takes.
const (
	lineOfText = 15.6
	roundText  = 4.0
	highest    = 409.0
)

// rowHeight is the height that shows all texts of a row in columns of the
// given widths. Excel would fit such rows by itself; LibreOffice, and WPS where
// rows are many, do not.
func rowHeight(widths []float64, cells []any) float64 {
	lines := 1
	for i, c := range cells {
		if cell, is := c.(excelize.Cell); is && i < len(widths) {
			if s, is := cell.Value.(string); is {
				lines = max(lines, textLines(s, widths[i]))
			}
		}
	}
	return math.Min(float64(lines)*lineOfText+roundText, highest)
}

// textLines is how many lines a text takes in a column. Figures and words are
// not parted, and no line begins with a closing sign.
func textLines(s string, width float64) int {
	room := max(int(width-1), 2)
	lines := 0
	for paragraph := range strings.SplitSeq(s, "\n") {
		lines++
		used := 0
		for piece := range pieces(paragraph) {
			switch {
			case used+piece <= room:
				used += piece
			case piece <= room:
				lines++
				used = piece
			default: // longer than a line: parted where the line ends
				used += piece
				lines += (used - 1) / room
				used = (used-1)%room + 1
			}
		}
	}
	return lines
}

// pieces are the widths of what stays together on a line.
func pieces(s string) iter.Seq[int] {
	return func(yield func(int) bool) {
		width, word := 0, false
		for _, r := range s {
			w := charWidth(r)
			joins := word && w == 1 && r != ' ' || strings.ContainsRune(closing, r)
			if !joins && width > 0 {
				if !yield(width) {
					return
				}
				width = 0
			}
			width += w
			word = w == 1 && r != ' '
		}
		if width > 0 {
			yield(width)
		}
	}
}

const closing = "，。；：、）】》？！”％"

// charWidth is 2 for a Chinese character or sign, 1 for the others: the widths
// of 宋体 in digits, which columns are measured in.
func charWidth(r rune) int {
	if r < 0x2000 {
		return 1
	}
	return 2
}
