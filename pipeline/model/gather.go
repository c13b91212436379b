package model

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"doudi/pipeline/duck"
	"doudi/sources"
)

// A rule's table has one row a finding and evidence record. The columns below
// are the same for every rule, the last five for a subject whom no record of a
// person speaks for; every other column is a fact that the rule computed, found
// in the file and sheet that the rule names, if it does.
var ruleColumns = []string{
	"subject_key", "subject_record", "dibao_household", "register_household",
	"exception", "month_fen", "total_fen", "evidence_record", "file", "sheet",
	"name", "id_no", "area_code", "town", "village",
}

// Gather brings the tables of the rules that ran into found.findings and
// found.facts: one row a finding with its sentence, one row a fact with its
// cell. Findings are numbered, for the night alone; lists are read once each,
// however many rules show their cells.
func (g *Graph) Gather(ctx context.Context, db *duck.DB, ran []*Rule) error {
	if err := db.Exec(ctx, "create or replace temp table evidence (rule_no integer, finding_no bigint, record bigint)"); err != nil {
		return err
	}
	if err := db.Exec(ctx, "create or replace temp table unnamed as from found.findings limit 0"); err != nil {
		return err
	}
	for i, r := range ran {
		if err := gatherRule(ctx, db, r, i, true); err != nil {
			return fmt.Errorf("%s: %w", r.Slug, err)
		}
	}
	if err := nameSubjects(ctx, db); err != nil {
		return err
	}
	for _, kind := range sources.Kinds() {
		if err := gatherCells(ctx, db, kind, ran); err != nil {
			return fmt.Errorf("cells of %s: %w", kind.Name, err)
		}
	}
	return db.Exec(ctx, "drop table evidence")
}

// nameSubjects looks up, once for all rules, who the subjects are and where they
// live, and puts that into their sentences. What a rule says itself counts first.
func nameSubjects(ctx context.Context, db *duck.DB) error {
	err := db.Exec(ctx, `insert into found.findings
		select finding_no, rule, subject_key, subject_record, dibao_household, register_household, exception, month_fen, total_fen,
			area_code, town, village, name, id_no,
			replace(replace(replace(reason, '{name}', coalesce(name, '—')), '{town}', coalesce(town, '—')), '{village}', coalesce(village, '—'))
		from (
			select unnamed.* exclude (area_code, town, village, name, id_no),
				coalesce(unnamed.area_code, p.area_code) as area_code, coalesce(unnamed.town, p.town) as town,
				coalesce(unnamed.village, p.village) as village, coalesce(unnamed.name, p.name) as name, coalesce(unnamed.id_no, p.id_no) as id_no
			from unnamed left join normal.persons p on p.record = unnamed.subject_record)`)
	if err != nil {
		return err
	}
	return db.Exec(ctx, "drop table unnamed")
}

// GatherFindings fills found.findings alone: enough to count findings and their
// money, not to tell whether their evidence is what it was.
func (g *Graph) GatherFindings(ctx context.Context, db *duck.DB, ran []*Rule) error {
	if err := db.Exec(ctx, "create or replace temp table unnamed as from found.findings limit 0"); err != nil {
		return err
	}
	for i, r := range ran {
		if err := gatherRule(ctx, db, r, i, false); err != nil {
			return fmt.Errorf("%s: %w", r.Slug, err)
		}
	}
	return nameSubjects(ctx, db)
}

// findingsARule bounds the findings of one rule in a night: numbers are the
// rule's times this, and on.
const findingsARule = 1 << 40

