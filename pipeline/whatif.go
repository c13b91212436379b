package pipeline

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"doudi/pipeline/duck"
	"doudi/pipeline/model"
	"doudi/pipeline/publish"
	"doudi/pipeline/workspace"
)

// Change is what a trial judges the published night by.
type Change struct {
	Policy string              // another policy folder; "" for the workspace's own
	Set    []workspace.Setting // figures on top of it
	Output string              // file for the rows, .csv or .parquet; "" for none
}

// Difference is what the latest published night would be under a Change.
type Difference struct {
	Night time.Time
	Rules []RuleDifference // with any difference, by side and slug
	Same  int              // rules without one
	Notes []string
}

// RuleDifference is that of a rule; Towns are its parts by town.
type RuleDifference struct {
	Rule, Title string
	Tally
	Towns []TownDifference
}

// TownDifference is that of a rule in a town; both texts may be empty.
type TownDifference struct {
	AreaCode, Town string
	Tally
}

// Tally counts findings as they are published and under the change, suppressed
// ones among them, and the money of those not suppressed: owed positive, overpaid
// negative, in fen, the change less what is published.
type Tally struct {
	Before, After, Come, Go, Changed int64
	SuppressedBefore                 int64
	SuppressedAfter                  int64
	MonthFen, TotalFen               int64
}

func (t *Tally) add(u Tally) {
	t.Before += u.Before
	t.After += u.After
	t.Come += u.Come
	t.Go += u.Go
	t.Changed += u.Changed
	t.SuppressedBefore += u.SuppressedBefore
	t.SuppressedAfter += u.SuppressedAfter
	t.MonthFen += u.MonthFen
	t.TotalFen += u.TotalFen
}

func (t Tally) differs() bool {
	return t.Come+t.Go+t.Changed > 0
}

// WhatIf judges the latest published night again under a change and publishes
// nothing. The sources must be what they were when it was published: what is
// not behind the change is taken from what is published. It writes into a
// folder of its own in .doudi, and to c.Output.
func WhatIf(ctx context.Context, n Night, c Change) (Difference, error) {
	t, err := beginTrial(ctx, n, c)
	if err != nil {
		return Difference{}, err
	}
	defer t.end()
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"read", t.read}, // decodes what the raw store has lost or reads otherwise under other words
		{"hold", t.hold},
		{"load", t.load},
		{"links", t.takeLinks}, // from what is published
		{"join", t.joinBehind}, // what is behind the change
		{"judge", t.judgeBehind},
		{"compare", t.compare},
		{"still", t.stillPublished},
	} {
		if err := t.step(ctx, step.name, step.do); err != nil {
			return t.found, fmt.Errorf("%s: %w", step.name, err)
		}
	}
	if c.Output != "" {
		return t.found, t.writeRows(ctx, c.Output)
	}
	return t.found, nil
}

// trial is a night that is judged and not published.
type trial struct {
	*run
	published string          // the snapshot it is compared with
	folder    *os.File        // its scratch folder, locked while it is in use
	behind    map[string]bool // tables that the change may alter
	there     map[string]bool // tables taken from what is published; nil for none
	rules     []string        // those that are judged again
	found     Difference
}

// beginTrial opens the workspace as it was published and lays the change over
// its policy.
func beginTrial(ctx context.Context, n Night, c Change) (*trial, error) {
	if err := mayWrite(c.Output); err != nil {
		return nil, err
	}
	r := &run{Night: n, began: time.Now()}
	var err error
	if r.workspace, r.policy, r.graph, err = open(ctx, n); err != nil {
		return nil, err
	}
	if err := mustBePublished(r.workspace, time.Time{}); err != nil {
		return nil, err
	}
	t := &trial{run: r}
	var nights []time.Time
	if t.published, nights, err = publish.Current(r.workspace.Publish); err != nil {
		return nil, err
	}
	r.Date = nights[len(nights)-1]
	t.found.Night = r.Date
	r.fit()
	changed, err := t.changed(c)
	if err != nil {
		return nil, err
	}
	if err := r.list(); err != nil {
		return nil, err
	}
	if err := t.asPublished(); err != nil {
		return nil, err
	}
	t.lay(changed)
	return t, t.takeFolder()
}

