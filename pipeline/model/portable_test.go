package model_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"doudi/pipeline/duck"
	"doudi/pipeline/model"
)

// The models of these folders mean the same on DuckDB and on Spark. Three
// proofs: the parse tree of each keeps to the core both read (proveTree), its
// plan hides no cast that differs (provePlan), and its cases come out alike
// under Spark's settings (runCases).
var portableFolders = []string{"normal.", "link.", "finding."}

func TestPortable(t *testing.T) {
	db, graph := schemaOf(t, os.DirFS(sqlDir))
	ctx := context.Background()
	if err := graph.Run(ctx, db, model.Options{}); err != nil {
		t.Fatal(err)
	}
	for _, m := range graph.Models() {
		if !slices.ContainsFunc(portableFolders, func(f string) bool { return strings.HasPrefix(m.Name, f) }) {
			continue
		}
		for _, fault := range append(proveText(m.Query), append(proveTree(t, db, m.Query), provePlan(t, db, m.Query)...)...) {
			if fault == joinsPairByPair && slices.Contains(pairByPair, m.Name) {
				continue
			}
			t.Errorf("sql/%s: %s", m.Path, fault)
		}
	}
}

// pairByPair are the models that may join without an equality: by the beginning
// of a code, of a few places only.
var pairByPair = []string{"normal.insured", "finding.budget_short"}

// TestNotPortable shows that the proofs can fail.
func TestNotPortable(t *testing.T) {
	db, _ := schemaOf(t, os.DirFS(sqlDir))
	for _, query := range []string{
		"select cast(2.5 as int) as x",
		"select a.row / 2 as x from raw.deaths as a",
		"select a.row from raw.deaths as a order by a.row",
		"select row_number() over (order by a.row) as n from raw.deaths as a",
		"select cast(a.name as int) as x from raw.deaths as a",
		"select cast(a.row as varchar) as x from raw.deaths as a",
		"select a.row = a.name as x from raw.deaths as a",
		"select levenshtein(a.name, a.town) as x from raw.deaths as a",
		"select * from raw.deaths as a",
		"select a.row from raw.deaths as a qualify row_number() over (partition by a.name order by a.row nulls last) = 1",
		"select avg(a.row) as x from raw.deaths as a",
		"select a.name || '张' as x from raw.deaths as a",
		"select a.name::int as x from raw.deaths as a",
		"select a.row from raw.deaths as a right join raw.files as f on f.file = a.file",
		"select a.died + interval 1 month as x from raw.deaths as a",
		"select sum(a.row) as x from raw.deaths as a",
		"select now() as x",
		"select a.row from raw.deaths as a anti join raw.register as r on r.name = a.name and r.birth < a.died",
		"select a.row from raw.deaths as a limit 1",
		"select a.row from raw.deaths as a left join raw.register as r on r.name = a.name and a.town is null",
	} {
		if faults := append(proveText(query), append(proveTree(t, db, query), provePlan(t, db, query)...)...); len(faults) == 0 {
			t.Errorf("passed: %s", query)
		}
	}
}

var bannedText = regexp.MustCompile(`(?i)::|"|\\|\$|[^\x00-\x7f]|select\s+\*|\.\*|\b(varchar|text|bool|qualify|exclude|by name|distinct on|materialized|try_cast|recursive|limit|ilike|using sample|interval|similar)\b`)

// proveText scans what a parse tree does not show.
func proveText(query string) []string {
	var faults []string
	for _, word := range bannedText.FindAllString(query, -1) {
		faults = append(faults, fmt.Sprintf("writes %q", word))
	}
	return faults
}

