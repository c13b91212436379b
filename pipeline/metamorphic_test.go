package pipeline

import (
	"fmt"
	"math/rand/v2"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"doudi/fixtures"
	"doudi/sources"
	"doudi/sources/clean"
)

// TestMetamorphic judges one county again and again, each time laid down
// otherwise in a way that says nothing new of anybody: the findings are the
// same up to that change.
func TestMetamorphic(t *testing.T) {
	dir := generated(t, fixtures.Options{Households: 220, Seed: 11, Errors: 1})
	base := takeCounty(t, dir)
	was := judge(t, base.lay(t), base.night)
	if len(was.findings) < 300 {
		t.Fatalf("only %d findings", len(was.findings))
	}
	for _, c := range []struct {
		name string
		turn func(*county) func(judged) judged
		// skip are rules that speak of a file or a row, where that is turned about.
		skip []string
	}{
		// Of an unknown word the first record is shown; files of one name but for
		// digits are numbered.
		{"rows and files in another order", shuffled, []string{"code_unknown", "control_total_differs"}},
		{"every file in two", halved, []string{"code_unknown", "control_total_differs"}},
		{"IDs renumbered", renumbered, nil},
		{"towns and villages renamed", renamed, nil},
		{"all dates four years earlier", earlier, nil},
		{"a household more that breaks no rule", enlarged, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			turned := base.clone()
			like := c.turn(&turned)
			is := judge(t, turned.lay(t), turned.night)
			var want []judged
			by := map[string]bool{} // wrong numbers that the change made right, or wrong in another way
			for _, f := range was.findings {
				turned := like(f)
				if strings.HasPrefix(f.Rule, "id_") && clean.ParseID(f.IDNo).Kind != clean.ParseID(turned.IDNo).Kind {
					by[turned.IDNo] = true
				} else if !slices.Contains(c.skip, f.Rule) {
					want = append(want, turned)
				}
			}
			got := slices.DeleteFunc(is.findings, func(f judged) bool {
				return slices.Contains(c.skip, f.Rule) || strings.HasPrefix(f.Rule, "id_") && by[f.IDNo]
			})
			same(t, got, want)
		})
	}
}

// same compares findings: the ID and the hash of the evidence only where both
// are given.
func same(t *testing.T, got, want []judged) {
	t.Helper()
	counts := map[judged]int{}
	unhashed := len(want) > 0 && want[0].ID == ""
	for _, f := range got {
		if unhashed {
			f.ID, f.Evidence = "", ""
		}
		counts[f]++
	}
	for _, f := range want {
		counts[f]--
	}
	var lines []string
	for f, n := range counts {
		if n != 0 {
			lines = append(lines, fmt.Sprintf("%s %+d %v", f.Rule, n, f))
		}
	}
	slices.Sort(lines)
	for _, line := range lines {
		t.Error(line)
	}
}

// shuffled puts the rows of every file in another order, totals where they
// stood, and gives the files other names.
func shuffled(c *county) func(judged) judged {
	random := rand.New(rand.NewPCG(1, 2))
	slices.SortFunc(c.sheets, func(a, b sheet) int { return strings.Compare(b.name, a.name) })
	var names []string
	for i := range c.sheets {
		s := &c.sheets[i]
		for from := 0; from < len(s.lines); from++ {
			to := from
			for to < len(s.lines) && s.lines[to].record {
				to++
			}
			part := s.lines[from:to]
			random.Shuffle(len(part), func(i, j int) { part[i], part[j] = part[j], part[i] })
			from = to
		}
		was := path.Join("inbox", s.roll, s.name)
		s.name = fmt.Sprintf("%02d%s", i, s.name)
		names = append(names, path.Join("inbox", s.roll, s.name), was)
	}
	back := strings.NewReplacer(flip(names)...)
	return func(f judged) judged {
		f.Reason = back.Replace(f.Reason)
		return f
	}
}

// flip turns pairs about: what was old is new.
func flip(pairs []string) []string {
	out := slices.Clone(pairs)
	for i := 0; i < len(out); i += 2 {
		out[i], out[i+1] = out[i+1], out[i]
	}
	return out
}

