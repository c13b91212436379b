package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"doudi/pipeline/duck"
	"doudi/pipeline/link"
	"doudi/pipeline/model"
	"doudi/sources/clean"
)

// readGraph reads the models and orders them.
func readGraph(ctx context.Context, files fs.FS) (*graph, error) {
	db, err := duck.Open(ctx, duck.Options{Threads: 1, Names: clean.NameLevel})
	if err != nil {
		return nil, err
	}
	defer db.Close()
	var steps []model.Step
	for _, s := range link.Steps() {
		steps = append(steps, model.Step(s))
	}
	g, err := model.New(ctx, db, files, model.Given(), steps)
	if err != nil {
		return nil, err
	}
	h := sha256.New()
	for _, m := range g.Models() {
		fmt.Fprintf(h, "%s\x00%s\x00", m.Path, m.Text)
	}
	clauses, err := model.Clauses(files)
	if err != nil {
		return nil, err
	}
	return &graph{Graph: g, version: hex.EncodeToString(h.Sum(nil))[:16], clauses: clauses}, nil
}

// join makes normal.*, link.* and the tables of the rules that can run.
func (r *run) join(ctx context.Context) error {
	if err := r.decideRules(ctx); err != nil {
		return err
	}
	if err := r.takeKnown(ctx); err != nil {
		return err
	}
	targets := slices.Clone(shared)
	for _, c := range r.summary.Rules {
		if c.Status == "ran" {
			targets = append(targets, "finding."+c.Rule)
		}
	}
	for _, m := range r.graph.Models() {
		if name, ok := strings.CutPrefix(m.Name, "report."); ok && !r.knows(name) {
			targets = append(targets, m.Name)
		}
	}
	if r.known.tables == nil {
		targets = append(targets, "link.cautions")
	}
	if err := r.make(ctx, r.known.tables, []string{"normal", "link", "finding"}, targets...); err != nil {
		return err
	}
	return r.noteCautions(ctx)
}

// cautions are what linking may have to say of a night, with places for how
// many cases and records there are.
var cautions = map[string]string{
	"crowded_births":     "%d 个出生日期在同一乡镇同一名册有 20 人以上（共 %d 条），关联时不凭它找人",
	"crowded_names":      "%d 个姓名在同一乡镇同一名册有 20 人以上缺号或错号（共 %d 条），关联时不凭姓名找人",
	"crowded_households": "%d 户有 30 人以上未对上（共 %d 条），关联时只比对同名的人",
	"crowded_ids":        "%d 个身份证号被过多的人使用（共 %d 条），关联时不采信",
	"few_lessons":        "两个名册以身份证号对上的人太少，关联按出厂参数计算（%[2]d 人）",
}

// cautionStep begins the step of the ledger that a caution is noted under.
const cautionStep = "link.cautions."

// noteCautions writes into the ledger and the summary what linking left alone.
func (r *run) noteCautions(ctx context.Context) error {
	note := func(caution string, records int64, note string) {
		r.ledger = append(r.ledger, ledgerRow{Step: cautionStep + caution, Rows: records, PeakBytes: r.peak(), Note: note})
		r.summary.Notes = append(r.summary.Notes, note)
	}
	if r.known.tables != nil {
		_, err := duck.Collect(ctx, r.db, "select replace(step, "+duck.Text(cautionStep)+", ''), rows, note from "+
			readPart(r.known.snapshot, "runs", r.known.night)+" where starts_with(step, "+duck.Text(cautionStep)+") order by step_no",
			func(rows *duck.Rows) (none struct{}, err error) {
				var caution, said string
				var records int64
				if err := rows.Scan(&caution, &records, &said); err != nil {
					return none, err
				}
				note(caution, records, said)
				return none, nil
			})
		return err
	}
	_, err := duck.Collect(ctx, r.db, "select caution, cases, records from link.cautions order by caution", func(rows *duck.Rows) (none struct{}, err error) {
		var caution string
		var cases, records int64
		if err := rows.Scan(&caution, &cases, &records); err != nil {
			return none, err
		}
		note(caution, records, fmt.Sprintf(cautions[caution], cases, records))
		return none, nil
	})
	return err
}

// shared are the tables that more than the models read: what every record is
// published with.
var shared = []string{"normal.persons", "normal.payments", "normal.families", "normal.unjudged", "link.people"}

// made writes a table into the ledger.
func (r *run) made(table string, rows int64, took time.Duration) {
	r.ledger = append(r.ledger, ledgerRow{Step: table, Seconds: took.Seconds(), Rows: rows, PeakBytes: r.peak()})
	r.Log.Debug("table", "name", table, "rows", rows, "seconds", fmt.Sprintf("%.2f", took.Seconds()))
	r.progress("join", int64(len(r.ledger)), 0)
}

