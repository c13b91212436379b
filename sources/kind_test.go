package sources

import (
	"strings"
	"testing"
)

func TestKindsAreThoseOfTheContract(t *testing.T) {
	want := "dibao_persons dibao_families dibao_payments register tekun edge rigid_spending disability " +
		"disability_allowances children deaths insurance medical temporary_relief vehicles houses enterprises " +
		"fiscal_payroll social_insurance provident_fund approvals homes"
	var got []string
	for _, k := range Kinds() {
		got = append(got, k.Name)
		if k.Title == "" || k.Doc == "" || k.Office == "" {
			t.Errorf("%s has no title, no sentence or no office", k.Name)
		}
		if k.Persons == k.Headed {
			t.Errorf("%s: a row is a person's or a head's", k.Name)
		}
	}
	if strings.Join(got, " ") != want {
		t.Errorf("kinds are %s", got)
	}
}

func TestOneNameHasOneTypeInAllTables(t *testing.T) {
	types := map[string]string{}
	for _, table := range Tables() {
		inTable := map[string]bool{}
		for _, f := range table.Kind.RawColumns() {
			if inTable[f.Name] {
				t.Errorf("%s has %s twice", table.Name, f.Name)
			}
			inTable[f.Name] = true
			if was, ok := types[f.Name]; ok && was != f.SQL {
				t.Errorf("%s.%s is %s, elsewhere %s", table.Name, f.Name, f.SQL, was)
			}
			types[f.Name] = f.SQL
		}
	}
}

func TestPublishedNamesHaveOneTypeToo(t *testing.T) {
	types := map[string]string{}
	for _, k := range Kinds() {
		inKind := map[string]bool{}
		for _, c := range k.Columns {
			if inKind[c.SQLName()] {
				t.Errorf("%s has %s twice", k.Name, c.SQLName())
			}
			inKind[c.SQLName()] = true
			if was, ok := types[c.SQLName()]; ok && was != c.Type.SQL() {
				t.Errorf("%s.%s is %s, elsewhere %s", k.Name, c.SQLName(), c.Type.SQL(), was)
			}
			types[c.SQLName()] = c.Type.SQL()
			if c.Doc == "" || !strings.HasSuffix(c.Doc, ".") {
				t.Errorf("%s.%s has no sentence: %q", k.Name, c.Name, c.Doc)
			}
			if len(c.Headers) == 0 {
				t.Errorf("%s.%s has no header word", k.Name, c.Name)
			}
		}
	}
}
