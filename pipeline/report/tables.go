package report

import (
	"time"

	"github.com/xuri/excelize/v2"

	"doudi/pipeline/duck"
)

const figureSheet = "汇总表"

// countHeads are the columns of a table of figures, after those that say of
// what it is; their widths beside them.
var (
	countHeads = []string{
		"待核查", "新增", "变化", "重现", "未销", "消失", "已抑制", "涉及户", "涉及人", "应发少发\n（元/月）", "多发错发\n（元/月）",
	}
	countWidths = []float64{9, 8, 8, 8, 8, 8, 9, 9, 9, 15, 15}
)

// counts are the cells below countHeads.
func counts(st styles, f figure, bold bool) []any {
	number, money := st.number, st.sum
	if bold {
		number, money = st.totalNumber, st.totalMoney
	}
	var cells []any
	for _, n := range []int64{
		f.ToCheck(), f.New, f.Changed, f.Reopened, f.Open, f.Gone, f.Suppressed, f.Households, f.Persons,
	} {
		cells = append(cells, excelize.Cell{StyleID: number, Value: n})
	}
	return append(cells, fen(f.Owed, money), fen(f.Over, money))
}

func fen(amount int64, style int) excelize.Cell {
	return yuan(duck.Null[int64]{V: amount, Valid: true}, style)
}

// labels are the texts that begin a line of figures.
func labels(st styles, bold bool, texts ...string) []any {
	cells := make([]any, len(texts))
	for i, t := range texts {
		if bold {
			cells[i] = excelize.Cell{StyleID: st.total, Value: plain(t)}
		} else {
			cells[i] = text(t, st.text, st.textSafe)
		}
	}
	return cells
}

// section is the heading of a table below another.
func (s *sheet) section(text string) {
	s.add(10)
	s.spans(22, span{s.cols, text, s.w.styles.section})
}

func (s *sheet) note(text string) {
	s.spans(18, span{s.cols, text, s.w.styles.note})
}

const countNote = "户、人在每一行内各计一次，各行相加可能大于合计；金额按疑点相加，同一户有多条疑点时未去重。消失、已抑制的不在待核查之内。"

// sideLines writes a line a side and their total.
func (s *sheet) sideLines(all figure, parts []figure, before ...string) {
	st := s.w.styles
	s.add(0, append(labels(st, true, append(before, "合计")...), counts(st, all, true)...)...)
	for _, f := range parts {
		s.add(0, append(labels(st, false, append(before, sideName(f.Side))...), counts(st, f, false)...)...)
	}
}

// townFigures writes a town's own figures: by side, by rule, by village.
func (w *workbook) townFigures(b *book, unit string) error {
	s := w.sheet(figureSheet, append([]float64{16, 24}, countWidths...)...)
	st := w.styles
	s.title(unit+"疑点汇总表", unit, peopleUnits)
	s.add(34, append(head(st, "范围", "方向"), head(st, countHeads...)...)...)
	s.head = [2]int{s.row, s.row}
	s.sideLines(b.all, bySide(b.bySide), "全乡镇")
	s.note(countNote)

	s.section("按规则")
	s.add(34, append(head(st, "方向", "规则"), head(st, countHeads...)...)...)
	for _, f := range w.inOrder(b.byRule) {
		s.add(0, append(labels(st, false, sideName(f.Side), w.ruleTitle(f.Rule)), counts(st, f, false)...)...)
	}
	s.section("按村（社区）")
	s.add(34, append(head(st, "村（社区）", ""), head(st, countHeads...)...)...)
	s.merge(1, 2)
	for _, f := range b.village {
		name := f.Village
		if name == "" {
			name = "（未载明）"
		}
		s.add(0, append(labels(st, false, name, ""), counts(st, f, false)...)...)
		s.merge(1, 2)
	}
	s.sign()
	return s.close()
}

