package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// badNight is a night on which a list comes that deserves to be held.
type badNight struct {
	what  string
	gate  string // what the refusal has to name
	spoil func(c *county, inbox string) error
}

// bad are those nights, by number; there is history before each that needs it. awayNight is
// one on which no server answers.
var bad = map[int]badNight{
	2: {"payments do not add up", "闸门 totals", func(_ *county, inbox string) error {
		// A row of each month is gone, its total is not.
		files, err := filepath.Glob(filepath.Join(inbox, "dibao_payments", "*.[ct]sv"))
		if err != nil {
			return err
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			lines := bytes.SplitAfter(data, []byte("\n"))
			if err := os.WriteFile(file, bytes.Join(slices.Delete(lines, 20, 21), nil), 0o600); err != nil {
				return err
			}
		}
		return nil
	}},
	5: {"the persons of 低保 are ten weeks old", "闸门 fresh", func(_ *county, inbox string) error {
		return renamed(filepath.Join(inbox, "dibao_persons"), "20260901")
	}},
	9: {"a third of the register is missing", "闸门 volume", register(func(rows [][]string) [][]string {
		return rows[:len(rows)-len(rows)/3]
	})},
	13: {"three hundred who live are on the list of the dead", "闸门 findings", func(c *county, inbox string) error {
		out, code, _, err := c.run("sql", "--format", "csv", `select name as "姓名", id_no as "身份证号", '2026-11-01' as "死亡日期" from persons
			where roll = 'dibao_persons' and id_kind = 'valid' and night = (select max(night) from persons) order by id_no limit 300`)
		if err != nil || code != 0 {
			return fmt.Errorf("sql: exit %d: %w", code, err)
		}
		return os.WriteFile(filepath.Join(inbox, "deaths", "补报_20261101.csv"), []byte(out), 0o600)
	}},
	17: {"the register has lost a column", "闸门 columns", register(func(rows [][]string) [][]string {
		return changed(rows, "风险是否已消除", func(int, string) string { return "" }, "备注甲")
	})},
	21: {"the register has other words for men and women", "闸门 words", register(func(rows [][]string) [][]string {
		return changed(rows, "健康状况", func(_ int, was string) string { return was + "甲" }, "健康状况")
	})},
	25: {"one in six of the register has neither ID nor name as it was", "闸门 links", register(func(rows [][]string) [][]string {
		blank := func(n int, was string) string {
			if n%6 == 0 {
				return ""
			}
			return was
		}
		other := func(n int, was string) string {
			if n%6 == 0 {
				return "某" + string([]rune("甲乙丙丁戊己庚辛")[n/6%8])
			}
			return was
		}
		return changed(changed(changed(rows, "证件号码", blank, "证件号码"), "姓名", other, "姓名"), "出生日期", blank, "出生日期")
	})},
	33: {"a workbook of the persons of 低保 is torn", "不完整或已损坏", func(_ *county, inbox string) error {
		files, err := filepath.Glob(filepath.Join(inbox, "dibao_persons", "农村*.xlsx"))
		if err != nil || len(files) != 1 {
			return fmt.Errorf("persons: %d files, %w", len(files), err)
		}
		info, err := os.Stat(files[0])
		if err != nil {
			return err
		}
		return os.Truncate(files[0], info.Size()/2)
	}},
}

const awayNight = 37

// renamed gives every file of a folder another date in its name.
func renamed(dir, date string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		stem, _, _ := strings.Cut(e.Name(), "_")
		if err := os.Rename(filepath.Join(dir, e.Name()), filepath.Join(dir, stem+"_"+date+filepath.Ext(e.Name()))); err != nil {
			return err
		}
	}
	return nil
}

// register rewrites the rows of the register's newer file, its header first.
func register(do func(rows [][]string) [][]string) func(*county, string) error {
	return func(_ *county, inbox string) error {
		files, err := filepath.Glob(filepath.Join(inbox, "register", "*户信息*.csv"))
		if err != nil || len(files) != 1 {
			return fmt.Errorf("register: %d files, %w", len(files), err)
		}
		data, err := os.ReadFile(files[0])
		if err != nil {
			return err
		}
		text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
		if err != nil {
			return err
		}
		r := csv.NewReader(bytes.NewReader(text))
		r.FieldsPerRecord, r.LazyQuotes = -1, true
		rows, err := r.ReadAll()
		if err != nil {
			return err
		}
		header := slices.IndexFunc(rows, func(row []string) bool { return slices.Contains(row, "户编号") })
		if header < 0 {
			return fmt.Errorf("register: no header in %s", filepath.Base(files[0]))
		}
		var out bytes.Buffer
		w := csv.NewWriter(&out)
		if err := w.WriteAll(append(rows[:header:header], do(rows[header:])...)); err != nil {
			return err
		}
		return os.WriteFile(files[0], out.Bytes(), 0o600)
	}
}

// changed gives a column another name and other cells.
func changed(rows [][]string, column string, cell func(n int, was string) string, name string) [][]string {
	at := slices.Index(rows[0], column)
	for n, row := range rows {
		switch {
		case at < 0 || at >= len(row):
		case n == 0:
			row[at] = name
		default:
			row[at] = cell(n, row[at])
		}
	}
	return rows
}
