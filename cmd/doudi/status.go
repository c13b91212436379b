package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"doudi/pipeline"

	"github.com/spf13/cobra"
)

// status is `doudi status`: what an operator asks at eight in the morning.
func (a *app) status() *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "status [--format text|json]",
		Short: "一屏看清：最近发布的一晚、今晚的情况、被什么拦下、名册新旧、磁盘、下次运行",
		Args:  args(),
		RunE: func(c *cobra.Command, _ []string) error {
			if format != "text" && format != "json" {
				return &usage{"--format 只能是 text 或 json"}
			}
			s, err := pipeline.LookAt(a.dir, time.Now())
			if err != nil {
				return err
			}
			if format == "json" {
				out := json.NewEncoder(a.stdout)
				out.SetIndent("", " ")
				return out.Encode(s)
			}
			for _, line := range statusLines(s) {
				fmt.Fprintln(a.stdout, line)
			}
			return nil
		},
	}
	c.Flags().StringVar(&format, "format", "text", "text 或 json")
	return c
}

var stateTitles = map[string]string{
	"running": "正在运行", "published": "已发布", "held": "未发布，被拦下", "failed": "未发布，程序出错",
	"interrupted": "未发布，被中断", "waiting": "还没有运行",
}

// statusLines are ten lines, whatever the state.
func statusLines(s pipeline.Status) []string {
	last, published := "还没有发布过", "—"
	if s.LastNight != "" {
		last = fmt.Sprintf("批次日 %s，发布于 %s", s.LastNight, s.Published.Format("2006-01-02 15:04"))
		if n := len(s.Missed); n > 0 {
			last += fmt.Sprintf("；之后缺 %d 晚，可补跑：doudi run --from %s --to %s", n, s.Missed[0], s.Missed[n-1])
		}
		published = fmt.Sprintf("%d 晚，快照 %s，共留 %d 份", s.Nights, s.Snapshot, s.Snapshots)
	}
	tonight := fmt.Sprintf("批次日 %s：%s", s.Tonight, stateTitles[s.State])
	if s.Since != "" {
		tonight += "，" + s.Since
	}
	held := "没有"
	if len(s.HeldBy) > 0 {
		held = strings.Join(s.HeldBy, "；")
	}
	var tripped []string
	holding := 0
	for _, g := range s.Gates {
		if g.Tripped {
			tripped = append(tripped, g.Gate)
			if g.Holds && !g.Accepted {
				holding++
			}
		}
	}
	gates := "还没有测过"
	if len(s.Gates) > 0 {
		gates = fmt.Sprintf("测 %d 项，超限 %d 项，拦下 %d 项", len(s.Gates), len(tripped), holding)
	}
	var required, others []string
	empty := 0 // lists that nobody handed in; --format json names them
	for _, source := range s.Sources {
		switch {
		case source.Required:
			required = append(required, sourceLine(source))
		case source.AgeDays == nil:
			empty++
		default:
			others = append(others, sourceLine(source))
		}
	}
	if empty > 0 {
		others = append(others, fmt.Sprintf("没有文件的 %d 种", empty))
	}
	return []string{
		strings.TrimRight("工作区    "+s.Area+" "+s.Name, " "),
		"最近发布  " + last,
		"已发布    " + published,
		"今晚      " + tonight,
		"拦下原因  " + strings.ReplaceAll(held, "\n", "；"),
		"闸门      " + gates,
		"必需名册  " + orNone(required),
		"其他名册  " + orNone(others),
		fmt.Sprintf("磁盘      已发布 %s，.doudi %s，剩余 %s", size(s.PublishBytes), size(s.ScratchBytes), size(s.FreeBytes)),
		fmt.Sprintf("下次运行  %s（已按 doudi schedule 安排的话）", s.NextRun.Format("2006-01-02 15:04 MST")),
	}
}

func orNone(items []string) string {
	if len(items) == 0 {
		return "没有"
	}
	return strings.Join(items, "；")
}

// sourceLine says of an entry how old its files are.
func sourceLine(s pipeline.SourceStatus) string {
	switch {
	case s.AgeDays == nil:
		return s.Title + " 没有文件（" + s.From + "）"
	case s.Stale:
		return fmt.Sprintf("%s %s（%d 天，过期，限 %d 天）", s.Title, s.AsOf, *s.AgeDays, *s.FreshDays)
	}
	return fmt.Sprintf("%s %s（%d 天）", s.Title, s.AsOf, *s.AgeDays)
}

// size is a number of bytes for people.
func size(bytes int64) string {
	switch {
	case bytes >= 10<<30:
		return fmt.Sprintf("%d GB", bytes>>30)
	case bytes >= 10<<20:
		return fmt.Sprintf("%d MB", bytes>>20)
	}
	return fmt.Sprintf("%d KB", (bytes+1023)>>10)
}