// changed is the policy to judge by.
func (t *trial) changed(c Change) (*workspace.Policy, error) {
	policy := t.policy
	if c.Policy != "" {
		other, err := t.workspace.WithPolicy(c.Policy)
		if err != nil {
			return nil, err
		}
		if policy, err = other.ReadPolicy(t.graph.terms()); err != nil {
			return nil, err
		}
	}
	for _, s := range c.Set {
		var keep []string
		var err error
		if policy, keep, err = policy.With(s, t.workspace.Area, t.Date); err != nil {
			return nil, err
		}
		if s.From.After(t.Date) {
			t.found.Notes = append(t.found.Notes, fmt.Sprintf("%s 自 %s 起才算，在批次日 %s 之后，这一晚不受影响；要看这一晚的影响，请去掉 --from",
				s.Name, s.From.Format(time.DateOnly), t.Date.Format(time.DateOnly)))
		} else if len(keep) > 0 {
			t.found.Notes = append(t.found.Notes, fmt.Sprintf("%s 在这些地区另有数值，不变：%s；要改请用 --area 逐个给出", s.Name, strings.Join(keep, "、")))
		}
	}
	return policy, nil
}

// asPublished refuses a night whose inputs, policy, settings or program are no
// longer those it was published from: the difference would not be the change's.
func (t *trial) asPublished() error {
	print, err := t.fingerprint()
	if err != nil {
		return err
	}
	was, err := publish.Fingerprint(t.workspace.Publish, t.Date)
	if err != nil || print == was {
		t.print = print
		return err
	}
	manifest, err := publish.ReadManifest(t.published)
	if err != nil {
		return err
	}
	night := t.Date.Format(time.DateOnly)
	why := "政策参数、doudi.yaml、名册的数据日期或更早的批次与发布时不同"
	if manifest.Run.Night == night {
		if files := t.otherFiles(manifest.Inputs); len(files) > 0 {
			why = "名册与发布时不同：" + strings.Join(files, "、")
		} else if manifest.Program != t.Program {
			why = "程序已不是发布时的版本"
		}
	}
	return &Refused{fmt.Sprintf("批次日 %s 的%s。请先运行 doudi run --night %s，再试", night, why, night)}
}

// otherFiles names the inputs that came, went or changed since.
func (t *trial) otherFiles(then []publish.Input) []string {
	was, is := map[string]string{}, map[string]string{}
	for _, in := range then {
		was[in.Path] = in.SHA256
	}
	for _, in := range t.inputs {
		is[in.Name] = in.SHA256
	}
	var files []string
	for name, sum := range is {
		if old, known := was[name]; !known {
			files = append(files, name+"（新来）")
		} else if old != sum {
			files = append(files, name+"（已变）")
		}
	}
	for name := range was {
		if _, here := is[name]; !here {
			files = append(files, name+"（不在了）")
		}
	}
	slices.Sort(files)
	return files
}

// lay puts the changed policy in place and says what may be other by it.
func (t *trial) lay(changed *workspace.Policy) {
	was := t.policy
	t.policy = changed
	var tables []string
	if !slices.Equal(was.Parameters, changed.Parameters) {
		tables = append(tables, "policy.parameters", "past.leavers") // leavers go back as far as a parameter says
	}
	if !slices.Equal(was.Rulings, changed.Rulings) {
		tables = append(tables, "policy.rulings")
	}
	all := !slices.Equal(was.Waivers, changed.Waivers)
	if was.Reading != changed.Reading {
		all = true
		for _, given := range model.Given() {
			if strings.HasPrefix(given.Name, "raw.") {
				tables = append(tables, given.Name)
			}
		}
		for i := range t.inputs {
			if in := &t.inputs[i]; in.Refused == "" {
				in.Key = entryKey(in.SHA256, in.source(), changed.Reading)
			}
		}
	}
	t.behind = t.graph.ThatReads(tables...)
	if all {
		for _, rule := range t.graph.Rules() {
			t.behind["finding."+rule.Slug] = true
		}
	}
}

// part reads a dataset of the night as it is published.
func (t *trial) part(dataset string) string { return readPart(t.published, dataset, t.Date) }

