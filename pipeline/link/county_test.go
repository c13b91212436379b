package link_test

import (
	"fmt"
	"math/rand/v2"
	"time"

	"doudi/sources/clean"
)

// county is a made-up county after linkage.md §5, straight as normal.persons
// would have it: dibao, the register and a list of deaths, each record with the
// person it truly is. Half of the villages write a birth date on dibao, none on
// the register, so that a record without an ID is as poor as it gets.
type county struct {
	r       *rand.Rand
	errors  float64
	records []record
	people  int64
	rulings [][]any // rows of policy.rulings
	// backwards puts the records into the database last to first.
	backwards bool
}

type record struct {
	roll, household, name, id           string
	sex, relation, area, village, birth string
	isHead                              bool
	person                              int64
}

type human struct {
	id            int64
	name, no      string
	sex, relation string
	born          time.Time
	given         []rune
	surname       rune
}

var (
	givenMen    = []rune("伟强磊军勇杰涛超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆峰建国志海林永成龙文光荣德福生春山贵富有才")
	givenWomen  = []rune("芳娜敏静丽艳娟霞燕玲桂英秀兰凤梅红莲珍珠琴琼爱云香春花月美玉华慧巧娥芬萍翠菊雪莉莹婷颖")
	familyNames = []rune("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕")
	homophones  = map[rune]rune{'伟': '维', '华': '花', '明': '鸣', '芳': '方', '丽': '立', '平': '萍', '军': '君', '玉': '宇', '辉': '晖', '英': '莹', '文': '雯', '龙': '隆', '国': '果', '志': '智', '成': '城', '梅': '美', '静': '敬', '艳': '燕', '霞': '侠', '涛': '桃', '建': '健', '红': '宏', '林': '琳', '福': '富', '海': '亥', '刚': '钢', '强': '墙'}
	lookalikes  = map[rune]rune{'末': '未', '玉': '王', '天': '夫', '大': '太', '凤': '风', '春': '舂', '贵': '责', '才': '材', '永': '水', '明': '朋', '平': '乎', '住': '往'}
)

const villagePeople = 200

// make fills both rolls: of every hundred households some 72 stand on each.
func makeCounty(households int, seed uint64, errors float64) *county {
	c := &county{r: rand.New(rand.NewPCG(seed, 1)), errors: errors}
	villages := max(1, households*3/villagePeople)
	clans := make([][]rune, villages)
	for v := range clans {
		clans[v] = []rune{c.one(familyNames), c.one(familyNames), c.one(familyNames)}
	}
	for h := range households {
		v := c.r.IntN(villages)
		c.household(h, v, clans[v])
	}
	return c
}

func (c *county) one(from []rune) rune         { return from[c.r.IntN(len(from))] }
func (c *county) chance(p float64) bool        { return c.r.Float64() < p }
func (c *county) mistake(percent float64) bool { return c.chance(percent / 100 * c.errors) }

func (c *county) household(h, v int, clan []rune) {
	surname := c.one(clan)
	if c.chance(0.3) {
		surname = c.one(familyNames)
	}
	generation := rune(0)
	if c.chance(0.4) {
		generation = c.one(givenMen)
	}
	head := c.human(surname, 25+c.r.IntN(60), "head", "", 0)
	members := []human{head}
	other := map[string]string{"male": "female", "female": "male"}
	if c.chance(0.55) {
		members = append(members, c.human(c.one(familyNames), 2026-head.born.Year()+c.r.IntN(7)-3, "spouse", other[head.sex], 0))
	}
	for range c.r.IntN(4) {
		age := max(0, 2026-head.born.Year()-22-c.r.IntN(12))
		child := c.human(surname, age, "", "", generation)
		child.relation = map[string]string{"male": "son", "female": "daughter"}[child.sex]
		members = append(members, child)
		if c.chance(0.02) {
			twin := c.human(surname, age, "", child.sex, generation)
			twin.born, twin.relation = child.born, child.relation
			twin.no = c.number(twin)
			members = append(members, twin)
		}
	}
	onDibao, onRegister := c.chance(0.72), c.chance(0.72)
	if onDibao {
		c.enter("dibao_persons", h, v, members, 2)
	}
	if onRegister {
		c.enter("register", h, v, members, 3)
	}
	for _, m := range members {
		if c.chance(0.01) {
			c.record("deaths", h, v, members, m, 20)
		}
	}
}

