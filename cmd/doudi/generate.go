package main

import (
	"fmt"

	"doudi/fixtures"

	"github.com/spf13/cobra"
)

// generate is `doudi generate`: a made-up county of any size with its truth.
func (a *app) generate() *cobra.Command {
	var o fixtures.Options
	c := &cobra.Command{
		Use:   "generate DIR --households 20000 --seed 7 [--errors 1]",
		Short: "造一个任意大小的虚构县，truth/ 里写明谁是谁、该有哪些疑点",
		Args:  args("DIR"),
		RunE: func(c *cobra.Command, given []string) error {
			switch {
			case o.Households < 1:
				return &usage{"--households 至少为 1"}
			case o.Errors < 0:
				return &usage{"--errors 不能小于 0"}
			}
			if err := emptyFolder(given[0]); err != nil {
				return err
			}
			summary, err := fixtures.Generate(c.Context(), given[0], o)
			if err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, "已造好虚构县 %s：%s\n", given[0], summary)
			return nil
		},
	}
	c.Flags().IntVar(&o.Households, "households", 0, "户数")
	c.Flags().Uint64Var(&o.Seed, "seed", 1, "随机种子：同一种子造出同样的文件")
	c.Flags().Float64Var(&o.Errors, "errors", 1, "证号和姓名差错的倍数；0 时人人可凭证号关联")
	c.Flags().IntVar(&o.Nights, "nights", 0, "另造其后几晚的名册，放在 next-1、next-2 …：换上其中的 inbox 再运行下一晚")
	c.MarkFlagRequired("households")
	return c
}
