package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"math/big"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"doudi/pipeline/duck"
	"doudi/pipeline/publish"
	"doudi/pipeline/workspace"
	"doudi/sources"
)

// measure is what one gate measured of one list, rule or column: a row of the
// dataset gates.
type measure struct {
	Gate     string `json:"gate"`
	Roll     string `json:"roll,omitempty"`
	Rule     string `json:"rule,omitempty"`
	Column   string `json:"column,omitempty"`
	Measured string `json:"measured"`
	Allowed  string `json:"allowed"`
	Tripped  bool   `json:"tripped"`
	Accepted bool   `json:"accepted"`
	Holds    bool   `json:"holds"`
	// Reason is why it tripped or why it could not compare, in Chinese; of one
	// that was accepted, the reason given for that.
	Reason string `json:"reason,omitempty"`
}

// holding says whether the measure keeps the night from being published.
func (m measure) holding() bool { return m.Tripped && m.Holds && !m.Accepted }

// mostHistory is how many published nights a gate looks back on, fewestHistory
// with how many it has something to say.
const mostHistory, fewestHistory = 7, 3

// atLeast are the figures up to which a difference is never too much, whatever
// its share: rows of a list, findings of a rule, records of a column or a roll.
const atLeastRows, atLeastFindings, atLeastRecords = 200, 20, 50

// history is the published nights before tonight, latest last, 7 at most.
type history struct {
	snapshot string
	nights   []time.Time
}

func (r *run) history() (history, error) {
	snapshot, nights, err := publish.Current(r.workspace.Publish)
	h := history{snapshot: snapshot}
	for _, n := range nights {
		if n.Before(r.Date) {
			h.nights = append(h.nights, n)
		}
	}
	h.nights = h.nights[max(len(h.nights)-mostHistory, 0):]
	return h, err
}

// parts reads a dataset of all nights of the history, as a relation with their
// `night`.
func (h history) parts(dataset string) string {
	var files []string
	for _, n := range h.nights {
		files = append(files, partPath(h.snapshot, dataset, n))
	}
	return readNights(files)
}

// last reads a dataset of the latest night; "" where that was published by a
// program that had no such dataset, or there is none.
func (h history) last(dataset string) string {
	if len(h.nights) == 0 {
		return ""
	}
	night := h.nights[len(h.nights)-1]
	if _, err := os.Stat(partPath(h.snapshot, dataset, night)); err != nil {
		return ""
	}
	return readPart(h.snapshot, dataset, night)
}

// tooShort says that there are too few nights to compare with.
func tooShort(nights int) string {
	return fmt.Sprintf("可比的已发布批次只有 %d 晚，不足 %d 晚，不比对", nights, fewestHistory)
}

// twiceMedian is twice the median of figures, of which there is at least one:
// whole, though it may lie between two of them.
func twiceMedian(figures []int64) int64 {
	sorted := slices.Sorted(slices.Values(figures))
	n := len(sorted)
	return sorted[(n-1)/2] + sorted[n/2]
}

// half shows half of a whole number.
func half(twice int64) string {
	if twice%2 == 0 {
		return strconv.FormatInt(twice/2, 10)
	}
	return strconv.FormatInt(twice/2, 10) + ".5"
}

