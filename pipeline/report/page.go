package report

import (
	"bytes"
	_ "embed"
	"html/template"
	"os"
	"path"
	"regexp"
	"strings"
	"time"
)

//go:embed page.html
var pageHTML string

var pageTemplate = template.Must(template.New(pageFile).Funcs(template.FuncMap{
	"number": number,
	"yuan":   yuanText,
	"side":   sideName,
	"day":    asOf,
	"files":  filesText,
	"base":   path.Base,
	"masked": masked,
	"method": func(code string) string { return word(methodWords, code) },
	"decide": func(code string) string { return word(decisionWords, code) },
	"gate":   func(name string) string { return word(gateWords, name) },
	"house":  func(code string) string { return word(householdStates, code) },
}).Parse(pageHTML))

// pageData is what the page's template sees: figures, never a person.
type pageData struct {
	Name, Night, LastNight, Stance, Ranking string
	Area                                    string // 乡镇 or 县
	figures
	Cards                []card
	Opposed, Others      template.HTML // by area
	States               template.HTML
	Money                template.HTML
	RulesChart           template.HTML
	LinksChart           template.HTML
	Plan                 string
	Unseen               []unseen
	Skipped              []ruleFigure
	Ran                  int
	Turned               []ruleFigure // rules of which findings came, changed or went
	Causes               causes       // of all of them
	RefusedFiles         []fileFigure
	NotedFiles           []fileFigure // read, and something is to be said: an earlier pull's copy, a date after the night
	Rows, Accepted, Lost int64
	FilesRead            int64
	FilesRefused         int64
	MoreAreas            int
}

// card is the headline of a side.
type card struct {
	Code, Name, About string
	figure
}

// unseen is what nobody looked at tonight: a clause without rules, or a rule
// that was skipped.
type unseen struct{ Clause, Rule, Why string }

// mostBars is how many areas a chart shows; the table below it has them all.
const mostBars = 40

// writePage writes index.html: one page without a script or a link to
// anything else.
func writePage(in Input, f figures, path string) error {
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, pageOf(in, f)); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o600)
}

func pageOf(in Input, f figures) pageData {
	p := pageData{Name: in.Name, Night: in.Night.Format(time.DateOnly), Stance: stance, Ranking: ranking, Area: "乡镇", Plan: in.Plan, figures: f}
	if !in.LastNight.IsZero() {
		p.LastNight = in.LastNight.Format(time.DateOnly)
	}
	if in.aboveCounty() {
		p.Area = "县（市、区）"
	}
	for i, s := range f.Sides {
		p.Cards = append(p.Cards, card{Code: s.Side, Name: sides[i].name, About: sides[i].about, figure: s})
	}
	p.areaCharts()
	p.stateChart()
	p.moneyChart()
	p.ruleChart()
	p.linkChart()
	for _, r := range f.Rules {
		if r.Skipped {
			p.Skipped = append(p.Skipped, r)
		} else {
			p.Ran++
		}
		if r.Causes.All() > 0 {
			p.Turned = append(p.Turned, r)
			p.Causes.add(r.Causes)
		}
	}
	for _, c := range f.Clauses {
		if len(c.Rules) == 0 {
			p.Unseen = append(p.Unseen, unseen{c.Key, c.RanText(), c.Unserved})
		}
		for _, r := range c.Rules {
			if r.Skipped {
				p.Unseen = append(p.Unseen, unseen{c.Key, r.Title, r.Why()})
			}
		}
	}
	for _, file := range f.Files {
		switch {
		case file.Status == "refused":
			p.RefusedFiles = append(p.RefusedFiles, file)
		case file.Note != "":
			p.NotedFiles = append(p.NotedFiles, file)
		}
	}
	for _, r := range f.Rolls {
		p.Rows, p.Accepted, p.Lost = p.Rows+r.Rows, p.Accepted+r.Accepted, p.Lost+r.Rejected
		p.FilesRead, p.FilesRefused = p.FilesRead+r.Files-r.Refused, p.FilesRefused+r.Refused
	}
	return p
}

