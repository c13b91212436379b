package workspace

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Policy is what policy/ holds: dated parameters, words, places, waivers, and
// decisions on who is who.
type Policy struct {
	Parameters []Parameter
	Empty      []Parameter // rows that still want a value
	Words      []Word
	Places     []Place
	Waivers    []Waiver
	Rulings    []Ruling
	// Reading hashes what decides how files are read (words, places); All
	// hashes every table.
	Reading, All string

	meanings map[[2]string]Word // by column and word
}

// Parameter is one dated value for an area.
type Parameter struct {
	Name, Area string
	From, To   time.Time // To exclusive; zero where open
	Value      string    // exact decimal
	Unit       string
	Basis      string
	Line       int
}

// InForce says whether the parameter counts on a day.
func (p Parameter) InForce(day time.Time) bool {
	return !p.From.After(day) && (p.To.IsZero() || day.Before(p.To))
}

// Word says what a word of a coded column means.
type Word struct {
	Column, Word, Code string
	Line               int
}

// Place is a town or a village, or an alias of one.
type Place struct {
	Code, Name, Parent string
	Line               int
}

// Waiver is a person's decision to suppress a rule for a subject.
type Waiver struct {
	Rule, IDNo, Household, Reason, Approver string
	From, To                                time.Time
	Line                                    int
}

// Ruling is a person's decision that two records are one person's (Same) or
// two persons'. Of ID and name each side has at least one; what it has must
// match.
type Ruling struct {
	A, B             Named
	Same             bool
	Reason, Approver string
	From, To         time.Time
	Line             int
}

// Named is whom a ruling speaks of: a record of a roll by ID, name, or both.
type Named struct{ Roll, IDNo, Name string }

// units are the parameters there are, and the unit each is written in.
var units = map[string]string{
	"dibao_standard_rural": "yuan_month", "dibao_standard_urban": "yuan_month", "tekun_standard": "yuan_month",
	"poverty_line": "yuan_year", "monitoring_line": "yuan_year", "consumption_per_head": "yuan_year",
	"edge_multiple":                  "ratio",
	"standard_share_of_poverty_line": "percent", "tekun_share_of_consumption": "percent",
	"supplement_class_a": "percent", "supplement_class_b": "percent",
	"supplement_elder": "yuan_month", "supplement_severe_disability": "yuan_month", "supplement_serious_illness": "yuan_month",
	"supplement_pupil": "yuan_month", "supplement_single_parent": "yuan_month",
	"living_allowance": "yuan_month", "care_allowance": "yuan_month",
	"grace_months": "months", "refusal_months": "months", "left_months": "months", "purchase_months": "months", "relief_months": "months",
	"recheck_months_a": "months", "recheck_months_b": "months", "recheck_months_c": "months",
	"elder_age": "years", "sampling_percent": "percent", "self_pay_limit": "yuan_year",
	"medical_ratio_tekun": "percent", "medical_ratio_sanwu_urban": "percent", "medical_ratio_serious": "percent",
	"all_dibao_registered": "flag", "annual_premium": "yuan_year", "assistance_budget": "yuan_year",
}

// offices say who publishes or sets a parameter, by the names that offices of a
// county have; those not named are the bureau's own (civil affairs).
var offices = map[string]string{
	"dibao_standard_rural": "民政局、财政局", "dibao_standard_urban": "民政局、财政局", "tekun_standard": "民政局、财政局",
	"poverty_line": "农业农村局（乡村振兴）", "monitoring_line": "农业农村局（乡村振兴）", "consumption_per_head": "统计局",
	"living_allowance": "民政局、残联", "care_allowance": "民政局、残联",
	"self_pay_limit": "医保局", "medical_ratio_tekun": "医保局", "medical_ratio_sanwu_urban": "医保局", "medical_ratio_serious": "医保局",
	"all_dibao_registered": "农业农村局（乡村振兴）、民政局", "annual_premium": "医保局、税务局", "assistance_budget": "财政局",
}

// OfficeOf says whom to ask for a parameter; Chinese.
func OfficeOf(parameter string) string {
	if office := offices[parameter]; office != "" {
		return office
	}
	return "民政局"
}

// Terms are what the policy tables may speak of, as the program knows it.
type Terms struct {
	IsRule func(slug string) bool
	IsRoll func(roll string) bool // a list that names persons
	// Codes are the meanings that words of a column may have; none where the
	// kind of list has no column of words by that name.
	Codes func(kind, column string) []string
	// ID is an ID number in the form in which findings have it, and whether it
	// is one.
	ID func(text string) (no string, ok bool)
}

