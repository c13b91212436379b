package sources

import (
	"strings"

	"doudi/sources/clean"
	"doudi/sources/decode"
)

// A rowKind tells what a physical record is.
type rowKind byte

const (
	rowOther    rowKind = iota // a blank, a page's title or header again, a signature
	rowTotal                   // other, too: it closes rows and is compared with them
	rowRejected                // cannot be read
	rowAccepted
	rowOtherTable // the header of another table: the sheet cannot be read whole
)

// rowReader tells the rows of one sheet apart.
type rowReader struct {
	name    []int             // cells of the name
	id      []int             // cells of the ID
	home    []int             // cells that let a row stand without a person
	headers []map[string]bool // by cell: the folded words of its header's levels
	words   map[string]bool   // all of these, and whatever the kind's columns may be called
	titles  map[string]bool   // folded cells above the header
}

// kind tells what the record is and, where it is rejected, why.
func (r *rowReader) kind(rec *decode.Record) (rowKind, string, totalLevel) {
	// Only a row split into cells can be a title or a total too short for the
	// header; an object with a key given twice has none, and is never blank.
	if rec.Reject != "" && (rec.Reject != decode.RejectCells || rec.Cells == nil) {
		return rowRejected, rec.Reject, noTotal
	}
	if rec.Reject == "" && looksLikeID(firstOf(rec.Cells, r.id)) {
		return rowAccepted, "", noTotal
	}
	switch {
	case blank(rec.Cells), r.isHeader(rec.Cells), r.isTitle(rec.Cells):
		return rowOther, "", noTotal
	}
	if level := r.total(rec.Cells); level != noTotal {
		return rowTotal, "", level
	}
	switch {
	case r.isSignature(rec.Cells):
		return rowOther, "", noTotal
	case r.isOtherHeader(rec.Cells):
		return rowOtherTable, "", noTotal
	case rec.Reject != "":
		return rowRejected, rec.Reject, noTotal
	case r.hasPerson(rec.Cells):
		return rowAccepted, "", noTotal
	}
	if labelled(rec.Cells) {
		return rowOther, "", noTotal
	}
	return rowRejected, reasonNobody, noTotal
}

// looksLikeID is a quick look that settles almost every row: 15 and more
// characters that begin with a digit.
func looksLikeID(cell string) bool {
	return len(cell) >= 15 && cell[0] >= '0' && cell[0] <= '9'
}

func (r *rowReader) hasPerson(cells []string) bool {
	if !clean.Nothing(firstOf(cells, r.name)) {
		return true
	}
	if len(r.home) > 0 && !clean.Nothing(firstOf(cells, r.home)) {
		return true
	}
	switch clean.ParseID(firstOf(cells, r.id)).Kind {
	case clean.Empty, clean.Placeholder:
		return false
	}
	return true
}

// firstOf is the first of the cells that is not blank.
func firstOf(cells []string, at []int) string {
	if len(at) == 1 && at[0] < len(cells) {
		return cells[at[0]]
	}
	for _, i := range at {
		if i < len(cells) && strings.TrimSpace(cells[i]) != "" {
			return cells[i]
		}
	}
	return ""
}

func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// isHeader reports the header again, as it stands on every printed page: two or
// more cells, all of them words for columns, half of them where the header has
// them.
func (r *rowReader) isHeader(cells []string) bool {
	filled, inPlace := 0, 0
	for i, c := range cells {
		if strings.TrimSpace(c) == "" {
			continue
		}
		folded := clean.FoldHeader(c)
		if folded == "" {
			continue
		}
		if !r.words[folded] {
			return false
		}
		filled++
		if i < len(r.headers) && r.headers[i][folded] {
			inPlace++
		}
	}
	return filled >= 2 && inPlace*2 >= filled
}

// isOtherHeader reports the header of another table further down the sheet: the
// cells of the name and of the ID hold words for columns. No person has such a
// name and such a number, and what follows does not stand under our header.
func (r *rowReader) isOtherHeader(cells []string) bool {
	return r.isWord(firstOf(cells, r.name)) && r.isWord(firstOf(cells, r.id))
}