// takeLinks lays down who is who as it is published, unless the change may
// alter it: linking is most of a night, and no figure has a part in it.
func (t *trial) takeLinks(ctx context.Context) (err error) {
	if !t.behind["link.people"] {
		t.there, err = t.linksOf(ctx, t.published, t.Date)
	}
	return err
}

// joinBehind makes the tables of the rules that the change may alter.
func (t *trial) joinBehind(ctx context.Context) error {
	if err := t.decideRules(ctx); err != nil {
		return err
	}
	statuses := map[string]string{}
	_, err := duck.Collect(ctx, t.db, "select rule, status from "+t.part("rules"),
		func(rows *duck.Rows) (none struct{}, err error) {
			var rule, status string
			err = rows.Scan(&rule, &status)
			statuses[rule] = status
			return none, err
		})
	if err != nil {
		return err
	}
	targets := []string{"normal.persons"} // findings are named by it
	for i := range t.summary.Rules {
		c := &t.summary.Rules[i]
		table := "finding." + c.Rule
		if !t.behind[table] && c.Status == statuses[c.Rule] {
			continue
		}
		t.rules = append(t.rules, c.Rule)
		if c.Status == "ran" {
			targets = append(targets, table)
		}
		if c.Status != statuses[c.Rule] && c.Status == "skipped" {
			t.found.Notes = append(t.found.Notes, fmt.Sprintf("%s 将不运行：%s", c.Rule, c.Reason))
		} else if c.Status != statuses[c.Rule] {
			t.found.Notes = append(t.found.Notes, c.Rule+" 原先未运行，将运行")
		}
	}
	return t.make(ctx, t.there, []string{"normal", "link", "finding"}, targets...)
}

// judgeBehind compares what those rules found with the night before, the
// exceptions and the waivers, as a night does. Their facts are not gathered: no
// row of a trial says whether its evidence is what it was.
func (t *trial) judgeBehind(ctx context.Context) error {
	ran, err := t.enterRules(ctx)
	if err != nil {
		return err
	}
	ran = slices.DeleteFunc(ran, func(rule *model.Rule) bool { return !slices.Contains(t.rules, rule.Slug) })
	if err := t.graph.GatherFindings(ctx, t.db, ran); err != nil {
		return err
	}
	return t.make(ctx, t.there, []string{"report"}, "report.findings")
}

// compare gathers the findings that come, go or change, and counts.
func (t *trial) compare(ctx context.Context) error {
	rules := duck.List(t.rules) + "::varchar[]"
	for _, make := range []string{
		"create temp table was as select * from " + t.part("findings") + " where state <> 'gone' and list_contains(" + rules + ", rule)",
		"create temp table would as select * from report.findings where state <> 'gone' and list_contains(" + rules + ", rule)",
		`create temp table pairs as select
				case when was.finding_id is null then 'come' when would.finding_id is null then 'go'
					when was.month_fen is distinct from would.month_fen or was.total_fen is distinct from would.total_fen
						or was.suppressed_by is distinct from would.suppressed_by then 'changed' end as change,
				finding_id, coalesce(would.rule, was.rule) as rule, coalesce(would.side, was.side) as side,
				coalesce(would.certainty, was.certainty) as certainty,
				case when would.rule is null then was.area_code else would.area_code end as area_code,
				case when would.rule is null then was.town else would.town end as town,
				case when would.rule is null then was.village else would.village end as village,
				coalesce(would.subject, was.subject) as subject,
				case when would.rule is null then was.name else would.name end as name,
				case when would.rule is null then was.id_no else would.id_no end as id_no,
				case when would.rule is null then was.dibao_household else would.dibao_household end as dibao_household,
				case when would.rule is null then was.register_household else would.register_household end as register_household,
				was.suppressed_by as suppressed_before, would.suppressed_by as suppressed_after,
				was.month_fen as month_fen_before, would.month_fen as month_fen_after,
				was.total_fen as total_fen_before, would.total_fen as total_fen_after,
				coalesce(would.reason, was.reason) as reason, coalesce(would.basis, was.basis) as basis,
				was.rule is not null as is_before, would.rule is not null as is_after
			from was full join would using (finding_id)`,
	} {
		if err := t.db.Exec(ctx, make); err != nil {
			return err
		}
	}
	signed := func(money string) string {
		return fmt.Sprintf(`cast(coalesce(sum(case when suppressed_after is null then %[1]s_after end * sign), 0)
			- coalesce(sum(case when suppressed_before is null then %[1]s_before end * sign), 0) as bigint)`, money)
	}
	_, err := duck.Collect(ctx, t.db, `
		select rule, coalesce(substring(area_code, 1, 9), ''), coalesce(town, ''),
			count(*) filter (where is_before), count(*) filter (where is_after), count(*) filter (where change = 'come'),
			count(*) filter (where change = 'go'), count(*) filter (where change = 'changed'),
			count(suppressed_before), count(suppressed_after), `+signed("month_fen")+", "+signed("total_fen")+`
		from (select pairs.*, case when rules.overpaid then -1 else 1 end as sign from pairs inner join found.rules as rules using (rule))
		group by all order by all`,
		func(rows *duck.Rows) (none struct{}, err error) {
			var rule string
			var town TownDifference
			y := &town.Tally
			err = rows.Scan(&rule, &town.AreaCode, &town.Town, &y.Before, &y.After, &y.Come, &y.Go, &y.Changed,
				&y.SuppressedBefore, &y.SuppressedAfter, &y.MonthFen, &y.TotalFen)
			t.tally(rule, town)
			return none, err
		})
	return t.inOrder(err)
}