// limits are the least and the most that a value of a unit can be: outside them
// somebody wrote another unit (fen, a year's sum as a month's, 1.5 as 150).
var limits = map[string][2]float64{
	"yuan_month": {0, 20_000}, "yuan_year": {0, 1_000_000}, "ratio": {1, 10}, "percent": {0, 100},
	"months": {0, 600}, "years": {0, 120}, "flag": {0, 1},
}

// wholeArea are the parameters that are a whole area's money and not a head's:
// they have no upper limit.
var wholeArea = []string{"assistance_budget"}

// ParameterNames are the parameters there are, in order of name.
func ParameterNames() []string { return slices.Sorted(maps.Keys(units)) }

// ReadPolicy reads the policy tables. Mistakes are ConfigErrors.
func (w *Workspace) ReadPolicy(terms Terms) (*Policy, error) {
	if !w.Exists(w.policyName("")) {
		return nil, &ConfigError{File: w.policyName(""), What: "没有政策参数文件夹，请用 doudi init 新建一个工作区，把其中的 policy 拷来填写"}
	}
	p := &Policy{meanings: map[[2]string]Word{}}
	all, reading := sha256.New(), sha256.New()
	read := func(name string, header string, into io.Writer, row func(t *table)) error {
		data, err := os.ReadFile(filepath.Join(w.Policy, name))
		if errors.Is(err, fs.ErrNotExist) && (name == "waivers.csv" || name == "places.csv" || name == "links.csv") {
			return nil
		}
		if errors.Is(err, fs.ErrNotExist) {
			return &ConfigError{File: w.policyName(name), What: "没有这张表，请用 doudi init 新建一个工作区，把其中的这张表拷来填写"}
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", w.policyName(name), err)
		}
		fmt.Fprintf(all, "%s %d\n", name, len(data))
		all.Write(data)
		if into != nil {
			into.Write(data)
		}
		return readTable(w.policyName(name), data, header, row)
	}
	err := errors.Join(
		read("parameters.csv", "name,area,from,to,value,unit,basis", nil, p.addParameter),
		read("words.csv", "column,word,code", reading, func(t *table) { p.addWord(t, terms.Codes) }),
		read("places.csv", "code,name,parent", reading, func(t *table) { p.addPlace(t, w.Area) }),
		read("waivers.csv", "rule,id_no,household,reason,approver,from,to", nil, func(t *table) { p.addWaiver(t, terms) }),
		read("links.csv", "a_roll,a_id_no,a_name,b_roll,b_id_no,b_name,decision,reason,approver,from,to", nil, func(t *table) { p.addRuling(t, terms.IsRoll) }),
	)
	if err != nil {
		return nil, err
	}
	p.All, p.Reading = hex.EncodeToString(all.Sum(nil)), hex.EncodeToString(reading.Sum(nil))
	return p, p.overlaps(w.policyName("parameters.csv"))
}

// policyName is a policy file's name as the bureau knows it.
func (w *Workspace) policyName(name string) string {
	rel, err := filepath.Rel(w.Dir, filepath.Join(w.Policy, name))
	if err != nil {
		return name
	}
	return filepath.ToSlash(rel)
}

// table is a row of a policy table being read, and the mistakes so far.
type table struct {
	file   string
	line   int
	names  []string
	cells  []string
	errors []error
}

func (t *table) get(name string) string {
	i := slices.Index(t.names, name)
	if i < 0 || i >= len(t.cells) {
		return ""
	}
	return strings.TrimSpace(t.cells[i])
}

func (t *table) fail(key, what string, args ...any) {
	t.errors = append(t.errors, &ConfigError{File: t.file, Line: t.line, Key: key, What: fmt.Sprintf(what, args...)})
}

// date reads a date of the row; empty is open.
func (t *table) date(name string) time.Time {
	text := t.get(name)
	if text == "" {
		return time.Time{}
	}
	day, err := time.Parse(time.DateOnly, text)
	switch {
	case err != nil:
		t.fail(name, "请写成 2026-11-20 的样子")
	case day.Year() < 1949 || day.Year() > 2199:
		t.fail(name, "年份不对，应在 1949 到 2199 之间")
	}
	return day
}