var (
	coreNodes = map[string]bool{
		"SELECT_NODE": true, "SET_OPERATION_NODE": true, "CTE_NODE": true,
		"BASE_TABLE": true, "JOIN": true, "SUBQUERY": true, "EXPRESSION_LIST": true, "EMPTY": true,
		"ORDER_MODIFIER": true, "DISTINCT_MODIFIER": true, "DESCENDING": true, "ORDER_DEFAULT": true, "ASCENDING": true,
		"COMPARE_BETWEEN": true, "CASE_EXPR": true, "OPERATOR_CAST": true, "COLUMN_REF": true,
		"COMPARE_DISTINCT_FROM": true, "COMPARE_NOT_DISTINCT_FROM": true, "COMPARE_EQUAL": true, "COMPARE_NOTEQUAL": true,
		"COMPARE_GREATERTHAN": true, "COMPARE_GREATERTHANOREQUALTO": true, "COMPARE_LESSTHAN": true, "COMPARE_LESSTHANOREQUALTO": true,
		"CONJUNCTION_AND": true, "CONJUNCTION_OR": true, "VALUE_CONSTANT": true, "FUNCTION": true,
		"COMPARE_IN": true, "COMPARE_NOT_IN": true, "OPERATOR_COALESCE": true, "OPERATOR_IS_NOT_NULL": true,
		"OPERATOR_IS_NULL": true, "OPERATOR_NOT": true, "SUBQUERY_EXPR": true,
		"WINDOW_AGGREGATE": true, "WINDOW_ROW_NUMBER": true, "WINDOW_RANK": true, "WINDOW_RANK_DENSE": true,
		"WINDOW_LAG": true, "WINDOW_LEAD": true, "WINDOW_FIRST_VALUE": true, "WINDOW_LAST_VALUE": true,
		"STAR":   true, // of values (…); the text scan finds the others
		"EXISTS": true, "NOT_EXISTS": true, "ANY": true, "SCALAR": true,
	}
	coreJoins     = map[string]bool{"INNER": true, "LEFT": true, "FULL": true, "ANTI": true, "SEMI": true}
	coreFunctions = map[string]bool{
		"+": true, "-": true, "*": true, "abs": true, "round": true, "||": true, "~~": true, "like_escape": true, "not_like_escape": true, "!~~": true,
		"coalesce": true, "nullif": true, "ifnull": true, "greatest": true, "least": true,
		"year": true, "month": true, "day": true, "quarter": true, "make_date": true, "last_day": true,
		"length": true, "substring": true, "replace": true, "concat_ws": true, "md5": true,
		"count": true, "count_star": true, "sum": true, "min": true, "max": true, "bool_or": true, "bool_and": true, "array_agg": true,
		"row_number": true, "rank": true, "dense_rank": true, "lag": true, "lead": true, "first_value": true, "last_value": true,
		"night": true, "floor_div": true, "ceil_div": true, "in_fen": true, "whole_years": true, "whole_months": true,
		"days_between": true, "months_after": true, "month_start": true, "list_text": true, "text_hash": true, "percent_text": true, "person_key": true, "name_level": true,
		"agreement": true, "name_agreement": true, "place_agreement": true, "relation_agreement": true, "birth_agreement": true,
	}
	castTargets = map[string]bool{"VARCHAR": true, "BIGINT": true, "INTEGER": true, "DATE": true, "BOOLEAN": true, "DECIMAL": true}
)

// proveTree checks every node, join, function, cast and sort key of a parse
// tree against the core.
func proveTree(t *testing.T, db *duck.DB, query string) []string {
	t.Helper()
	tree, err := model.Tree(context.Background(), db, query)
	if err != nil {
		return []string{err.Error()}
	}
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	model.Walk(tree, func(n map[string]any) {
		kind, _ := n["type"].(string)
		if kind == "" || n["type_info"] != nil {
			return
		}
		if !coreNodes[kind] {
			fault("uses %s", kind)
		}
		if join, ok := n["join_type"].(string); ok && kind == "JOIN" && !coreJoins[join] {
			fault("joins %s", join)
		}
		if join := n["join_type"]; kind == "JOIN" && (join == "ANTI" || join == "SEMI") {
			model.Walk(n["condition"], func(c map[string]any) {
				if what, _ := c["type"].(string); strings.HasPrefix(what, "COMPARE_") && what != "COMPARE_EQUAL" && what != "COMPARE_NOT_DISTINCT_FROM" {
					// DuckDB 1.4.3 gives wrong rows when it swaps the sides of such a join.
					fault("%v join on %s: join inner first", join, what)
				}
			})
		}
		if name, ok := n["function_name"].(string); ok && !coreFunctions[name] {
			fault("calls %s", name)
		}
		if target, ok := n["cast_type"].(map[string]any); ok && !castTargets[fmt.Sprint(target["id"])] {
			fault("casts to %v", target["id"])
		}
		if kind == "OPERATOR_CAST" && castsText(n) {
			fault("reads a text as %v", n["cast_type"].(map[string]any)["id"])
		}
		if nulls, ok := n["null_order"].(string); ok && kind != "DESCENDING" && nulls != "NULLS LAST" {
			fault("sorts upwards without nulls last: %s %s", kind, nulls)
		}
	})
	return faults
}

