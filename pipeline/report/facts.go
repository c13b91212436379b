package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// recordOf says which record of which roll a fact is of; a computed fact has
// none.
type recordOf struct {
	roll, file, sheet string
	row               int64
	asOf              string // 2026-11-20, or empty
}

// evidence is a field of a finding's evidence.
type evidence struct {
	recordOf
	field string
	// value is as finding_fields has it: "=" and the text, or empty for null.
	value string
}

// parseFacts takes apart what officers.packed holds; a text of three parts a
// fact, as officers.before has them, leaves the record empty.
func parseFacts(packed string) []evidence {
	if packed == "" {
		return nil
	}
	var all []evidence
	for one := range strings.SplitSeq(packed, "\x1e") {
		var f evidence
		i := 0
		for part := range strings.SplitSeq(one, "\x1f") {
			switch i {
			case 0:
				f.roll = part
			case 1:
				f.field = part
			case 2:
				f.value = part
			case 3:
				f.file = part
			case 4:
				f.sheet = part
			case 5:
				f.row, _ = strconv.ParseInt(part, 10, 64)
			case 6:
				f.asOf = part
			}
			i++
		}
		all = append(all, f)
	}
	return all
}

// How many records of one roll a cell shows: a row of a sheet has room for
// about 25 lines.
const (
	mostLines = 10 // as a table, a line each
	mostTexts = 6  // each with its labels
)

// wording is how facts are put into words: the Chinese titles of rolls and
// fields, the columns they stand in, and their order.
type wording struct {
	in    Input
	ranks map[string]int
	rules map[string]*Rule
	order map[string]map[string]int // by rule: "roll.field" → place
}

func newWording(in Input) *wording {
	w := &wording{in: in, ranks: map[string]int{}, rules: map[string]*Rule{}, order: map[string]map[string]int{}}
	for i, roll := range in.rolls() {
		w.ranks[roll] = i
	}
	for i := range in.Rules {
		r := &in.Rules[i]
		w.rules[r.Slug] = r
		w.order[r.Slug] = map[string]int{}
		for at, field := range r.Fields {
			w.order[r.Slug][field] = at
		}
	}
	return w
}

// The columns of facts: the roll of assistance, the register, all others.
const (
	cellDibao = iota
	cellRegister
	cellOther
)

func cellOf(roll string) int {
	switch roll {
	case "dibao_persons", "dibao_families", "dibao_payments":
		return cellDibao
	case "register":
		return cellRegister
	}
	return cellOther
}

// rank orders rolls inside a cell; computed facts come last.
func (w *wording) rank(roll string) int {
	if i, known := w.ranks[roll]; known {
		return i
	}
	if roll == "" {
		return len(w.ranks) + 1
	}
	return len(w.ranks)
}

// shown is a fact in words.
type shown struct {
	recordOf
	place             int
	label, mark, text string
}

// cells are the three columns of facts of a finding of a rule. Where the facts
// of the last night are known, what differs is marked, with what it was.
func (w *wording) cells(rule string, tonight, before []evidence, known bool) (cells [3]string) {
	facts := w.words(rule, tonight, before, known)
	slices.SortFunc(facts, func(a, b shown) int {
		return cmp.Or(
			cmp.Compare(w.rank(a.roll), w.rank(b.roll)),
			cmp.Compare(a.roll, b.roll),
			cmp.Compare(b.asOf, a.asOf), // the latest record first
			cmp.Compare(b.file, a.file),
			cmp.Compare(a.sheet, b.sheet),
			cmp.Compare(a.row, b.row),
			cmp.Compare(a.place, b.place),
			cmp.Compare(a.label, b.label),
			cmp.Compare(a.text, b.text),
		)
	})
	for len(facts) > 0 {
		n := 1
		for n < len(facts) && facts[n].roll == facts[0].roll {
			n++
		}
		cell := &cells[cellOf(facts[0].roll)]
		if *cell != "" {
			*cell += "\n"
		}
		*cell += w.block(facts[:n])
		facts = facts[n:]
	}
	return cells
}