// halved cuts every file in two under the same titles and header; its totals
// would be of neither, and go.
func halved(c *county) func(judged) judged {
	var halves []sheet
	for _, s := range c.sheets {
		records := slices.DeleteFunc(s.lines, func(l line) bool { return !l.record })
		one, other := s, s
		one.lines, other.lines = records[:len(records)/2], records[len(records)/2:]
		other.name = "续" + s.name
		halves = append(halves, one, other)
	}
	c.sheets = halves
	return func(f judged) judged { return f }
}

// mirror is a bijection of ID numbers: the three digits of the sequence are
// turned about, the sex stays, and numbers that had a digit in common have one.
func mirror(no string) string {
	b := []byte(no)
	b[14], b[15] = '0'+'9'-b[14], '0'+'9'-b[15]
	b[16] = [...]byte{'8', '9', '6', '7', '4', '5', '2', '3', '0', '1'}[b[16]-'0']
	b[17] = clean.CheckChar(string(b[:17]))
	return string(b)
}

const shift = 4 // years; leap days stay days

// younger is the ID number of somebody born so many years earlier.
func younger(no string) string {
	year, _ := strconv.Atoi(no[6:10])
	b := fmt.Appendf(nil, "%s%04d%s", no[:6], year-shift, no[10:])
	b[17] = clean.CheckChar(string(b[:17]))
	return string(b)
}

func renumbered(c *county) func(judged) judged { return c.renumber(mirror) }

// renumber gives every ID number another one, however it is written: with 15,
// 20 or 22 digits, full-width, masked, or wrong like a right one.
func (c *county) renumber(to func(string) string) func(judged) judged {
	var sound []string
	seen := map[string]bool{}
	c.each(func(_ *sheet, is column, cell string) string {
		if id := clean.ParseID(cell); is.kind == sources.ID && id.Key != 0 && !seen[id.No] {
			seen[id.No] = true
			sound = append(sound, id.No)
		}
		return cell
	})
	slices.Sort(sound)
	number := func(text string) string { return likewise(text, sound, to) }
	c.each(func(_ *sheet, is column, cell string) string {
		switch {
		case is.kind == sources.ID && utf8.RuneCountInString(cell) < 32, is.name == "certificate_no":
			return number(cell)
		case is.kind == sources.ID, is.kind == sources.Text && is.name != "credit_code":
			return idInText.ReplaceAllStringFunc(cell, number)
		}
		return cell
	})
	for _, name := range []string{"waivers", "links"} {
		for _, row := range c.policy[name][1:] {
			for i := range row {
				row[i] = idInText.ReplaceAllStringFunc(row[i], number)
			}
		}
	}
	return func(f judged) judged {
		f.ID, f.Evidence = "", ""
		for _, text := range []*string{&f.IDNo, &f.Dibao, &f.Register, &f.Reason} {
			*text = idInText.ReplaceAllStringFunc(*text, number)
		}
		return f
	}
}

var idInText = regexp.MustCompile(`\b(\d{4}[0-9*]{13}[0-9X*]|\d{15}|\d{17}|\d{18}[0-9X])\b`)

// likewise writes the changed number as the old one was written.
func likewise(text string, sound []string, to func(string) string) string {
	var plain []rune
	at := []int{} // of the runes of text
	runes := []rune(text)
	for i, r := range runes {
		switch {
		case r >= '０' && r <= '９':
			r += '0' - '０'
		case r == 'x', r == 'Ｘ', r == 'ｘ':
			r = 'X'
		}
		if r >= '0' && r <= '9' || r == 'X' || r == '*' {
			plain, at = append(plain, r), append(at, i)
		}
	}
	was := string(plain)
	var is string
	switch len(was) {
	case 15:
		whole := was[:6] + "19" + was[6:]
		is = changed(whole+string(clean.CheckChar(whole)), sound, to)
		is = is[:6] + is[8:17]
	case 18:
		is = changed(was, sound, to)
	case 20, 22:
		is = changed(was[:18], sound, to) + was[18:]
	case 17, 19:
		is = resized(was, sound, to)
	default:
		return text
	}
	for i, r := range is {
		old := runes[at[i]]
		switch {
		case old >= '０' && old <= '９':
			r += '０' - '0'
		case r == 'X' && old == 'x':
			r = 'x'
		}
		runes[at[i]] = r
	}
	return string(runes)
}

