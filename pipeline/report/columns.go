package report

import (
	"time"

	"github.com/xuri/excelize/v2"

	"doudi/pipeline/duck"
)

// row is a finding as a town's workbook shows it.
type row struct {
	sheet, no                           int
	id, rule, certainty, state, village string
	title, reason, basis                string
	first                               duck.Null[time.Time]
	nights                              duck.Null[int64]
	suppressedBy, name, idNo            duck.Null[string]
	dibaoHousehold, registerHousehold   duck.Null[string]
	month, total                        duck.Null[int64]
	facts, before, tie                  duck.Null[string]
	cells                               [3]string // the facts, as the three columns of facts show them
}

// columnKind is how a column's cells are written.
type columnKind int

const (
	kindText columnKind = iota
	kindCenter
	kindState
	kindNumber
	kindMoney
	kindOpen
	kindOpenDay
)

// col is a column of a sheet of findings. Columns of one group stand under one
// head; an empty group is one with the column's own name over both lines.
type col struct {
	group, head string
	width       float64
	kind        columnKind
	value       func(r *row) string
}

const (
	groupFacts  = "名册所载（▲为与上一批次不同之处）"
	groupMoney  = "涉及金额（元）"
	groupCheck  = "核查（请填写）"
	groupWaiver = "申请豁免（需要时填写）"
)

const (
	headID      = "疑点编号"
	headVerdict = "核查结论"
	headWaiver  = "申请豁免"
)

// verdicts are what a check can conclude.
var verdicts = []string{"属实", "不属实", "部分属实"}

var subjectColumns = []col{
	{"", "序号", 4.5, kindNumber, nil},
	{"", headID, 10, kindCenter, func(r *row) string { return r.id }},
	{"", "村\n（社区）", 8.5, kindText, func(r *row) string { return r.village }},
	{"", "姓名\n（户主）", 8.5, kindText, func(r *row) string { return r.name.V }},
	{"", "身份证号", 19.5, kindCenter, func(r *row) string { return r.idNo.V }},
}

var findingColumns = []col{
	{"", "状态", 5.5, kindState, func(r *row) string { return word(stateWords, r.state) }},
	{"", "规则", 10, kindText, func(r *row) string { return r.title }},
	{"", "确定性", 5, kindCenter, func(r *row) string { return r.certainty }},
	{"", "首次发现", 11, kindCenter, func(r *row) string { return day(r.first) }},
	{"", "连续晚数", 5.5, kindNumber, nil},
	{groupFacts, "低保一侧", 24, kindText, func(r *row) string { return r.cells[0] }},
	{groupFacts, "扶贫一侧", 24, kindText, func(r *row) string { return r.cells[1] }},
	{groupFacts, "其他名册", 21, kindText, func(r *row) string { return r.cells[2] }},
	{groupMoney, "每月", 10, kindMoney, nil},
	{groupMoney, "累计", 10.5, kindMoney, nil},
	{"", "原因", 24, kindText, func(r *row) string { return r.reason }},
	{"", "政策依据", 14, kindText, func(r *row) string { return r.basis }},
	{"", "关联依据", 9, kindText, func(r *row) string { return r.tie.V }},
}

var openColumns = []col{
	{groupCheck, headVerdict, 8.5, kindOpen, nil},
	{groupCheck, "核查情况", 14, kindOpen, nil},
	{groupCheck, "处理措施", 11, kindOpen, nil},
	{groupCheck, "核查人", 7.5, kindOpen, nil},
	{groupCheck, "核查日期", 11, kindOpenDay, nil},
	{groupWaiver, headWaiver, 6, kindOpen, nil},
	{groupWaiver, "豁免原因", 14, kindOpen, nil},
	{groupWaiver, "批准人", 8, kindOpen, nil},
	{groupWaiver, "豁免至", 11.5, kindOpenDay, nil},
}

var suppressedColumn = col{"", "抑制依据", 16, kindText, func(r *row) string { return suppressedWord(r.suppressedBy.V) }}

// sideColumns are those of a side's sheet; the columns of waivers stand beyond
// the printed page.
func sideColumns() (cols []col, printed int) {
	cols = append(append(append(cols, subjectColumns...), findingColumns...), openColumns...)
	for i, c := range cols {
		if c.group == groupWaiver {
			return cols, i
		}
	}
	return cols, len(cols)
}

func suppressedColumns() []col {
	cols := append([]col{}, subjectColumns...)
	cols = append(cols, findingColumns[:3]...)
	cols = append(cols, suppressedColumn)
	return append(cols, findingColumns[3:]...)
}

// cell writes a finding's cell of a column.
func (c col) cell(r *row, st *styles) any {
	gone := r.state == "gone"
	switch c.kind {
	case kindState:
		return excelize.Cell{StyleID: st.states[r.state], Value: c.value(r)}
	case kindNumber:
		style := st.number
		if gone {
			style = st.goneID
		}
		if c.head == "序号" {
			return excelize.Cell{StyleID: style, Value: r.no}
		}
		if !r.nights.Valid {
			return excelize.Cell{StyleID: style}
		}
		return excelize.Cell{StyleID: style, Value: r.nights.V}
	case kindMoney:
		fen, style := r.month, st.money
		if c.head == "累计" {
			fen = r.total
		}
		if gone {
			style = st.goneMoney
		}
		return yuan(fen, style)
	case kindOpen, kindOpenDay:
		switch {
		case gone:
			return excelize.Cell{StyleID: st.gone}
		case c.kind == kindOpen:
			return excelize.Cell{StyleID: st.open}
		}
		return excelize.Cell{StyleID: st.openDate}
	case kindCenter:
		style := st.center
		if gone {
			style = st.goneID
		}
		return excelize.Cell{StyleID: style, Value: plain(c.value(r))}
	}
	style := st.text
	if gone {
		style = st.gone
	}
	return text(c.value(r), style, st.textSafe)
}

func day(d duck.Null[time.Time]) string {
	if !d.Valid {
		return ""
	}
	return d.V.Format(time.DateOnly)
}