// inOrder sorts figures of rules by side and as the rules are listed.
func (w *workbook) inOrder(found []figure) []figure {
	var all []figure
	for _, one := range sides {
		taken := map[string]bool{}
		for _, r := range w.in.Rules {
			for _, f := range found {
				if f.Side == one.code && f.Rule == r.Slug {
					all = append(all, f)
					taken[f.Rule] = true
				}
			}
		}
		for _, f := range found {
			if f.Side == one.code && !taken[f.Rule] {
				all = append(all, f)
			}
		}
	}
	return all
}

func (w *workbook) ruleTitle(slug string) string {
	for _, r := range w.in.Rules {
		if r.Slug == slug && r.Title != "" {
			return r.Title
		}
	}
	return slug
}

// writeSummary writes 汇总.xlsx: figures of all towns, rules and rolls, and not
// one row of a person.
func writeSummary(in Input, f figures, path string) error {
	w, err := newWorkbook(in, in.Name+"名册核对汇总")
	if err != nil {
		return err
	}
	defer w.close()
	for _, write := range []func(figures) error{
		w.summaryGuide, w.summaryTowns, w.summaryRules, w.summaryClauses, w.summarySuppressed, w.summaryRolls, w.summarySkipped, w.summaryLinks,
	} {
		if err := write(f); err != nil {
			return err
		}
	}
	if err := w.codes(); err != nil {
		return err
	}
	return w.save(path)
}

func (w *workbook) summaryGuide(figures) error {
	since := "本批次为首个批次，全部疑点均为新增。"
	if !w.in.LastNight.IsZero() {
		since = "状态与上一批次（" + w.in.LastNight.Format(time.DateOnly) + "）相比。"
	}
	return w.guide(w.in.Name+"低保与监测对象名册核对汇总", w.in.Name, []string{
		stance,
		"本册只有数字：“汇总表”按乡镇和方向，“按规则”按核对规则，“按条款”按方案条款列出有哪些规则、是否运行、查出多少，“已抑制”按例外和豁免，“名册读入情况”列出每份文件读入、拒收多少，“未运行规则”列出缺少名册或参数而未判断的规则，“关联情况”说明两边记录如何认定为同一人。逐条疑点见“乡镇”文件夹内各乡镇的核查表，没有载明乡镇的在“未知乡镇”。",
		since + "待核查 = 新增 + 变化 + 重现 + 未销；消失的列出一个批次；因例外、豁免或已核不属实而抑制的不在待核查之内，另计。",
		"应发少发：符合条件而未领、少领的每月金额；多发错发：已不符合条件仍领、多领的每月金额。两者分列，不相抵。" + countNote,
		"未运行的规则沿用上一批次的疑点，不因名册缺失而销号。",
	})
}

func (w *workbook) summaryTowns(f figures) error {
	s := w.sheet(figureSheet, append([]float64{18, 14}, countWidths...)...)
	st := w.styles
	s.frozen(3, 2)
	s.title(w.in.Name+"疑点汇总表", w.in.Name, peopleUnits)
	s.add(34, append(head(st, "乡镇", "方向"), head(st, countHeads...)...)...)
	s.head = [2]int{s.row, s.row}
	s.sideLines(f.All, f.Sides, "合计")
	for _, group := range w.summaryAreas(f) {
		s.sideLines(group.All, group.Sides, group.Name)
	}
	s.note(countNote)
	s.sign()
	return s.close()
}

// summaryAreas are the towns, above a county each county's before them.
func (w *workbook) summaryAreas(f figures) []areaFigure {
	if !w.in.aboveCounty() {
		return f.Towns
	}
	var all []areaFigure
	for _, county := range f.Areas {
		all = append(all, county)
		for _, town := range f.Towns {
			if town.All.County == county.All.County {
				town.Name = county.Name + town.Name
				all = append(all, town)
			}
		}
	}
	return all
}

