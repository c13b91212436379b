package main

import (
	"fmt"
	"os"

	"doudi/fixtures"
	"doudi/pipeline/workspace"

	"github.com/spf13/cobra"
)

// initVerb is `doudi init`: a new workspace to fill in.
func (a *app) initVerb() *cobra.Command {
	var area string
	c := &cobra.Command{
		Use:   "init DIR [--area 990101]",
		Short: "新建工作区：带说明的 doudi.yaml、政策参数表、空的 inbox",
		Args:  args("DIR"),
		RunE: func(_ *cobra.Command, given []string) error {
			if err := emptyFolder(given[0]); err != nil {
				return err
			}
			if err := workspace.CheckArea(area); err != nil {
				return &usage{"--area：" + err.Error()}
			}
			if err := fixtures.Init(given[0], area); err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, `已新建工作区 %[1]s
下一步：
  1. 在 policy/parameters.csv 里填写本地的标准、补贴等数值（留空的行 doudi check 会列出）
  2. 把名册放入 inbox/ 下对应的文件夹
  3. doudi -C %[1]s check，看每个文件读得如何；再 doudi -C %[1]s run
`, given[0])
			return nil
		},
	}
	c.Flags().StringVar(&area, "area", "990101", "行政区划代码（GB/T 2260）")
	return c
}

// emptyFolder wants a folder that is not there yet, or has nothing in it.
func emptyFolder(dir string) error {
	entries, err := os.ReadDir(dir)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil || len(entries) > 0 {
		return &usage{dir + " 不是空文件夹，请换一个"}
	}
	return nil
}
