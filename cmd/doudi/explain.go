package main

import (
	"fmt"
	"strings"

	"doudi/pipeline"

	"github.com/spf13/cobra"
)

// explain is `doudi explain`: one finding, down to the cells it came from.
func (a *app) explain() *cobra.Command {
	return &cobra.Command{
		Use:   "explain FINDING_ID",
		Short: "一条疑点：规则、依据、各方事实和名册里的原样单元格",
		Args:  args("FINDING_ID"),
		RunE: func(c *cobra.Command, given []string) error {
			f, err := pipeline.Explain(c.Context(), a.dir, given[0])
			if err != nil {
				return err
			}
			a.printExplanation(f)
			return nil
		},
	}
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
