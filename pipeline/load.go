package pipeline

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"doudi/pipeline/duck"
	"doudi/pipeline/model"
	"doudi/pipeline/publish"
	"doudi/pipeline/workspace"
	"doudi/sources"
	"doudi/sources/clean"
)

// load gives the models what they start from: the raw lists as views over
// their Parquet, what was read of them, the policy, and the last night.
func (r *run) load(ctx context.Context) error {
	if err := r.graph.Prepare(ctx, r.db); err != nil {
		return err
	}
	for _, load := range []func(context.Context) error{r.loadFiles, r.loadLists, r.loadPolicy, r.loadPast} {
		if err := load(ctx); err != nil {
			return err
		}
	}
	return nil
}

// receipt is what was read of a file, with the input it came in and its
// number of the night: records are numbered by it.
type receipt struct {
	sources.Receipt
	input *input
	no    int64
}

// receipts are those of all inputs by file name, then roll: an order that does
// not depend on how the files were laid down.
func (r *run) receipts() []receipt {
	var all []receipt
	for i := range r.inputs {
		for _, got := range r.inputs[i].Receipts {
			got.Roll = rollOf(got.Table)
			all = append(all, receipt{Receipt: got, input: &r.inputs[i]})
		}
	}
	sort.SliceStable(all, func(i, j int) bool {
		if all[i].File != all[j].File {
			return all[i].File < all[j].File
		}
		return all[i].Roll < all[j].Roll
	})
	for i := range all {
		all[i].no = int64(i + 1)
	}
	return all
}

// rollOf is the roll that a raw table's rows are of: the families' files of
// edge and rigid_spending belong to their rolls.
func rollOf(table string) string {
	if table == "dibao_families" {
		return table
	}
	return strings.TrimSuffix(table, "_families")
}

// recordNumber is the number of a record as SQL computes it from its sheet's
// number: 17 bits of files, 8 of sheets, 32 of rows, 6 of parts.
func recordNumber(sheet, row, part string) string {
	return "(" + sheet + ") * 274877906944 + " + row + " * 64 + " + part
}

const maxFiles = 1 << 17

// recordOf is the same number for a row that Go names; a row of totals is no
// record and has part 0.
func recordOf(file int64, sheet int, row, part int64) int64 {
	return (file*256+int64(sheet))<<38 + row*64 + part
}

