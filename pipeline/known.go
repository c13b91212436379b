package pipeline

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"doudi/pipeline/model"
	"doudi/pipeline/publish"
)

// Who is who is decided by the lists and the rulings, not by the day: a night
// whose lists are those of a published one takes it from there. What is taken is
// what linking from nothing would give, to the byte.

// ofLinking are the datasets of sql/report that linking alone is told by.
var ofLinking = []string{"links", "links_other", "link_bits", "household_links"}

// known is who is who as a published night has it.
type known struct {
	snapshot string
	night    time.Time
	tables   map[string]bool // laid down from it; nil where nothing is known
}

// takeKnown looks for a published night of the same lists and lays down what it
// has of link.*; what linking had to say of it is read by noteCautions.
func (r *run) takeKnown(ctx context.Context) error {
	snapshot, night, err := publish.Resting(r.workspace.Publish, r.listsFingerprint(), append([]string{"persons"}, ofLinking...)...)
	if err != nil || snapshot == "" {
		return err
	}
	if _, err := os.Stat(partPath(snapshot, "runs", night)); err != nil {
		return nil // what was said of it is not there
	}
	began := time.Now()
	r.known = known{snapshot: snapshot, night: night}
	r.known.tables, err = r.linksOf(ctx, snapshot, night)
	r.made("link.known", 0, time.Since(began))
	return err
}

// linksOf lays down the tables of link.* that others read, with the columns
// these read, as a night has published them. It names the tables.
func (r *run) linksOf(ctx context.Context, snapshot string, night time.Time) (map[string]bool, error) {
	if err := r.db.Exec(ctx, "create table raw.sheets (roll varchar, file varchar, sheet varchar, number bigint)"); err != nil {
		return nil, err
	}
	err := r.db.Append(ctx, "raw", "sheets", func(add func(...any) error) error {
		for _, f := range r.receipts() {
			for _, s := range f.Sheets {
				if err := add(f.Roll, f.File, text(s.Sheet), f.no*256+int64(s.No)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	part := func(dataset string) string { return readPart(snapshot, dataset, night) }
	tables := map[string]bool{}
	for table, query := range map[string]string{
		"link.people": "select " + recordNumber("sheets.number", "p.row", "p.part") + ` as record, p.person, p.link_state
			from ` + part("persons") + ` p
			inner join raw.sheets sheets on sheets.roll = p.roll and sheets.file = p.file and sheets.sheet is not distinct from p.sheet
			where p.link_state is not null`,
		"link.household_links": "select * from " + part("household_links"),
		"link.links": "select " + recordNumber("a.number", "l.a_row", "l.a_part") + " as a_record, " + recordNumber("b.number", "l.b_row", "l.b_part") + ` as b_record,
				l.a_roll, l.b_roll, l.decision
			from (
				select 'dibao_persons' as a_roll, dibao_file as a_file, dibao_sheet as a_sheet, dibao_row as a_row, 1 as a_part,
					'register' as b_roll, register_file as b_file, register_sheet as b_sheet, register_row as b_row, 1 as b_part, decision
				from ` + part("links") + `
				union all by name
				select a_roll, a_file, a_sheet, a_row, a_part, b_roll, b_file, b_sheet, b_row, b_part, decision
				from ` + part("links_other") + `) l
			inner join raw.sheets a on a.roll = l.a_roll and a.file = l.a_file and a.sheet is not distinct from l.a_sheet
			inner join raw.sheets b on b.roll = l.b_roll and b.file = l.b_file and b.sheet is not distinct from l.b_sheet`,
	} {
		if err := r.db.Exec(ctx, "create table "+table+" as "+query); err != nil {
			return nil, fmt.Errorf("%s: %w", table, err)
		}
		tables[table] = true
	}
	return tables, nil
}

// knows says whether a dataset is taken as it was published.
func (r *run) knows(dataset string) bool {
	return r.known.tables != nil && slices.Contains(ofLinking, dataset)
}

// make runs what the tables rest on, and no more: what is there already is not
// made again, what nobody reads any longer goes.
func (r *run) make(ctx context.Context, there map[string]bool, folders []string, tables ...string) error {
	wanted := r.graph.Behind(func(table string) bool { return there[table] }, tables...)
	skip := map[string]bool{}
	for _, m := range r.graph.Names() {
		skip[m] = !wanted[m]
	}
	keep := func(table string) bool { return slices.Contains(tables, table) || slices.Contains(shared, table) }
	return r.graph.Run(ctx, r.db, model.Options{Only: folders, Skip: skip, Done: r.made, Keep: keep})
}