// changed is a number of 18 characters as `to` has it. A wrong one is changed
// like the sound one it is nearest to, and stays wrong in the same places; one
// that is near to none keeps how far its check character is off.
func changed(no string, sound []string, to func(string) string) string {
	id := clean.ParseID(no)
	switch {
	case id.Key != 0:
		return to(no)
	case id.Kind == clean.Placeholder:
		return no
	}
	best, fewest := "", 3
	for _, s := range sound {
		if n := apart(no, s); n < fewest {
			best, fewest = s, n
		}
	}
	if best == "" {
		if strings.Trim(no[:17], "0123456789") != "" || !strings.ContainsRune(checks, rune(no[17])) {
			return no
		}
		moved := []byte(to(no))
		off := strings.IndexByte(checks, no[17]) - strings.IndexByte(checks, clean.CheckChar(no[:17])) + 11
		moved[17] = checks[(strings.IndexByte(checks, moved[17])+off)%11]
		return string(moved)
	}
	moved := []byte(to(best))
	for i := range moved {
		switch {
		case no[i] == best[i]:
		case i >= 14 && i < 17 && no[i] != '*':
			moved[i] = to(best[:i] + no[i:i+1] + best[i+1:])[i]
		default:
			moved[i] = no[i]
		}
	}
	switch id.Kind {
	case clean.Damaged:
		copy(moved[15:], "000")
	case clean.BadBirth:
		moved[17] = clean.CheckChar(string(moved[:17]))
	}
	return string(moved)
}

const checks = "10X98765432"

// apart counts the places in which two numbers differ; hidden ones do not, and
// what a spreadsheet ate counts as one.
func apart(a, b string) int {
	if a[:15] == b[:15] && a[15:] == "000" {
		return 1
	}
	n := 0
	for i := range a {
		if a[i] != b[i] && a[i] != '*' {
			n++
		}
	}
	return n
}

// resized is the change of a number of which a digit is lost, or that has one
// too many.
func resized(no string, sound []string, to func(string) string) string {
	for _, s := range sound {
		for i := range 18 {
			if no == s[:i]+s[i+1:] {
				moved := to(s)
				return moved[:i] + moved[i+1:]
			}
			if no[:i] == s[:i] && len(no) == 19 && no[i+1:] == s[i:] {
				moved := to(s)
				return moved[:i] + no[i:i+1] + moved[i:]
			}
		}
	}
	return no
}

// renamed gives towns and villages other names, in places.csv and wherever they
// stand.
func renamed(c *county) func(judged) judged {
	var pairs []string
	ends := regexp.MustCompile("(镇|乡|街道|村|社区)$")
	for i, row := range c.policy["places"][1:] {
		end := ends.FindString(row[1])
		if end == "" {
			continue
		}
		pairs = append(pairs, row[1], string([]rune("甲乙丙丁戊己庚辛壬癸子丑寅卯")[i%14])+string([]rune("梁河")[i/14])+end)
	}
	names := strings.NewReplacer(pairs...)
	for i := range c.sheets {
		s := &c.sheets[i]
		s.name = names.Replace(s.name)
		for _, l := range slices.Concat(s.above, s.lines) {
			for j, cell := range l.cells {
				l.cells[j] = names.Replace(cell)
			}
		}
	}
	for _, row := range c.policy["places"] {
		row[1] = names.Replace(row[1])
	}
	return func(f judged) judged {
		f.ID, f.Evidence = "", ""
		for _, text := range []*string{&f.Town, &f.Village, &f.Name, &f.Reason} {
			*text = names.Replace(*text)
		}
		return f
	}
}

