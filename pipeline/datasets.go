package pipeline

import (
	"fmt"
	"slices"
	"strings"

	"doudi/pipeline/duck"
	"doudi/pipeline/model"
	"doudi/pipeline/publish"
	"doudi/sources"
)

// datasets are all that a night publishes, but for the ledger of the run.
func (r *run) datasets() []publish.Dataset {
	sets := []publish.Dataset{persons()}
	present := map[string]bool{}
	for _, f := range r.receipts() {
		present[f.Table] = true
	}
	for _, kind := range sources.Kinds() {
		sets = append(sets, kindDataset(kind, !present[kind.Name]))
	}
	for _, d := range reportDatasets {
		m := r.graph.modelOf("report." + d.name)
		set := publish.Dataset{Name: d.name, Comment: m.Doc, Key: d.key, Query: "select * from report." + d.name}
		if r.knows(d.name) {
			set.Query = "select * from " + readPart(r.known.snapshot, d.name, r.known.night)
		}
		for _, c := range m.Columns {
			set.Columns = append(set.Columns, publish.Column{Name: c.Name, Comment: c.Meaning})
		}
		sets = append(sets, set)
	}
	sets = append(sets, gatesDataset)
	lists := r.listsFingerprint()
	for i := range sets {
		if _, isList := sources.KindOf(sets[i].Name); isList || slices.Contains(ofTheLists, sets[i].Name) {
			sets[i].Reuse = lists
		}
	}
	return sets
}

// ofTheLists are the datasets beside the lists themselves that neither the day
// nor the nights before have a part in.
var ofTheLists = []string{"persons", "links", "links_other", "link_bits", "household_links", "households", "rejects"}

// reportDatasets are the models of sql/report that are published, with the
// full key they are sorted by. Their columns and what these mean stand in the
// models' headers.
var reportDatasets = []reportDataset{
	{"findings", []string{"finding_id"}},
	{"finding_fields", []string{"finding_id", "roll", "field", "file", "sheet", "row", "value", "raw"}},
	{"links", []string{"dibao_file", "dibao_sheet", "dibao_row", "register_file", "register_sheet", "register_row"}},
	{"links_other", []string{"a_roll", "a_file", "a_sheet", "a_row", "a_part", "b_roll", "b_file", "b_sheet", "b_row", "b_part"}},
	{"link_bits", []string{"ground", "comparison", "level"}},
	{"household_links", []string{"dibao_household", "register_household"}},
	{"households", []string{"roll", "household"}},
	{"cases", []string{"case_id"}},
	{"rules", []string{"rule"}},
	{"sources", []string{"roll", "file", "sheet"}},
	{"rejects", []string{"roll", "file", "sheet", "row", "column_name", "reason", "cells"}},
}

type reportDataset struct {
	name string
	key  []string
}

// modelOf is a model that the program cannot do without.
func (g *graph) modelOf(name string) model.Model {
	m, ok := g.Model(name)
	if !ok {
		panic("no model " + name)
	}
	return m
}

// place are the columns that say where a record stands.
var place = []publish.Column{
	{Name: "file", Comment: "the file, relative to the workspace"},
	{Name: "sheet", Comment: "the sheet; null where there are none"},
	{Name: "row", Comment: "the physical row or line, from 1"},
	{Name: "part", Comment: "1; 2 and on for further owners out of one cell"},
}

var placeKey = []string{"file", "sheet", "row", "part"}

// persons is the core of every record of every roll.
func persons() publish.Dataset {
	columns := append([]publish.Column{{Name: "roll", Comment: "the kind of list"}}, place...)
	columns = append(columns, []publish.Column{
		{Name: "person", Comment: "the same for all records held to be one person tonight"},
		{Name: "link_state", Comment: "linked, review, unlinked; null where a kind is not linked"},
		{Name: "household", Comment: "the roll's own household"},
		{Name: "name", Comment: "the name, tidied"},
		{Name: "id_no", Comment: "the ID number, 18 characters where possible"},
		{Name: "id_raw", Comment: "the ID number as it came"},
		{Name: "id_kind", Comment: "valid, legacy15, certificate20, certificate22, bad_length, bad_check, bad_birth, masked, placeholder, damaged, empty"},
		{Name: "sex", Comment: "male, female: the record's own, else the ID's"},
		{Name: "birth", Comment: "the birth date: the record's own, else the ID's"},
		{Name: "area_code", Comment: "the longest place code known"},
		{Name: "town", Comment: "the town's name"},
		{Name: "village", Comment: "the village's name"},
	}...)
	return publish.Dataset{
		Name: "persons", Comment: "One row a record of every roll: who, where, which household, which person.",
		Columns: columns, Key: append([]string{"roll"}, placeKey...), Query: `
			select records.roll, records.file, records.sheet, records.row, records.part,
				coalesce(people.person, case when records.id_key is not null then records.id_no end) as person, people.link_state,
				coalesce(persons.household, payments.household, families.household, records.household_no) as household,
				records.name, records.id_no, records.id_raw, records.id_kind,
				coalesce(records.sex, records.id_sex) as sex, coalesce(records.birth, records.id_birth) as birth,
				records.area_code, records.town, records.village
			from raw.records records
			left join normal.persons persons using (record)
			left join normal.payments payments using (record)
			left join normal.families families using (record)
			left join link.people people using (record)`,
		Figures: `select records.roll, records.file, records.sheet, records.row, records.part, coalesce(records.birth, records.id_birth) as birth
			from raw.records records`,
	}
}

// kindDataset is one kind of list with its own columns, cleaned. A list that
// nobody handed in is not joined with anything.
func kindDataset(kind sources.Kind, absent bool) publish.Dataset {
	d := publish.Dataset{Name: kind.Name, Comment: kind.Title + ": " + kind.Doc, Key: placeKey}
	d.Columns = append(append(d.Columns, place...),
		publish.Column{Name: "person", Comment: "the same for all records held to be one person tonight"},
		publish.Column{Name: "household", Comment: "the roll's own household"},
		publish.Column{Name: "name", Comment: "the person's name, tidied"},
		publish.Column{Name: "id_no", Comment: "the ID number, 18 characters where possible"})
	person, household, joins := "people.person", "persons.household", "left join normal.persons persons using (record) left join link.people people using (record)"
	switch {
	case absent:
		person, household, joins = "cast(null as varchar) as person", "cast(null as varchar) as household", ""
	case kind.Headed:
		person = "case when list.id_key is not null then list.id_no end as person"
		household = "coalesce(placed.household, list.household_no) as household"
		joins = "left join normal." + strings.TrimPrefix(kind.Name, "dibao_") + " placed using (record)"
	}
	values := []string{"list.file", "list.sheet", "list.row", "list.part", person, household, "list.name", "list.id_no"}
	for _, c := range kind.Columns {
		if c.Name == "name" || c.Name == "id_no" {
			continue
		}
		values = append(values, "list."+duck.Ident(c.RawName())+" as "+duck.Ident(c.SQLName()))
		d.Columns = append(d.Columns, publish.Column{Name: c.SQLName(), Comment: c.Doc})
	}
	d.Query = fmt.Sprintf("select %s from raw.%s list %s", strings.Join(values, ", "), kind.Name, joins)
	d.Figures = fmt.Sprintf("select %s from raw.%s list", strings.Join(slices.Concat(values[:4], values[6:]), ", "), kind.Name)
	return d
}
