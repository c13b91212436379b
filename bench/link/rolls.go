package main

import (
	"strings"

	"doudi/fixtures/truth"
)

// rolls are the two rolls as published, as far as the slices ask.
type rolls struct {
	known           *truth.Known
	dibao, register int
	names           map[truth.Place]string
	clan            map[truth.Place]bool // lives in a village of one surname
	twins           map[string]bool      // true persons
}

// oneSurname is the share of a village that bears its commonest surname from
// which it is one of one surname. The generator gives a village three, the first of
// them to some 30 % of the households.
const oneSurname = 1. / 3

func readRolls(known *truth.Known, root, night string) (*rolls, error) {
	rows, err := truth.Published(root, "persons", night, "roll", "file", "sheet", "row", "name", "birth", "town", "village")
	if err != nil {
		return nil, err
	}
	r := &rolls{known: known, names: map[truth.Place]string{}, clan: map[truth.Place]bool{}, twins: map[string]bool{}}
	type village [2]string
	people, bearing := map[village]int{}, map[village]map[string]int{}
	at := map[truth.Place]village{}
	first := map[string]string{} // true household and birth date → a person
	for _, row := range rows {
		switch row[0] {
		case "dibao_persons":
			r.dibao++
		case "register":
			r.register++
		default:
			continue
		}
		p, v := truth.Place{row[1], row[2], row[3]}, village{row[6], row[7]}
		r.names[p], at[p] = row[4], v
		if bearing[v] == nil {
			bearing[v] = map[string]int{}
		}
		people[v]++
		bearing[v][surname(row[4])]++
		// A plain record has the true birth date.
		if t := known.Records[p]; t.IDError == "" && t.Person != "" && row[5] != "" {
			key := t.TrueHousehold + row[5]
			if other, found := first[key]; found && other != t.Person {
				r.twins[other], r.twins[t.Person] = true, true
			}
			first[key] = t.Person
		}
	}
	for p, v := range at {
		r.clan[p] = v[1] != "" && float64(bearing[v][surname(r.names[p])]) >= oneSurname*float64(people[v])
	}
	return r, nil
}

func surname(name string) string {
	for _, first := range name {
		return string(first)
	}
	return ""
}

// slices names the slices that a pair of records is in.
func (r *rolls) slices(a, b truth.Place) []string {
	id, name := r.known.Errors(a, b)
	have := 0
	for _, p := range []truth.Place{a, b} {
		switch r.known.Records[p].IDError {
		case "missing", "masked", "placeholder", "scientific":
		default:
			have++
		}
	}
	all := []string{[]string{"ID on no side", "ID on one side", "ID on both sides"}[have], "id error: " + id, "name error: " + name}
	if have < 2 {
		all = append(all, "ID on one side or none")
	}
	if strings.Contains(r.names[a]+r.names[b], "·") {
		all = append(all, "minority name")
	}
	if r.twins[r.known.Records[a].Person] {
		all = append(all, "twin")
	}
	if r.clan[a] {
		all = append(all, "bears a village's one surname")
	}
	return all
}

// candidatePairs are the pairs of records that the night compared; see candidates.
func candidatePairs(root, night string) ([][2]truth.Place, error) {
	rows, err := truth.Published(root, "links_other", night, "a_file", "a_sheet", "a_row", "b_file", "b_sheet", "b_row")
	if err != nil {
		return nil, err
	}
	pairs := make([][2]truth.Place, len(rows))
	for i, r := range rows {
		pairs[i] = [2]truth.Place{{r[0], r[1], r[2]}, {r[3], r[4], r[5]}}
	}
	return pairs, nil
}