func (p *pageData) areaCharts() {
	areas := p.Areas
	if len(areas) > mostBars {
		p.MoreAreas, areas = len(areas)-mostBars, areas[:mostBars]
	}
	var gaps, others []bar
	for _, a := range areas {
		gaps = append(gaps, bar{a.Name, []int64{a.Sides[0].ToCheck(), a.Sides[1].ToCheck()}})
		others = append(others, bar{a.Name, []int64{a.Sides[2].ToCheck(), a.Sides[3].ToCheck()}})
	}
	p.Opposed = opposed("各"+p.Area+"应保未保与应退未退待核查疑点数", "应保未保", "应退未退", "enter", "exit", gaps, number)
	p.Others = opposed("各"+p.Area+"应补未补与信息不一致待核查疑点数", "应补未补", "信息不一致", "pay", "conflict", others, number)
}

// stateNames and stateClasses are the parts of a bar of states.
var (
	stateNames   = []string{"新增", "变化", "重现", "未销"}
	stateClasses = []string{"new", "changed", "reopened", "open"}
)

func (p *pageData) stateChart() {
	var bars []bar
	for _, s := range p.figures.Sides {
		bars = append(bars, bar{sideName(s.Side), []int64{s.New, s.Changed, s.Reopened, s.Open}})
	}
	p.States = stacked("各方向待核查疑点按状态", stateNames, stateClasses, bars)
}

func (p *pageData) moneyChart() {
	var bars []bar
	for _, s := range p.figures.Sides[:3] {
		bars = append(bars, bar{sideName(s.Side), []int64{s.Owed, s.Over}})
	}
	p.Money = opposed("各方向每月应发少发与多发错发金额（元）", "应发少发", "多发错发", "enter", "exit", bars, shortYuan)
}

func (p *pageData) ruleChart() {
	var bars []bar
	for _, r := range p.figures.Rules {
		if n := r.ToCheck(); n > 0 {
			bars = append(bars, bar{r.Title, []int64{r.New, r.Changed, r.Reopened, r.Open}})
		}
	}
	p.RulesChart = stackedWide("各规则待核查疑点", bars)
}

// stackedWide is stacked with names above their bars, for long names.
func stackedWide(about string, bars []bar) template.HTML {
	const room, lines, top = chartWidth - 60, 2, 2
	var most int64 = 1
	for _, b := range bars {
		most = max(most, sum(b.values))
	}
	var d drawing
	for i, b := range bars {
		y := top + i*lines*18
		d.label(0, y+13, "start", shorten(b.name, chartWidth))
		x := 0
		for j, v := range b.values {
			w := share(v, most, room)
			d.rect(x, y+18, w, 12, stateClasses[j], b.name+" "+stateNames[j]+" "+number(v))
			x += w
		}
		d.label(x+4, y+29, "start", number(sum(b.values)))
	}
	return d.svg(top+len(bars)*lines*18+4, about)
}

func (p *pageData) linkChart() {
	var bars []bar
	for _, l := range p.figures.Links {
		if l.N > 0 {
			name := word(methodWords, l.Method)
			if l.Decision == "review" {
				name += "（待核对）"
			}
			bars = append(bars, bar{name, []int64{0, 0, 0, l.N}})
		}
	}
	p.LinksChart = stackedWide("低保与监测对象记录的关联依据", bars)
}

// longNumber is what could be an ID, a card or a telephone in a file's name.
var longNumber = regexp.MustCompile(`[0-9０-９]{11,}[XxＸ]?`)

// masked shows a file's name or a note without what could be a person's number.
func masked(text string) string {
	return longNumber.ReplaceAllStringFunc(text, func(s string) string { return strings.Repeat("*", len([]rune(s))) })
}