func (w *workbook) summaryRules(f figures) error {
	s := w.sheet("按规则", append([]float64{13, 24, 7, 30}, countWidths...)...)
	st := w.styles
	s.frozen(3, 2)
	s.title(w.in.Name+"疑点按规则汇总表", w.in.Name, peopleUnits)
	s.add(34, append(head(st, "方向", "规则", "确定性", "政策依据"), head(st, countHeads...)...)...)
	s.head = [2]int{s.row, s.row}
	for _, one := range f.Sides {
		s.add(0, append(labels(st, true, sideName(one.Side), "小计", "", ""), counts(st, one, true)...)...)
		for _, r := range f.Rules {
			if r.Rule.Side != one.Side {
				continue
			}
			title := r.Title
			if r.Skipped {
				title += "（未运行）"
			}
			s.add(0, append(labels(st, false, sideName(one.Side), title, r.Certainty, r.Basis), counts(st, r.figure, false)...)...)
		}
	}
	s.add(0, append(labels(st, true, "合计", "", "", ""), counts(st, f.All, true)...)...)
	s.note(countNote)
	s.sign()
	return s.close()
}

// summaryClauses writes a line a clause of the plan and one a rule below it:
// nobody should have to ask what is not looked at.
func (w *workbook) summaryClauses(f figures) error {
	s := w.sheet("按条款", 11, 20, 40, 15, 9, 9, 9, 9, 15, 15, 46)
	st := w.styles
	s.frozen(3, 2)
	s.title(w.in.Name+"按方案条款汇总表", w.in.Name, peopleUnits)
	s.add(34, head(st, "条款", "名称", "要求／规则", "运行情况", "待核查", "已抑制", "涉及户", "涉及人", "应发少发\n（元/月）", "多发错发\n（元/月）", "未运行的原因，缺什么、由谁提供")...)
	s.head = [2]int{s.row, s.row}
	served := func(one Served, number, money int) []any {
		var cells []any
		for _, n := range []int64{one.ToCheck, one.Suppressed, one.Households, one.Persons} {
			cells = append(cells, excelize.Cell{StyleID: number, Value: n})
		}
		return append(cells, fen(one.Owed, money), fen(one.Over, money))
	}
	for _, c := range f.Clauses {
		cells := append(labels(st, true, c.Key, c.Title, c.Asks, c.RanText()), served(c.Served, st.totalNumber, st.totalMoney)...)
		s.add(0, append(cells, labels(st, true, c.Unserved)...)...)
		for _, r := range c.Rules {
			ran := "运行"
			if r.Skipped {
				ran = "未运行"
			}
			cells := append(labels(st, false, c.Key, c.Title, r.Title+"（"+sideName(r.Side)+"）", ran), served(r.Served, st.number, st.sum)...)
			s.add(0, append(cells, labels(st, false, r.Why())...)...)
		}
	}
	s.note("条款出自" + w.in.Plan + "。" + countNote + "未运行的规则沿用上一批次的疑点。")
	s.sign()
	return s.close()
}

func (w *workbook) summarySuppressed(f figures) error {
	s := w.sheet(suppressedSheet, 42, 50, 28)
	st := w.styles
	s.title("已抑制疑点汇总表", w.in.Name, ruleUnits)
	s.add(22, head(st, "规则", "抑制依据", "疑点数")...)
	s.head = [2]int{s.row, s.row}
	if len(f.Suppressed) == 0 {
		s.spans(20, span{s.cols, "本批次没有已抑制的疑点。", st.band})
	}
	for _, c := range f.Suppressed {
		by := suppressedWord(c.Name)
		switch c.Name {
		case "waiver":
			by = "豁免"
		case "verdict":
			by = "核查结论：不属实"
		}
		s.add(0, append(labels(st, false, c.Kind, by), excelize.Cell{StyleID: st.number, Value: c.N})...)
	}
	return s.close()
}

