package model

import (
	"slices"
	"testing"
)

// TestMissing: a comma is and, a bar is or, "any" is always there.
func TestMissing(t *testing.T) {
	text := "-- A row.\n--\n-- title: 题\n-- subject: person\n-- certainty: A\n-- basis: 据\n-- reason: 因\n" +
		"-- needs: deaths, dibao_persons | tekun\n-- parameters: grace_months, dibao_standard_rural | dibao_standard_urban\n\nselect 1 as x\n"
	m, err := parse("finding/should_exit/x.sql", text)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ have, lists, parameters []string }{
		{[]string{"deaths", "tekun", "grace_months", "dibao_standard_urban"}, nil, nil},
		{[]string{"tekun", "dibao_standard_rural"}, []string{"deaths"}, []string{"grace_months"}},
		{[]string{"deaths", "grace_months"}, []string{"dibao_persons|tekun"}, []string{"dibao_standard_rural|dibao_standard_urban"}},
	} {
		has := func(name string) bool { return slices.Contains(c.have, name) }
		lists, parameters := m.Rule.Missing(has, has)
		if !slices.Equal(lists, c.lists) || !slices.Equal(parameters, c.parameters) {
			t.Errorf("with %v: misses %v and %v, want %v and %v", c.have, lists, parameters, c.lists, c.parameters)
		}
	}
}

func TestHeaderMistakes(t *testing.T) {
	for what, text := range map[string]string{
		"no header":     "select 1 as x",
		"no select":     "-- A row.\n",
		"unknown word":  "-- A row.\n-- title: 题\n\nselect 1 as x",
		"unknown money": "-- A row.\n-- money: lost\n\nselect 1 as x",
	} {
		path := "normal/x.sql"
		if what == "unknown money" {
			path = "finding/should_pay/x.sql"
		}
		if _, err := parse(path, text); err == nil {
			t.Errorf("%s: taken", what)
		}
	}
}
