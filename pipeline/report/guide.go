package report

import (
	"fmt"

	"github.com/xuri/excelize/v2"
)

const guideSheet = "填报说明"

// stance is what every report says before its figures: a finding is a lead.
const stance = "疑点是请人核实的线索，不是结论。停发、追缴、纳入等决定，应在入户核实、告知本人并听取意见之后，由经办机构依法作出；应保未保与应退未退同等对待，时限相同。"

// ranking is how findings are ranked within a side.
const ranking = "先按确定性（A、B、C），再按每月涉及金额从大到小，再按连续晚数从多到少"

// guide writes a sheet of paragraphs under a title.
func (w *workbook) guide(title, unit string, paragraphs []string) error {
	s := w.sheet(guideSheet, 4, 30, 30, 30, 30)
	s.title(title, unit, peopleUnits)
	s.add(6)
	for i, p := range paragraphs {
		s.paragraph(i+1, p)
	}
	s.sign()
	return s.close()
}

// paragraph writes a numbered text over the sheet's width. Rows of merged
// cells do not fit themselves to their text, so the height is reckoned.
func (s *sheet) paragraph(n int, text string) {
	const perLine = 54 // Chinese characters of 12 points in 120 columns
	lines := (len([]rune(text)) + perLine - 1) / perLine
	s.spans(float64(lines)*18+8, span{1, fmt.Sprintf("%d.", n), s.w.styles.paragraph}, span{s.cols - 1, text, s.w.styles.paragraph})
}

func (w *workbook) townGuide(b *book, part int, unit string) error {
	title := unit + "低保与监测对象名册疑点核查表"
	if b.parts > 1 {
		title += fmt.Sprintf("（%d/%d）", part, b.parts)
	}
	paragraphs := []string{
		stance,
		"“一户一案”每户一行，列出该户各方向的全部疑点和每月净额（应发少发减多发错发，不含已抑制的），最确定的户在前，供安排入户；“第几条”是该疑点在所属方向表内的序号，核查情况在该表内填写。不能归到户的疑点只在各方向的表内。",
		"“应保未保”“应退未退”“应补未补”“信息不一致”四张表列出两边名册之间的差距，“数据质量”列出名册本身需要更正的记录，“已抑制”列出因例外、豁免或已核不属实而不必核查的疑点，供查阅。“码表”解释规则、状态和确定性。",
		"每张表内的排列：" + ranking + "。已消失的列在最后。要只看新增，可用表头的筛选。变化的疑点，与上一批次不同之处前面有“▲”，括号内为原值。",
		"请逐条入户或查档核实，在浅黄色栏内填写：核查结论（下拉选择属实、不属实、部分属实）、核查情况、处理措施、核查人、核查日期。确需长期不再提示的，在“申请豁免”选“是”，并填写豁免原因、批准人、豁免至。",
		"其余单元格已锁定，请勿改动疑点编号，不要增删行列：交回后按疑点编号读入。可以使用表头的筛选，可以调整列宽、行高。打印为A4横向，申请豁免四栏只在电子表中填写。",
		"“关联依据”有内容的，两边记录不是靠身份证号一致认定为同一人（户）的，请先核对是否同一人，再核实其他情况。",
		"“每月”“累计”为该疑点涉及的金额，正数在应保未保、应补未补中为少发、应发，在应退未退中为多发；负数为多发。同一户可能有多条疑点，金额不宜直接相加。",
		"本表含个人信息，仅限经办人员使用，不得外传、张贴；公示须另行制作名单。",
	}
	return w.guide(title, unit, paragraphs)
}

const codeSheet = "码表"

// codes writes the sheet that explains the words of all others.
func (w *workbook) codes() error {
	s := w.sheet(codeSheet, 12, 30, 32, 46, 40)
	st := w.styles
	s.frozen(2, 0)
	s.spans(32, span{s.cols, "码表", st.title})
	s.add(20, head(st, "类别", "名称", "代码", "含义", "出处")...)
	s.head = [2]int{2, 2}
	line := func(kind, name, code, about, basis string) {
		s.add(0, text(kind, st.text, st.textSafe), text(name, st.text, st.textSafe), text(code, st.text, st.textSafe),
			text(about, st.text, st.textSafe), text(basis, st.text, st.textSafe))
	}
	for _, one := range []struct{ code, about string }{
		{"new", "本批次首次出现"},
		{"changed", "上一批次已有，所依据的事实有变化"},
		{"reopened", "曾经消失，本批次再次出现"},
		{"open", "上一批次已有，事实没有变化，尚未销号"},
		{"gone", "上一批次有，本批次不再出现"},
	} {
		line("状态", stateWords[one.code], one.code, one.about, "")
	}
	for _, c := range []string{"A", "B", "C"} {
		line("确定性", c, c, map[string]string{
			"A": "记录之间直接矛盾，核对名册即可判断",
			"B": "线索较强，需核实情况",
			"C": "筛查线索，用于排查",
		}[c], "")
	}
	for _, v := range verdicts {
		line("核查结论", v, "", map[string]string{
			"属实": "情况与疑点一致，填写处理措施", "不属实": "情况与疑点不符；事实不变时不再提示",
			"部分属实": "部分一致，在核查情况中写明",
		}[v], "")
	}
	for _, one := range sides {
		line("方向", one.name, one.code, one.about, "")
	}
	for _, r := range w.in.Rules {
		line("规则", r.Title, r.Slug, sideName(r.Side)+"；确定性 "+r.Certainty+"（"+word(certaintyWords, r.Certainty)+"）", r.Basis)
	}
	for _, m := range []string{"exact_id", "repaired_id", "household", "name_place", "scored", "decided"} {
		line("关联依据", methodWords[m], m, "", "")
	}
	return s.close()
}

// head is a line of a table's header.
func head(st styles, names ...string) []any {
	cells := make([]any, len(names))
	for i, name := range names {
		cells[i] = excelize.Cell{StyleID: st.head, Value: name}
	}
	return cells
}