// tally adds a town to its rule.
func (t *trial) tally(rule string, town TownDifference) {
	rules := t.found.Rules
	if len(rules) == 0 || rules[len(rules)-1].Rule != rule {
		rules = append(rules, RuleDifference{Rule: rule, Title: ruleOf(t.graph.Models(), rule).Title})
	}
	last := &rules[len(rules)-1]
	last.add(town.Tally)
	if town.differs() {
		last.Towns = append(last.Towns, town)
	}
	t.found.Rules = rules
}

// inOrder leaves the rules that differ, by side and slug.
func (t *trial) inOrder(err error) error {
	order := map[string]int{}
	for i, rule := range t.graph.Rules() {
		order[rule.Slug] = i
	}
	t.found.Rules = slices.DeleteFunc(t.found.Rules, func(d RuleDifference) bool { return !d.differs() })
	slices.SortFunc(t.found.Rules, func(a, b RuleDifference) int { return order[a.Rule] - order[b.Rule] })
	t.found.Same = len(order) - len(t.found.Rules)
	return err
}

// stillPublished refuses where a night was published meanwhile: what was
// compared may be half of one and half of another.
func (t *trial) stillPublished(context.Context) error {
	dir, _, err := publish.Current(t.workspace.Publish)
	if err == nil && dir != t.published {
		err = &Refused{"计算期间又有一晚发布了，结果作废，请再试一次"}
	}
	return err
}

// outputs are the kinds of file for the rows, by the end of the name.
var outputs = map[string]string{
	".csv": "format csv, header", ".parquet": "format parquet, compression zstd",
}

// mayWrite says, before anything is computed, whether the rows can go there.
func mayWrite(output string) error {
	if output == "" {
		return nil
	}
	mistake := func(what string) error {
		return &workspace.ConfigError{File: "--output", Key: filepath.Base(output), What: what}
	}
	if outputs[filepath.Ext(output)] == "" {
		return mistake("文件名须以 " + strings.Join(slices.Sorted(maps.Keys(outputs)), " 或 ") + " 结尾")
	}
	if info, err := os.Stat(filepath.Dir(output)); err != nil || !info.IsDir() {
		return mistake("文件夹不存在，请先建好")
	}
	if info, err := os.Stat(output); err == nil && info.IsDir() {
		return mistake("这是一个文件夹，请给出文件名")
	}
	return nil
}

// writeRows writes the findings that come, go or change, whole or not at all.
func (t *trial) writeRows(ctx context.Context, output string) error {
	f, err := os.CreateTemp(filepath.Dir(output), ".doudi-*.part")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if err := f.Close(); err != nil {
		return err
	}
	err = t.db.Exec(ctx, fmt.Sprintf(`copy (
		select date %s as night, * exclude (is_before, is_after) from pairs where change is not null order by rule, finding_id
		) to %s (%s)`, duck.Text(t.Date.Format(time.DateOnly)), duck.Text(f.Name()), outputs[filepath.Ext(output)]))
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), output)
}