func (r *run) loadFiles(ctx context.Context) error {
	all := r.receipts()
	if len(all) >= maxFiles {
		return &Held{Reasons: []string{fmt.Sprintf("文件多达 %d 个，一晚最多 %d 个，请合并后再放入", len(all), maxFiles-1)}}
	}
	err := r.db.Append(ctx, "raw", "files", func(add func(...any) error) error {
		for _, f := range all {
			if err := add(f.File, f.no, f.Roll, f.Table, day(f.input.AsOf), f.Status); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = r.db.Append(ctx, "raw", "sources", func(add func(...any) error) error {
		for _, f := range all {
			for _, row := range sourceRows(f, r.fileNote(f.input.File)) {
				if err := add(row...); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	// The columns that a sheet has: where one is missing, its null says nothing.
	err = r.db.Append(ctx, "raw", "headers", func(add func(...any) error) error {
		for _, f := range all {
			for _, s := range f.Sheets {
				for _, c := range s.Understood {
					if err := add(f.no*256+int64(s.No), f.Table, c.Column); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = r.db.Append(ctx, "raw", "unknown_words", func(add func(...any) error) error {
		for _, f := range all {
			for _, s := range f.Sheets {
				for _, w := range s.UnknownWords {
					if err := add(recordOf(f.no, s.No, w.Row, 1), f.Roll, w.Column, wordShown(w), w.N); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return r.db.Append(ctx, "raw", "controls", func(add func(...any) error) error {
		for _, f := range all {
			for _, s := range f.Sheets {
				for _, c := range s.Controls {
					if err := add(recordOf(f.no, s.No, c.Row, 0), f.File, text(s.Sheet), f.Roll, c.Column, hundredths(c.Total), hundredths(c.Sum), c.Rejected); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
}

// wordShown is the word as findings show it: those that a receipt does not name
// (too many, too long) go together.
func wordShown(w sources.WordCount) string {
	if w.Word == "" {
		return "…"
	}
	return w.Word
}

// sourceRows are a file's rows of the dataset sources: one a sheet, or one for
// a file that could not be read. said is what its date and its pull want said.
func sourceRows(f receipt, said string) [][]any {
	row := func(sheet *string, header *int64, s sources.SheetReceipt, status, note string) []any {
		column, total, sum := controlShown(s.Controls)
		return []any{
			f.Roll, f.File, text(sheet), textOrNull(f.SHA256), f.Bytes, day(f.input.AsOf), textOrNull(f.Format), textOrNull(f.Encoding),
			number(header), s.Rows, s.Accepted, s.Rejected, s.Other, column, total, sum, status, textOrNull(note),
		}
	}
	if len(f.Sheets) == 0 || f.Status == "refused" {
		return [][]any{row(nil, nil, sources.SheetReceipt{}, f.Status, f.Note)}
	}
	var rows [][]any
	for _, s := range f.Sheets {
		note := strings.Join(slices.DeleteFunc([]string{f.Note, s.Note, said}, func(s string) bool { return s == "" }), "；")
		rows = append(rows, row(s.Sheet, s.HeaderRow, s, s.Status, note))
	}
	return rows
}

// controlShown is the control total that `sources` shows: the first whose
// total differs from the sum of its rows, else the first.
func controlShown(controls []sources.Control) (column, total, sum any) {
	if len(controls) == 0 {
		return nil, nil, nil
	}
	shown := controls[0]
	for _, c := range controls {
		if c.Total != c.Sum {
			shown = c
			break
		}
	}
	return shown.Column, hundredths(shown.Total), hundredths(shown.Sum)
}

// loadLists lays a view over the Parquet of each list's files.
func (r *run) loadLists(ctx context.Context) error {
	records, rejects := map[string][]string{}, []string(nil)
	for _, f := range r.receipts() {
		dir := r.store.entry(f.input.Key)
		if f.Status == "refused" {
			continue
		}
		for _, name := range f.Records {
			records[f.Table] = append(records[f.Table], filepath.Join(dir, name))
		}
		for _, name := range f.Rejects {
			rejects = append(rejects, filepath.Join(dir, name))
		}
	}
	for _, t := range sources.Tables() {
		if len(records[t.Name]) == 0 {
			continue
		}
		columns := []string{recordNumber("files.file_no * 256 + list.sheet_no", "list.row", "list.part") + " as record", "files.as_of"}
		for _, f := range t.Kind.RawColumns() {
			columns = append(columns, "list."+duck.Ident(f.Name))
		}
		if err := r.db.Exec(ctx, fmt.Sprintf(`drop table raw.%[1]s; create view raw.%[1]s as select %[2]s
			from read_parquet(%[3]s) list inner join raw.files files on files.file = list.file and files.raw_table = '%[1]s'`,
			t.Name, strings.Join(columns, ", "), duck.List(records[t.Name]))); err != nil {
			return err
		}
	}
	if err := r.db.Exec(ctx, "drop table raw.records; create view raw.records as "+allRecords()); err != nil {
		return err
	}
	if len(rejects) == 0 {
		return nil
	}
	return r.db.Exec(ctx, "insert into raw.rejects by name select * from read_parquet("+duck.List(rejects)+")")
}

// allRecords unites the lists by the columns they have in common.
func allRecords() string {
	var lists []string
	for _, t := range sources.Tables() {
		has := map[string]bool{"record": true, "as_of": true}
		for _, f := range t.Kind.RawColumns() {
			has[f.Name] = true
		}
		var columns []string
		for _, c := range model.RecordColumns {
			switch {
			case c.Name == "roll":
				columns = append(columns, duck.Text(rollOf(t.Name))+" as roll")
			case c.Name == "headed":
				columns = append(columns, strconv.FormatBool(t.Kind.Headed)+" as headed")
			case t.Kind.Headed && c.Name == "relation", !has[c.Name]:
				columns = append(columns, "cast(null as "+c.Type+") as "+c.Name)
			default:
				columns = append(columns, c.Name)
			}
		}
		lists = append(lists, "select "+strings.Join(columns, ", ")+" from raw."+t.Name)
	}
	return strings.Join(lists, " union all ")
}

func (r *run) loadPolicy(ctx context.Context) error {
	if err := r.db.Exec(ctx, "insert into policy.areas values ("+duck.Text(r.workspace.Area)+")"); err != nil {
		return err
	}
	for _, p := range r.policy.Parameters {
		err := r.db.Exec(ctx, "insert into policy.parameters values (?, ?, ?, ?, ?, ?, ?, ?)",
			p.Name, textOrNull(p.Area), day(p.From), day(p.To), p.Value, p.Unit, textOrNull(p.Basis), p.Line)
		if err != nil {
			return err
		}
	}
	for table, fill := range map[string]func(add func(...any) error) error{
		"provinces": func(add func(...any) error) error {
			for code := range slices.Chunk(provinces, 2) {
				if err := add(code[0], code[1]); err != nil {
					return err
				}
			}
			return nil
		},
		"waivers": func(add func(...any) error) error {
			for _, w := range r.policy.Waivers {
				if err := add(w.Rule, textOrNull(w.IDNo), textOrNull(w.Household), textOrNull(w.Reason), textOrNull(w.Approver), day(w.From), day(w.To), int64(w.Line)); err != nil {
					return err
				}
			}
			return nil
		},
		"rulings": func(add func(...any) error) error {
			for _, l := range r.policy.Rulings {
				var row []any
				for _, n := range []workspace.Named{l.A, l.B} {
					row = append(row, n.Roll, textOrNull(clean.ParseID(n.IDNo).No), textOrNull(clean.ParseName(n.Name).Fold))
				}
				if err := add(append(row, l.Same, day(l.From), day(l.To), int64(l.Line))...); err != nil {
					return err
				}
			}
			return nil
		},
	} {
		if err := r.db.Append(ctx, "policy", table, fill); err != nil {
			return fmt.Errorf("policy.%s: %w", table, err)
		}
	}
	return nil
}

// isRollOfPersons says whether a kind of list has a person a record.
func isRollOfPersons(name string) bool {
	kind, ok := sources.KindOf(name)
	return ok && !kind.Headed
}

// loadPast gives tonight the nights before it.
func (r *run) loadPast(ctx context.Context) error {
	snapshot, nights, err := publish.Current(r.workspace.Publish)
	if err != nil {
		return err
	}
	var earlier []time.Time
	for _, n := range nights {
		if n.Before(r.Date) {
			earlier = append(earlier, n)
		} else if n.After(r.Date) {
			r.summary.LaterThan = append(r.summary.LaterThan, n)
		}
	}
	if len(earlier) == 0 {
		return nil
	}
	last := earlier[len(earlier)-1]
	r.lastNight, r.lastSnapshot = last, snapshot
	if r.lastSwept = !detailed(snapshot, last); r.lastSwept {
		r.summary.Notes = append(r.summary.Notes, "上一晚 "+last.Format(time.DateOnly)+
			" 的明细已按 retain 不再保留：状态照比，消失的疑点没有原来的事实，变化不分原因")
	}
	if err := r.loadLast(ctx); err != nil {
		return err
	}
	kept := slices.DeleteFunc(slices.Clone(earlier), func(n time.Time) bool { return !r.keeps("dibao_persons", n, last) })
	if err := r.loadLeavers(ctx, snapshot, kept); err != nil {
		return err
	}
	var files []string
	for _, n := range earlier {
		files = append(files, partPath(snapshot, "findings", n))
	}
	return r.db.Exec(ctx, "insert into past.first_nights select finding_id, min(first_night) from "+readNights(files)+" group by finding_id")
}

// loadLast gives tonight the night it is compared with, as much of it as is
// still published.
func (r *run) loadLast(ctx context.Context) error {
	view := func(t string) error {
		return r.db.Exec(ctx, fmt.Sprintf("drop table past.%[1]s; create view past.%[1]s as select * from %[2]s", t, r.lastPart(t)))
	}
	if err := view("findings"); err != nil || r.lastSwept {
		return err
	}
	if err := view("finding_fields"); err != nil {
		return err
	}
	if err := r.db.Exec(ctx, "insert into past.cases by name select case_id, first_night from "+r.lastPart("cases")); err != nil {
		return err
	}
	// A night published by a program that did not know them has no program and policy.
	return r.db.Exec(ctx, "insert into past.rules by name select columns(c -> c in ('rule', 'status', 'reason', 'version', 'program', 'policy')) from "+
		r.lastPart("rules"))
}

// graph is the models with a hash of their texts, and the clauses they serve.
type graph struct {
	*model.Graph
	version string
	clauses []model.Clause
	// parameters are those that each model reads; nil until somebody asks.
	parameters map[string][]string
}

func (g *graph) isRule(slug string) bool { return ruleOf(g.Models(), slug) != nil }
