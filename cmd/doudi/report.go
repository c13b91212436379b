package main

import (
	"fmt"
	"time"

	"doudi/pipeline"

	"github.com/spf13/cobra"
)

// report is `doudi report`: the workbooks and the page once more.
func (a *app) report() *cobra.Command {
	var night string
	c := &cobra.Command{
		Use:   "report [--night 2026-11-20]",
		Short: "用已发布的数据重做工作簿和报告页，作为新的一版发布",
		Args:  args(),
		RunE: func(c *cobra.Command, _ []string) error {
			date, err := parseNight(night)
			if err != nil {
				return err
			}
			log, err := a.log()
			if err != nil {
				return err
			}
			path, err := pipeline.Report(c.Context(), pipeline.Night{Dir: a.dir, Date: date, Now: time.Now(), Program: program, Log: log})
			if err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, "报告：%s\n", path)
			return nil
		},
	}
	c.Flags().StringVar(&night, "night", "", "哪一晚（默认最近发布的一晚）")
	return c
}
