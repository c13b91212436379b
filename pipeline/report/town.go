package report

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"

	"doudi/pipeline/duck"
)

// writeTowns writes all towns' workbooks, a few at a time, and names them in
// the order of books.
func writeTowns(ctx context.Context, db *duck.DB, in Input, books []book, dir string) ([]string, error) {
	var files []string
	type task struct {
		b    *book
		part int
	}
	tasks := make(chan task)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), 4) {
		wait.Go(func() {
			for t := range tasks {
				if ctx.Err() != nil {
					continue
				}
				file := t.b.partFile(t.part)
				if err := writeTown(ctx, db, in, t.b, t.part, filepath.Join(dir, filepath.FromSlash(file))); err != nil {
					cancel(fmt.Errorf("%s: %w", file, err))
				}
			}
		})
	}
	for i := range books {
		for part := 1; part <= books[i].parts; part++ {
			files = append(files, books[i].partFile(part))
			tasks <- task{&books[i], part}
		}
	}
	close(tasks)
	wait.Wait()
	return files, context.Cause(ctx)
}

// writeTown writes a part of a town's workbook. Its first part has every
// sheet; a further one those that go on.
func writeTown(ctx context.Context, db *duck.DB, in Input, b *book, part int, path string) error {
	unit := in.unit(*b)
	w, err := newWorkbook(in, unit+"疑点核查表")
	if err != nil {
		return err
	}
	defer w.close()
	w.foot = "　含个人信息，注意保管"
	if err := w.townCases(ctx, db, b, part, unit); err != nil {
		return err
	}
	if err := w.townGuide(b, part, unit); err != nil {
		return err
	}
	if err := w.townFigures(b, unit); err != nil {
		return err
	}
	if err := w.townFindings(ctx, db, b, part, unit); err != nil {
		return err
	}
	if err := w.codes(); err != nil {
		return err
	}
	return w.save(path)
}

// sheetNames are the sheets of findings, as officers.rows numbers them from 1.
var sheetNames = []string{"应保未保", "应退未退", "应补未补", "信息不一致", "数据质量", suppressedSheet}

// townFindings streams the findings of a part into their sheets.
func (w *workbook) townFindings(ctx context.Context, db *duck.DB, b *book, part int, unit string) error {
	rows, err := db.Query(ctx, `
		select
			sheet_no, no, finding_id, rule, certainty, state, village, title, coalesce(reason, ''), coalesce(basis, ''),
			first_night, nights_open, suppressed_by, name, id_no, dibao_household, register_household,
			month_fen, total_fen, facts, facts_before, tie
		from officers.rows
		where county = ? and place = ? and part = ?
		order by sheet_no, no`, b.county, b.place, part)
	if err != nil {
		return err
	}
	defer rows.Close()
	words := newWording(w.in)
	var s *findingsSheet
	open := 0 // sheets begun
	begin := func() error {
		if s != nil {
			if err := s.end(); err != nil {
				return err
			}
		}
		s = w.findingsSheet(open, unit)
		open++
		return nil
	}
	for rows.Next() {
		var r row
		if err := rows.Scan(
			&r.sheet, &r.no, &r.id, &r.rule, &r.certainty, &r.state, &r.village, &r.title, &r.reason, &r.basis,
			&r.first, &r.nights, &r.suppressedBy, &r.name, &r.idNo, &r.dibaoHousehold, &r.registerHousehold,
			&r.month, &r.total, &r.facts, &r.before, &r.tie,
		); err != nil {
			return err
		}
		if part > 1 && open < r.sheet-1 {
			open = r.sheet - 1 // nothing is left of the sheets between
		}
		for open < r.sheet {
			if err := begin(); err != nil {
				return err
			}
		}
		r.cells = words.cells(r.rule, parseFacts(r.facts.V), parseFacts(r.before.V), r.before.Valid)
		s.write(&r)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for part == 1 && open < len(sheetNames) {
		if err := begin(); err != nil {
			return err
		}
	}
	if s == nil {
		return nil
	}
	return s.end()
}

// findingsSheet begins the sheet of the given number, from 0.
func (w *workbook) findingsSheet(i int, unit string) *findingsSheet {
	name := sheetNames[i]
	if name == suppressedSheet {
		return w.findings(name, unit+"已抑制疑点（例外、豁免、已核不属实）", unit, suppressedColumns(), 0, false)
	}
	columns, printed := sideColumns()
	return w.findings(name, unit+name+"疑点核查表", unit, columns, printed, true)
}
