package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"doudi/pipeline/duck"
)

// The columns of FEBRL.
const (
	given = iota
	surname
	streetNumber
	address1
	address2
	suburb
	postcode
	state
	born
	number
)

// febrlFields compare two records of FEBRL. Given name and surname are compared
// the other way round too where that fits better.
var febrlFields = []field{
	{"given", given, func(a, b record) int {
		if areCrossed(a, b) {
			return crossed
		}
		return text(a.cells[given], b.cells[given])
	}},
	{"surname", surname, func(a, b record) int {
		if areCrossed(a, b) {
			return unknown // the given name has said it
		}
		return text(a.cells[surname], b.cells[surname])
	}},
	byText("street_number", streetNumber),
	byText("address_1", address1),
	byText("address_2", address2),
	byText("suburb", suburb),
	byText("postcode", postcode),
	byText("born", born),
	byText("number", number),
}

func areCrossed(a, b record) bool {
	return text(a.cells[given], b.cells[surname]) >= near && text(a.cells[surname], b.cells[given]) >= near &&
		text(a.cells[given], b.cells[given]) < near
}

var febrlBlocks = [][]int{
	{number}, {born}, {given, surname}, {given, suburb}, {given, postcode}, {surname, suburb}, {surname, postcode},
	{address1}, {address2}, {streetNumber, postcode}, {streetNumber, suburb}, {streetNumber, surname}, {streetNumber, given},
}

func febrl4(_ context.Context, dir string) (*set, error) {
	s := &set{name: "FEBRL 4", fields: febrlFields, blocks: febrlBlocks, twoLists: true}
	for i, name := range []string{"dataset4a.csv", "dataset4b.csv"} {
		if err := s.febrl(filepath.Join(dir, name), i == 1); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func febrl3(_ context.Context, dir string) (*set, error) {
	s := &set{name: "FEBRL 3", fields: febrlFields, blocks: febrlBlocks}
	return s, s.febrl(filepath.Join(dir, "dataset3.csv"), false)
}

// febrl reads a file whose records are named rec-7-org, rec-7-dup-0 …
func (s *set) febrl(path string, second bool) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.TrimLeadingSpace = true
	rows, err := r.ReadAll()
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for _, row := range rows[1:] {
		s.records = append(s.records, record{strings.Split(row[0], "-")[1], second, row[1:]})
	}
	return nil
}

// historical reads records of persons of Wikidata; first_and_surname, of which
// the names are parts, is left out.
func historical(ctx context.Context, dir string) (*set, error) {
	path := filepath.Join(dir, "historical_figures_with_errors_50k.parquet")
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	const (
		first = iota
		surname
		born
		place
		postcode
		occupation
		full
	)
	s := &set{
		name: "historical_50k",
		fields: []field{
			byText("first", first), byText("surname", surname), byText("born", born),
			byText("place", place), byText("postcode", postcode), byText("occupation", occupation),
		},
		blocks: [][]int{
			{full}, {first, surname}, {born}, {postcode}, {surname, place}, {surname, occupation}, {first, place, occupation},
		},
	}
	db, err := duck.Open(ctx, duck.Options{TempDir: os.TempDir()})
	if err != nil {
		return nil, err
	}
	defer db.Close()
	s.records, err = duck.Collect(ctx, db, `
		select cluster, coalesce(first_name, ''), coalesce(surname, ''), coalesce(dob, ''), coalesce(birth_place, ''),
			coalesce(postcode_fake, ''), coalesce(occupation, ''), coalesce(full_name, '')
		from read_parquet(`+duck.Text(path)+`) order by unique_id`,
		func(r *duck.Rows) (x record, err error) {
			x.cells = make([]string, 7)
			return x, r.Scan(&x.entity, &x.cells[0], &x.cells[1], &x.cells[2], &x.cells[3], &x.cells[4], &x.cells[5], &x.cells[6])
		})
	return s, err
}
