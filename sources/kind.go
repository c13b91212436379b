// Package sources knows what a roll is: which lists there are, which columns
// each of them has, and how a file of one of them becomes raw Parquet.
//
// Read the kinds first, one file each (dibao_persons.go, register.go …): they
// are the description. Read (read.go) is the way of a file through the house:
// decode cuts it into records, the header tells the columns, each row is told
// apart (a person, a total, a signature, a page title), each cell is cleaned
// once, and the columns are written beside their raw twins.
//
// The package knows no database: what it hands on is Parquet and receipts.
package sources

import "slices"

// A Kind is one kind of list, as its columns describe it.
type Kind struct {
	Name  string // the `roll` of doudi.yaml
	Title string // what officers call it
	// Office is where the list comes from, by the names that offices of a county
	// have: who is asked when it is missing; Chinese.
	Office string
	Doc    string // one English sentence: what a row is

	// Persons is true where the name and ID columns speak of a person of their
	// own right: all kinds but the two below.
	Persons bool
	// Headed is true where a row is a household's, under its head's name and ID
	// (dibao_families, dibao_payments).
	Headed bool
	// Owners is true where one cell may hold several persons: one part each.
	Owners bool
	// Nameless is true where a row may stand without a person (a home without
	// residents).
	Nameless bool

	Columns []Column
}

// Kinds lists all kinds, in the order of the contract.
func Kinds() []Kind { return slices.Clone(kinds) }

// KindOf finds a kind by its name.
func KindOf(name string) (Kind, bool) {
	for _, k := range kinds {
		if k.Name == name {
			return k, true
		}
	}
	return Kind{}, false
}

var kinds = []Kind{
	dibaoPersons, dibaoFamilies, dibaoPayments, register, tekun, edge, rigidSpending,
	disability, disabilityAllowances, children, deaths, insurance, medical,
	temporaryRelief, vehicles, houses, enterprises, fiscalPayroll, socialInsurance,
	providentFund, approvals, homes,
}

// Column finds a column by its canonical name.
func (k Kind) Column(name string) (Column, bool) {
	for _, c := range k.Columns {
		if c.Name == name {
			return c, true
		}
	}
	return Column{}, false
}

// FamiliesTable is where the families' file of a persons' kind is read into,
// and the name of its rows in raw; "" where the kind has none.
func (k Kind) FamiliesTable() string {
	switch k.Name {
	case "dibao_persons":
		return "dibao_families"
	case "edge", "rigid_spending":
		return k.Name + "_families"
	}
	return ""
}

// Tables lists every raw table with the kind whose columns it has: one a kind,
// and the families' files of edge and rigid_spending, which look like
// dibao_families.
func Tables() []Table {
	tables := make([]Table, 0, len(kinds)+2)
	for _, k := range kinds {
		tables = append(tables, Table{Name: k.Name, Kind: k})
	}
	return append(tables,
		Table{Name: edge.FamiliesTable(), Kind: dibaoFamilies},
		Table{Name: rigidSpending.FamiliesTable(), Kind: dibaoFamilies})
}

// IsTable says whether a table of the schema raw is a list's.
func IsTable(name string) bool {
	return slices.ContainsFunc(Tables(), func(t Table) bool { return t.Name == name })
}

// A Table is one table of the schema raw.
type Table struct {
	Name string
	Kind Kind
}
