package main

import (
	"fmt"
	"strings"
	"time"

	"doudi/pipeline"
	"doudi/pipeline/workspace"

	"github.com/spf13/cobra"
)

// whatIf is `doudi what-if`: the published night judged again under other
// parameters.
func (a *app) whatIf() *cobra.Command {
	var set []string
	var area, from string
	var change pipeline.Change
	c := &cobra.Command{
		Use:   "what-if --set dibao_standard_rural=650 [--set …] [--area 990101] [--from 2026-07-01] | --policy DIR [--output FILE]",
		Short: "换一组政策参数，把最近发布的一晚重新判一遍：来、去多少疑点，金额差多少；不发布",
		Long: `换一组政策参数，把最近发布的一晚重新判一遍，按规则和乡镇列出来、去多少疑点，金额差多少；不发布，不改工作区。

--set 等于在 policy/parameters.csv 里改一行：不写 --area 时改对本工作区生效的那一行，写了就是该地区自己的一行；
其下另有数值的地区不变，会列出来。不写 --from 时，新值与原来那一行同时起止。
--policy 给出另一个政策文件夹（工作区 policy 的一份，改过）；两者可以并用，--set 在后。`,
		Args: args(),
		RunE: func(c *cobra.Command, _ []string) error {
			var err error
			if change.Set, err = settingsOf(set, area, from); err != nil {
				return err
			}
			if len(set) == 0 && change.Policy == "" {
				return &usage{"请用 --set 名称=数值 或 --policy 文件夹 说明改什么"}
			}
			log, err := a.log()
			if err != nil {
				return err
			}
			bar := a.bar()
			found, err := pipeline.WhatIf(c.Context(), pipeline.Night{
				Dir: a.dir, Now: time.Now(), Program: program, Log: log, Progress: bar.show,
			}, change)
			bar.clear()
			if err != nil {
				return err
			}
			a.printDifference(found)
			if change.Output != "" {
				fmt.Fprintf(a.stdout, "明细：%s\n", change.Output)
			}
			return nil
		},
	}
	c.Flags().StringArrayVar(&set, "set", nil, "参数=数值，可多次给出；名称和单位见 policy/parameters.csv")
	c.Flags().StringVar(&area, "area", "", "--set 对哪个地区（区划代码；默认改对本工作区生效的那一行）")
	c.Flags().StringVar(&from, "from", "", "--set 从哪一天起算（默认与原来那一行同时）")
	c.Flags().StringVar(&change.Policy, "policy", "", "另一个政策文件夹")
	c.Flags().StringVar(&change.Output, "output", "", "明细写入文件，.csv 或 .parquet")
	return c
}

// settingsOf reads the flags of a figure to be tried.
func settingsOf(set []string, area, from string) ([]workspace.Setting, error) {
	day, err := parseNight(from)
	if err != nil {
		return nil, err
	}
	if len(set) == 0 && (area != "" || from != "") {
		return nil, &usage{"--area 和 --from 说的是 --set，须与 --set 同时给出"}
	}
	var settings []workspace.Setting
	seen := map[string]bool{}
	for _, s := range set {
		name, value, ok := strings.Cut(s, "=")
		name = strings.TrimSpace(name)
		if !ok || name == "" {
			return nil, &usage{"--set 请写成 dibao_standard_rural=650 的样子"}
		}
		if seen[name] {
			return nil, &usage{"--set " + name + " 给出了两次"}
		}
		seen[name] = true
		settings = append(settings, workspace.Setting{Name: name, Value: strings.TrimSpace(value), Area: area, From: day})
	}
	return settings, nil
}

// printDifference shows what would come and go, by rule and town.
func (a *app) printDifference(d pipeline.Difference) {
	p := func(format string, args ...any) { fmt.Fprintf(a.stdout, format, args...) }
	p("批次日 %s，按改后的参数重新判定（未发布）\n", d.Night.Format(time.DateOnly))
	for _, note := range d.Notes {
		p("注意 %s\n", note)
	}
	rows := [][]string{{"规则 / 乡镇", "原有", "来", "去", "变", "现有", "例外豁免", "每月（元）", "累计（元）"}}
	for _, rule := range d.Rules {
		rows = append(rows, tallyCells(rule.Title+" "+rule.Rule, rule.Tally))
		for _, town := range rule.Towns {
			name := town.Town
			if name == "" {
				name = "不分乡镇"
			}
			rows = append(rows, tallyCells("  "+strings.TrimSpace(name+" "+town.AreaCode), town.Tally))
		}
	}
	if len(d.Rules) == 0 {
		p("没有疑点因此来、去或变\n")
		return
	}
	a.printAligned(rows)
	p("%d 条规则不变。变：金额或例外、豁免不同；例外豁免：原有→现有；金额：现有减原有，只计未例外、未豁免的，少发为正、多发为负\n", d.Same)
}

func tallyCells(name string, t pipeline.Tally) []string {
	n := func(n int64) string { return fmt.Sprint(n) }
	return []string{name, n(t.Before), n(t.Come), n(t.Go), n(t.Changed), n(t.After),
		fmt.Sprintf("%d→%d", t.SuppressedBefore, t.SuppressedAfter), yuanCell(t.MonthFen), yuanCell(t.TotalFen)}
}

// yuanCell writes a difference in fen in yuan, with its sign.
func yuanCell(fen int64) string {
	if fen == 0 {
		return "0.00"
	}
	sign := "+"
	if fen < 0 {
		sign, fen = "-", -fen
	}
	return fmt.Sprintf("%s%d.%02d", sign, fen/100, fen%100)
}

// printAligned prints rows in columns: the first to the left, the others to the
// right.
func (a *app) printAligned(rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], columns(cell))
		}
	}
	for _, row := range rows {
		line := row[0] + strings.Repeat(" ", widths[0]-columns(row[0]))
		for i, cell := range row[1:] {
			line += "  " + strings.Repeat(" ", widths[i+1]-columns(cell)) + cell
		}
		fmt.Fprintln(a.stdout, line)
	}
}
