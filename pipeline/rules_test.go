package pipeline

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"doudi/fixtures"
	"doudi/pipeline/model"
	"doudi/pipeline/workspace"
	"doudi/sources"
)

// needed are the lists that the policy has for every rule, of those with a bar
// between them one; the headers of sql/finding must say the same.
const needed = `
dibao_persons register: unprotected_no_labour unprotected_low_income dibao_not_registered left_then_poor flag_dibao_not_on_roll
	flag_missing_in_register flag_register_wrong household_shape person_fact_differs
register: unmonitored_below_line cleared_without_labour
disability register dibao_persons: unprotected_severe_disability
medical dibao_persons: unprotected_medical_burden
dibao_persons: should_be_tekun double_area graduate_still_dependent supplement_wrong relative_undeclared budget_short
children dibao_persons|register: unprotected_child
temporary_relief dibao_persons medical|deaths: relief_gap_after_shock
deaths dibao_persons|tekun: paid_after_death
dibao_persons register|dibao_families: income_above_standard
dibao_families: grace_period_over recheck_overdue
vehicles dibao_persons: vehicle
houses dibao_persons: second_home
enterprises dibao_persons: business_owner
fiscal_payroll dibao_persons: public_pay
dibao_persons social_insurance|provident_fund: formal_income
dibao_persons tekun: double_dibao_tekun
children dibao_persons|tekun: double_child
disability disability_allowances dibao_persons: allowance_unpaid_living allowance_not_due
disability disability_allowances: allowance_unpaid_care
dibao_families dibao_payments: amount_wrong
dibao_payments dibao_persons: payment_off_roll payee_outside_household
insurance dibao_persons|tekun|register: premium_unsubsidised
medical tekun|dibao_persons: medical_ratio_low
dibao_persons dibao_families|register: part_household_covered
approvals: approval_step_missing
homes tekun: home_over_capacity
dibao_persons|tekun|register: id_invalid id_repairable id_duplicate
dibao_persons|register: household_no_head
any: identity_clash code_unknown control_total_differs standard_below_floor tekun_standard_below_floor`

// needsOf reads the table above.
func needsOf() map[string][][]string {
	rules := map[string][][]string{}
	for _, row := range strings.Split(strings.ReplaceAll(strings.TrimSpace(needed), "\n\t", " "), "\n") {
		lists, slugs, _ := strings.Cut(row, ":")
		var all [][]string
		for _, anyOf := range strings.Fields(lists) {
			all = append(all, strings.Split(anyOf, "|"))
		}
		for _, slug := range strings.Fields(slugs) {
			rules[slug] = all
		}
	}
	return rules
}

// nameless are the rules whose findings have neither an ID nor a household, so
// that no waiver can name one.
var nameless = []string{"budget_short", "control_total_differs", "home_over_capacity", "standard_below_floor", "tekun_standard_below_floor"}

// TestEveryRule takes all rules through what is the same for each: it fires in
// the made-up county; a waiver suppresses a finding of it; without a list that
// it needs, or with one that is too old or cannot be read, it is skipped and says
// which, its findings staying open; a list that is there and empty is judged.
func TestEveryRule(t *testing.T) {
	demo := filepath.Join(t.TempDir(), "demo")
	if err := fixtures.Demo(t.Context(), demo); err != nil {
		t.Fatal(err)
	}
	base := takeCounty(t, demo)
	for i := range base.sheets { // of the two lists that lie in one folder each has its own
		if s := &base.sheets[i]; s.roll == "dibao_persons" && strings.Contains(s.name, "家庭") {
			s.roll = "dibao_families"
		}
	}
	dir := base.lay(t)
	var rules []*model.Rule
	var was verdict
	during(t, Night{Dir: dir, Date: base.night}, toJudge, func(r *run) {
		rules, was = r.graph.Rules(), verdictOf(t, r)
		also(t, r, toPublish)
	})
	if len(rules) != 52 {
		t.Errorf("%d rules", len(rules))
	}
	byRule := map[string][]judged{}
	for _, f := range was.findings {
		byRule[f.Rule] = append(byRule[f.Rule], f)
	}
	t.Run("needs", func(t *testing.T) {
		want := needsOf()
		for _, rule := range rules {
			if got := rule.Needs; fmt.Sprint(got) != fmt.Sprint(want[rule.Slug]) {
				t.Errorf("%s needs %v, the policy says %v", rule.Slug, got, want[rule.Slug])
			}
		}
	})
	t.Run("waived", func(t *testing.T) { everyRuleWaived(t, base, rules, byRule) })
	t.Run("one list missing, old or broken", func(t *testing.T) { everyListMissing(t, dir, base.night, rules) })
	t.Run("one parameter missing", func(t *testing.T) { everyParameterMissing(t, dir, base.night, rules) })

	// The night after, with the lists not there, too old, and empty.
	tonight := base.night.AddDate(0, 0, 1)
	t.Run("absent", func(t *testing.T) {
		without := base.clone()
		without.yaml, without.sheets = optional(base.yaml, ""), nil
		everyRuleSkipped(t, judge(t, without.over(t, dir), tonight), rules, byRule, "缺名册：%s")
	})
	t.Run("stale", func(t *testing.T) {
		stale := base.clone()
		stale.yaml = optional(base.yaml, "    fresh_days: 1\n")
		everyRuleSkipped(t, judge(t, stale.over(t, dir), tonight), rules, byRule, "名册过期：%s（数据日期 ")
	})
	t.Run("empty", func(t *testing.T) {
		empty := base.clone()
		for i := range empty.sheets {
			empty.sheets[i].lines = nil
		}
		everyRuleRuns(t, judge(t, empty.over(t, dir), tonight), rules, byRule)
	})
}

