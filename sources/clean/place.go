package clean

import "strings"

// PlaceRow is one row of policy/places.csv: a town (9 digits), a village (12),
// above a county also a county (6). The first row of a code has its name, every
// further one an alias.
type PlaceRow struct {
	Code, Name, Parent string
}

// Place is where a record says that it belongs.
type Place struct {
	// Code is the longest one known: of the village, else the town, else the
	// county, else the workspace's area.
	Code string
	// Town and Village are the table's names where it knows them, else the
	// texts as they came, tidied.
	Town, Village string
	// Known is whether everything that was given is in the table.
	Known bool
}

// Places finds towns and villages by name.
type Places struct {
	area     string
	names    map[string]string      // code → its name
	counties *placeNames            // of a prefecture or province
	under    map[string]*placeNames // code of what lies above → names of what lies in it
}

// placeNames finds one place of one level under one parent.
type placeNames struct {
	exact map[string]string // folded name → code
	stem  map[string]string // name without its kind → code, "" where two have it
	typed map[string]string // stem + kind, the kinds in one spelling → code, "" where two have it
}

// NewPlaces makes the table for a workspace of the given area code.
func NewPlaces(rows []PlaceRow, area string) *Places {
	p := &Places{area: Fold(area), names: map[string]string{}, counties: newPlaceNames(), under: map[string]*placeNames{}}
	for _, row := range rows {
		code, name := Fold(row.Code), Text(row.Name)
		if code == "" || name == "" {
			continue
		}
		if _, ok := p.names[code]; !ok {
			p.names[code] = name
		}
		switch len(code) {
		case 6:
			p.counties.add(code, name, countyKind)
		case 9:
			p.in(code[:6]).add(code, name, townKind)
			if len(p.area) < 6 { // towns of a prefecture, where no county is given
				p.in(p.area).add(code, name, townKind)
			}
		case 12:
			p.in(code[:9]).add(code, name, villageKind)
		}
	}
	return p
}

// in is the names of what lies in the place of a code.
func (p *Places) in(code string) *placeNames {
	if p.under[code] == nil {
		p.under[code] = newPlaceNames()
	}
	return p.under[code]
}

func newPlaceNames() *placeNames {
	return &placeNames{exact: map[string]string{}, stem: map[string]string{}, typed: map[string]string{}}
}

func (n *placeNames) add(code, name string, kind func(string) (string, string)) {
	note := func(m map[string]string, key string) {
		if old, ok := m[key]; ok && old != code {
			m[key] = "" // two places: neither is found by it
			return
		}
		m[key] = code
	}
	folded := Fold(name)
	stem, k := kind(folded)
	note(n.exact, folded)
	note(n.stem, stem)
	note(n.typed, stem+"|"+k)
}

// Find looks a place up by the names a record gives, each of which may be empty.
// A village is looked for in its town alone: its name may stand in the next one
// too. Words for the kind of place (镇, 乡, 街道; 村, 村委会, 社区 …) may be
// missing on either side where one place alone is meant.
func (p *Places) Find(county, town, village string) Place {
	place := Place{Code: p.area, Town: Text(town), Village: Text(village), Known: true}
	if code := p.counties.find(Fold(county), countyKind); code != "" {
		place.Code = code
	}
	t, v := Fold(town), Fold(village)
	if t == "" && v == "" {
		return place
	}
	switch {
	case p.isCode(v, 12):
		return Place{Code: v, Town: p.names[v[:9]], Village: p.names[v], Known: true}
	case !p.isCode(t, 9):
		t, v = p.town(place.Code, t, v)
	}
	if t == "" {
		place.Known = false
		return place
	}
	place.Code, place.Town = t, p.names[t]
	if v == "" {
		return place
	}
	code := p.under[t].find(v, villageKind)
	if code == "" {
		place.Known = false
		return place
	}
	place.Code, place.Village = code, p.names[code]
	return place
}

// isCode reports a code of so many digits that the table has, with its town.
func (p *Places) isCode(s string, digits int) bool {
	return len(s) == digits && p.names[s] != "" && p.names[s[:9]] != ""
}

// town finds the town's code, and what is left as the village's name. Either
// cell may hold both names, and those of what lies above: 示范县青山镇石桥村.
func (p *Places) town(area, town, village string) (code, rest string) {
	both := town
	if town == "" {
		both = village
	}
	if code, rest := p.counties.prefix(both); code != "" && rest != "" {
		area, both = code, rest
	}
	for {
		if code, rest = p.townAt(area, both, town != "", village); code != "" {
			return code, rest
		}
		above := strings.IndexAny(both, "省市县区旗")
		if above <= 0 || both[above:] == firstOf(both[above:]) {
			return "", village
		}
		both = both[above+len(firstOf(both[above:])):]
	}
}