func (c *county) human(surname rune, age int, relation, sex string, generation rune) human {
	if sex == "" {
		sex = []string{"male", "female"}[c.r.IntN(2)]
	}
	c.people++
	p := human{id: c.people, sex: sex, relation: relation, surname: surname}
	p.born = time.Date(2026-age, time.January, 1+c.r.IntN(365), 0, 0, 0, 0, time.UTC)
	p.given = c.given(sex, age, generation)
	p.name = string(surname) + string(p.given)
	p.no = c.number(p)
	return p
}

func (c *county) given(sex string, age int, generation rune) []rune {
	pool := givenMen
	if sex == "female" {
		pool = givenWomen
	}
	switch {
	case generation != 0:
		return []rune{generation, c.one(pool)}
	case c.chance(0.22) && age > 36:
		return []rune{c.one(pool)}
	default:
		return []rune{c.one(pool), c.one(pool)}
	}
}

func (c *county) number(p human) string {
	seq := c.r.IntN(500)*2 + 1
	if p.sex == "female" {
		seq--
		if seq < 0 {
			seq += 2
		}
	}
	n := fmt.Sprintf("9901%02d%s%03d", 1+c.r.IntN(12), p.born.Format("20060102"), seq)
	return n + string(clean.CheckChar(n))
}

func (c *county) enter(roll string, h, v int, members []human, missing float64) {
	if c.chance(0.03) {
		v++
	}
	split := -1
	if len(members) > 2 && c.chance(0.03) {
		split = len(members) - 1
	}
	for i, m := range members {
		if i > 0 && c.chance(0.08) {
			continue
		}
		key := h
		if i == split {
			key = h + 10_000_000
		}
		c.record(roll, key, v, members, m, missing)
	}
}

// record writes one person down, with the mistakes of linkage.md §5.
func (c *county) record(roll string, h, v int, members []human, m human, missing float64) {
	e := record{
		roll: roll, household: fmt.Sprint(roll, h), person: m.id, name: m.name, id: m.no,
		sex: m.sex, relation: m.relation, isHead: m.relation == "head",
		area: fmt.Sprintf("990101%03d%03d", 100+v/20, 200+v%20), village: fmt.Sprint("村", v),
	}
	if roll == "deaths" {
		e.household, e.relation, e.birth = "", "", m.born.Format(time.DateOnly)
	}
	if roll == "dibao_persons" && v%2 == 0 {
		e.birth = m.born.Format(time.DateOnly)
	}
	if c.mistake(5) && e.relation != "head" {
		e.relation = "other"
	}
	if c.mistake(1) {
		e.sex = map[string]string{"male": "female", "female": "male"}[m.sex]
	}
	e.id = c.spoilID(e.id, members, missing)
	e.name = c.spoilName(m)
	c.records = append(c.records, e)
}

func (c *county) spoilID(id string, members []human, missing float64) string {
	d := []byte(id)
	i := c.r.IntN(17)
	switch {
	case c.mistake(missing):
		return ""
	case c.mistake(1.2):
		d[i] = '0' + (d[i]-'0'+byte(1+c.r.IntN(9)))%10
	case c.mistake(0.3) && i < 16:
		d[i], d[i+1] = d[i+1], d[i]
	case c.mistake(0.15):
		return id[:i] + id[i+1:]
	case c.mistake(0.15):
		return id[:i] + id[i:i+1] + id[i:]
	case c.mistake(0.15):
		d[3], d[i] = '7', '0'+(d[i]-'0'+3)%10
	case c.mistake(0.4):
		copy(d[15:], "000")
	case c.mistake(0.1):
		return id[:1] + "." + id[1:6] + "E+17"
	case c.mistake(0.4):
		return members[c.r.IntN(len(members))].no
	}
	return string(d)
}

func (c *county) spoilName(m human) string {
	n := []rune(m.name)
	i := 1 + c.r.IntN(len(n)-1)
	switch {
	case c.mistake(1.2):
		if h, ok := homophones[n[i]]; ok {
			n[i] = h
		}
	case c.mistake(0.4):
		if l, ok := lookalikes[n[i]]; ok {
			n[i] = l
		}
	case c.mistake(0.3):
		n[i] = '□'
	case c.mistake(0.6):
		return string(m.surname) + string(c.given(m.sex, 20, 0))
	case len(n) == 2 && c.mistake(3):
		return string(n[:1]) + "　" + string(n[1:])
	}
	return string(n)
}