// limitShown shows hundredths without needless zeros.
func limitShown(hundredths int64) string {
	text := fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// volume compares a list's rows with its history.
func volume(m measure, limit, rows int64, past []int64) measure {
	m.Measured, m.Allowed = fmt.Sprintf("%d 行", rows), "不限"
	if len(past) < fewestHistory {
		m.Reason = tooShort(len(past))
		return m
	}
	median := twiceMedian(past)
	// Everything twice, for the median may be a half.
	slack := max(2*atLeastRows, median*limit/100_00)
	m.Allowed = fmt.Sprintf("%d–%d 行", max((median-slack+1)/2, 0), (median+slack)/2)
	if off := abs(2*rows - median); off > 2*atLeastRows && off*100_00 > median*limit {
		m.Tripped = true
		m.Reason = fmt.Sprintf("%s今晚 %d 行，近 %d 晚的中位数是 %s 行，相差超过 %s%%", rollTitle(m.Roll), rows, len(past), half(median), limitShown(limit))
	}
	return m
}

func abs(n int64) int64 { return max(n, -n) }

// turnover is how many findings of a rule are new and gone on a night.
type turnover struct{ New, Gone int64 }

// findings compares what came and went of a rule with its history.
func findings(m measure, limit int64, tonight turnover, past []turnover, title string) measure {
	m.Measured, m.Allowed = fmt.Sprintf("新增 %d，消失 %d", tonight.New, tonight.Gone), "不限"
	if len(past) < fewestHistory {
		m.Reason = tooShort(len(past))
		return m
	}
	var allowed, reasons []string
	for _, side := range []struct {
		word string
		of   func(turnover) int64
	}{
		{"新增", func(t turnover) int64 { return t.New }}, {"消失", func(t turnover) int64 { return t.Gone }},
	} {
		var figures []int64
		for _, t := range past {
			figures = append(figures, side.of(t))
		}
		median := twiceMedian(figures)
		most := max(atLeastFindings, median*limit/2_00)
		allowed = append(allowed, fmt.Sprintf("%s 不过 %d", side.word, most))
		if n := side.of(tonight); n > most {
			m.Tripped = true
			reasons = append(reasons, fmt.Sprintf("规则“%s”今晚%s疑点 %d 条，近 %d 晚的中位数是 %s 条，超过 %s 倍", title, side.word, n, len(past), half(median), limitShown(limit)))
		}
	}
	m.Allowed, m.Reason = strings.Join(allowed, "，"), strings.Join(reasons, "；")
	return m
}

// columns compares the columns of a list with those of last night; before is
// nil where last night says nothing of them.
func columns(m measure, limit int64, tonight, before []string, title func(string) string) measure {
	m.Measured = strings.Join(tonight, ",")
	if before == nil {
		m.Allowed, m.Reason = "不限", "上一晚没有这个名册各列的记录，不比对"
		return m
	}
	m.Allowed = strings.Join(before, ",")
	var gone []string
	for _, column := range before {
		if !slices.Contains(tonight, column) {
			gone = append(gone, fmt.Sprintf("%s（%s）", title(column), column))
		}
	}
	if int64(len(gone))*100 > limit {
		m.Tripped = true
		m.Reason = fmt.Sprintf("%s上一晚有、今晚没有的列：%s", rollTitle(m.Roll), strings.Join(gone, "、"))
	}
	return m
}

// words weighs the unknown words of a coded column against its records.
func words(m measure, limit, unknown, records int64, title string) measure {
	m.Measured, m.Allowed = fmt.Sprintf("%d/%d", unknown, records), limitShown(limit)+"%"
	if records > atLeastRecords && unknown*100_00 > records*limit {
		m.Tripped = true
		m.Reason = fmt.Sprintf("%s的“%s”（%s）列 %d 条记录里有 %d 条的词不认识，超过 %s%%，请补 policy/words.csv",
			rollTitle(m.Roll), title, m.Column, records, unknown, limitShown(limit))
	}
	return m
}

// share is how many of some records are linked.
type share struct{ Linked, Of int64 }

// shown is a share as a percentage of two places, cut.
func (s share) shown() string {
	return limitShown(new(big.Int).Div(big.NewInt(0).Mul(big.NewInt(s.Linked), big.NewInt(100_00)), big.NewInt(s.Of)).Int64()) + "%"
}

// links compares the linked share with that of last night; nil where there is
// none.
func links(m measure, limit int64, tonight share, before *share) measure {
	m.Measured, m.Allowed = fmt.Sprintf("%d/%d", tonight.Linked, tonight.Of), "不限"
	if before == nil || before.Of == 0 {
		m.Reason = "没有上一晚可比"
		return m
	}
	lowest := new(big.Rat).Sub(big.NewRat(before.Linked, before.Of), big.NewRat(limit, 100_00))
	m.Allowed = fmt.Sprintf("上一晚 %d/%d，至多少 %s 个百分点", before.Linked, before.Of, limitShown(limit))
	if tonight.Of > atLeastRecords && big.NewRat(tonight.Linked, tonight.Of).Cmp(lowest) < 0 {
		m.Tripped = true
		m.Reason = fmt.Sprintf("%s关联上监测名册的只有 %s，上一晚是 %s，少了超过 %s 个百分点",
			rollTitle(m.Roll), tonight.shown(), before.shown(), limitShown(limit))
	}
	return m
}

// gate is a gate's setting.
func (r *run) gate(name string) workspace.Gate {
	return r.workspace.Gates[slices.IndexFunc(r.workspace.Gates, func(g workspace.Gate) bool { return g.Name == name })]
}

// gates measures every gate, and holds the night where one trips that holds
// and was not accepted. What only notes goes into the summary.
func (r *run) gates(ctx context.Context) error {
	h, err := r.history()
	if err != nil {
		return err
	}
	if err := r.measureLists(ctx, h); err != nil {
		return err
	}
	if err := r.measureFindings(ctx, h); err != nil {
		return err
	}
	if err := r.measureLinks(ctx, h); err != nil {
		return err
	}
	if held := r.heldByGates(); len(held) > 0 {
		return &Held{Reasons: held}
	}
	for _, m := range r.measures {
		switch {
		case m.Accepted:
			r.summary.Accepts = append(r.summary.Accepts, m.Gate)
			r.summary.Notes = append(r.summary.Notes, r.gateTitle(m.Gate)+"已放行一次，依据："+m.Reason)
		case m.Tripped:
			r.summary.Notes = append(r.summary.Notes, r.gateTitle(m.Gate)+"（只提示）："+m.Reason)
		}
	}
	return r.writeGates(ctx)
}

func (r *run) gateTitle(name string) string {
	return "闸门 " + name + "（" + r.gate(name).Title + "）"
}

// heldByGates are the reasons for which a gate holds the night, and how to let
// it pass.
func (r *run) heldByGates() []string {
	var reasons, names []string
	for _, m := range r.measures {
		if m.holding() {
			reasons = append(reasons, r.gateTitle(m.Gate)+"："+m.Reason)
			names = append(names, m.Gate)
		}
	}
	if len(reasons) == 0 {
		return nil
	}
	accept := ""
	for _, name := range slices.Compact(names) {
		accept += " --accept " + name + ` --reason "原因"`
	}
	return append(reasons, "核对名册无误后可放行一次：doudi run --night "+r.Date.Format(time.DateOnly)+accept)
}

// add takes a measure in: whether its gate holds, and whether it was accepted.
func (r *run) add(m measure) {
	m.Holds = r.gate(m.Gate).Holds
	if why, ok := r.Accept[m.Gate]; ok && m.Tripped {
		m.Accepted, m.Reason = true, why
	}
	r.measures = append(r.measures, m)
}

// measureLists measures the gates that the lists alone decide, as they are
// loaded: fresh, volume, columns, words, totals.
func (r *run) measureLists(ctx context.Context, h history) error {
	for _, do := range []func(context.Context, history) error{
		r.measureFresh, r.measureVolume, r.measureColumns, r.measureWords, r.measureTotals,
	} {
		if err := do(ctx, h); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) measureFresh(context.Context, history) error {
	lists := r.lists()
	for _, roll := range rolls(lists) {
		l := lists[roll]
		if !l.wanted || l.age < 0 {
			continue
		}
		m := measure{Gate: "fresh", Roll: roll, Measured: fmt.Sprintf("%d 天", l.age), Allowed: "不限", Tripped: l.late != ""}
		if l.fresh >= 0 {
			m.Allowed = fmt.Sprintf("%d 天", l.fresh)
		}
		if m.Tripped {
			m.Reason = fmt.Sprintf("必需的名册过期：%s（%s），%s", rollTitle(roll), roll, l.late)
		}
		r.add(m)
	}
	return nil
}

func (r *run) measureVolume(ctx context.Context, h history) error {
	rows := map[string]int64{}
	if err := r.eachCount(ctx, "select roll, cast(sum(rows) as bigint) from raw.sources group by roll", func(roll string, n int64) { rows[roll] = n }); err != nil {
		return err
	}
	past := map[string][]int64{}
	if len(h.nights) > 0 {
		if err := r.eachCount(ctx, `select roll, cast(sum(rows) as bigint) from `+h.parts("sources")+`
			where status <> 'refused' group by roll, night order by roll, night`, func(roll string, n int64) { past[roll] = append(past[roll], n) }); err != nil {
			return err
		}
	}
	lists := r.lists()
	for _, roll := range rolls(lists) {
		if lists[roll].wanted {
			r.add(volume(measure{Gate: "volume", Roll: roll}, r.gate("volume").Limit, rows[roll], past[roll]))
		}
	}
	return nil
}

func (r *run) measureColumns(ctx context.Context, h history) error {
	found := map[string][]string{}
	type header struct{ table, column string }
	headers, err := duck.Collect(ctx, r.db, "select distinct raw_table, column_name from raw.headers order by all",
		func(rows *duck.Rows) (h header, err error) { return h, rows.Scan(&h.table, &h.column) })
	if err != nil {
		return err
	}
	for _, h := range headers {
		found[rollOf(h.table)] = append(found[rollOf(h.table)], h.column)
	}
	before := map[string][]string{}
	if gates := h.last("gates"); gates != "" {
		type list struct{ roll, columns string }
		lists, err := duck.Collect(ctx, r.db, "select roll, measured from "+gates+" where gate = 'columns' order by all",
			func(rows *duck.Rows) (l list, err error) { return l, rows.Scan(&l.roll, &l.columns) })
		if err != nil {
			return err
		}
		for _, l := range lists {
			before[l.roll] = strings.Split(l.columns, ",")
		}
	}
	for _, roll := range rolls(r.lists()) {
		if len(found[roll]) == 0 {
			continue
		}
		slices.Sort(found[roll])
		r.add(columns(measure{Gate: "columns", Roll: roll}, r.gate("columns").Limit, slices.Compact(found[roll]), before[roll],
			func(column string) string { return columnTitle(roll, column) }))
	}
	return nil
}

// columnTitle is the word that a column goes by in its lists.
func columnTitle(roll, name string) string {
	kind, _ := sources.KindOf(roll)
	if c, ok := kind.Column(name); ok && len(c.Headers) > 0 {
		return c.Headers[0]
	}
	return name
}

func (r *run) measureWords(ctx context.Context, _ history) error {
	type column struct{ roll, name string }
	unknown := map[column]int64{}
	type used struct {
		column
		n int64
	}
	all, err := duck.Collect(ctx, r.db, "select roll, column_name, cast(sum(rows) as bigint) from raw.unknown_words group by all",
		func(rows *duck.Rows) (u used, err error) { return u, rows.Scan(&u.roll, &u.name, &u.n) })
	if err != nil {
		return err
	}
	for _, u := range all {
		unknown[u.column] += u.n
	}
	records := map[column]int64{}
	var order []column
	for _, t := range sources.Tables() {
		roll := rollOf(t.Name)
		var counts, names []string
		for _, c := range t.Kind.Columns {
			// A free text in which words count has no unknown ones.
			if c.Type == sources.Word || c.Several {
				counts = append(counts, fmt.Sprintf("count(coalesce(cast(%s as varchar), %s))", duck.Ident(c.RawName()), duck.Ident(c.TwinName())))
				names = append(names, c.Name)
			}
		}
		if len(names) == 0 {
			continue
		}
		n := make([]int64, len(names))
		into := make([]any, len(names))
		for i := range n {
			into[i] = &n[i]
		}
		if _, err := duck.Collect(ctx, r.db, "select "+strings.Join(counts, ", ")+" from raw."+t.Name,
			func(rows *duck.Rows) (none struct{}, err error) { return none, rows.Scan(into...) }); err != nil {
			return err
		}
		for i, name := range names {
			at := column{roll, name}
			if _, known := records[at]; !known {
				order = append(order, at)
			}
			records[at] += n[i]
		}
	}
	slices.SortFunc(order, func(a, b column) int {
		return cmp.Or(strings.Compare(a.roll, b.roll), strings.Compare(a.name, b.name))
	})
	for _, at := range order {
		if records[at] > 0 {
			r.add(words(measure{Gate: "words", Roll: at.roll, Column: at.name}, r.gate("words").Limit, unknown[at], records[at], columnTitle(at.roll, at.name)))
		}
	}
	return nil
}

func (r *run) measureTotals(ctx context.Context, _ history) error {
	type control struct {
		roll, file, column string
		total, sum         string
		differs            bool
	}
	all, err := duck.Collect(ctx, r.db, `select roll, file, column_name, cast(total as varchar), cast(sum as varchar), total <> sum
		from raw.controls order by roll, record, column_name`,
		func(rows *duck.Rows) (c control, err error) {
			return c, rows.Scan(&c.roll, &c.file, &c.column, &c.total, &c.sum, &c.differs)
		})
	if err != nil {
		return err
	}
	for len(all) > 0 {
		n := slices.IndexFunc(all, func(c control) bool { return c.roll != all[0].roll })
		if n < 0 {
			n = len(all)
		}
		roll := all[:n]
		all = all[n:]
		differ := slices.DeleteFunc(slices.Clone(roll), func(c control) bool { return !c.differs })
		limit := r.gate("totals").Limit
		m := measure{
			Gate: "totals", Roll: roll[0].roll, Measured: fmt.Sprintf("%d 处合计，%d 处不符", len(roll), len(differ)),
			Allowed: limitShown(limit) + " 处不符", Tripped: int64(len(differ))*100 > limit,
		}
		if m.Tripped {
			c := differ[0]
			m.Reason = fmt.Sprintf("%s有 %d 处合计与逐行相加不符，如 %s 的 %s 列：合计 %s，逐行相加 %s", rollTitle(m.Roll), len(differ), c.file, c.column, c.total, c.sum)
		}
		r.add(m)
	}
	return nil
}

// measureFindings measures what came and went, by rule; of a rule that was
// skipped tonight nothing did. Nights on which it was skipped are no history.
func (r *run) measureFindings(ctx context.Context, h history) error {
	type night struct {
		rule string
		turnover
	}
	scan := func(rows *duck.Rows) (n night, err error) { return n, rows.Scan(&n.rule, &n.New, &n.Gone) }
	const turned = "count(*) filter (state = 'new'), count(*) filter (state = 'gone')"
	all, err := duck.Collect(ctx, r.db, "select rule, "+turned+" from report.findings group by rule", scan)
	if err != nil {
		return err
	}
	tonight := map[string]turnover{}
	for _, n := range all {
		tonight[n.rule] = n.turnover
	}
	past := map[string][]turnover{}
	if len(h.nights) > 0 {
		all, err := duck.Collect(ctx, r.db, fmt.Sprintf(`
			select rules.rule, count(*) filter (findings.state = 'new'), count(*) filter (findings.state = 'gone')
			from %s rules left join %s findings on findings.rule = rules.rule and findings.night = rules.night
			where rules.status = 'ran' group by rules.rule, rules.night order by rules.rule, rules.night`,
			h.parts("rules"), h.parts("findings")), scan)
		if err != nil {
			return err
		}
		for _, n := range all {
			past[n.rule] = append(past[n.rule], n.turnover)
		}
	}
	for _, rule := range r.graph.Rules() {
		ran := slices.ContainsFunc(r.summary.Rules, func(c RuleCount) bool { return c.Rule == rule.Slug && c.Status == "ran" })
		if ran {
			r.add(findings(measure{Gate: "findings", Rule: rule.Slug}, r.gate("findings").Limit, tonight[rule.Slug], past[rule.Slug], rule.Title))
		}
	}
	return nil
}

func (r *run) measureLinks(ctx context.Context, h history) error {
	scan := func(rows *duck.Rows) (s share, err error) { return s, rows.Scan(&s.Linked, &s.Of) }
	const linked = "select count(*) filter (link_state = 'linked'), count(link_state) from "
	tonight, err := duck.Collect(ctx, r.db, linked+"normal.persons left join link.people using (record) where roll = 'dibao_persons'", scan)
	if err != nil {
		return err
	}
	var before *share
	if persons := h.last("persons"); persons != "" {
		found, err := duck.Collect(ctx, r.db, linked+persons+" where roll = 'dibao_persons'", scan)
		if err != nil {
			return err
		}
		before = &found[0]
	}
	r.add(links(measure{Gate: "links", Roll: "dibao_persons"}, r.gate("links").Limit, tonight[0], before))
	return nil
}

// writeGates puts the measures where `gates` is published from.
func (r *run) writeGates(ctx context.Context) error {
	if err := r.db.Exec(ctx, `create table report.gates (
		gate varchar, roll varchar, rule varchar, column_name varchar, area_code varchar, measured varchar, allowed varchar,
		action varchar, tripped boolean, accepted boolean, reason varchar)`); err != nil {
		return err
	}
	return r.db.Append(ctx, "report", "gates", func(add func(...any) error) error {
		for _, m := range r.measures {
			action := "note"
			if m.Holds {
				action = "hold"
			}
			if err := add(m.Gate, textOrNull(m.Roll), textOrNull(m.Rule), textOrNull(m.Column), r.workspace.Area, m.Measured, m.Allowed,
				action, m.Tripped, m.Accepted, textOrNull(m.Reason)); err != nil {
				return err
			}
		}
		return nil
	})
}

// gatesDataset is what the gates measured, as published.
var gatesDataset = publish.Dataset{
	Name: "gates", Comment: "One row a gate measured between judging and publishing, whether it tripped or not.",
	Columns: []publish.Column{
		{Name: "gate", Comment: "fresh, volume, findings, columns, words, links, totals"},
		{Name: "roll", Comment: "the kind of list; null where it is about a rule"},
		{Name: "rule", Comment: "the rule; null where it is about a list"},
		{Name: "column_name", Comment: "the coded column (words); null otherwise"},
		{Name: "area_code", Comment: "the workspace's own area"},
		{Name: "measured", Comment: "tonight's figure, in words; of columns their names"},
		{Name: "allowed", Comment: "within what it may lie, in words; of columns last night's"},
		{Name: "action", Comment: "hold or note: what it does when it trips"},
		{Name: "tripped", Comment: "whether it lay outside"},
		{Name: "accepted", Comment: "whether it tripped and was let through by --accept"},
		{Name: "reason", Comment: "of one accepted, the reason given; else why it tripped, or could not compare; null otherwise"},
	},
	Key:   []string{"gate", "roll", "rule", "column_name"},
	Query: "select gate, roll, rule, column_name, area_code, measured, allowed, action, tripped, accepted, reason from report.gates",
}