func gatherRule(ctx context.Context, db *duck.DB, r *Rule, no int, facts bool) error {
	table := "finding." + r.Slug
	columns, err := db.Describe(ctx, "select * from "+table)
	if err != nil {
		return err
	}
	has := map[string]bool{}
	var computed []duck.Column
	for _, c := range columns {
		has[c.Name] = true
		if !slices.Contains(ruleColumns, c.Name) {
			computed = append(computed, c)
		}
	}
	own := func(name, kind string) string {
		if has[name] {
			return "f." + name
		}
		return "cast(null as " + kind + ")"
	}
	except := ""
	if has["evidence_record"] {
		except = " exclude (evidence_record)"
	}
	number := fmt.Sprintf("%d + dense_rank() over (order by subject_key) as finding_no", no*findingsARule)
	if err := db.Exec(ctx, "create or replace temp table judged as select "+number+", * from "+table); err != nil {
		return err
	}
	if err := db.Exec(ctx, "create or replace temp table alone as select distinct *"+except+" from judged"); err != nil {
		return err
	}
	err = db.Exec(ctx, fmt.Sprintf(`insert into unnamed
		select f.finding_no, %s, f.subject_key, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s from alone f`,
		duck.Text(r.Slug), own("subject_record", "bigint"),
		own("dibao_household", "varchar"), own("register_household", "varchar"), own("exception", "varchar"),
		own("month_fen", "bigint"), own("total_fen", "bigint"),
		own("area_code", "varchar"), own("town", "varchar"), own("village", "varchar"), own("name", "varchar"), own("id_no", "varchar"),
		r.sentence(computed, has)))
	if err != nil {
		return err
	}
	if facts && len(computed) > 0 {
		var fields, values []string
		for _, c := range computed {
			fields = append(fields, duck.Text(strings.TrimSuffix(c.Name, "_fen")))
			values = append(values, valueText("f."+duck.Ident(c.Name), kindOf(c)))
		}
		err := db.Exec(ctx, fmt.Sprintf(`insert into found.facts (finding_no, field, value, file, sheet)
			select finding_no, field, value, file, sheet
			from (select f.finding_no, unnest([%s]) as field, unnest([%s]) as value, %s as file, %s as sheet from alone f)
			where value is not null`, strings.Join(fields, ", "), strings.Join(values, ", "),
			own("file", "varchar"), own("sheet", "varchar")))
		if err != nil {
			return err
		}
	}
	if facts && has["evidence_record"] {
		err := db.Exec(ctx, fmt.Sprintf(`insert into evidence
			select distinct %d, finding_no, evidence_record from judged where evidence_record is not null`, no))
		if err != nil {
			return err
		}
	}
	return db.Exec(ctx, "drop table judged; drop table alone; drop table "+table)
}

// sentence fills the rule's reason with the finding's own columns; whom it speaks
// of is put in by nameSubjects.
func (r *Rule) sentence(computed []duck.Column, has map[string]bool) string {
	expr := duck.Text(r.Reason)
	put := func(name, value string) {
		if strings.Contains(r.Reason, "{"+name+"}") {
			expr = fmt.Sprintf("replace(%s, '{%s}', coalesce(%s, '—'))", expr, name, value)
		}
	}
	for _, c := range computed {
		value := valueText("f."+duck.Ident(c.Name), kindOf(c))
		if words := r.Words[strings.TrimSuffix(c.Name, "_fen")]; len(words) > 0 {
			value = wordCase("f."+duck.Ident(c.Name), words)
		}
		put(c.Name, value)
		put(strings.TrimSuffix(c.Name, "_fen"), value)
	}
	for _, place := range []string{"file", "sheet"} {
		if has[place] {
			put(place, "f."+place)
		}
	}
	for _, money := range []string{"month_fen", "total_fen"} {
		if has[money] {
			put(money, valueText("f."+money, money_))
			put(strings.TrimSuffix(money, "_fen"), valueText("f."+money, money_))
		}
	}
	return expr
}

func wordCase(column string, words map[string]string) string {
	codes := make(map[string]bool, len(words))
	for code := range words {
		codes[code] = true
	}
	var b strings.Builder
	b.WriteString("case " + column)
	for _, code := range sorted(codes) {
		b.WriteString(" when " + duck.Text(code) + " then " + duck.Text(words[code]))
	}
	b.WriteString(" else " + column + " end")
	return b.String()
}

