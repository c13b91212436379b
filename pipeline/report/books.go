package report

import (
	"context"
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"doudi/pipeline/duck"
)

// book is the workbook of one town, in as many parts as its sheets need.
type book struct {
	county, place string // as officers.rows has them
	town, code    string // code: 9 digits where known
	parts         int
	// title is how officers are told of the town, file its path in dir without
	// part and extension.
	title, file string
	// figures are the town's own: of all, a side, a rule and a village each.
	all                     figure
	bySide, byRule, village []figure
}

// townBooks lists the towns that have findings, or a household with some, and
// names their files.
func townBooks(ctx context.Context, db *duck.DB, in Input) ([]book, error) {
	books, err := duck.Collect(ctx, db, `
		select county, place, max(part)
		from (select county, place, part from officers.rows union all select county, place, part from officers.cases)
		group by county, place
		order by county, place = '/', place`, func(r *duck.Rows) (b book, err error) {
		err = r.Scan(&b.county, &b.place, &b.parts)
		b.code, b.town, _ = strings.Cut(b.place, "/")
		return b, err
	})
	if err != nil {
		return nil, err
	}
	nameBooks(in, books)
	return books, countBooks(ctx, db, books)
}

// countBooks gives each book its town's figures.
func countBooks(ctx context.Context, db *duck.DB, books []book) error {
	type place struct{ county, place string }
	of := map[place]*book{}
	for i := range books {
		of[place{books[i].county, books[i].place}] = &books[i]
	}
	for l, into := range map[level]func(*book, figure){
		levelPlace:        func(b *book, f figure) { b.all = f },
		levelPlaceSide:    func(b *book, f figure) { b.bySide = append(b.bySide, f) },
		levelPlaceRule:    func(b *book, f figure) { b.byRule = append(b.byRule, f) },
		levelPlaceVillage: func(b *book, f figure) { b.village = append(b.village, f) },
	} {
		all, err := readLevel(ctx, db, l)
		if err != nil {
			return err
		}
		for _, f := range all {
			if b := of[place{f.County, f.Place}]; b != nil {
				into(b, f)
			}
		}
	}
	return nil
}

// nameBooks gives each book its title and a file of its own. Towns that share
// a name in one folder get their code; file systems that do not tell upper
// from lower case, and parts (-2, -3 …), are thought of.
func nameBooks(in Input, books []book) {
	type key struct{ county, town string }
	towns := map[key]int{}
	for _, b := range books {
		towns[key{b.county, b.town}]++
	}
	taken := map[string]bool{}
	for i := range books {
		b := &books[i]
		b.title = b.town
		name := fileName(b.town)
		if b.town == "" {
			b.title, name = noTown, noTown
		}
		if towns[key{b.county, b.town}] > 1 && b.code != "" {
			b.title += "（" + b.code + "）"
			name += "-" + b.code
		}
		folder := townFolder
		if in.aboveCounty() && b.county != "" {
			folder = path.Join(townFolder, b.county)
		}
		b.file = path.Join(folder, name)
		for n := 1; !b.free(taken); n++ {
			b.file = path.Join(folder, fmt.Sprintf("%s（%d）", name, n))
		}
		for part := 1; part <= b.parts; part++ {
			taken[strings.ToLower(b.partFile(part))] = true
		}
	}
}

func (b *book) free(taken map[string]bool) bool {
	for part := 1; part <= b.parts; part++ {
		if taken[strings.ToLower(b.partFile(part))] {
			return false
		}
	}
	return true
}

// partFile is the file of a part, from 1.
func (b *book) partFile(part int) string {
	if part == 1 {
		return b.file + ".xlsx"
	}
	return fmt.Sprintf("%s-%d.xlsx", b.file, part)
}

// fileName makes a name that Windows, macOS and Linux take: a town's name came
// out of somebody's table and may be anything.
func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, name)
	name = strings.Trim(name, " .")
	const most = 150 // bytes: room for a code, a part and the extension in 255
	for len(name) > most {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	if name == "" {
		return "_"
	}
	return name
}

// countyName is how officers are told of a county.
func (in Input) countyName(code string) string {
	if name := in.Places[code]; name != "" {
		return name
	}
	if code == "" {
		return "未知县"
	}
	return code
}

// unit is the office that a town's workbook is for.
func (in Input) unit(b book) string {
	if in.aboveCounty() && b.county != "" {
		return in.countyName(b.county) + b.title
	}
	return in.Name + b.title
}