func (w *workbook) summaryRolls(f figures) error {
	s := w.sheet("名册读入情况", 20, 40, 14, 12, 10, 12, 11, 10, 10, 26, 34)
	st := w.styles
	s.frozen(3, 1)
	s.title("名册读入情况表", w.in.Name, fileUnits)
	s.add(34, head(st, "名册", "文件", "工作表", "截至日期", "格式", "编码", "记录数", "读入", "拒收", "表内合计核对", "情况")...)
	s.head = [2]int{s.row, s.row}
	for _, r := range f.Rolls {
		s.add(0, append(labels(st, true, r.Title, filesText(r), "", asOf(r.AsOf), "", ""),
			excelize.Cell{StyleID: st.totalNumber, Value: r.Rows}, excelize.Cell{StyleID: st.totalNumber, Value: r.Accepted},
			excelize.Cell{StyleID: st.totalNumber, Value: r.Rejected}, excelize.Cell{StyleID: st.total}, excelize.Cell{StyleID: st.total})...)
		for _, file := range f.Files {
			if file.Title != r.Title {
				continue
			}
			status := word(statusWords, file.Status)
			if file.Note != "" {
				status += "：" + file.Note
			}
			s.add(0, append(labels(st, false, r.Title, file.File, file.Sheet, day(file.AsOf), file.Format, file.Encoding),
				excelize.Cell{StyleID: st.number, Value: file.Rows}, excelize.Cell{StyleID: st.number, Value: file.Accepted},
				excelize.Cell{StyleID: st.number, Value: file.Rejected},
				text(w.controlText(r.Roll, file.Control), st.text, st.textSafe), text(status, st.text, st.textSafe))...)
		}
	}
	s.section("拒收的记录与未能读出的单元格（原文见数据集 rejects）")
	s.spans(22, span{1, "名册", st.head}, span{5, "原因", st.head}, span{1, "数量", st.head})
	if len(f.Causes) == 0 {
		s.spans(20, span{7, "没有。", st.band})
	}
	for _, c := range f.Causes {
		cells := append(labels(st, false, c.Kind, w.causeText(c), "", "", "", ""), excelize.Cell{StyleID: st.number, Value: c.N})
		s.add(0, cells...)
		s.merge(2, 6)
	}
	return s.close()
}

func asOf(d time.Time) string { return day(duck.Null[time.Time]{V: d, Valid: !d.IsZero()}) }

func (w *workbook) summarySkipped(f figures) error {
	s := w.sheet("未运行规则", 14, 30, 30, 70)
	st := w.styles
	s.title("未运行规则及原因", w.in.Name, ruleUnits)
	s.add(22, head(st, "方向", "规则", "代码", "原因")...)
	s.head = [2]int{s.row, s.row}
	none := true
	for _, r := range f.Rules {
		if r.Skipped {
			none = false
			s.add(0, labels(st, false, sideName(r.Rule.Side), r.Title, r.Slug, r.Reason)...)
		}
	}
	if none {
		s.spans(20, span{s.cols, "全部规则均已运行。", st.band})
	}
	s.note("未运行的规则沿用上一批次的疑点，不因此销号。补齐名册或参数后再次运行即可。")
	return s.close()
}

func (w *workbook) summaryLinks(f figures) error {
	s := w.sheet("关联情况", 40, 26, 28, 28)
	st := w.styles
	s.title("两边记录的关联情况", w.in.Name, pairUnits)
	s.add(34, head(st, "关联依据", "结论", "低保与监测对象（对）", "其他名册之间（对）")...)
	s.head = [2]int{s.row, s.row}
	for _, l := range f.Links {
		s.add(0, append(labels(st, false, word(methodWords, l.Method), word(decisionWords, l.Decision)),
			excelize.Cell{StyleID: st.number, Value: l.N}, excelize.Cell{StyleID: st.number, Value: l.Others})...)
	}
	s.section("两边家庭的对应情况")
	s.add(22, head(st, "情形", "结论", "户（对）")...)
	for _, c := range f.Households {
		s.add(0, append(labels(st, false, word(householdStates, c.Kind), word(decisionWords, c.Name)), excelize.Cell{StyleID: st.number, Value: c.N})...)
	}
	return s.close()
}
