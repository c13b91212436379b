package main

import (
	"fmt"
	"time"

	"doudi/pipeline"

	"github.com/spf13/cobra"
)

// fetch is `doudi fetch`: what sources name on servers, pulled; then it stops.
func (a *app) fetch() *cobra.Command {
	return &cobra.Command{
		Use:   "fetch",
		Short: "从 doudi.yaml 写明的服务器取回文件，放入 pulled/，不做别的（run 会先取数）",
		Args:  args(),
		RunE: func(c *cobra.Command, _ []string) error {
			log, err := a.log()
			if err != nil {
				return err
			}
			bar := a.bar()
			fetched, err := pipeline.Fetch(c.Context(), pipeline.Night{Dir: a.dir, Now: time.Now(), Program: program, Log: log, Progress: bar.show})
			bar.clear()
			if err != nil {
				return err
			}
			if len(fetched) == 0 {
				fmt.Fprintln(a.stdout, "doudi.yaml 里没有要从服务器取的来源")
			}
			failed := 0
			for _, f := range fetched {
				fmt.Fprintf(a.stdout, "%s（%s）\n", f.Name, f.From)
				switch {
				case f.Failed == "":
					fmt.Fprintf(a.stdout, "  取回 %d 个文件，%d 字节；%d 个没有变\n", f.Pulled, f.Bytes, f.Unchanged)
				case len(f.Files) > 0:
					failed++
					fmt.Fprintf(a.stdout, "  取数失败：%s\n  上次取回的完整副本还在（%d 个文件）\n", f.Failed, len(f.Files))
				default:
					failed++
					fmt.Fprintf(a.stdout, "  取数失败：%s\n", f.Failed)
				}
				for _, note := range f.Notes {
					fmt.Fprintf(a.stdout, "  注意 %s\n", note)
				}
			}
			if failed > 0 {
				return &refused{fmt.Sprintf("有 %d 个来源没有取到", failed)}
			}
			return nil
		},
	}
}