// period reads from and to, which must be in order.
func (t *table) period() (from, to time.Time) {
	from, to = t.date("from"), t.date("to")
	if !from.IsZero() && !to.IsZero() && !from.Before(to) {
		t.fail("to", "止期（不含当日）须在起期之后")
	}
	return from, to
}

// readTable gives every row of a CSV to row and gathers the mistakes of all.
func readTable(file string, data []byte, header string, row func(*table)) error {
	if !utf8.Valid(data) {
		return &ConfigError{File: file, What: "不是 UTF-8 编码，请另存为“CSV UTF-8”"}
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))
	r.FieldsPerRecord = -1
	t := &table{file: file}
	for {
		cells, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			var at *csv.ParseError
			line := 0
			if errors.As(err, &at) {
				line = at.StartLine
			}
			return errors.Join(append(t.errors, &ConfigError{File: file, Line: line, What: "这一行的引号不成对，无法读取"})...)
		}
		t.line, _ = r.FieldPos(0)
		if t.names == nil {
			for _, name := range cells {
				t.names = append(t.names, strings.TrimSpace(name))
			}
			for _, want := range strings.Split(header, ",") {
				if !slices.Contains(t.names, want) {
					return &ConfigError{File: file, Line: t.line, Key: want, What: "表头缺这一列，应为 " + header}
				}
			}
			continue
		}
		t.cells = cells
		if len(cells) > len(t.names) {
			t.fail("", "这一行的格数比表头多")
			continue
		}
		if strings.TrimSpace(strings.Join(cells, "")) != "" {
			row(t)
		}
	}
	if t.names == nil {
		return &ConfigError{File: file, What: "是空文件，应有表头 " + header}
	}
	return errors.Join(t.errors...)
}

var decimal = regexp.MustCompile(`^-?\d{1,14}(\.\d{1,4})?$`)

func (p *Policy) addParameter(t *table) {
	q := Parameter{
		Name: t.get("name"), Area: t.get("area"), Value: t.get("value"),
		Unit: t.get("unit"), Basis: t.get("basis"), Line: t.line,
	}
	before := len(t.errors)
	q.From, q.To = t.period()
	unit, known := units[q.Name]
	switch {
	case q.Name == "":
		t.fail("name", "不能为空")
	case !known:
		t.fail("name", "没有 %q 这个参数", q.Name)
	case q.Unit != unit:
		t.fail("unit", "%s 的单位应为 %s", q.Name, unit)
	}
	if !digits(q.Area) || len(q.Area) > 12 {
		t.fail("area", "请写行政区划代码（数字），留空表示各地通用")
	}
	if q.Value == "" && len(t.errors) == before {
		p.Empty = append(p.Empty, q)
		return
	}
	number, _ := strconv.ParseFloat(q.Value, 64) // to see its size alone
	limit, limited := limits[unit]
	switch {
	case !decimal.MatchString(q.Value):
		t.fail("value", "请写数字，最多四位小数，不带逗号和单位")
	case strings.HasPrefix(q.Value, "-"):
		t.fail("value", "不能小于 0")
	case (unit == "months" || unit == "years" || unit == "flag") && strings.Contains(q.Value, "."):
		t.fail("value", "%s 应为整数", q.Name)
	case unit == "flag" && q.Value != "0" && q.Value != "1":
		t.fail("value", "%s 应为 0 或 1", q.Name)
	case limited && (number < limit[0] || number > limit[1]) && !slices.Contains(wholeArea, q.Name):
		t.fail("value", "%s 的单位是 %s，应在 %.0f 到 %.0f 之间，请核对单位", q.Name, unit, limit[0], limit[1])
	}
	if len(t.errors) == before {
		p.Parameters = append(p.Parameters, q)
	}
}

// overlaps finds two rows that speak of one name, area and day.
func (p *Policy) overlaps(file string) error {
	var found []error
	for i, a := range p.Parameters {
		for _, b := range p.Parameters[:i] {
			if a.Name == b.Name && a.Area == b.Area && before(a.From, b.To) && before(b.From, a.To) {
				found = append(found, &ConfigError{File: file, Line: a.Line, Key: a.Name,
					What: fmt.Sprintf("与第 %d 行的时间重叠，同一地区同一天只能有一个值", b.Line)})
			}
		}
	}
	return errors.Join(found...)
}

