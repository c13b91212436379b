// Package link is the part of record linkage that SQL does not do well:
// numbers and edges in, numbers and labels out. It repairs identity numbers by
// their check character, follows chains of records held to be one person, and
// weighs what speaks for a link. Which records meet, and what decides, is said
// in sql/link, top to bottom.
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
		assigned("link.repair_candidates", "repaired", false),
		assigned("link.place_candidates", "by_place", false),
		assigned("link.kin_candidates", "in_household", false),
		assigned("link.outsider_candidates", "attached", true),
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
		{
			Table:   "link.weights",
			Columns: "pattern integer, weight decimal(9,4), probability decimal(9,8)",
			Run:     weighAll,
		},
	}
}

// assigned is the step that chooses among the candidates of a tier.
func assigned(candidates, table string, many bool) Step {
	return Step{
		Table:   "link." + table,
		Reads:   []string{candidates},
		Columns: "a_node bigint, b_node bigint, a_record bigint, b_record bigint, method varchar, decision varchar",
		Run:     assign(candidates, table, many),
	}
}