// optional is doudi.yaml with no list required and more said of each.
func optional(yaml, more string) string {
	return strings.ReplaceAll(yaml, "    as_of: filename\n", "    as_of: filename\n    required: false\n"+more)
}

// over lays the county down in the place of another, under what that has
// published.
func (c county) over(t *testing.T, dir string) string {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(dir, "inbox")); err != nil {
		t.Fatal(err)
	}
	c.layIn(t, dir)
	return dir
}

// everyRuleWaived waives one finding of each rule.
func everyRuleWaived(t *testing.T, base county, rules []*model.Rule, byRule map[string][]judged) {
	waived := base.clone()
	waived.policy["waivers"] = waived.policy["waivers"][:1]
	want := map[string]string{} // finding → suppressed_by
	for _, rule := range rules {
		named := func(f judged) bool {
			_, sound := soundID(f.IDNo)
			return f.Suppressed == "" && (sound || f.Dibao != "" || f.Register != "")
		}
		i := slices.IndexFunc(byRule[rule.Slug], named)
		if i < 0 {
			if !slices.Contains(nameless, rule.Slug) {
				t.Errorf("%s has no finding that a waiver can name", rule.Slug)
			}
			continue
		}
		f := byRule[rule.Slug][i]
		id, household := f.IDNo, max(f.Dibao, f.Register)
		if _, sound := soundID(id); !sound {
			id = ""
		}
		waived.policy["waivers"] = append(waived.policy["waivers"], []string{rule.Slug, id, household, "测试", "测试", base.night.Format(time.DateOnly), base.night.AddDate(0, 0, 1).Format(time.DateOnly)})
		want[f.ID] = fmt.Sprintf("waiver:%d", len(waived.policy["waivers"]))
	}
	for _, f := range judge(t, waived.lay(t), base.night).findings {
		if by, ok := want[f.ID]; ok {
			if f.Suppressed != by {
				t.Errorf("%s: suppressed by %q, want %q", f.Rule, f.Suppressed, by)
			}
			delete(want, f.ID)
		}
	}
	if len(want) > 0 {
		t.Errorf("waived findings are gone: %v", want)
	}
}

// everyListMissing takes each list away from a night that has them all, in each
// of three ways, and looks which rules would run.
func everyListMissing(t *testing.T, dir string, night time.Time, rules []*model.Rule) {
	during(t, Night{Dir: dir, Date: night}, []string{"read", "hold", "load"}, func(r *run) {
		all := slices.Clone(r.inputs)
		for i := range r.workspace.Sources {
			no := false
			r.workspace.Sources[i].Required = &no
		}
		for _, kind := range sources.Kinds() {
			for _, c := range []struct{ how, why string }{
				{"absent", "缺名册：" + kind.Title}, {"refused", "名册读不了：" + kind.Title}, {"stale", "名册过期：" + kind.Title},
			} {
				r.inputs, r.summary.Rules = nil, nil
				for _, in := range all {
					receipts := slices.Clone(in.Receipts)
					in.Receipts = nil
					for _, f := range receipts {
						if f.Roll = rollOf(f.Table); f.Roll == kind.Name {
							switch c.how {
							case "absent":
								continue
							case "refused":
								f.Status, f.Note = sources.StatusRefused, "坏了"
							}
						}
						in.Receipts = append(in.Receipts, f)
					}
					r.inputs = append(r.inputs, in)
				}
				for i := range r.workspace.Sources {
					r.workspace.Sources[i].FreshDays = nil
					if days := 1; c.how == "stale" && r.workspace.Sources[i].Roll == kind.Name {
						r.workspace.Sources[i].FreshDays = &days
					}
				}
				if err := r.decideRules(t.Context()); err != nil {
					t.Fatal(err)
				}
				for i, rule := range rules {
					got := r.summary.Rules[i]
					needs := slices.ContainsFunc(rule.Needs, func(anyOf []string) bool { return len(anyOf) == 1 && anyOf[0] == kind.Name })
					if skipped := got.Status == "skipped"; skipped != needs || needs && !strings.HasPrefix(got.Reason, c.why) {
						t.Errorf("%s %s: %s is %s (%s)", kind.Name, c.how, rule.Slug, got.Status, got.Reason)
					}
				}
			}
		}
	})
}