// castsText tells a cast of a literal text to something that is no text, but
// for true, false and dates, which the parser writes so.
func castsText(n map[string]any) bool {
	target := fmt.Sprint(n["cast_type"].(map[string]any)["id"])
	child, _ := n["child"].(map[string]any)
	value, _ := child["value"].(map[string]any)
	kind, _ := value["type"].(map[string]any)
	return kind["id"] == "VARCHAR" && target != "VARCHAR" && target != "BOOLEAN" && target != "DATE"
}

// joinsPairByPair is what DuckDB does to a join without an equality, and to a
// left join with a condition on its left side alone, which belongs into a key
// (case … end): minutes for a county.
const joinsPairByPair = "joins pair by pair: no equality, or a left join with a condition on its left side alone"

var integers = []string{"TINYINT", "SMALLINT", "INTEGER", "INTEGER_LITERAL", "BIGINT", "HUGEINT"}

// provePlan checks every cast of the bound plan, implied ones too, and the
// types that come out.
func provePlan(t *testing.T, db *duck.DB, query string) []string {
	t.Helper()
	ctx := context.Background()
	text, err := duck.Value[string](ctx, db, "select cast(json_serialize_plan(cast(? as varchar)) as varchar)", query)
	if err != nil {
		return []string{err.Error()}
	}
	var plan struct {
		Error   bool   `json:"error"`
		Message string `json:"error_message"`
		Plans   []any  `json:"plans"`
	}
	if err := json.Unmarshal([]byte(text), &plan); err != nil {
		t.Fatal(err)
	}
	if plan.Error {
		return []string{plan.Message}
	}
	var faults []string
	model.Walk(plan.Plans, func(n map[string]any) {
		if n["type"] == "LOGICAL_ANY_JOIN" {
			faults = append(faults, joinsPairByPair)
		}
		if n["expression_class"] != "BOUND_CAST" {
			return
		}
		child, _ := n["child"].(map[string]any)
		from, to := typeOf(child), typeOf(n)
		constant := child["expression_class"] == "BOUND_CONSTANT"
		rounded := child["name"] == "round"
		isInteger := func(kind string) bool { return slices.Contains(integers, kind) }
		switch {
		case from == to, to == "VARCHAR", from == "NULL",
			isInteger(from) && (isInteger(to) || to == "DECIMAL"),
			from == "DECIMAL" && (to == "DECIMAL" || to == "BIGINT" && rounded),
			from == "TIMESTAMP" && to == "DATE", // inside months_after; the text scan bans interval elsewhere
			constant && from == "VARCHAR" && (to == "BOOLEAN" || to == "DATE"):
		default:
			faults = append(faults, fmt.Sprintf("casts %s to %s", from, to))
		}
	})
	columns, err := db.Describe(ctx, query)
	if err != nil {
		return append(faults, err.Error())
	}
	for _, c := range columns {
		if kind, _, _ := strings.Cut(c.Type, "("); !castTargets[kind] {
			faults = append(faults, fmt.Sprintf("column %s is %s", c.Name, c.Type))
		}
	}
	return faults
}

// typeOf is the type of a bound expression: of a constant its value's.
func typeOf(n map[string]any) string {
	if kind, ok := n["return_type"].(map[string]any); ok {
		return fmt.Sprint(kind["id"])
	}
	if value, ok := n["value"].(map[string]any); ok {
		if kind, ok := value["type"].(map[string]any); ok {
			return fmt.Sprint(kind["id"])
		}
	}
	return fmt.Sprint(n["expression_class"])
}
