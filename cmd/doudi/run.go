package main

import (
	"fmt"
	"strings"
	"time"

	"doudi/pipeline"
	"doudi/pipeline/workspace"

	"github.com/spf13/cobra"
)

// run is `doudi run`: one night, or each of a range.
func (a *app) run() *cobra.Command {
	var night, from, to string
	var offline bool
	var gates, reasons []string
	c := &cobra.Command{
		Use:   "run [--night 2026-11-20] [--from 2026-11-18 --to 2026-11-20] [--offline] [--accept 闸门 --reason 原因]",
		Short: "运行一晚：从名册到发布；同一晚、同样的输入再运行则不改动",
		Args:  args(),
		RunE: func(c *cobra.Command, _ []string) error {
			nights, err := nightsOf(night, from, to)
			if err != nil {
				return err
			}
			accept, err := acceptsOf(gates, reasons)
			if err != nil {
				return err
			}
			log, err := a.log()
			if err != nil {
				return err
			}
			for _, date := range nights {
				bar := a.bar()
				summary, err := pipeline.Run(c.Context(), pipeline.Night{
					Dir: a.dir, Date: date, Now: time.Now(), Program: program, Log: log, Progress: bar.show,
					Accept: accept, Offline: offline,
				})
				bar.clear()
				if err != nil {
					return err
				}
				for _, used := range summary.Accepts {
					delete(accept, used) // a gate is let through once
				}
				a.printSummary(summary)
			}
			return nil
		},
	}
	c.Flags().StringVar(&night, "night", "", "批次日（默认 doudi.yaml 的 night，否则昨天）")
	c.Flags().StringVar(&from, "from", "", "补跑：第一晚")
	c.Flags().StringVar(&to, "to", "", "补跑：最后一晚")
	c.Flags().BoolVar(&offline, "offline", false, "不取数，用已经取回的文件")
	c.Flags().StringArrayVar(&gates, "accept", nil, "放行一次被拦下的闸门，须写明 --reason；可成对重复")
	c.Flags().StringArrayVar(&reasons, "reason", nil, "放行的原因，写入已发布的 gates")
	return c
}

// acceptsOf pairs each gate that is to pass with the reason that follows it.
func acceptsOf(gates, reasons []string) (map[string]string, error) {
	if len(gates) != len(reasons) {
		return nil, &usage{"每个 --accept 须有一个 --reason 写明原因"}
	}
	accept := map[string]string{}
	for i, gate := range gates {
		reason := strings.TrimSpace(reasons[i])
		switch {
		case !workspace.IsGate(gate):
			return nil, &usage{fmt.Sprintf("没有闸门 %q，有：%s", gate, workspace.GateNames())}
		case reason == "":
			return nil, &usage{"--reason 不能为空，请写明放行 " + gate + " 的原因"}
		case accept[gate] != "":
			reason = accept[gate] + "；" + reason
		}
		accept[gate] = reason
	}
	return accept, nil
}

// nightsOf are the nights a command line asks for; a zero time is the default
// night.
func nightsOf(night, from, to string) ([]time.Time, error) {
	if from == "" && to == "" {
		date, err := parseNight(night)
		return []time.Time{date}, err
	}
	if night != "" || from == "" || to == "" {
		return nil, &usage{"--from 与 --to 须同时给出，且不与 --night 并用"}
	}
	first, err := parseNight(from)
	if err != nil {
		return nil, err
	}
	last, err := parseNight(to)
	if err != nil {
		return nil, err
	}
	if last.Before(first) {
		return nil, &usage{"--to 须不早于 --from"}
	}
	var nights []time.Time
	for n := first; !n.After(last); n = n.AddDate(0, 0, 1) {
		nights = append(nights, n)
	}
	return nights, nil
}

var sideTitles = []struct{ side, title string }{
	{"should_enter", "应保未保"}, {"should_exit", "应退未退"}, {"should_pay", "应补未补"},
	{"conflict", "信息不一致"}, {"data_error", "数据质量"},
}

// printSummary says in a screen what a night did.
func (a *app) printSummary(s pipeline.Summary) {
	night := s.Night.Format(time.DateOnly)
	if s.Unchanged {
		fmt.Fprintf(a.stdout, "批次日 %s：输入、政策参数和程序与已发布的相同，没有改动\n报告：%s\n", night, s.Report)
		return
	}
	fmt.Fprintf(a.stdout, "批次日 %s：已发布（%.1f 秒）\n", night, s.Seconds)
	fmt.Fprintf(a.stdout, "名册：读入 %d 个文件，记录 %d 条，拒收 %d 条\n", s.Files, s.Accepted, s.Rejected)
	fmt.Fprintf(a.stdout, "关联：低保与监测名册 ")
	for _, method := range sortedKeys(s.Links) {
		fmt.Fprintf(a.stdout, "%s %d  ", method, s.Links[method])
	}
	fmt.Fprintln(a.stdout)
	for _, side := range sideTitles {
		var found, suppressed int64
		skipped := 0
		for _, rule := range s.Rules {
			if rule.Side != side.side {
				continue
			}
			found += rule.Findings
			suppressed += rule.Suppressed
			if rule.Status == "skipped" {
				skipped++
			}
		}
		fmt.Fprintf(a.stdout, "  %s %d 条（其中例外、豁免 %d 条）", side.title, found, suppressed)
		if skipped > 0 {
			fmt.Fprintf(a.stdout, "，%d 条规则未运行", skipped)
		}
		fmt.Fprintln(a.stdout)
	}
	fmt.Fprintf(a.stdout, "与上一晚相比：新增 %d  未销 %d  变化 %d  重现 %d  消失 %d\n",
		s.States["new"], s.States["open"], s.States["changed"], s.States["reopened"], s.States["gone"])
	for _, rule := range s.Rules {
		if rule.Status == "skipped" {
			fmt.Fprintf(a.stdout, "未运行 %s：%s\n", rule.Rule, rule.Reason)
		}
	}
	for _, line := range s.Refused {
		fmt.Fprintf(a.stdout, "读不了 %s\n", line)
	}
	for _, line := range s.Notes {
		fmt.Fprintf(a.stdout, "注意 %s\n", line)
	}
	for _, later := range s.LaterThan {
		fmt.Fprintf(a.stdout, "注意 %s 在这一晚之后，状态仍是原先的；要更新请再运行那一晚\n", later.Format(time.DateOnly))
	}
	fmt.Fprintf(a.stdout, "报告：%s\n", s.Report)
}
