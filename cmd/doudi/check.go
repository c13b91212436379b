package main

import (
	"fmt"
	"strings"
	"time"

	"doudi/pipeline"

	"github.com/spf13/cobra"
)

// check is `doudi check`: what run would read, and how; it publishes nothing.
func (a *app) check() *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "像 run 那样读一遍名册但不发布：每个文件是什么、认出哪些列、拒收哪些行",
		Args:  args(),
		RunE: func(c *cobra.Command, _ []string) error {
			log, err := a.log()
			if err != nil {
				return err
			}
			bar := a.bar()
			found, err := pipeline.Check(c.Context(), pipeline.Night{Dir: a.dir, Now: time.Now(), Program: program, Log: log, Progress: bar.show})
			bar.clear()
			if err != nil {
				return err
			}
			a.printCheck(found)
			if len(found.Held) > 0 {
				return &pipeline.Held{Reasons: found.Held}
			}
			return nil
		},
	}
}

func (a *app) printCheck(found pipeline.Checked) {
	p := func(format string, args ...any) { fmt.Fprintf(a.stdout, format, args...) }
	for _, f := range found.Files {
		asOf := "—"
		if !f.AsOf.IsZero() {
			asOf = f.AsOf.Format(time.DateOnly)
		}
		p("%s  %s（%s）  数据日期 %s\n", f.Name, f.Title, f.Roll, asOf)
		if f.Note != "" {
			p("  %s：%s\n", f.Status, f.Note)
		} else if f.Status != "读入" {
			p("  %s\n", f.Status)
		}
		for _, s := range f.Sheets {
			where := ""
			if s.Name != "" {
				where = "工作表“" + s.Name + "”"
				if s.Hidden {
					where += "（隐藏）"
				}
				where += "："
			}
			p("  %s表头第 %s 行，读入 %d 条，拒收 %d 条，其他行 %d 行\n", where, s.Header, s.Accepted, s.Rejected, s.Other)
			if s.Note != "" {
				p("    %s\n", s.Note)
			}
			p("    认出：%s\n", list(s.Understood))
			if len(s.Unused) > 0 {
				p("    同义未用：%s\n", list(s.Unused))
			}
			if len(s.Unknown) > 0 {
				p("    不认识的列：%s（需要时在 doudi.yaml 的 columns 里写明）\n", list(s.Unknown))
			}
			if s.PlaceFrom != "" {
				p("    乡镇、村取自%s\n", s.PlaceFrom)
			}
			for _, control := range s.Controls {
				p("    %s\n", control)
			}
			if len(s.UnknownWords) > 0 {
				p("    词表（policy/words.csv）里没有的词：%s\n", list(s.UnknownWords))
			}
			if len(s.UnknownPlaces) > 0 {
				p("    地名表（policy/places.csv）里没有的地名：%s\n", list(s.UnknownPlaces))
			}
		}
		for _, reject := range f.Rejects {
			p("  %s\n", reject)
		}
	}
	for _, note := range found.Notes {
		p("注意 %s\n", note)
	}
	if len(found.Empty) > 0 {
		p("还没有填数的政策参数（policy/parameters.csv）：%s\n", list(found.Empty))
	}
	a.printCheckedPolicy(found)
	for _, rule := range found.Skipped {
		p("将不运行 %s：%s\n", rule.Rule, rule.Reason)
	}
}

// printCheckedPolicy says what of policy/ is in force at the night.
func (a *app) printCheckedPolicy(found pipeline.Checked) {
	p := func(format string, args ...any) { fmt.Fprintf(a.stdout, format, args...) }
	p("批次日 %s 有效的政策参数：\n", found.Night.Format(time.DateOnly))
	for _, area := range found.Policy.Areas {
		p("  %s\n", strings.TrimSpace(area.Code+" "+area.Name))
		if len(area.Parameters) == 0 {
			p("    没有\n")
		}
		for _, one := range area.Parameters {
			p("    %s %s %s（第 %d 行%s）\n", one.Name, one.Value, one.Unit, one.Line, period(one.From, one.To))
		}
	}
	for _, line := range found.Policy.Ending {
		p("60 天内到期的政策参数：%s\n", line)
	}
	for _, line := range found.Policy.Unused {
		p("没有用到的政策参数：%s\n", line)
	}
	for _, line := range found.Policy.Idle {
		p("豁免（policy/waivers.csv）第 %d 行：今晚的名册里没有这个人或这一户，请核对\n", line)
	}
}

// period says from when and up to which day a row counts.
func period(from, to time.Time) string {
	text := ""
	if !from.IsZero() {
		text += "，自 " + from.Format(time.DateOnly)
	}
	if !to.IsZero() {
		text += "，至 " + to.AddDate(0, 0, -1).Format(time.DateOnly)
	}
	return text
}

func list(items []string) string { return strings.Join(items, "、") }
