package main

import (
	"fmt"

	"doudi/fixtures"

	"github.com/spf13/cobra"
)

// demo is `doudi demo`: a made-up county, ready to run.
func (a *app) demo() *cobra.Command {
	return &cobra.Command{
		Use:   "demo DIR",
		Short: "新建一个虚构县的工作区，可直接运行",
		Args:  args("DIR"),
		RunE: func(c *cobra.Command, given []string) error {
			if err := emptyFolder(given[0]); err != nil {
				return err
			}
			if err := fixtures.Demo(c.Context(), given[0]); err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, "已造好虚构县 %[1]s（人和证号都是编的），运行：doudi -C %[1]s run\n", given[0])
			return nil
		},
	}
}
