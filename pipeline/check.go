package pipeline

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"doudi/pipeline/duck"
	"doudi/sources"
)

// Checked is what `check` found: every file, how it was read, and what run
// would make of it.
type Checked struct {
	Files   []CheckedFile
	Notes   []string
	Held    []string // why run would not publish; empty where it would
	Empty   []string // parameters that still want a value
	Skipped []RuleCount
	Night   time.Time // for which the policy was looked at
	Policy  CheckedPolicy
}

// CheckedFile is one file, or one inside an archive.
type CheckedFile struct {
	Name, Roll, Title, Status, Note string
	AsOf                            time.Time
	Sheets                          []CheckedSheet
	Rejects                         []string // reasons with their counts and first rows
}

// CheckedSheet is one sheet; of a file without sheets, the file.
type CheckedSheet struct {
	Name, Header, Note, PlaceFrom                            string
	Hidden                                                   bool
	Accepted, Rejected, Other                                int64
	Understood, Unused, Unknown, UnknownWords, UnknownPlaces []string
	Controls                                                 []string
}

var statusTitles = map[string]string{"read": "读入", "refused": "拒读", "empty": "空表"}

// Check reads the sources as Run would and publishes nothing.
func Check(ctx context.Context, n Night) (Checked, error) {
	r, err := begin(ctx, n)
	if err != nil {
		return Checked{}, err
	}
	defer r.end()
	if err := r.read(ctx); err != nil {
		return Checked{}, err
	}
	var found Checked
	var held *Held
	if err := r.hold(ctx); errors.As(err, &held) {
		found.Held = held.Reasons
	} else if err != nil {
		return found, err
	}
	found.Notes = r.summary.Notes
	if err := r.load(ctx); err != nil {
		return found, err
	}
	h, err := r.history()
	if err != nil {
		return found, err
	}
	if err := r.measureLists(ctx, h); err != nil {
		return found, err
	}
	found.Held = append(found.Held, r.heldByGates()...)
	for _, m := range r.measures {
		if m.Tripped && !m.Holds {
			found.Notes = append(found.Notes, r.gateTitle(m.Gate)+"（只提示）："+m.Reason)
		}
	}
	for _, p := range r.policy.Empty {
		found.Empty = append(found.Empty, p.Name)
	}
	if err := r.decideRules(ctx); err != nil {
		return found, err
	}
	for _, rule := range r.summary.Rules {
		if rule.Status == "skipped" {
			found.Skipped = append(found.Skipped, rule)
		}
	}
	found.Night = r.Date
	if found.Policy, err = r.checkPolicy(ctx); err != nil {
		return found, err
	}
	rejects, err := r.rejects(ctx)
	if err != nil {
		return found, err
	}
	for _, f := range r.receipts() {
		file := CheckedFile{
			Name: f.File, Roll: f.Roll, Title: rollTitle(f.Roll), Status: statusTitles[f.Status], Note: f.Note,
			AsOf: f.input.AsOf, Rejects: rejects[f.File],
		}
		if f.Status != "refused" {
			for _, s := range f.Sheets {
				file.Sheets = append(file.Sheets, checkedSheet(s))
			}
		}
		found.Files = append(found.Files, file)
	}
	return found, nil
}

func checkedSheet(s sources.SheetReceipt) CheckedSheet {
	c := CheckedSheet{
		Header: "—", Hidden: s.Hidden, Note: s.Note, Accepted: s.Accepted, Rejected: s.Rejected, Other: s.Other,
		Unused: s.Unused, Unknown: s.Unknown, UnknownPlaces: s.UnknownPlaces,
		PlaceFrom: map[string]string{"sheet": "工作表名", "title": "标题", "file": "文件名"}[s.PlaceFrom],
	}
	if s.Sheet != nil {
		c.Name = *s.Sheet
	}
	if s.HeaderRow != nil {
		c.Header = strconv.FormatInt(*s.HeaderRow, 10)
	}
	for _, u := range s.Understood {
		c.Understood = append(c.Understood, u.Header+"→"+u.Column)
	}
	for _, w := range s.UnknownWords {
		c.UnknownWords = append(c.UnknownWords, fmt.Sprintf("%s：%s（%d 次）", w.Column, w.Word, w.N))
	}
	for _, control := range s.Controls {
		verdict := "相符"
		if control.Total != control.Sum {
			verdict = "不符，表内各行之和为 " + duck.Show(hundredths(control.Sum))
		}
		c.Controls = append(c.Controls, fmt.Sprintf("合计（第 %d 行）%s %s：%s", control.Row, control.Header, duck.Show(hundredths(control.Total)), verdict))
	}
	return c
}

// reasonTitles say in Chinese why a record or a cell was rejected.
var reasonTitles = map[string]string{
	"bad_bytes": "有无法解码的字节", "nul": "有空字符（NUL）", "too_long": "超过 1 MiB", "cell_count": "格数与表头不符",
	"open_quote": "引号没有闭合", "no_person": "既无姓名又无证件号",
	"bad_date": "不是日期", "bad_month": "不是年月", "bad_money": "不是金额", "bad_number": "不是数字", "bad_bool": "不是是/否",
	"owners_differ": "姓名与证件号个数不一致",
}

// rejects counts what was rejected, by file, sheet, column and reason, with
// the first row of each: rows and reasons, never cells.
func (r *run) rejects(ctx context.Context) (map[string][]string, error) {
	type reject struct {
		file, text string
	}
	all, err := duck.Collect(ctx, r.db, `
		select file, coalesce(sheet, ''), coalesce(column_name, ''), reason, count(*), min(row)
		from raw.rejects group by all order by all`,
		func(rows *duck.Rows) (reject, error) {
			var file, sheet, column, reason string
			var n, first int64
			if err := rows.Scan(&file, &sheet, &column, &reason, &n, &first); err != nil {
				return reject{}, err
			}
			where := fmt.Sprintf("第 %d 行", first)
			if sheet != "" {
				where = "工作表“" + sheet + "”" + where
			}
			if n > 1 {
				where += fmt.Sprintf("等 %d 行", n)
			}
			title := reasonTitles[reason]
			if title == "" {
				title = reason
			}
			if column == "" {
				return reject{file, "拒收：" + where + "，" + title}, nil
			}
			return reject{file, "留空：" + where + "的 " + column + " 列，" + title}, nil
		})
	if err != nil {
		return nil, err
	}
	byFile := map[string][]string{}
	for _, one := range all {
		byFile[one.file] = append(byFile[one.file], one.text)
	}
	return byFile, nil
}
