package pipeline

import (
	"bytes"
	"context"
	"encoding/csv"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"doudi/fixtures"
	"doudi/pipeline/duck"
	"doudi/sources"
	"doudi/sources/decode"
)

// sheet is a list of a made-up county as plain cells: what the tests below turn
// about and lay down again.
type sheet struct {
	roll    string
	name    string   // file name, UTF-8 CSV
	above   []line   // titles and header
	lines   []line   // what stands below
	columns []column // by cell; those that are not understood have no name
}

// line is a row; a record is somebody's, and not a total or a signature.
type line struct {
	cells  []string
	record bool
}

// column is a canonical column, "" where the program does not know it.
type column struct {
	name string
	kind sources.Type
}

// county is a workspace as a value.
type county struct {
	night  time.Time
	policy map[string][][]string // by file name
	sheets []sheet
	yaml   string
}

// takeCounty reads a generated workspace into plain sheets.
func takeCounty(t *testing.T, dir string) county {
	t.Helper()
	c := county{policy: map[string][][]string{}}
	for _, name := range []string{"parameters", "words", "places", "waivers", "links", "verdicts"} {
		data, err := os.ReadFile(filepath.Join(dir, "policy", name+".csv"))
		if err != nil {
			t.Fatal(err)
		}
		if c.policy[name], err = csv.NewReader(bytes.NewReader(data)).ReadAll(); err != nil {
			t.Fatal(err)
		}
	}
	yaml, err := os.ReadFile(filepath.Join(dir, "doudi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	c.yaml = string(yaml)
	during(t, Night{Dir: dir}, []string{"read", "hold", "load"}, func(r *run) {
		c.night = r.Date
		for _, f := range r.receipts() {
			if f.Status != sources.StatusRead {
				t.Fatalf("%s: %s %s", f.File, f.Status, f.Note)
			}
			records := recordRows(t, r, f)
			for _, s := range f.Sheets {
				if len(s.Understood) > 0 {
					c.sheets = append(c.sheets, takeSheet(t, f, s, records))
				}
			}
		}
	})
	return c
}

// recordRows are the rows of a file that are records, by sheet and row.
func recordRows(t *testing.T, r *run, f receipt) map[string]bool {
	t.Helper()
	rows := map[string]bool{}
	_, err := duck.Collect(t.Context(), r.db, "select distinct coalesce(sheet, '') || ':' || row from raw."+f.Table+" where file = "+duck.Text(f.File),
		func(got *duck.Rows) (none struct{}, err error) {
			var at string
			err = got.Scan(&at)
			rows[at] = true
			return none, err
		})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func takeSheet(t *testing.T, f receipt, s sources.SheetReceipt, records map[string]bool) sheet {
	t.Helper()
	members, err := decode.Unpack(t.Context(), f.input.Path, f.input.Name, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	member := members[slices.IndexFunc(members, func(m decode.Member) bool { return m.Name == f.File })]
	book, err := decode.Open(t.Context(), member)
	if err != nil {
		t.Fatal(err)
	}
	stem := path.Base(f.File)
	for path.Ext(stem) != "" {
		stem = strings.TrimSuffix(stem, path.Ext(stem))
	}
	out := sheet{roll: f.input.Roll, name: stem + ".csv"}
	prefix := ":"
	if s.Sheet != nil {
		out.name, prefix = *s.Sheet+"_"+out.name, *s.Sheet+":"
	}
	header := int64(0)
	if s.HeaderRow != nil {
		header = *s.HeaderRow
	} else { // lines of JSON bring their keys along
		head, _, err := book.Head(s.No, 500)
		if err != nil {
			t.Fatal(err)
		}
		out.above = []line{{cells: slices.Clone(head[0].Cells)}}
	}
	for chunk, err := range book.Chunks(t.Context(), s.No, 1, 0) {
		if err != nil {
			t.Fatal(err)
		}
		for rec := range chunk.Records() {
			if rec.Reject != "" {
				continue
			}
			l := line{cells: slices.Clone(rec.Cells), record: records[prefix+strconv.FormatInt(rec.Row, 10)]}
			if rec.Row <= header {
				out.above = append(out.above, l)
			} else {
				out.lines = append(out.lines, l)
			}
		}
	}
	kind, _ := sources.KindOf(strings.TrimSuffix(f.Table, "_families"))
	if strings.HasSuffix(f.Table, "_families") {
		kind, _ = sources.KindOf("dibao_families")
	}
	for _, name := range out.above[len(out.above)-1].cells {
		var is column
		for _, use := range s.Understood {
			if _, last, ok := strings.Cut(use.Header, "/"); use.Header == name || ok && last == name {
				c, _ := kind.Column(use.Column)
				is = column{c.Name, c.Type}
			}
		}
		out.columns = append(out.columns, is)
	}
	return out
}

// lay writes the county into a new folder, its sheets last to first.
func (c county) lay(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	c.layIn(t, dir)
	return dir
}

func (c county) layIn(t *testing.T, dir string) {
	t.Helper()
	for name, rows := range c.policy {
		writeTable(t, filepath.Join(dir, "policy", name+".csv"), rows)
	}
	write(t, filepath.Join(dir, "doudi.yaml"), []byte(c.yaml))
	for _, s := range slices.Backward(c.sheets) {
		var rows [][]string
		for _, l := range slices.Concat(s.above, s.lines) {
			// A sheet of a workbook leaves the empty cells at the end away.
			rows = append(rows, append(slices.Clone(l.cells), make([]string, max(len(s.columns)-len(l.cells), 0))...))
		}
		writeTable(t, filepath.Join(dir, "inbox", s.roll, s.name), rows)
	}
}

func writeTable(t *testing.T, file string, rows [][]string) {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	write(t, file, b.Bytes())
}

func write(t *testing.T, file string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// clone copies the county, so that it can be turned about.
func (c county) clone() county {
	out := county{night: c.night, policy: map[string][][]string{}, yaml: c.yaml}
	for name, rows := range c.policy {
		for _, row := range rows {
			out.policy[name] = append(out.policy[name], slices.Clone(row))
		}
	}
	for _, s := range c.sheets {
		s.above, s.lines = cloneLines(s.above), cloneLines(s.lines)
		out.sheets = append(out.sheets, s)
	}
	return out
}

func cloneLines(lines []line) []line {
	out := make([]line, len(lines))
	for i, l := range lines {
		out[i] = line{slices.Clone(l.cells), l.record}
	}
	return out
}

// each gives every cell of the lists that stands in a known column to do, which
// says what to write instead.
func (c county) each(do func(s *sheet, is column, cell string) string) {
	for i := range c.sheets {
		s := &c.sheets[i]
		for _, l := range s.lines {
			for j := range min(len(l.cells), len(s.columns)) {
				if s.columns[j].name != "" {
					l.cells[j] = do(s, s.columns[j], l.cells[j])
				}
			}
		}
	}
}

// during opens a night, does the named steps, and hands it over before it ends.
func during(t *testing.T, n Night, names []string, do func(*run)) {
	t.Helper()
	n.Now, n.Program, n.Log = time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC), "test", slog.New(slog.DiscardHandler)
	r, err := begin(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	defer r.end()
	also(t, r, names)
	do(r)
}

// also does further steps of a night under way.
func also(t *testing.T, r *run, names []string) {
	t.Helper()
	steps := map[string]func(context.Context) error{
		"print": func(context.Context) error { _, err := r.alreadyPublished(); return err },
		"read":  r.read, "hold": r.hold, "load": r.load, "join": r.join, "judge": r.judge,
		"gates": r.gates, "write": r.write, "report": r.report, "switch": r.switchTo,
	}
	for _, name := range names {
		if err := steps[name](t.Context()); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
}

// judged is a finding as the tests compare it.
type judged struct {
	ID, Rule, State, Suppressed, Area, Town, Village, Name, IDNo, Dibao, Register, Month, Total, Reason, Evidence string
}

// verdict is a night that was judged and not published.
type verdict struct {
	rules    []RuleCount
	findings []judged
}

// The steps of a night that is judged, and those by which it is published too.
var (
	toJudge   = []string{"print", "read", "hold", "load", "join", "judge"}
	toPublish = []string{"gates", "write", "report", "switch"}
)

// judge judges a workspace's night.
func judge(t *testing.T, dir string, night time.Time) (v verdict) {
	t.Helper()
	during(t, Night{Dir: dir, Date: night}, toJudge, func(r *run) { v = verdictOf(t, r) })
	return v
}

// verdictOf is that of a night that was judged.
func verdictOf(t *testing.T, r *run) verdict {
	t.Helper()
	findings, err := duck.Collect(t.Context(), r.db, `select columns(*)::varchar from (select finding_id, rule, state, suppressed_by, area_code, town, village, name, id_no,
			dibao_household, register_household, month_fen, total_fen, reason, evidence_hash from report.findings) order by all`,
		func(rows *duck.Rows) (j judged, err error) {
			var cells [15]duck.Null[string]
			into := make([]any, len(cells))
			for i := range cells {
				into[i] = &cells[i]
			}
			err = rows.Scan(into...)
			return judged{cells[0].V, cells[1].V, cells[2].V, cells[3].V, cells[4].V, cells[5].V, cells[6].V, cells[7].V, cells[8].V,
				cells[9].V, cells[10].V, cells[11].V, cells[12].V, cells[13].V, cells[14].V}, err
		})
	if err != nil {
		t.Fatal(err)
	}
	return verdict{r.summary.Rules, findings}
}

// generated is a made-up county in a folder of its own.
func generated(t *testing.T, o fixtures.Options) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "county")
	if _, err := fixtures.Generate(t.Context(), dir, o); err != nil {
		t.Fatal(err)
	}
	return dir
}