// everyParameterMissing takes the rows of each parameter away: the rules that
// cannot do without are skipped and name it.
func everyParameterMissing(t *testing.T, dir string, night time.Time, rules []*model.Rule) {
	during(t, Night{Dir: dir, Date: night}, []string{"read", "hold", "load"}, func(r *run) {
		all := slices.Clone(r.policy.Parameters)
		for _, name := range workspace.ParameterNames() {
			r.summary.Rules = nil
			r.policy.Parameters = slices.DeleteFunc(slices.Clone(all), func(p workspace.Parameter) bool { return p.Name == name })
			if err := r.decideRules(t.Context()); err != nil {
				t.Fatal(err)
			}
			for i, rule := range rules {
				got := r.summary.Rules[i]
				wants := slices.ContainsFunc(rule.Parameters, func(anyOf []string) bool { return len(anyOf) == 1 && anyOf[0] == name })
				if skipped := got.Status == "skipped"; skipped != wants || wants && got.Reason != "缺参数："+name {
					t.Errorf("without %s: %s is %s (%s)", name, rule.Slug, got.Status, got.Reason)
				}
			}
		}
	})
}

// everyRuleSkipped wants every rule that needs a list skipped, for a reason
// that names all it needs, and its findings carried.
func everyRuleSkipped(t *testing.T, got verdict, rules []*model.Rule, byRule map[string][]judged, why string) {
	for i, rule := range rules {
		is := got.rules[i]
		if rule.Needs[0][0] == "any" {
			if is.Status != "ran" {
				t.Errorf("%s: %s (%s)", rule.Slug, is.Status, is.Reason)
			}
			continue
		}
		if is.Status != "skipped" {
			t.Errorf("%s: %s", rule.Slug, is.Status)
		}
		for _, anyOf := range rule.Needs {
			for _, roll := range anyOf {
				if said := fmt.Sprintf(why, rollTitle(roll)); !strings.Contains(is.Reason, said) {
					t.Errorf("%s: %q does not say %q", rule.Slug, is.Reason, said)
				}
			}
		}
		open := map[string]string{}
		for _, f := range got.findings {
			if f.Rule == rule.Slug && f.State == "open" {
				open[f.ID] = f.Evidence
			}
		}
		for _, f := range byRule[rule.Slug] {
			if open[f.ID] != f.Evidence {
				t.Errorf("%s: a finding is not carried as it was", rule.Slug)
			}
		}
		if len(open) != len(byRule[rule.Slug]) {
			t.Errorf("%s: %d findings carried of %d", rule.Slug, len(open), len(byRule[rule.Slug]))
		}
	}
}

// everyRuleRuns wants every rule judged over lists without a record: what it
// found before is gone. The insurance list has no row of the year then, without
// which its rule cannot be judged.
func everyRuleRuns(t *testing.T, got verdict, rules []*model.Rule, byRule map[string][]judged) {
	states := map[string]map[string]int{}
	for _, f := range got.findings {
		if states[f.Rule] == nil {
			states[f.Rule] = map[string]int{}
		}
		states[f.Rule][f.State]++
	}
	for i, rule := range rules {
		is, state := got.rules[i], states[rule.Slug]
		switch rule.Slug {
		case "premium_unsubsidised":
			if is.Status != "skipped" || is.Reason != rule.Unready || state["open"] != len(byRule[rule.Slug]) {
				t.Errorf("%s: %s (%s), %v", rule.Slug, is.Status, is.Reason, state)
			}
		case "standard_below_floor", "tekun_standard_below_floor": // of the policy alone
			if is.Status != "ran" || state["open"] != len(byRule[rule.Slug]) {
				t.Errorf("%s: %s (%s), %v", rule.Slug, is.Status, is.Reason, state)
			}
		default:
			if is.Status != "ran" || state["gone"] != len(byRule[rule.Slug]) || len(state) > 1 {
				t.Errorf("%s: %s (%s), %v, found before: %d", rule.Slug, is.Status, is.Reason, state, len(byRule[rule.Slug]))
			}
		}
	}
}
