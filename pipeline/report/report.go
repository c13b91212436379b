// Package report writes what officers and their directors read of a night: a
// workbook a town with every finding and room for the answer, a workbook of
// figures for the bureau, and one page. It reads tonight's published datasets
// and nothing else, so that a report can be written again at any time.
package report

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"doudi/pipeline/duck"
)

// Rule is what officers are told of a rule.
type Rule struct {
	Slug, Side string
	// Title is a few words, Basis the policy clause, both in Chinese.
	Title, Basis string
	Certainty    string // A, B, C
	// Overpays is true where a positive month_fen is money paid too much and
	// not money owed. All of should_exit is so; of should_pay some rules are.
	Overpays bool
	// Fields are the facts in the order in which they are shown, as
	// "roll.field".
	Fields []string
	// Labels name computed facts in Chinese; Words turn their codes into
	// Chinese, by field.
	Labels map[string]string
	Words  map[string]map[string]string
	// Serves are the clauses of the plan that the rule cites, Wants the lists and
	// parameters that it rests on.
	Serves []string
	Wants  []Want
}

// Input is what the datasets of a night do not say of themselves.
type Input struct {
	Night time.Time
	// LastNight is the night that states are measured against; zero where
	// tonight is the first.
	LastNight time.Time
	// LastFields is a relation with LastNight's finding_fields, from which
	// changed facts are marked; "" marks none.
	LastFields string
	// Name and AreaCode are the workspace's own.
	Name, AreaCode string
	Rules          []Rule
	// Plan is the name of the plan, Clauses what it has, in its order.
	Plan    string
	Clauses []Clause
	// Labels are the Chinese headers of canonical fields, by roll.
	Labels     map[string]map[string]string
	RollTitles map[string]string
	// Places are the names of areas by code, as policy/places.csv has them:
	// counties (6 digits) and towns (9).
	Places map[string]string
	// TempDir takes what a large workbook spills.
	TempDir string
}

// maxRows is the most rows a sheet of a workbook may have, titles, header and
// foot included; the contract's figure.
const maxRows = 100_000

// Write writes 汇总.xlsx, 乡镇/<town>.xlsx and index.html into dir, which it
// makes, and names the files it wrote, relative to dir with slashes. The
// database has tonight's datasets as relations of the schema published; the
// schema officers is used and dropped again.
func Write(ctx context.Context, db *duck.DB, in Input, dir string) ([]string, error) {
	return write(ctx, db, in, dir, maxRows)
}

func write(ctx context.Context, db *duck.DB, in Input, dir string, rows int) (files []string, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("reports: %w", err)
	}
	if err := sweep(ctx, db); err != nil {
		return nil, err
	}
	defer func() {
		if e := sweep(ctx, db); err == nil {
			err = e
		}
	}()
	if err := prepare(ctx, db, in, rows-frameRows); err != nil {
		return nil, fmt.Errorf("reports: prepare: %w", err)
	}
	books, err := townBooks(ctx, db, in)
	if err != nil {
		return nil, fmt.Errorf("reports: towns: %w", err)
	}
	figures, err := readFigures(ctx, db, in, books)
	if err != nil {
		return nil, fmt.Errorf("reports: figures: %w", err)
	}
	if err := writeSummary(in, figures, filepath.Join(dir, summaryFile)); err != nil {
		return nil, fmt.Errorf("%s: %w", summaryFile, err)
	}
	if err := writePage(in, figures, filepath.Join(dir, pageFile)); err != nil {
		return nil, fmt.Errorf("%s: %w", pageFile, err)
	}
	towns, err := writeTowns(ctx, db, in, books, dir)
	if err != nil {
		return nil, err
	}
	return append([]string{summaryFile, pageFile}, towns...), nil
}

// sweep drops what reports are made from.
func sweep(ctx context.Context, db *duck.DB) error {
	if err := db.Exec(context.WithoutCancel(ctx), "drop schema if exists officers cascade"); err != nil {
		return fmt.Errorf("reports: clear: %w", err)
	}
	return nil
}

const (
	summaryFile = "汇总.xlsx"
	pageFile    = "index.html"
	townFolder  = "乡镇"
	noTown      = "未知乡镇"
)
