package report

import (
	"context"
	"strings"

	"doudi/pipeline/duck"
)

// Clause is a clause of the county plan; all in Chinese.
type Clause struct {
	Key, Title string // 二(一)4, 信息共享
	Asks       string // what the plan asks of data
	// Unserved says why no rule serves the clause.
	Unserved string
}

// Want is a list or a parameter that a rule rests on, and who gives it.
type Want struct {
	Name   string // as the reason of a skipped rule has it: a roll's title, a parameter's name
	Office string
}

// Served is what the rules of a clause, or one of them, found. Findings that
// are gone or suppressed count in nothing but Suppressed; Households and
// Persons are each counted once; Owed and Over are fen a month.
type Served struct {
	ToCheck, Suppressed, Households, Persons, Owed, Over int64
}

// ServingRule is a rule of a clause as it stood on a night.
type ServingRule struct {
	Slug, Side, Title string
	Skipped           bool
	Reason            string // why it was skipped, or whom it could not judge
	Missing           []Want // of a skipped rule
	Served
}

// ServedClause is a clause, and what its rules found. One without a key holds
// the rules of the night that serve no clause.
type ServedClause struct {
	Clause
	Rules []ServingRule
	Ran   int
	Served
}

// Clauses reads what each clause's rules found, from the relations findings
// and rules of the schema published; the schema officers is used and dropped
// again.
func Clauses(ctx context.Context, db *duck.DB, in Input) (clauses []ServedClause, err error) {
	if err := sweep(ctx, db); err != nil {
		return nil, err
	}
	defer func() {
		if e := sweep(ctx, db); err == nil {
			err = e
		}
	}()
	if err := prepareFindings(ctx, db, in, maxRows); err != nil {
		return nil, err
	}
	return servedClauses(ctx, db, in)
}

func readClauses(ctx context.Context, db *duck.DB, in Input, _ []book, f *figures) (err error) {
	f.Clauses, err = servedClauses(ctx, db, in)
	return err
}

func servedClauses(ctx context.Context, db *duck.DB, in Input) ([]ServedClause, error) {
	type key struct{ clause, rule string } // rule "": the clause as a whole
	type line struct {
		key
		Served
	}
	// A rule of no clause counts under the clause ''.
	lines, err := duck.Collect(ctx, db, `
		select
			coalesce(served.clause, ''), coalesce(findings.rule, ''),
			count(*) filter (where not is_suppressed), count(*) filter (where is_suppressed),
			count(distinct household) filter (where not is_suppressed), count(distinct person) filter (where not is_suppressed),
			cast(coalesce(sum(owed_fen) filter (where not is_suppressed), 0) as bigint),
			cast(coalesce(sum(over_fen) filter (where not is_suppressed), 0) as bigint)
		from officers.findings as findings
		left join officers.served as served using (rule)
		where not is_gone
		group by grouping sets ((served.clause), (served.clause, findings.rule))`,
		func(r *duck.Rows) (l line, err error) {
			return l, r.Scan(&l.clause, &l.rule, &l.ToCheck, &l.Suppressed, &l.Households, &l.Persons, &l.Owed, &l.Over)
		})
	if err != nil {
		return nil, err
	}
	found := map[key]Served{}
	for _, l := range lines {
		found[l.key] = l.Served
	}
	rules, err := duck.Collect(ctx, db, `
		select rule, side, status = 'skipped', coalesce(reason, '')
		from published.rules
		left join officers.rules using (rule)
		order by pos nulls last, rule`,
		func(r *duck.Rows) (one ServingRule, err error) {
			return one, r.Scan(&one.Slug, &one.Side, &one.Skipped, &one.Reason)
		})
	if err != nil {
		return nil, err
	}
	known := map[string]Rule{}
	for _, r := range in.Rules {
		known[r.Slug] = r
	}
	serving := map[string][]ServingRule{}
	for _, one := range rules {
		r := known[one.Slug]
		one.Title = r.Title
		if one.Title == "" {
			one.Title = one.Slug
		}
		if one.Skipped {
			one.Missing = missing(r.Wants, one.Reason)
		}
		keys := r.Serves
		if len(keys) == 0 {
			keys = []string{""}
		}
		for _, k := range keys {
			one.Served = found[key{k, one.Slug}]
			serving[k] = append(serving[k], one)
		}
	}
	var clauses []ServedClause
	for _, c := range append(in.Clauses[:len(in.Clauses):len(in.Clauses)], Clause{Title: "不属于方案条款的规则"}) {
		one := ServedClause{Clause: c, Rules: serving[c.Key], Served: found[key{c.Key, ""}]}
		for _, r := range one.Rules {
			if !r.Skipped {
				one.Ran++
			}
		}
		if c.Key != "" || len(one.Rules) > 0 {
			clauses = append(clauses, one)
		}
	}
	return clauses, nil
}

// missing are those of the wants that the reason of a skipped rule names: a
// name stands after one of ：；| or at the beginning, and before one of ；（| ,
// the word 名册, or the end.
func missing(wants []Want, reason string) []Want {
	var named []Want
	for _, w := range wants {
		for from := 0; ; {
			i := strings.Index(reason[from:], w.Name)
			if i < 0 {
				break
			}
			before, after := reason[:from+i], reason[from+i+len(w.Name):]
			if ends(before, "：", "；", "|") && begins(after, "；", "（", "|", "名册") {
				named = append(named, w)
				break
			}
			from += i + len(w.Name)
		}
	}
	return named
}

func ends(s string, with ...string) bool {
	for _, w := range with {
		if strings.HasSuffix(s, w) {
			return true
		}
	}
	return s == ""
}

func begins(s string, with ...string) bool {
	for _, w := range with {
		if strings.HasPrefix(s, w) {
			return true
		}
	}
	return s == ""
}

// Why says why a rule was skipped, what is missing and who gives it; or whom
// it could not judge. Names of files are shown without long numbers.
func (r ServingRule) Why() string {
	why := masked(r.Reason)
	for i, w := range r.Missing {
		switch {
		case i == 0:
			why += "。" + w.Name
		case w.Office == r.Missing[i-1].Office:
			why += "、" + w.Name
		default:
			why += "；" + w.Name
		}
		if i+1 == len(r.Missing) || r.Missing[i+1].Office != w.Office {
			why += "由" + w.Office + "提供"
		}
	}
	return why
}

// RanText says how many of a clause's rules ran, or why there is none.
func (c ServedClause) RanText() string {
	switch {
	case len(c.Rules) > 0 && c.Ran == len(c.Rules):
		return number(int64(c.Ran)) + " 条，均已运行"
	case len(c.Rules) > 0:
		return number(int64(c.Ran)) + " / " + number(int64(len(c.Rules))) + " 条"
	case c.Unserved != "":
		return "没有规则"
	}
	return "本批次没有规则"
}

// Text is the figures in one line.
func (s Served) Text() string {
	text := "待核查 " + number(s.ToCheck)
	for _, part := range []struct {
		n           int64
		name, shown string
	}{
		{s.Suppressed, "已抑制", number(s.Suppressed)},
		{s.Households, "户", number(s.Households)},
		{s.Persons, "人", number(s.Persons)},
		{s.Owed, "应发少发", yuanText(s.Owed) + " 元/月"},
		{s.Over, "多发错发", yuanText(s.Over) + " 元/月"},
	} {
		if part.n != 0 {
			text += "  " + part.name + " " + part.shown
		}
	}
	return text
}
