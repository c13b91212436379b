package main

import (
	"fmt"
	"time"

	"doudi/pipeline"

	"github.com/spf13/cobra"
)

// clauses is `doudi clauses`: what the county plan asks, and what is looked at.
func (a *app) clauses() *cobra.Command {
	var night string
	c := &cobra.Command{
		Use:   "clauses [--night 2026-11-20]",
		Short: "方案各条款：有哪些规则、是否运行、查出多少；没有运行的缺什么、由谁提供",
		Args:  args(),
		RunE: func(c *cobra.Command, _ []string) error {
			date, err := parseNight(night)
			if err != nil {
				return err
			}
			t, err := pipeline.Clauses(c.Context(), a.dir, date)
			if err != nil {
				return err
			}
			a.printClauses(t)
			return nil
		},
	}
	c.Flags().StringVar(&night, "night", "", "哪一晚（默认最近发布的一晚）")
	return c
}

func (a *app) printClauses(t pipeline.ClauseTable) {
	fmt.Fprintf(a.stdout, "%s各条款，批次日 %s\n", t.Plan, t.Night.Format(time.DateOnly))
	for _, c := range t.Clauses {
		fmt.Fprintln(a.stdout)
		if c.Key != "" {
			fmt.Fprintf(a.stdout, "%s  ", c.Key)
		}
		fmt.Fprintf(a.stdout, "%s  规则：%s", c.Title, c.RanText())
		if len(c.Rules) > 0 {
			fmt.Fprintf(a.stdout, "  %s", c.Text())
		}
		fmt.Fprintln(a.stdout)
		if c.Asks != "" {
			fmt.Fprintf(a.stdout, "    要求：%s\n", c.Asks)
		}
		if c.Unserved != "" {
			fmt.Fprintf(a.stdout, "    %s\n", c.Unserved)
		}
		for _, r := range c.Rules {
			ran := "运行　"
			if r.Skipped {
				ran = "未运行"
			}
			fmt.Fprintf(a.stdout, "    %s  %s（%s）  %s\n", ran, r.Title, r.Slug, r.Text())
			if why := r.Why(); why != "" {
				fmt.Fprintf(a.stdout, "            %s\n", why)
			}
		}
	}
	fmt.Fprintln(a.stdout, "\n户、人在每一行内各计一次，金额按疑点相加，各行相加可能大于合计。未运行的规则沿用上一批次的疑点，不因此销号。")
}
