package main

import (
	"fmt"
	"time"

	"doudi/pipeline"

	"github.com/spf13/cobra"
)

// verify is `doudi verify`: every published file against its manifest.
func (a *app) verify() *cobra.Command {
	var night string
	c := &cobra.Command{
		Use:   "verify [--night 2026-11-20]",
		Short: "核对已发布的每个文件：与清单的哈希一致，且用另一种读法读得回来",
		Args:  args(),
		RunE: func(c *cobra.Command, _ []string) error {
			date, err := parseNight(night)
			if err != nil {
				return err
			}
			files, differences, err := pipeline.Verify(c.Context(), a.dir, date)
			if err != nil {
				return err
			}
			for _, d := range differences {
				fmt.Fprintln(a.stdout, d)
			}
			if len(differences) > 0 {
				return &refused{fmt.Sprintf("有 %d 处不符", len(differences))}
			}
			what := "全部"
			if !date.IsZero() {
				what = date.Format(time.DateOnly)
			}
			fmt.Fprintf(a.stdout, "%s：%d 个文件，全部相符\n", what, files)
			return nil
		},
	}
	c.Flags().StringVar(&night, "night", "", "只核对这一晚")
	return c
}
