package pipeline

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"doudi/pipeline/duck"
	"doudi/pipeline/workspace"
)

// CheckedArea is a place with the parameters in force there at the night: of the
// workspace's own area all, of one inside it those it has rows of its own for.
type CheckedArea struct {
	Code, Name string // Name as policy/places.csv has it; "" where it does not
	Parameters []workspace.Parameter
}

// CheckedPolicy is what `check` says of the policy tables.
type CheckedPolicy struct {
	Areas  []CheckedArea
	Ending []string // parameters in force that end within endsSoon days
	Unused []string // parameters that no rule judges by tonight, and why
	Idle   []int    // lines of waivers in force that match nobody of tonight's lists
}

// endsSoon is how many days ahead the end of a parameter is told.
const endsSoon = 60

// checkPolicy says what of the policy is in force at the night. The rules must
// be decided.
func (r *run) checkPolicy(ctx context.Context) (CheckedPolicy, error) {
	var found CheckedPolicy
	inForce := slices.DeleteFunc(slices.Clone(r.policy.Parameters), func(p workspace.Parameter) bool { return !p.InForce(r.Date) })
	found.Areas = r.checkedAreas(inForce)
	for _, p := range inForce {
		if p.To.IsZero() || p.To.After(r.Date.AddDate(0, 0, endsSoon)) || !within(p.Area, r.workspace.Area) {
			continue
		}
		next := "之后没有接续的一行"
		for _, q := range r.policy.Parameters {
			if q.Name == p.Name && q.Area == p.Area && q.InForce(p.To) {
				next = fmt.Sprintf("之后为 %s（第 %d 行）", q.Value, q.Line)
			}
		}
		found.Ending = append(found.Ending, fmt.Sprintf("%s（第 %d 行）用到 %s 为止，%s", strings.TrimSpace(p.Name+" "+p.Area), p.Line, p.To.AddDate(0, 0, -1).Format(time.DateOnly), next))
	}
	found.Unused = r.unusedParameters()
	var err error
	found.Idle, err = duck.Collect(ctx, r.db, `
		select line from policy.waivers as waivers
		where (valid_from is null or valid_from <= night()) and (valid_to is null or night() < valid_to)
		and (
			(id_no is not null and id_no not in (
				select id_no from raw.records where id_no is not null
				union select id_no from past.findings where id_no is not null))
			or (household is not null and household not in (
				select household_no from raw.records where household_no is not null
				union select head_id_no from raw.records where head_id_no is not null
				union select id_no from raw.records where id_no is not null
				union select dibao_household from past.findings where dibao_household is not null
				union select register_household from past.findings where register_household is not null)))
		order by line`, func(rows *duck.Rows) (line int, err error) { return line, rows.Scan(&line) })
	return found, err
}

// checkedAreas gives the parameters of each area, by name.
func (r *run) checkedAreas(inForce []workspace.Parameter) []CheckedArea {
	names := map[string]string{}
	for _, place := range r.policy.Places {
		if names[place.Code] == "" {
			names[place.Code] = place.Name
		}
	}
	own := CheckedArea{Code: r.workspace.Area, Name: r.workspace.Name}
	inside := map[string][]workspace.Parameter{}
	var codes []string
	for _, p := range inForce {
		switch {
		case strings.HasPrefix(r.workspace.Area, p.Area):
			// Of several the longest area counts.
			i := slices.IndexFunc(own.Parameters, func(q workspace.Parameter) bool { return q.Name == p.Name })
			if i < 0 {
				own.Parameters = append(own.Parameters, p)
			} else if len(own.Parameters[i].Area) < len(p.Area) {
				own.Parameters[i] = p
			}
		case strings.HasPrefix(p.Area, r.workspace.Area):
			if inside[p.Area] == nil {
				codes = append(codes, p.Area)
			}
			inside[p.Area] = append(inside[p.Area], p)
		}
	}
	slices.Sort(codes)
	areas := []CheckedArea{own}
	for _, code := range codes {
		areas = append(areas, CheckedArea{code, names[code], inside[code]})
	}
	for _, area := range areas {
		slices.SortFunc(area.Parameters, func(a, b workspace.Parameter) int { return strings.Compare(a.Name, b.Name) })
	}
	return areas
}

// unusedParameters are those with a value that nothing is judged by tonight:
// those of another area, and those whose rules do not run, or that have none.
func (r *run) unusedParameters() []string {
	rules, running := map[string][]string{}, map[string]bool{}
	for _, rule := range r.graph.Rules() {
		i := slices.IndexFunc(r.summary.Rules, func(c RuleCount) bool { return c.Rule == rule.Slug })
		for _, name := range r.graph.parametersOf(rule.Slug, rule) {
			rules[name] = append(rules[name], rule.Slug)
			running[name] = running[name] || r.summary.Rules[i].Status == "ran"
		}
	}
	var unused []string
	told := map[string]bool{}
	for _, p := range r.policy.Parameters {
		switch {
		case !within(p.Area, r.workspace.Area):
			unused = append(unused, fmt.Sprintf("%s（第 %d 行）：地区 %s 不在本地区之内", p.Name, p.Line, p.Area))
		case told[p.Name] || running[p.Name]:
		case len(rules[p.Name]) == 0:
			unused = append(unused, p.Name+"：没有规则使用")
		default:
			unused = append(unused, p.Name+"：使用它的规则都不运行（"+strings.Join(rules[p.Name], "、")+"）")
		}
		told[p.Name] = told[p.Name] || within(p.Area, r.workspace.Area)
	}
	return unused
}