// before says whether a period that begins at from begins before another ends
// at to; zero is open.
func before(from, to time.Time) bool { return from.IsZero() || to.IsZero() || from.Before(to) }

func digits(s string) bool { return strings.Trim(s, "0123456789") == "" }

func (p *Policy) addWord(t *table, codes func(kind, column string) []string) {
	word := Word{t.get("column"), t.get("word"), t.get("code"), t.line}
	kind, column, ok := strings.Cut(word.Column, ".")
	known := codes(kind, column)
	switch {
	case !ok || kind == "" || column == "":
		t.fail("column", "请写成 名册.列名，或 *.列名")
	case word.Word == "":
		t.fail("word", "不能为空")
	case word.Code == "":
		t.fail("code", "不能为空")
	case len(known) == 0:
		t.fail("column", "没有 %q 这种名册的词语列", word.Column)
	case !slices.Contains(known, word.Code):
		t.fail("code", "没有规则认识 %q，%s 可写：%s", word.Code, word.Column, strings.Join(known, "、"))
	default:
		key := [2]string{word.Column, word.Word}
		if other, twice := p.meanings[key]; twice && other.Code != word.Code {
			t.fail("code", "这个词在第 %d 行另有含义 %q，同一列的同一个词只能有一个", other.Line, other.Code)
			return
		}
		p.meanings[key] = word
		p.Words = append(p.Words, word)
	}
}

func (p *Policy) addPlace(t *table, area string) {
	place := Place{t.get("code"), t.get("name"), t.get("parent"), t.line}
	switch {
	case !digits(place.Code) || !slices.Contains([]int{2, 4, 6, 9, 12}, len(place.Code)):
		t.fail("code", "请写 6 位（县）、9 位（乡镇）或 12 位（村）区划代码")
	case !strings.HasPrefix(place.Code, area) && !strings.HasPrefix(area, place.Code):
		t.fail("code", "不在本地区（doudi.yaml 的 area：%s）之内", area)
	case place.Name == "":
		t.fail("name", "不能为空")
	case !digits(place.Parent):
		t.fail("parent", "请写上级的区划代码（数字），或留空")
	case len(place.Parent) >= len(place.Code) || !strings.HasPrefix(place.Code, place.Parent):
		t.fail("parent", "上级的区划代码应是本代码的前几位")
	default:
		p.Places = append(p.Places, place)
	}
}

// addWaiver reads a waiver. Those of the rules about wrong ID numbers, id_…,
// name what stands on the roll, whatever it is.
func (p *Policy) addWaiver(t *table, terms Terms) {
	v := Waiver{
		Rule: t.get("rule"), Household: t.get("household"),
		Reason: t.get("reason"), Approver: t.get("approver"), Line: t.line,
	}
	before := len(t.errors)
	id := t.get("id_no")
	no, sound := terms.ID(id)
	v.IDNo = no
	v.From, v.To = t.period()
	switch {
	case v.Rule != "*" && !terms.IsRule(v.Rule):
		t.fail("rule", "没有 %q 这条规则", v.Rule)
	case id != "" && !sound && !strings.HasPrefix(v.Rule, "id_"):
		t.fail("id_no", "不是身份证号，请核对位数和校验位；名册上就是错号的，改写户编号")
	case id == "" && v.Household == "":
		t.fail("id_no", "身份证号和户编号至少写一个")
	}
	if len(t.errors) == before {
		p.Waivers = append(p.Waivers, v)
	}
}

func (p *Policy) addRuling(t *table, isRoll func(string) bool) {
	before := len(t.errors)
	named := func(side string) Named {
		n := Named{t.get(side + "_roll"), t.get(side + "_id_no"), t.get(side + "_name")}
		switch {
		case !isRoll(n.Roll):
			t.fail(side+"_roll", "没有 %q 这种按人登记的名册", n.Roll)
		case n.IDNo == "" && n.Name == "":
			t.fail(side+"_id_no", "身份证号和姓名至少写一个")
		}
		return n
	}
	r := Ruling{A: named("a"), B: named("b"), Same: t.get("decision") == "same", Reason: t.get("reason"), Approver: t.get("approver"), Line: t.line}
	r.From, r.To = t.period()
	if !r.Same && t.get("decision") != "different" {
		t.fail("decision", "请写 same（同一人）或 different（不是同一人）")
	}
	if len(t.errors) == before {
		p.Rulings = append(p.Rulings, r)
	}
}
