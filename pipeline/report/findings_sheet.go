package report

import (
	"fmt"

	"github.com/xuri/excelize/v2"
)

// frameRows are the rows of a sheet of findings that are not findings: title,
// office, two of the header, the band over what is gone, a blank and the
// signatures.
const frameRows = 7

// findingsSheet is a sheet of findings being written.
type findingsSheet struct {
	*sheet
	columns  []col
	answered bool // has columns to be filled in
	goneBand bool
	lastOpen int // the last row to be filled in
	rows     int
}

const headRows = 4

// findings begins a sheet of findings: of a side, or of what is suppressed.
func (w *workbook) findings(name, title, unit string, columns []col, printed int, answered bool) *findingsSheet {
	widths := make([]float64, len(columns))
	for i, c := range columns {
		widths[i] = c.width
	}
	s := &findingsSheet{sheet: w.sheet(name, widths...), columns: columns, answered: answered}
	s.printed = printed
	s.head = [2]int{3, headRows}
	s.frozen(headRows, len(subjectColumns))
	s.title(title, unit, peopleUnits)
	s.header()
	return s
}

// header writes the two lines of the header: groups, and columns; a column
// without a group spans both.
func (s *findingsSheet) header() {
	st := s.w.styles
	groups, heads := make([]any, len(s.columns)), make([]any, len(s.columns))
	for i, c := range s.columns {
		group, head := st.group, st.head
		if c.kind == kindOpen || c.kind == kindOpenDay {
			group, head = st.groupOpen, st.headOpen
		}
		switch {
		case c.group == "":
			groups[i] = excelize.Cell{StyleID: head, Value: c.head}
			heads[i] = excelize.Cell{StyleID: head}
		case i == 0 || s.columns[i-1].group != c.group:
			groups[i] = excelize.Cell{StyleID: group, Value: c.group}
			heads[i] = excelize.Cell{StyleID: head, Value: c.head}
		default:
			groups[i] = excelize.Cell{StyleID: group}
			heads[i] = excelize.Cell{StyleID: head, Value: c.head}
		}
	}
	s.add(20, groups...)
	s.add(32, heads...)
	for i := 0; i < len(s.columns) && s.err == nil; {
		j := i + 1
		if s.columns[i].group == "" {
			s.err = s.sw.MergeCell(ref(i+1, 3), ref(i+1, 4))
		} else {
			for j < len(s.columns) && s.columns[j].group == s.columns[i].group {
				j++
			}
			if j > i+1 {
				s.err = s.sw.MergeCell(ref(i+1, 3), ref(j, 3))
			}
		}
		i = j
	}
}

// write adds a finding.
func (s *findingsSheet) write(r *row) {
	if r.state == "gone" && !s.goneBand && s.answered {
		s.goneBand = true
		s.band("以下疑点上一批次有、本批次已不再出现，列出供销号，不需填写。")
	}
	cells := make([]any, len(s.columns))
	for i := range s.columns {
		cells[i] = s.columns[i].cell(r, &s.w.styles)
	}
	s.add(0, cells...)
	s.rows++
	if r.state != "gone" {
		s.lastOpen = s.row
	}
}

func (s *findingsSheet) band(text string) {
	s.spans(20, span{len(s.columns), text, s.w.styles.band})
}

// end closes the sheet: an empty one says so, one to be answered has its
// drop-downs.
func (s *findingsSheet) end() error {
	if s.rows == 0 {
		s.band("本批次没有此类疑点。")
	}
	if s.lastOpen > headRows {
		s.filter()
		if s.answered {
			s.validate()
		}
	}
	s.sign()
	return s.close()
}

func (s *findingsSheet) filter() {
	s.try(s.w.f.AutoFilter(s.name, fmt.Sprintf("A%d:%s", headRows, ref(len(s.columns), s.lastOpen)), nil))
}

// validate lets cells take nothing but what can be read back.
func (s *findingsSheet) validate() {
	for i, c := range s.columns {
		dv := excelize.NewDataValidation(true)
		dv.SetSqref(ref(i+1, headRows+1) + ":" + ref(i+1, s.lastOpen))
		switch {
		case c.head == headVerdict:
			s.try(dv.SetDropList(verdicts))
			dv.SetError(excelize.DataValidationErrorStyleStop, "核查结论", "请从下拉列表中选择：属实、不属实、部分属实。")
		case c.head == headWaiver:
			s.try(dv.SetDropList([]string{"是"}))
			dv.SetError(excelize.DataValidationErrorStyleStop, "申请豁免", "申请时选“是”，不申请请留空。")
		case c.kind == kindOpenDay:
			s.try(dv.SetRange(firstDay, lastDay, excelize.DataValidationTypeDate, excelize.DataValidationOperatorBetween))
			dv.SetError(excelize.DataValidationErrorStyleStop, c.head, "请填写日期，如 2026-11-20。")
		default:
			continue
		}
		s.try(s.w.f.AddDataValidation(s.name, dv))
	}
}

// The days that a date cell takes, as a spreadsheet counts them: 2000-01-01 to
// 2099-12-31.
const firstDay, lastDay = 36526, 73050
