package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"doudi/pipeline"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// sql is `doudi sql`: ad hoc questions to what is published.
func (a *app) sql() *cobra.Command {
	var format, output string
	var limit time.Duration
	c := &cobra.Command{
		Use:   "sql [QUERY] [--format table|csv|json|markdown] [--output FILE]",
		Short: "查询已发布的数据，只读；不写查询语句时打开交互界面",
		Args: func(c *cobra.Command, given []string) error {
			if len(given) > 1 {
				return &usage{"用法：doudi " + c.Use + "；查询语句请整个加引号"}
			}
			return nil
		},
		RunE: func(c *cobra.Command, given []string) error {
			write, ok := formats[format]
			if !ok {
				return &usage{"--format 只能是 table、csv、json 或 markdown"}
			}
			published, err := pipeline.OpenPublished(c.Context(), a.dir)
			if err != nil {
				return err
			}
			defer published.Close()
			mode := os.O_TRUNC // of the first answer; the others go behind it
			ask := func(query string) error {
				result, err := published.Ask(c.Context(), query, limit)
				if err != nil {
					return err
				}
				defer result.Close()
				if output == "" {
					return write(a.stdout, result)
				}
				// Only an answer may take the place of what the file holds.
				f, err := os.OpenFile(output, os.O_WRONLY|os.O_CREATE|mode, 0o600)
				if err != nil {
					return &usage{"--output：" + err.Error()}
				}
				mode = os.O_APPEND
				return errors.Join(write(f, result), f.Close())
			}
			if len(given) == 1 {
				return ask(given[0])
			}
			return a.shell(ask)
		},
	}
	c.Flags().StringVar(&format, "format", "table", "table、csv、json 或 markdown")
	c.Flags().StringVar(&output, "output", "", "写入文件")
	c.Flags().DurationVar(&limit, "timeout", 10*time.Minute, "一个查询最多运行多久")
	return c
}

// shell asks what is typed, statement by statement; without a terminal it
// runs what comes in and stops at the first mistake.
func (a *app) shell(ask func(string) error) error {
	f, ok := a.stdin.(*os.File)
	interactive := ok && term.IsTerminal(int(f.Fd()))
	prompt := func(text string) {
		if interactive {
			fmt.Fprint(a.stderr, text)
		}
	}
	if interactive {
		fmt.Fprintln(a.stderr, "以分号结束一个查询；show tables; 列出数据集；Ctrl-D 退出")
	}
	lines := bufio.NewReader(a.stdin)
	for query := ""; ; {
		if query == "" {
			prompt("doudi> ")
		} else {
			prompt("   ... ")
		}
		line, err := lines.ReadString('\n')
		query += line
		if strings.TrimSpace(query) != "" && (strings.HasSuffix(strings.TrimSpace(query), ";") || err == io.EOF) {
			if problem := ask(query); problem != nil {
				if !interactive {
					return problem
				}
				fmt.Fprintln(a.stderr, problem)
			}
			query = ""
		}
		if err == io.EOF {
			prompt("\n")
			return nil
		}
		if err != nil {
			return err
		}
	}
}
