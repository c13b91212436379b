package pipeline

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"doudi/pipeline/duck"
	"doudi/pipeline/link"
	"doudi/pipeline/report"
)

// Record is the core of a published record.
type Record struct {
	Roll, File, Sheet                          string
	Row                                        int64
	Name, ID, IDRaw, Sex, Birth, Place, Family string
	Person, LinkState                          string
}

// Cell names the record as `doudi explain` takes it: file!row or
// file!sheet!row.
func (r Record) Cell() string {
	if r.Sheet != "" {
		return fmt.Sprintf("%s!%s!%d", r.File, r.Sheet, r.Row)
	}
	return fmt.Sprintf("%s!%d", r.File, r.Row)
}

// LinkExplanation is why two records are held to be one person's, or not.
type LinkExplanation struct {
	A, B                        Record
	Method, Decision, Repair    string // empty where nothing links the two
	Weight, Probability, Ground string
	Parts                       []LinkPart
}

// LinkPart is what one comparison says, in bits: log2 of how much likelier it
// is among records of one person.
type LinkPart struct {
	Title, Level string
	Bits         float64
}

// PersonExplanation is all that is held to be one person tonight.
type PersonExplanation struct {
	Person  string
	Records []Record
	Links   []LinkExplanation
	// Were are the persons of the night before that these records were then,
	// and Also those whom the records of these persons are besides tonight:
	// more than one is a merge, or a split.
	Were, Also []string
}

const recordColumns = `roll, file, coalesce(sheet, ''), row, coalesce(name, ''), coalesce(id_no, ''), coalesce(id_raw, ''), coalesce(sex, ''),
	coalesce(cast(birth as varchar), ''), concat_ws(' ', town, village), coalesce(household, ''), coalesce(person, ''), coalesce(link_state, '')`

func scanRecord(rows *duck.Rows) (r Record, err error) {
	err = rows.Scan(&r.Roll, &r.File, &r.Sheet, &r.Row, &r.Name, &r.ID, &r.IDRaw, &r.Sex, &r.Birth, &r.Place, &r.Family, &r.Person, &r.LinkState)
	r.Sex = map[string]string{"male": "男", "female": "女"}[r.Sex]
	r.Roll = rollTitle(r.Roll)
	return r, err
}

const lastNight = "(select max(night) from persons)"

// ExplainLink tells of two records, named by their cells, what links them.
func ExplainLink(ctx context.Context, dir, cellA, cellB string) (LinkExplanation, error) {
	p, err := OpenPublished(ctx, dir)
	if err != nil {
		return LinkExplanation{}, err
	}
	defer p.Close()
	a, err := p.record(ctx, cellA)
	if err != nil {
		return LinkExplanation{}, err
	}
	b, err := p.record(ctx, cellB)
	if err != nil {
		return LinkExplanation{}, err
	}
	links, err := p.links(ctx, []Record{a, b})
	if err != nil {
		return LinkExplanation{}, err
	}
	if len(links) == 0 {
		return LinkExplanation{A: a, B: b}, nil
	}
	return links[0], nil
}

// record finds the record of a cell: file!row or file!sheet!row.
func (p *Published) record(ctx context.Context, cell string) (Record, error) {
	parts := strings.Split(cell, "!")
	row, err := strconv.ParseInt(parts[len(parts)-1], 10, 64)
	if err != nil || len(parts) < 2 || len(parts) > 3 {
		return Record{}, &Refused{"请写 文件!行 或 文件!工作表!行，例如 inbox/register/2026.csv!17"}
	}
	sheet := ""
	if len(parts) == 3 {
		sheet = parts[1]
	}
	found, err := duck.Collect(ctx, p.db, "select "+recordColumns+` from persons
		where night = `+lastNight+` and file = ? and row = ? and (? = '' or sheet = ?) order by roll, sheet, part limit 1`,
		scanRecord, parts[0], row, sheet, sheet)
	if err != nil {
		return Record{}, err
	}
	if len(found) == 0 {
		return Record{}, &Refused{"最近一晚的名册里没有这一行：文件名、工作表和行号请照疑点事实中的写法"}
	}
	return found[0], nil
}

// ExplainPerson tells of a person, as in persons.person, or one who has an ID
// number, which records are held to be theirs and why. ok is false where there
// is none.
func ExplainPerson(ctx context.Context, dir, person string) (e PersonExplanation, ok bool, err error) {
	p, err := OpenPublished(ctx, dir)
	if err != nil {
		return e, false, err
	}
	defer p.Close()
	e.Records, err = duck.Collect(ctx, p.db, "select "+recordColumns+` from persons
		where night = `+lastNight+` and person in (select person from persons where night = `+lastNight+` and (person = ?1 or id_no = ?1))
		order by roll, file, sheet, row, part`, scanRecord, person)
	if err != nil || len(e.Records) == 0 {
		return e, false, err
	}
	e.Person = e.Records[0].Person
	if e.Links, err = p.links(ctx, e.Records); err != nil {
		return e, false, err
	}
	e.Were, e.Also, err = p.history(ctx, e.Person)
	return e, true, err
}