func (r *rowReader) isWord(cell string) bool {
	return r.words[clean.FoldHeader(cell)]
}

// isTitle reports a row above the header again.
func (r *rowReader) isTitle(cells []string) bool {
	filled := 0
	for _, c := range cells {
		folded := clean.Fold(c)
		if folded == "" {
			continue
		}
		filled++
		if !r.titles[folded] {
			return filled == 1 && isPageNumber(folded) && onlyCell(cells)
		}
	}
	return true
}

func onlyCell(cells []string) bool {
	filled := 0
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			filled++
		}
	}
	return filled == 1
}

// isPageNumber reports 第1页, 第1页共3页, 1/3页.
func isPageNumber(folded string) bool {
	return strings.HasSuffix(folded, "页") && strings.Trim(folded, "第共页/,，0123456789一二三四五六七八九十") == ""
}

// total reads the labels of a row of totals: the name, or one of the first
// three cells that hold something. A row with an ID number is a person's.
func (r *rowReader) total(cells []string) totalLevel {
	if looksLikeID(clean.Fold(firstOf(cells, r.id))) {
		return noTotal
	}
	if level := levelOf(firstOf(cells, r.name)); level != noTotal {
		return level
	}
	filled := 0
	for _, c := range cells {
		if strings.TrimSpace(c) == "" {
			continue
		}
		if level := levelOf(c); level != noTotal {
			return level
		}
		if filled++; filled == 3 {
			break
		}
	}
	return noTotal
}

var signatureWords = []string{
	"制表", "填表", "制单", "填报", "审核", "复核", "负责", "单位负责", "主要负责", "经办", "主管", "分管", "主管领导", "分管领导",
	"领导签字", "盖章", "公章", "签字", "签章", "打印", "报送", "联系", "联系电话", "单位", "日期", "注", "备注", "说明", "填表说明", "镇长", "乡长",
	"出纳", "会计", "民政办", "民政所", "监督电话", "举报电话", "公示", "公示期", "公示时间",
}

var signatureEnds = []string{"人员签字", "人签字", "人签章", "人", "单位盖章", "单位", "领导", "日期", "时间", "电话", "签字", "签章", "盖章", ""}

// isSignature reports the lines under a list: 制表人, 审核人, 盖章, 注：…. Their
// first cell begins with such a word, followed by a colon or a bracket, or by
// nothing where the word is none that stands in a list's own columns (出纳).
func (r *rowReader) isSignature(cells []string) bool {
	filled, signed := 0, false
	for _, c := range cells {
		folded := clean.Fold(c)
		if folded == "" {
			continue
		}
		if filled++; filled == 1 {
			signed = isSignatureWord(folded)
			if !signed && isDateLine(folded) {
				return onlyCell(cells)
			}
		}
	}
	return signed && filled <= 10
}

func isSignatureWord(folded string) bool {
	if folded[0] == '(' {
		folded = strings.TrimLeft(folded, "(")
	}
	for _, w := range signatureWords {
		rest, ok := strings.CutPrefix(folded, w)
		if !ok {
			continue
		}
		for _, end := range signatureEnds {
			after, ok := strings.CutPrefix(rest, end)
			if !ok {
				continue
			}
			if after == "" && (end != "" || strings.HasSuffix(w, "章") || strings.HasSuffix(w, "签字")) ||
				strings.HasPrefix(after, ":") || strings.HasPrefix(after, "(") || strings.HasPrefix(after, ")") {
				return true
			}
		}
	}
	return false
}

// labelled reports a row that begins with a label and a colon (馆长：, 金额单位：元):
// of a row with nobody in it that is enough to be no record.
func labelled(cells []string) bool {
	for _, c := range cells {
		folded := clean.Fold(c)
		if folded == "" {
			continue
		}
		label, _, ok := strings.Cut(folded, ":")
		return ok && label != "" && len(label) <= len("一二三四五六七八") && digits(label) == 0
	}
	return false
}

// isDateLine reports 2026年10月8日 alone under a list.
func isDateLine(folded string) bool {
	if !strings.Contains(folded, "年") || !strings.Contains(folded, "月") {
		return false
	}
	_, _, ok := clean.ParseDate(folded)
	return ok
}