// decideRules says of every rule whether it runs tonight, and why not.
func (r *run) decideRules(ctx context.Context) error {
	lists := r.lists()
	unready, err := r.unready(ctx)
	if err != nil {
		return err
	}
	inForce := map[string]bool{}
	for _, p := range r.policy.Parameters {
		if p.InForce(r.Date) && within(p.Area, r.workspace.Area) {
			inForce[p.Name] = true
		}
	}
	for _, rule := range r.graph.Rules() {
		count := RuleCount{Rule: rule.Slug, Side: rule.Side, Status: "ran"}
		missing, parameters := rule.Missing(
			func(roll string) bool { return lists[roll].usable() },
			func(name string) bool { return inForce[name] })
		var why []string
		for _, anyOf := range missing {
			for _, roll := range strings.Split(anyOf, "|") {
				why = append(why, lists[roll].why(roll))
			}
		}
		for _, p := range parameters {
			why = append(why, "缺参数："+p)
		}
		if len(why) == 0 && unready[rule.Slug] {
			why = append(why, rule.Unready)
		}
		if len(why) > 0 {
			count.Status, count.Reason = "skipped", strings.Join(why, "；")
		}
		r.summary.Rules = append(r.summary.Rules, count)
	}
	return nil
}

// unready names the rules whose lists are there but do not hold what the rule
// judges by. It asks normal.unready, which reads the lists alone, before any
// model runs.
func (r *run) unready(ctx context.Context) (map[string]bool, error) {
	slugs, err := duck.Collect(ctx, r.db, r.graph.modelOf("normal.unready").Query, func(rows *duck.Rows) (slug string, err error) {
		return slug, rows.Scan(&slug)
	})
	rules := map[string]bool{}
	for _, slug := range slugs {
		rules[slug] = true
	}
	return rules, err
}

// within says whether a parameter of an area counts for some place of the
// workspace's own area: one above it, or inside it.
func within(area, own string) bool {
	return strings.HasPrefix(own, area) || strings.HasPrefix(area, own)
}

// judge brings the rules' tables together and compares them with last night.
func (r *run) judge(ctx context.Context) error {
	ran, err := r.enterRules(ctx)
	if err != nil {
		return err
	}
	began := time.Now()
	if err := r.graph.Gather(ctx, r.db, ran); err != nil {
		return err
	}
	// A subject whose own place has no row for a parameter is not judged.
	if err := r.db.Exec(ctx, `update found.rules set reason = unjudged.subjects || ' 个对象所在地没有参数，未判定'
		from normal.unjudged as unjudged where unjudged.rule = rules.rule and rules.status = 'ran'`); err != nil {
		return err
	}
	r.made("found.facts", 0, time.Since(began))
	// The bridge is gathered from the findings and needed by what counts them.
	bridged := []string{"report.causes", "report.rules"}
	before, after := map[string]bool{}, map[string]bool{}
	for _, m := range r.graph.Models() {
		before[m.Name] = slices.Contains(bridged, m.Name) || r.knows(strings.TrimPrefix(m.Name, "report."))
		after[m.Name] = !slices.Contains(bridged, m.Name)
	}
	if err := r.graph.Run(ctx, r.db, model.Options{Only: []string{"report"}, Skip: before, Done: r.made}); err != nil {
		return err
	}
	// Beside the rows published of them they would drive everything else to the disk.
	if err := r.drop(ctx, "found.facts"); err != nil {
		return err
	}
	began = time.Now()
	if err := r.bridge(ctx); err != nil {
		return err
	}
	r.made("since.records", 0, time.Since(began))
	published := func(table string) bool {
		return slices.ContainsFunc(reportDatasets, func(d reportDataset) bool { return table == "report."+d.name })
	}
	return r.graph.Run(ctx, r.db, model.Options{Only: []string{"report"}, Skip: after, Done: r.made, Keep: published})
}

// drop gives back the memory of tables that nobody reads any longer.
func (r *run) drop(ctx context.Context, tables ...string) error {
	for _, table := range tables {
		if err := r.db.Exec(ctx, "drop table if exists "+table); err != nil {
			return err
		}
	}
	return nil
}

// enterRules fills found.rules and gives the rules that run tonight.
func (r *run) enterRules(ctx context.Context) ([]*model.Rule, error) {
	var ran []*model.Rule
	for _, rule := range r.graph.Rules() {
		i := slices.IndexFunc(r.summary.Rules, func(c RuleCount) bool { return c.Rule == rule.Slug })
		c := r.summary.Rules[i]
		if c.Status == "ran" {
			ran = append(ran, rule)
		}
		err := r.db.Exec(ctx, "insert into found.rules values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			rule.Slug, rule.Side, rule.Certainty, rule.Subject, rule.Basis, rule.Overpaid, c.Status, textOrNull(c.Reason),
			r.graph.versionOf(rule.Slug), r.madeBy(), r.policyOf(rule.Slug, rule))
		if err != nil {
			return nil, err
		}
	}
	return ran, nil
}

// versionOf is a hash of a rule's text.
func (g *graph) versionOf(slug string) string {
	sum := sha256.Sum256([]byte(g.modelOf("finding." + slug).Text))
	return hex.EncodeToString(sum[:])[:12]
}