// history tells which persons a person's records were the night before, and
// which others the records of these are tonight. Records are followed by roll,
// household, ID and name: rows move.
func (p *Published) history(ctx context.Context, person string) (were, also []string, err error) {
	const follow = `with both_nights as (
			select night, person, concat_ws('|', roll, household, id_raw, name) as record from persons where person is not null),
		before as (select distinct person, record from both_nights where night = (select max(night) from persons where night < ` + lastNight + `)),
		tonight as (select distinct person, record from both_nights where night = ` + lastNight + `)`
	text := func(r *duck.Rows) (s string, err error) { return s, r.Scan(&s) }
	were, err = duck.Collect(ctx, p.db, follow+`
		select distinct before.person from tonight join before using (record) where tonight.person = ? order by 1`, text, person)
	if err != nil {
		return nil, nil, err
	}
	also, err = duck.Collect(ctx, p.db, follow+`
		select distinct now.person
		from tonight mine join before using (record) join before others on others.person = before.person join tonight now on now.record = others.record
		where mine.person = ?1 and now.person <> ?1 order by 1`, text, person)
	return were, also, err
}

// links are the published links among some records.
func (p *Published) links(ctx context.Context, records []Record) ([]LinkExplanation, error) {
	bits, err := p.bits(ctx)
	if err != nil {
		return nil, err
	}
	at := map[string]Record{}
	var cells []string
	for _, r := range records {
		key := fmt.Sprint(r.File, "\x1f", r.Sheet, "\x1f", r.Row)
		at[key] = r
		cells = append(cells, duck.Text(key))
	}
	among := "concat_ws(chr(31), %[1]sfile, coalesce(%[1]ssheet, ''), %[1]srow) in (" + strings.Join(cells, ", ") + ")"
	query := ""
	for _, side := range [][3]string{{"links", "dibao_", "register_"}, {"links_other", "a_", "b_"}} {
		if query != "" {
			query += " union all "
		}
		query += fmt.Sprintf(`select concat_ws(chr(31), %[2]sfile, coalesce(%[2]ssheet, ''), %[2]srow), concat_ws(chr(31), %[3]sfile, coalesce(%[3]ssheet, ''), %[3]srow),
			method, decision, coalesce(repair, ''), cast(weight as varchar), cast(probability as varchar), ground, pattern
			from %[1]s where night = %[4]s and `, side[0], side[1], side[2], lastNight) + fmt.Sprintf(among, side[1]) + " and " + fmt.Sprintf(among, side[2])
	}
	return duck.Collect(ctx, p.db, query+" order by 1, 2", func(r *duck.Rows) (e LinkExplanation, err error) {
		var a, b string
		var pattern link.Pattern
		if err := r.Scan(&a, &b, &e.Method, &e.Decision, &e.Repair, &e.Weight, &e.Probability, &e.Ground, &pattern); err != nil {
			return e, err
		}
		e.A, e.B, e.Method = at[a], at[b], report.MethodWord(e.Method)
		e.Parts, err = parts(bits, e, pattern)
		return e, err
	})
}

// bits reads what each level of a comparison says, by ground.
func (p *Published) bits(ctx context.Context) (map[string]float64, error) {
	bits := map[string]float64{}
	_, err := duck.Collect(ctx, p.db, "select ground || '.' || comparison || '.' || level, cast(bits as double) from link_bits where night = "+lastNight,
		func(r *duck.Rows) (none struct{}, err error) {
			var key string
			var value float64
			err = r.Scan(&key, &value)
			bits[key] = value
			return none, err
		})
	return bits, err
}

// parts takes a link's weight apart: what was to be expected before, what each
// comparison adds, and what is left, which a common name and rivals make up.
func parts(bits map[string]float64, e LinkExplanation, pattern link.Pattern) ([]LinkPart, error) {
	weight, err := strconv.ParseFloat(e.Weight, 64)
	if err != nil {
		return nil, err
	}
	all := []LinkPart{{Title: "比对之前", Level: groundWords[e.Ground], Bits: bits[e.Ground+".prior.0"]}}
	rest := weight - all[0].Bits
	for _, c := range link.Comparisons {
		level := c.Level(pattern)
		part := LinkPart{Title: comparisonWords[c.Name][0], Level: comparisonWords[c.Name][1+level], Bits: bits[fmt.Sprintf("%s.%s.%d", e.Ground, c.Name, level)]}
		rest -= part.Bits
		all = append(all, part)
	}
	if rest > 0.01 || rest < -0.01 {
		all = append(all, LinkPart{Title: "姓名多见与否、有无相近的人", Bits: rest})
	}
	return all, nil
}

// groundWords are what officers read of a link's ground.
var groundWords = map[string]string{
	"apart":     "两户没有其他对上的人",
	"household": "两户另有对上的人",
	"one_id":    "身份证号相同",
	"alone":     "户内没有其他人可作旁证",
}

// comparisonWords are a comparison's title and what officers read of its
// levels, from 0.
var comparisonWords = map[string][]string{
	"id":       {"身份证号", "两个有效号码，不同", "一方缺号或错号", "改正一处后相同", "相同"},
	"name":     {"姓名", "不同", "只有姓相同", "少一个字", "有形近字", "有同音字", "有缺字符号", "相同"},
	"birth":    {"出生日期", "不同", "不详，或出自身份证号", "相同"},
	"sex":      {"性别", "不同", "不详", "相同"},
	"place":    {"住地", "不同", "不详", "同一乡镇", "同一村"},
	"relation": {"与户主关系", "不同", "不详", "相同"},
}