// gatherCells adds the cells of one list that the evidence of the rules shows.
func gatherCells(ctx context.Context, db *duck.DB, kind sources.Kind, ran []*Rule) error {
	number := map[string]int{} // field → its column among the cells
	var columns []string
	for _, r := range ran {
		for _, field := range r.shows(kind.Name) {
			if _, known := number[field]; known {
				continue
			}
			value, raw, err := cell(kind, field)
			if err != nil {
				return fmt.Errorf("%s: %w", r.Slug, err)
			}
			number[field] = len(number)
			columns = append(columns, fmt.Sprintf("%s as v%d, %s as r%d", value, number[field], raw, number[field]))
		}
	}
	if len(columns) == 0 {
		return nil
	}
	err := db.Exec(ctx, fmt.Sprintf(`create or replace temp table cells as
		select record, file, sheet, row, as_of, %s
		from raw.%s list semi join evidence using (record)`, strings.Join(columns, ", "), kind.Name))
	if err != nil {
		return err
	}
	// One statement for all rules: what is shown of a record is chosen by its rule.
	var rules []string
	var fields, values, raws strings.Builder
	for no, r := range ran {
		shows := r.shows(kind.Name)
		if len(shows) == 0 {
			continue
		}
		rules = append(rules, fmt.Sprint(no))
		list := func(b *strings.Builder, shown func(field string) string) {
			texts := make([]string, len(shows))
			for i, field := range shows {
				texts[i] = shown(field)
			}
			fmt.Fprintf(b, " when %d then [%s]", no, strings.Join(texts, ", "))
		}
		list(&fields, duck.Text)
		list(&values, func(field string) string { return fmt.Sprintf("v%d", number[field]) })
		list(&raws, func(field string) string { return fmt.Sprintf("r%d", number[field]) })
	}
	// Owners out of one cell are parts of one row: what they share is shown once.
	once := ""
	if kind.Owners {
		once = "distinct "
	}
	err = db.Exec(ctx, fmt.Sprintf(`insert into found.facts
		select %sfinding_no, %s, unnest(case rule_no%s end), unnest(case rule_no%s end), unnest(case rule_no%s end), file, sheet, row, as_of
		from evidence join cells using (record) where rule_no in (%s)`,
		once, duck.Text(kind.Name), fields.String(), values.String(), raws.String(), strings.Join(rules, ", ")))
	if err != nil {
		return err
	}
	return db.Exec(ctx, "drop table cells")
}

// shows are the fields of a roll's evidence records that the rule shows.
func (r *Rule) shows(roll string) []string {
	var fields []string
	for _, facts := range r.Facts {
		if facts.Roll == roll {
			fields = append(fields, facts.Fields...)
		}
	}
	return fields
}

// cell gives the expressions of a canonical field's published value and of
// the cell as it came.
func cell(kind sources.Kind, field string) (value, raw string, err error) {
	c, ok := kind.Column(field)
	if !ok {
		return "", "", fmt.Errorf("no field %q to show", field)
	}
	value = valueText("list."+duck.Ident(c.RawName()), c.Type)
	twin := "list." + duck.Ident(c.TwinName())
	if c.Type == sources.Word {
		return twin, twin, nil
	}
	return value, "coalesce(" + twin + ", " + value + ")", nil
}

// money_ is the type of columns that end in _fen.
const money_ = sources.Money

// kindOf is the type of a computed fact, told by its column: _fen is money,
// a date whose name ends in _month is a month.
func kindOf(c duck.Column) sources.Type {
	switch {
	case strings.HasSuffix(c.Name, "_fen"):
		return sources.Money
	case c.Type == "DATE" && strings.HasSuffix(c.Name, "month"):
		return sources.Month
	case c.Type == "DATE":
		return sources.Date
	case c.Type == "BOOLEAN":
		return sources.Bool
	}
	return sources.Text
}

// valueText writes a column as it is published in finding_fields: money in
// yuan with two places, 2026-11-20, 2026-11, true.
func valueText(column string, kind sources.Type) string {
	switch kind {
	case sources.Money:
		return fmt.Sprintf("case when %[1]s < 0 then '-' else '' end || cast(abs(%[1]s) // 100 as varchar) || '.' || lpad(cast(abs(%[1]s) %% 100 as varchar), 2, '0')", column)
	case sources.Month:
		return "strftime(" + column + ", '%Y-%m')"
	default:
		return "cast(" + column + " as varchar)"
	}
}
