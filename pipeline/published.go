package pipeline

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"doudi/pipeline/duck"
	"doudi/pipeline/model"
	"doudi/pipeline/publish"
	"doudi/pipeline/report"
	"doudi/pipeline/workspace"
	"doudi/sources"
	"doudi/sql"
)

// Refused is an answer that cannot be given: a forbidden or mistaken query, a
// finding that is not there. It ends a command with exit code 1.
type Refused struct{ What string }

func (r *Refused) Error() string { return r.What }

// Published is the current snapshot, open for questions and nothing else.
type Published struct {
	db  *duck.DB
	dir string // the snapshot, as it was when it was opened
	tmp string
}

// openWorkspace reads doudi.yaml alone, for verbs that look at what is
// published.
func openWorkspace(dir string) (*workspace.Workspace, error) {
	return workspace.Open(dir, kinds{})
}

// OpenPublished resolves `current` once, lays views over its datasets in
// memory and locks the database: no other file, no other setting.
func OpenPublished(ctx context.Context, dir string) (*Published, error) {
	w, err := openWorkspace(dir)
	if err != nil {
		return nil, err
	}
	snapshot, nights, err := publish.Current(w.Publish)
	if err != nil {
		return nil, err
	}
	if len(nights) == 0 {
		return nil, ErrNothingPublished
	}
	tmp, err := os.MkdirTemp("", "doudi-sql-")
	if err != nil {
		return nil, err
	}
	p := &Published{dir: snapshot, tmp: tmp}
	if p.db, err = duck.Open(ctx, duck.Options{TempDir: tmp, MemoryBytes: defaultMemory()}); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	views, err := publish.Views(snapshot)
	if err == nil {
		for _, v := range views {
			if err = p.db.Exec(ctx, v); err != nil {
				break
			}
		}
	}
	if err == nil {
		err = p.db.Lock(ctx, []string{snapshot, filepath.Join(w.Publish, "current")}, 8<<30)
	}
	if err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// Close lets go of the snapshot.
func (p *Published) Close() error {
	var err error
	if p.db != nil {
		err = p.db.Close()
	}
	return errors.Join(err, os.RemoveAll(p.tmp))
}

// Result is the answer to a query, read row by row.
type Result struct {
	Columns []string
	Numeric []bool // integers and decimals
	Plain   []bool // flags and floating-point numbers: JSON writes them bare, save NaN and infinities
	rows    *duck.Rows
	cancel  context.CancelFunc
	limit   time.Duration
	ctx     context.Context
}

// Ask runs one reading statement, for at most limit. A statement that would
// change something, or fails, or runs too long is Refused.
func (p *Published) Ask(ctx context.Context, query string, limit time.Duration) (*Result, error) {
	if err := p.db.ReadOnly(ctx, query); err != nil {
		return nil, queryError(err)
	}
	limited, cancel := context.WithTimeout(ctx, limit)
	rows, err := p.db.Query(limited, query)
	if err != nil {
		tooLong := limited.Err() == context.DeadlineExceeded
		cancel()
		if tooLong {
			return nil, tookTooLong(limit)
		}
		return nil, queryError(err)
	}
	types, err := rows.ColumnTypes()
	if err != nil {
		cancel()
		return nil, err
	}
	r := &Result{rows: rows, cancel: cancel, limit: limit, ctx: limited}
	for _, t := range types {
		r.Columns = append(r.Columns, t.Name())
		r.Numeric = append(r.Numeric, numericType.MatchString(t.DatabaseTypeName()))
		r.Plain = append(r.Plain, slices.Contains([]string{"BOOLEAN", "FLOAT", "DOUBLE"}, t.DatabaseTypeName()))
	}
	return r, nil
}

var numericType = regexp.MustCompile(`^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL(\(\d+,\d+\))?)$`)

func tookTooLong(limit time.Duration) error {
	return &Refused{fmt.Sprintf("查询超过 %s 还没有完成，已停止；请缩小范围，或用 --timeout 放宽", limit)}
}

// queryError keeps DuckDB's words about a query, which name columns and
// positions, and Forbidden's own.
func queryError(err error) error { return &Refused{"查询未执行：" + err.Error()} }

// Each gives every row; nil is null.
func (r *Result) Each(do func(cells []*string) error) error {
	values := make([]any, len(r.Columns))
	into := make([]any, len(values))
	for i := range values {
		into[i] = &values[i]
	}
	cells := make([]*string, len(values))
	texts := make([]string, len(values))
	for r.rows.Next() {
		if err := r.rows.Scan(into...); err != nil {
			return err
		}
		for i, v := range values {
			cells[i] = nil
			if v != nil {
				texts[i] = duck.Show(v)
				cells[i] = &texts[i]
			}
		}
		if err := do(cells); err != nil {
			return err
		}
	}
	if err := r.rows.Err(); err != nil {
		if r.ctx.Err() == context.DeadlineExceeded {
			return tookTooLong(r.limit)
		}
		return queryError(err)
	}
	return nil
}

// Close ends the query.
func (r *Result) Close() error {
	defer r.cancel()
	return r.rows.Close()
}

// Verify checks every published file, of one night or (zero) of all, against
// its manifest, and reads it back. It gives how many files it looked at.
func Verify(ctx context.Context, dir string, night time.Time) (int, []string, error) {
	w, err := openWorkspace(dir)
	if err != nil {
		return 0, nil, err
	}
	// A damaged manifest is a difference, which publish.Verify tells.
	if err := mustBePublished(w, night); err != nil && !errors.Is(err, publish.ErrNoManifest) {
		return 0, nil, err
	}
	return publish.Verify(ctx, w.Publish, night)
}

// mustBePublished refuses a night that is not there, or any where none is.
func mustBePublished(w *workspace.Workspace, night time.Time) error {
	_, nights, err := publish.Current(w.Publish)
	if err != nil {
		return err
	}
	if len(nights) == 0 {
		return ErrNothingPublished
	}
	for _, n := range nights {
		if night.IsZero() || n.Equal(night) {
			return nil
		}
	}
	return &Refused{"没有发布过 " + night.Format(time.DateOnly) + " 这一晚"}
}

// Versions are those of DuckDB and of the models.
func Versions(ctx context.Context) (engine, models string, err error) {
	if engine, err = duck.Version(ctx); err != nil {
		return "", "", err
	}
	g, err := readGraph(ctx, sql.Files)
	if err != nil {
		return "", "", err
	}
	return engine, g.version, nil
}

// Explanation is one finding with its facts.
type Explanation struct {
	ID, Rule, Title, Side, Certainty, State, SuppressedBy string
	Who, Place, DibaoHousehold, RegisterHousehold         string
	Month, Total, Reason, Basis, Predecessor              string
	Facts                                                 []Fact
	// Swept is the night whose facts retain let go; "" where they are there.
	Swept string
}

// Fact is one fact of a finding with the cell it came from.
type Fact struct {
	Roll, Field, Label, Value, Raw, File, Sheet, AsOf string
	Row                                               int64
}

// Where names the record a fact came from.
func (f Fact) Where() string {
	if f.Roll == "" {
		return "计算得出"
	}
	where := f.Roll + "  " + f.File
	if f.Sheet != "" {
		where += "  工作表“" + f.Sheet + "”"
	}
	return fmt.Sprintf("%s  第 %d 行  数据日期 %s", where, f.Row, f.AsOf)
}

// Explain gives the latest published row of a finding and its facts.
func Explain(ctx context.Context, dir, id string) (Explanation, error) {
	p, err := OpenPublished(ctx, dir)
	if err != nil {
		return Explanation{}, err
	}
	defer p.Close()
	found, err := duck.Collect(ctx, p.db, `
		select finding_id, rule, side, certainty, state, coalesce(suppressed_by, ''),
			concat_ws('　', name, id_no), concat_ws(' ', town, village, '（' || area_code || '）'),
			coalesce(dibao_household, ''), coalesce(register_household, ''),
			coalesce(cast(month_fen as varchar), ''), coalesce(cast(total_fen as varchar), ''),
			coalesce(reason, ''), coalesce(basis, ''), coalesce(predecessor, ''), cast(night as varchar)
		from findings where finding_id = ? order by night desc limit 1`,
		func(r *duck.Rows) (e struct {
			Explanation
			night string
		}, err error) {
			return e, r.Scan(&e.ID, &e.Rule, &e.Side, &e.Certainty, &e.State, &e.SuppressedBy, &e.Who, &e.Place,
				&e.DibaoHousehold, &e.RegisterHousehold, &e.Month, &e.Total, &e.Reason, &e.Basis, &e.Predecessor, &e.night)
		}, id)
	if err != nil {
		return Explanation{}, err
	}
	if len(found) == 0 {
		return Explanation{}, &Refused{"没有发布过这个编号的疑点"}
	}
	e := found[0].Explanation
	e.Month, e.Total = yuan(e.Month), yuan(e.Total)
	e.Side, e.State = report.SideWord(e.Side), report.StateWord(e.State)
	e.Certainty += " " + report.CertaintyWord(e.Certainty)
	if e.SuppressedBy != "" {
		e.SuppressedBy = report.SuppressedWord(e.SuppressedBy)
	}
	models, err := model.Load(sql.Files)
	if err != nil {
		return Explanation{}, err
	}
	rule := ruleOf(models, e.Rule)
	if rule != nil {
		e.Title = rule.Title
	}
	e.Facts, err = duck.Collect(ctx, p.db, `
		select coalesce(roll, ''), field, coalesce(value, ''), coalesce(raw, ''), coalesce(file, ''), coalesce(sheet, ''),
			coalesce(row, 0), coalesce(cast(as_of as varchar), '')
		from finding_fields where finding_id = ? and night = cast(? as date)
		order by roll nulls first, file, sheet, row, field`,
		func(r *duck.Rows) (f Fact, err error) {
			err = r.Scan(&f.Roll, &f.Field, &f.Value, &f.Raw, &f.File, &f.Sheet, &f.Row, &f.AsOf)
			f.Label = factLabel(rule, f.Roll, f.Field)
			f.Roll = rollTitleOrNone(f.Roll)
			return f, err
		}, id, found[0].night)
	if night, parsed := time.Parse(time.DateOnly, found[0].night); parsed == nil && !detailed(p.dir, night) {
		e.Swept = found[0].night
	}
	return e, err
}

func rollTitleOrNone(roll string) string {
	if roll == "" {
		return ""
	}
	return rollTitle(roll)
}

// factLabel names a fact in Chinese: a computed one by its rule, a cell by the
// first header word of its column.
func factLabel(rule *model.Rule, roll, field string) string {
	if roll == "" {
		if rule != nil && rule.Labels[field] != "" {
			return rule.Labels[field]
		}
		return field
	}
	if kind, ok := sources.KindOf(roll); ok {
		if c, ok := kind.Column(field); ok && len(c.Headers) > 0 {
			return c.Headers[0]
		}
	}
	return field
}

// ruleOf finds a rule by its slug; nil where the models have none of the name.
func ruleOf(models []model.Model, slug string) *model.Rule {
	for _, m := range models {
		if m.Rule != nil && m.Rule.Slug == slug {
			return m.Rule
		}
	}
	return nil
}

// yuan writes fen, as text, in yuan.
func yuan(fen string) string {
	if fen == "" {
		return ""
	}
	sign := ""
	if strings.HasPrefix(fen, "-") {
		sign, fen = "-", fen[1:]
	}
	for len(fen) < 3 {
		fen = "0" + fen
	}
	return sign + fen[:len(fen)-2] + "." + fen[len(fen)-2:] + " 元"
}