// townAt looks for a town's name in s, alone or before a village's. given says
// that s is out of the town's cell.
func (p *Places) townAt(area, s string, given bool, village string) (code, rest string) {
	names := p.under[area]
	if !given {
		return names.prefix(s)
	}
	if code := names.find(s, townKind); code != "" {
		return code, p.withoutTown(code, village)
	}
	if code, rest = names.prefix(s); code != "" && (village == "" || rest == village) {
		return code, rest
	}
	return "", village
}

// firstOf is the first character of s.
func firstOf(s string) string {
	for at := range s {
		if at > 0 {
			return s[:at]
		}
	}
	return s
}

// withoutTown drops the name of a village's own town in front of it.
func (p *Places) withoutTown(code, village string) string {
	if rest, ok := strings.CutPrefix(village, Fold(p.names[code])); ok && rest != "" {
		return rest
	}
	return village
}

// find is the code of a name, "" where there is none or more than one.
func (n *placeNames) find(name string, kind func(string) (string, string)) string {
	if n == nil {
		return ""
	}
	if code, ok := n.exact[name]; ok {
		return code
	}
	stem, k := kind(name)
	if k != "" {
		if code, ok := n.typed[stem+"|"+k]; ok {
			return code
		}
		// The table has the bare name, the record its kind.
		return n.typed[stem+"|"]
	}
	return n.stem[stem]
}

// prefix finds the longest name with its kind at the head of s, and what
// follows it.
func (n *placeNames) prefix(s string) (code, rest string) {
	if n == nil {
		return "", s
	}
	for at := range s {
		if c := n.exact[s[:at]]; c != "" {
			code, rest = c, s[at:]
		}
	}
	return code, rest
}

// countyKind parts a county's name into its stem and its kind.
func countyKind(s string) (stem, kind string) {
	return partKind(s, countyKinds)
}

// townKind parts a town's name into its stem and its kind in one spelling.
func townKind(s string) (stem, kind string) {
	return partKind(s, townKinds)
}

// villageKind does so for a village's; a group behind the name is dropped.
func villageKind(s string) (stem, kind string) {
	for _, end := range []string{"村", "社区", "委会"} {
		at := strings.LastIndex(s, end)
		if at > 0 && isGroup(s[at+len(end):]) {
			s = s[:at+len(end)]
			break
		}
	}
	return partKind(s, villageKinds)
}

// isGroup reports a villagers' group: 三组, 第3组, 5社, 2队.
func isGroup(s string) bool {
	t := strings.TrimPrefix(s, "第")
	for _, end := range []string{"村民小组", "小组", "组", "社", "队"} {
		if u, ok := strings.CutSuffix(t, end); ok {
			return u != "" && strings.Trim(u, "0123456789一二三四五六七八九十") == ""
		}
	}
	return false
}

type placeKind struct{ word, kind string }

// Longer words first: a name ends in the first that fits.
var countyKinds = []placeKind{{"自治县", "县"}, {"县", "县"}, {"市", "市"}, {"区", "区"}, {"旗", "旗"}}

var townKinds = []placeKind{
	{"街道办事处", "街道"}, {"街道办", "街道"}, {"办事处", "街道"}, {"街道", "街道"},
	{"镇人民政府", "镇"}, {"镇政府", "镇"}, {"镇", "镇"},
	{"乡人民政府", "乡"}, {"乡政府", "乡"}, {"民族乡", "乡"}, {"乡", "乡"},
}

var villageKinds = []placeKind{
	{"社区居民委员会", "社区"}, {"社区居委会", "社区"}, {"社区居委", "社区"}, {"居民委员会", "社区"}, {"居委会", "社区"}, {"居委", "社区"}, {"社区", "社区"},
	{"村村民委员会", "村"}, {"村民委员会", "村"}, {"村村委会", "村"}, {"村委会", "村"}, {"村委", "村"}, {"行政村", "村"}, {"村", "村"},
}

func partKind(s string, kinds []placeKind) (stem, kind string) {
	for _, k := range kinds {
		if stem, ok := strings.CutSuffix(s, k.word); ok && stem != "" {
			return stem, k.kind
		}
	}
	return s, ""
}
