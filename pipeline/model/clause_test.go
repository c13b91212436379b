package model

import (
	"os"
	"slices"
	"testing"
	"testing/fstest"
)

// TestEveryRuleServesAClause holds the rules against the plan: every rule
// cites a clause of the table, and a clause that no rule cites says why.
func TestEveryRuleServesAClause(t *testing.T) {
	files := os.DirFS("../../sql")
	models, err := Load(files)
	if err != nil {
		t.Fatal(err)
	}
	clauses, err := Clauses(files)
	if err != nil {
		t.Fatal(err)
	}
	served, rules := map[string]int{}, 0
	for _, c := range clauses {
		if _, twice := served[c.Key]; twice {
			t.Errorf("%s stands twice", c.Key)
		}
		served[c.Key] = 0
	}
	for _, m := range models {
		if m.Rule == nil {
			continue
		}
		rules++
		keys := m.Rule.Serves()
		if len(keys) == 0 {
			t.Errorf("%s serves no clause: its basis is %q", m.Path, m.Rule.Basis)
		}
		for _, key := range keys {
			if _, known := served[key]; !known {
				t.Errorf("%s cites %s, which %s does not have", m.Path, key, clausesFile)
			}
			served[key]++
		}
	}
	if rules != 52 {
		t.Errorf("%d rules, want 52", rules)
	}
	for _, c := range clauses {
		if (served[c.Key] == 0) != (c.Unserved != "") {
			t.Errorf("%s is served by %d rules, and says %q of why none does", c.Key, served[c.Key], c.Unserved)
		}
	}
}

func TestServes(t *testing.T) {
	for basis, want := range map[string][]string{
		"《社保兜底脱贫工程实施方案》二(一)4 信息共享":              {"二(一)4"},
		"《社保兜底脱贫工程实施方案》二(四) 临时救助、救急难":           {"二(四)"},
		"《社保兜底脱贫工程实施方案》二(一)2 动态管理；二(二)1 供养":     {"二(一)2", "二(二)1"},
		"《社会救助法》第四十八条":                          nil,
		"《社会救助法》二(一)4；《社保兜底脱贫工程实施方案》二(一)3 分类施保": {"二(一)3"},
	} {
		if got := (&Rule{Basis: basis}).Serves(); !slices.Equal(got, want) {
			t.Errorf("%s serves %q, want %q", basis, got, want)
		}
	}
}

func TestClauseMistakes(t *testing.T) {
	for what, text := range map[string]string{
		"no header":    "二(一)1,题,要求,\n",
		"no title":     "clause,title,asks,unserved\n二(一)1,,要求,\n",
		"too few":      "clause,title,asks,unserved\n二(一)1,题\n",
		"nothing":      "",
		"open quote":   "clause,title,asks,unserved\n\"二(一)1,题,要求,\n",
		"other header": "clause,title,asks\n二(一)1,题,要求\n",
	} {
		if _, err := Clauses(fstest.MapFS{clausesFile: {Data: []byte(text)}}); err == nil {
			t.Errorf("%s: taken", what)
		}
	}
	if none, err := Clauses(fstest.MapFS{}); err != nil || none != nil {
		t.Errorf("without a table: %v, %v", none, err)
	}
}