// earlier moves the night, the lists, their people and the policy.
func earlier(c *county) func(judged) judged {
	people := c.renumber(younger)
	c.night = c.night.AddDate(-shift, 0, 0)
	c.yaml = yearOf.ReplaceAllStringFunc(c.yaml, back)
	for _, name := range []string{"parameters", "waivers", "links"} {
		table := c.policy[name]
		for i, head := range table[0] {
			if head == "from" || head == "to" {
				for _, row := range table[1:] {
					row[i] = yearOf.ReplaceAllStringFunc(row[i], back)
				}
			}
		}
	}
	for i := range c.sheets {
		s := &c.sheets[i]
		s.name = yearInName.ReplaceAllStringFunc(s.name, back)
		for _, l := range s.above {
			for j, cell := range l.cells {
				l.cells[j] = yearOf.ReplaceAllStringFunc(cell, back)
			}
		}
	}
	c.each(func(_ *sheet, is column, cell string) string {
		_, precision, ok := clean.ParseDate(cell)
		switch {
		case is.kind != sources.Date && is.kind != sources.Month && is.name != "year" || !ok || precision == clean.Open:
			return cell
		case len(cell) == 5: // a spreadsheet's day number
			day, _, _ := clean.ParseDate(cell)
			date, _ := time.Parse(time.DateOnly, day.String())
			n, _ := strconv.Atoi(cell)
			return strconv.Itoa(n - int(date.Sub(date.AddDate(-shift, 0, 0)).Hours()/24))
		}
		return firstYear.ReplaceAllStringFunc(cell, back)
	})
	return func(f judged) judged {
		f = people(f)
		f.Reason = yearInName.ReplaceAllStringFunc(yearOf.ReplaceAllStringFunc(f.Reason, back), back)
		return f
	}
}

var (
	yearOf     = regexp.MustCompile(`(19|20)\d\d(-\d\d|年)`)
	yearInName = regexp.MustCompile(`_20\d{4}`)
	firstYear  = regexp.MustCompile(`^[^0-9]*[12]\d{3}`)
)

// back takes the years off the first four digits.
func back(text string) string {
	i := strings.IndexAny(text, "0123456789")
	year, _ := strconv.Atoi(text[i : i+4])
	return text[:i] + strconv.Itoa(year-shift) + text[i+4:]
}

// enlarged adds two people to the register and to other lists, of whom nothing
// is to be said.
func enlarged(c *county) func(judged) judged {
	add := func(roll string, cells map[string]string) {
		for i := range c.sheets {
			s := &c.sheets[i]
			has := func(name string) bool {
				return slices.ContainsFunc(s.columns, func(is column) bool { return is.name == name })
			}
			if s.roll != roll || roll == "register" && !has("watch") {
				continue
			}
			row := make([]string, len(s.columns))
			for j, is := range s.columns {
				row[j] = cells[is.name]
			}
			s.lines = append(s.lines, line{row, true})
			return
		}
	}
	town, village := "", ""
	for _, row := range c.policy["places"][1:] {
		if len(row[0]) == 9 && town == "" {
			town = row[1]
		}
		if len(row[0]) == 12 && village == "" {
			village = row[1]
		}
	}
	for _, p := range []map[string]string{
		{"name": "令狐长安", "id_no": "990101196802290912", "sex": "男", "birth": "1968-02-29", "relation": "户主", "labour": "普通劳动力"},
		{"name": "欧阳月娥", "id_no": "990101197012310925", "sex": "女", "birth": "1970-12-31", "relation": "配偶", "labour": "普通劳动力"},
	} {
		p["id_no"] = p["id_no"][:17] + string(clean.CheckChar(p["id_no"][:17]))
		for name, value := range map[string]string{
			"town": town, "village": village, "household_no": "9901019999999999", "person_no": "9901019999999999" + p["sex"], "id_kind": "居民身份证(户口簿)",
			"people": "2", "state": "正常", "household_kind": "脱贫户", "income_head_year": "23456.00", "health": "健康",
		} {
			p[name] = value
		}
		add("register", p)
		add("insurance", map[string]string{"name": p["name"], "id_no": p["id_no"], "year": "2026", "scheme": "城乡居民", "subsidy": "0.00", "own_pay": "400.00"})
		add("vehicles", map[string]string{"name": p["name"], "id_no": p["id_no"], "plate": "某A9" + p["id_no"][14:], "kind": "小型轿车", "state": "正常"})
		add("social_insurance", map[string]string{"name": p["name"], "id_no": p["id_no"], "scheme": "城乡居民基本养老保险", "state": "正常缴费"})
	}
	return func(f judged) judged { return f }
}
