// Package link is the part of record linkage that SQL does not do well:
// numbers and edges in, numbers and labels out. It repairs identity numbers by
// their check character, learns what agreement is worth from the county itself,
// chooses among rivals, and follows chains of records held to be one person.
// Which records meet, and what is made of them, is said in sql/link, top to
// bottom.
package link

import (
	"context"

	"doudi/pipeline/duck"
)

// Step makes one table between the models of sql/link.
type Step struct {
	Table   string   // the table it makes
	Reads   []string // tables that must be there before
	Columns string   // the table's columns, as in create table
	Run     func(ctx context.Context, db *duck.DB) error
}

// Steps are the tables that this package makes.
func Steps() []Step {
	return []Step{
		{
			Table:   "link.repairs",
			Reads:   []string{"normal.persons"},
			Columns: "record bigint, candidate_key bigint, kind varchar",
			Run:     repairAll,
		},
		{
			Table:   "link.name_groups",
			Reads:   []string{"link.alike_names"},
			Columns: "record bigint, name_group bigint",
			Run:     group("link.alike_names", "name_groups"),
		},
		{
			Table:   "link.bits",
			Reads:   []string{"link.lessons", "link.candidates", "link.leftovers", "link.troubled"},
			Columns: "ground integer, comparison varchar, level integer, bits decimal(9,4)",
			Run:     learn,
		},
		{
			Table:   "link.weights",
			Reads:   []string{"link.bits"},
			Columns: "ground integer, pattern integer, weight decimal(9,4), probability decimal(9,8)",
			Run:     weighAll,
		},
		{
			Table:   "link.decided",
			Reads:   []string{"link.bits", "link.weights", "link.candidates", "link.surnames"},
			Columns: "a_node bigint, b_node bigint, a_record bigint, b_record bigint, ground integer, pattern integer, method varchar, decision varchar, weight decimal(9,4), probability decimal(9,8)",
			Run:     decideAll,
		},
		{
			Table:   "link.components",
			Reads:   []string{"link.edges"},
			Columns: "identity bigint, component bigint",
			Run:     group("link.edges", "components"),
		},
		{
			Table:   "link.repair_texts",
			Reads:   []string{"link.edges", "normal.persons"},
			Columns: "record bigint, repair varchar",
			Run:     repairTexts,
		},
	}
}
