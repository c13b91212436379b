package report

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestMissing: what a reason names, and from whom it comes; not what it only
// resembles.
func TestMissing(t *testing.T) {
	wants := []Want{
		{"死亡人员", "殡葬"}, {"低保人员", "民政"}, {"低保", "无"}, {"参保与资助", "医保"},
		{"recheck_months_a", "甲"}, {"recheck_months_b", "乙"}, {"months", "无"},
	}
	for reason, want := range map[string]string{
		"":         "",
		"缺名册：死亡人员": "殡葬",
		"名册读不了：死亡人员（inbox/deaths/低保人员.csv：没有表头）；缺参数：recheck_months_a": "殡葬甲",
		"名册过期：低保人员（数据日期 2026-01-01，已 300 天，超过 35 天）":                  "民政",
		"缺参数：recheck_months_a|recheck_months_b":                       "甲乙",
		"低保人员名册没有分类施保金额一列":                                            "民政",
		"参保与资助名册没有本年度的记录":                                             "医保",
		"缺名册：非低保人员名单":                                                 "",
	} {
		got := ""
		for _, w := range missing(wants, reason) {
			got += w.Office
		}
		if got != want {
			t.Errorf("%s: from %q, want %q", reason, got, want)
		}
	}
}

// TestClauses holds the clauses of the made-up county against what it is made
// of.
func TestClauses(t *testing.T) {
	db := openCounty(t)
	madeUpCounty(t, db)
	in := madeUpInput(t)
	clauses, err := Clauses(t.Context(), db, in)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	of := map[string]ServedClause{}
	for _, c := range clauses {
		keys, of[c.Key] = append(keys, c.Key), c
	}
	if want := []string{"二(一)2", "二(二)4", "文末", ""}; !slices.Equal(keys, want) {
		t.Fatalf("clauses %q, want %q", keys, want)
	}
	in2 := of["二(一)2"]
	if len(in2.Rules) != 3 || in2.Ran != 2 || in2.RanText() != "2 / 3 条" {
		t.Errorf("二(一)2: %d rules, %d ran: %s", len(in2.Rules), in2.Ran, in2.RanText())
	}
	var parts Served
	for _, r := range in2.Rules {
		parts.ToCheck, parts.Suppressed = parts.ToCheck+r.ToCheck, parts.Suppressed+r.Suppressed
		parts.Owed, parts.Over = parts.Owed+r.Owed, parts.Over+r.Over
		if r.Households > in2.Households {
			t.Errorf("%s has %d households of %d", r.Slug, r.Households, in2.Households)
		}
		if r.Slug == "grace_period_over" && r.Why() != "缺少名册 dibao_families" {
			t.Errorf("grace_period_over was skipped: %s", r.Why())
		}
	}
	parts.Households, parts.Persons = in2.Households, in2.Persons
	if parts != in2.Served || in2.ToCheck == 0 || in2.Over == 0 {
		t.Errorf("the rules of 二(一)2 add up to %+v, the clause is %+v", parts, in2.Served)
	}
	if last := of["文末"]; last.RanText() != "没有规则" || last.Served != (Served{}) {
		t.Errorf("文末: %s, %+v", last.RanText(), last.Served)
	}
	if rest := of[""]; len(rest.Rules) == 0 || rest.ToCheck == 0 {
		t.Errorf("no rule beside the plan's clauses: %+v", rest)
	}
}

// clausesInSummary: the sheet has a line a clause and a rule, and its figures.
func clausesInSummary(t *testing.T, dir string) {
	f := openBook(t, filepath.Join(dir, "汇总.xlsx"))
	rows, err := f.GetRows("按条款")
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, row := range rows {
		text += strings.Join(row, "|") + "\n"
	}
	for _, want := range []string{
		"二(一)2|动态管理|应退尽退|2 / 3 条|", "二(一)2|动态管理|死亡后仍领取（应退未退）|运行|", "渐退期满仍在保（应退未退）|未运行|",
		"缺少名册 dibao_families", "文末|月度工作总结|每月总结|没有规则|", "由单位撰写",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("按条款 lacks %q:\n%s", want, text)
		}
	}
}
