package model

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// Clause is a clause of the county plan, as finding/clauses.csv has it; all in
// Chinese.
type Clause struct {
	Key   string // how a rule's basis cites it: 二(一)4
	Title string // a few words
	Asks  string // what the plan asks of data
	// Unserved says why no rule serves the clause; empty where rules do.
	Unserved string
}

// Plan is the plan's name, as rules cite it.
const Plan = "《社保兜底脱贫工程实施方案》"

const clausesFile = "finding/clauses.csv"

// Clauses reads the clauses, in the order of the plan; none where there is no
// table.
func Clauses(fsys fs.FS) ([]Clause, error) {
	f, err := fsys.Open(clausesFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", clausesFile, err)
	}
	if len(rows) == 0 || !slices.Equal(rows[0], []string{"clause", "title", "asks", "unserved"}) {
		return nil, fmt.Errorf("%s: wants the header clause,title,asks,unserved", clausesFile)
	}
	clauses := make([]Clause, 0, len(rows)-1)
	for i, row := range rows[1:] {
		c := Clause{row[0], row[1], row[2], row[3]}
		if c.Key == "" || c.Title == "" || c.Asks == "" {
			return nil, fmt.Errorf("%s: clause %d wants its number, title and what it asks", clausesFile, i+1)
		}
		clauses = append(clauses, c)
	}
	return clauses, nil
}

var clauseKey = regexp.MustCompile(`[一二三四五六七八九十]\([一二三四五六七八九十]\)[0-9]*`)

// Serves are the clauses of the plan that the rule's basis cites.
func (r *Rule) Serves() []string {
	_, cited, _ := strings.Cut(r.Basis, Plan)
	return clauseKey.FindAllString(cited, -1)
}