// words puts facts into words and marks those that changed.
func (w *wording) words(rule string, tonight, before []evidence, known bool) []shown {
	type key struct{ roll, field string }
	type valued struct {
		key
		value string
	}
	now, then := map[valued]bool{}, map[valued]bool{}
	gone := map[key][]string{} // values of the last night that no longer stand
	if known {
		for _, f := range tonight {
			now[valued{key{f.roll, f.field}, f.value}] = true
		}
		for _, f := range before {
			v := valued{key{f.roll, f.field}, f.value}
			if !now[v] && !then[v] {
				gone[v.key] = append(gone[v.key], w.text(rule, f.field, f.value))
			}
			then[v] = true
		}
	}
	was := func(k key) string {
		slices.Sort(gone[k])
		return "（原：" + strings.Join(gone[k], "、") + "）"
	}
	all := make([]shown, 0, len(tonight))
	told := map[key]bool{}
	for _, f := range tonight {
		one := w.shown(rule, f)
		k := key{f.roll, f.field}
		if known && !then[valued{k, f.value}] {
			one.mark = "▲"
			if len(gone[k]) > 0 {
				one.text += was(k)
				told[k] = true
			}
		}
		all = append(all, one)
	}
	for _, f := range before {
		k := key{f.roll, f.field}
		if len(gone[k]) == 0 || told[k] {
			continue
		}
		told[k] = true
		f.recordOf = onlyRecord(tonight, f.roll)
		one := w.shown(rule, f)
		one.mark, one.text = "▲", "无"+was(k)
		all = append(all, one)
	}
	return all
}

// onlyRecord is the record of a roll, where a finding has one alone.
func onlyRecord(facts []evidence, roll string) recordOf {
	one := recordOf{roll: roll}
	for _, f := range facts {
		switch {
		case f.roll != roll || f.recordOf == one:
		case one == recordOf{roll: roll}:
			one = f.recordOf
		default:
			return recordOf{roll: roll}
		}
	}
	return one
}

func (w *wording) shown(rule string, f evidence) shown {
	label := ""
	if r := w.rules[rule]; r != nil {
		label = r.Labels[f.field]
	}
	if l := w.in.Labels[f.roll][f.field]; label == "" || f.roll != "" && l != "" {
		label = l
	}
	if label == "" {
		label = f.field
	}
	place, known := w.order[rule][f.roll+"."+f.field]
	if !known {
		place = len(w.order[rule])
	}
	return shown{recordOf: f.recordOf, place: place, label: label, text: w.text(rule, f.field, f.value)}
}

// text is a value as an officer reads it.
func (w *wording) text(rule, field, value string) string {
	value, there := strings.CutPrefix(value, "=")
	if !there || value == "" {
		return "（空）"
	}
	if r := w.rules[rule]; r != nil {
		if word := r.Words[field][value]; word != "" {
			return word
		}
	}
	switch value {
	case "true":
		return "是"
	case "false":
		return "否"
	}
	return strings.ReplaceAll(value, "\n", " ")
}

// block shows the sorted facts of one roll. One record is a line a fact;
// several are a small table where they have the same fields, a line each.
func (w *wording) block(facts []shown) string {
	var records [][]shown
	for len(facts) > 0 {
		n := 1
		for n < len(facts) && facts[n].recordOf == facts[0].recordOf {
			n++
		}
		records = append(records, facts[:n])
		facts = facts[n:]
	}
	first := records[0]
	title := "核算"
	if first[0].roll != "" {
		title = w.in.rollTitle(first[0].roll)
	}
	if first[0].asOf != "" {
		title += " " + first[0].asOf
	}
	var b strings.Builder
	b.WriteString("【" + title + "】")
	most := mostTexts
	switch {
	case len(records) == 1:
		for _, f := range first {
			b.WriteString("\n" + f.mark + f.label + "：" + f.text)
		}
	case sameLabels(records):
		most = mostLines
		b.WriteString("\n" + joined(first, "，", func(f shown) string { return f.label }))
		for _, r := range records[:min(most, len(records))] {
			b.WriteString("\n" + joined(r, "，", func(f shown) string { return f.mark + f.text }))
		}
	default:
		for i, r := range records[:min(most, len(records))] {
			fmt.Fprintf(&b, "\n%d）%s", i+1, joined(r, "；", func(f shown) string { return f.mark + f.label + "：" + f.text }))
		}
	}
	if len(records) > most {
		fmt.Fprintf(&b, "\n……共%d条，余见数据集 finding_fields", len(records))
	}
	return b.String()
}

func sameLabels(records [][]shown) bool {
	for _, r := range records[1:] {
		if !slices.EqualFunc(r, records[0], func(a, b shown) bool { return a.label == b.label }) {
			return false
		}
	}
	return true
}

func joined(facts []shown, between string, show func(shown) string) string {
	texts := make([]string, len(facts))
	for i, f := range facts {
		texts[i] = show(f)
	}
	return strings.Join(texts, between)
}
