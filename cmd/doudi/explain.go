package main

import (
	"errors"
	"fmt"
	"strings"

	"doudi/pipeline"

	"github.com/spf13/cobra"
)

// explain is `doudi explain`: one finding, down to the cells it came from; or
// why two records are held to be one person's; or all of a person's records.
func (a *app) explain() *cobra.Command {
	return &cobra.Command{
		Use:   "explain FINDING_ID | CELL CELL | PERSON",
		Short: "一条疑点的规则、依据、事实；或两条记录凭什么对上；或一个人的全部记录",
		Long: `explain 疑点编号：规则、依据、各方事实和名册里的原样单元格。
explain 文件!行 文件!行（有工作表的写 文件!工作表!行）：两条记录凭什么对上，每项比对各算多少。
explain 身份证号（或 persons.person 的值）：名册里算作这个人的全部记录，及其关联。`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(c *cobra.Command, given []string) error {
			if len(given) == 2 {
				l, err := pipeline.ExplainLink(c.Context(), a.dir, given[0], given[1])
				if err != nil {
					return err
				}
				a.printLink(l)
				return nil
			}
			f, err := pipeline.Explain(c.Context(), a.dir, given[0])
			var refused *pipeline.Refused
			if errors.As(err, &refused) {
				person, ok, other := pipeline.ExplainPerson(c.Context(), a.dir, given[0])
				if ok || other != nil {
					a.printPerson(person)
					return other
				}
			}
			if err != nil {
				return err
			}
			a.printExplanation(f)
			return nil
		},
	}
}

func (a *app) printPerson(p pipeline.PersonExplanation) {
	if p.Person == "" {
		return
	}
	fmt.Fprintf(a.stdout, "%s：%d 条记录算作一个人\n", p.Person, len(p.Records))
	for _, r := range p.Records {
		fmt.Fprintf(a.stdout, "  %s  %s  %s  %s  %s\n", r.Roll, r.Cell(), orDash(r.Name), orDash(r.ID), r.Place)
	}
	if len(p.Were) > 1 {
		fmt.Fprintf(a.stdout, "上一晚这些记录分属 %d 人，今晚合为一人：%s\n", len(p.Were), strings.Join(p.Were, "、"))
	}
	if len(p.Also) > 0 {
		fmt.Fprintf(a.stdout, "上一晚与之同为一人的记录，今晚另属：%s\n", strings.Join(p.Also, "、"))
	}
	for _, l := range p.Links {
		fmt.Fprintln(a.stdout)
		a.printLink(l)
	}
}

func (a *app) printLink(l pipeline.LinkExplanation) {
	cells := [][3]string{
		{"", l.A.Cell(), l.B.Cell()},
		{"姓名", l.A.Name, l.B.Name},
		{"身份证号", orRaw(l.A), orRaw(l.B)},
		{"性别", l.A.Sex, l.B.Sex},
		{"出生日期", l.A.Birth, l.B.Birth},
		{"住地", l.A.Place, l.B.Place},
		{"户", l.A.Family, l.B.Family},
	}
	for _, row := range cells {
		fmt.Fprintf(a.stdout, "%s%s│ %s\n", padded(row[0], 10), padded(orDash(row[1]), 34), orDash(row[2]))
	}
	switch l.Decision {
	case "":
		fmt.Fprintln(a.stdout, "两条记录没有直接关联。")
		return
	case "review":
		fmt.Fprintf(a.stdout, "待人工核对，可能性 %s\n", l.Probability)
	default:
		fmt.Fprintf(a.stdout, "算作同一人，方式 %s，可能性 %s\n", l.Method, l.Probability)
	}
	if l.Repair != "" {
		fmt.Fprintf(a.stdout, "身份证号修正建议：%s\n", l.Repair)
	}
	for _, part := range l.Parts {
		fmt.Fprintf(a.stdout, "  %+8.2f  %s  %s\n", part.Bits, padded(part.Title, 28), part.Level)
	}
	fmt.Fprintf(a.stdout, "  %8s  合计（以 2 为底的对数胜算，0 为各半，6 以上约为 98%%）\n", l.Weight)
}

// orRaw is a record's ID, as it came where it was changed.
func orRaw(r pipeline.Record) string {
	if r.IDRaw != "" && r.IDRaw != r.ID {
		return r.IDRaw
	}
	return r.ID
}

// padded fills a text with blanks to a width in columns, a character of Chinese
// being two wide.
func padded(s string, width int) string {
	for _, r := range s {
		if width--; r > 0x2e80 {
			width--
		}
	}
	return s + strings.Repeat(" ", max(1, width))
}

func (a *app) printExplanation(f pipeline.Explanation) {
	line := func(title, value string) {
		if value != "" {
			fmt.Fprintf(a.stdout, "%s  %s\n", title+strings.Repeat("　", max(0, 6-len([]rune(title)))), value)
		}
	}
	line("疑点编号", f.ID)
	line("规则", f.Title+"（"+f.Rule+"）")
	line("方向", f.Side+"，确定性 "+f.Certainty)
	line("状态", f.State)
	line("抑制", f.SuppressedBy)
	line("对象", f.Who)
	line("住地", f.Place)
	line("低保户", f.DibaoHousehold)
	line("监测户", f.RegisterHousehold)
	line("每月金额", f.Month)
	line("累计金额", f.Total)
	line("原因", f.Reason)
	line("依据", f.Basis)
	line("承接", f.Predecessor)
	if f.Swept != "" {
		line("事实", f.Swept+" 这一晚的明细已按 retain 不再保留")
	}
	group := ""
	for _, fact := range f.Facts {
		if head := fact.Where(); head != group {
			group = head
			fmt.Fprintf(a.stdout, "\n%s\n", head)
		}
		raw := ""
		if fact.Raw != "" && fact.Raw != fact.Value {
			raw = "　原样：" + fact.Raw
		}
		fmt.Fprintf(a.stdout, "  %s：%s%s\n", fact.Label, orDash(fact.Value), raw)
	}
}

func orDash(s string) string {
	if s == "" {
		return "（空）"
	}
	return s
}
