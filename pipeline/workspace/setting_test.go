package workspace

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func at(s string) time.Time {
	if s == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func rowsOf(p *Policy) []string {
	var rows []string
	show := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.Format(time.DateOnly)
	}
	for _, r := range p.Parameters {
		rows = append(rows, fmt.Sprintf("%s,%s,%s,%s,%s", r.Name, r.Area, show(r.From), show(r.To), r.Value))
	}
	slices.Sort(rows)
	return rows
}

func TestWith(t *testing.T) {
	row := func(area, from, to, value string) Parameter {
		return Parameter{Name: "grace_months", Area: area, From: at(from), To: at(to), Value: value}
	}
	for _, c := range []struct {
		name string
		have []Parameter
		try  Setting
		want string
		keep string
	}{
		{"no row: counts always and everywhere", nil, Setting{Value: "6"}, "grace_months,,,,6", ""},
		{"the row in force takes it, for its own time", []Parameter{row("", "2020-01-01", "2026-01-01", "12"), row("", "2026-01-01", "", "9"), row("", "2027-01-01", "", "3")}[:2],
			Setting{Value: "6"}, "grace_months,,2020-01-01,2026-01-01,12 grace_months,,2026-01-01,,6", ""},
		{"the county's row, not the nation's", []Parameter{row("", "2020-01-01", "", "12"), row("990101", "2026-01-01", "", "9")},
			Setting{Value: "6"}, "grace_months,,2020-01-01,,12 grace_months,990101,2026-01-01,,6", ""},
		{"a town keeps its own", []Parameter{row("", "2020-01-01", "", "12"), row("990101100", "2020-01-01", "", "9")},
			Setting{Value: "6"}, "grace_months,,2020-01-01,,6 grace_months,990101100,2020-01-01,,9", "990101100"},
		{"a town's first row counts as long as the one it was under", []Parameter{row("", "2020-01-01", "", "12")},
			Setting{Value: "6", Area: "990101100"}, "grace_months,,2020-01-01,,12 grace_months,990101100,2020-01-01,,6", ""},
		{"a row to come stays to come", []Parameter{row("", "2020-01-01", "", "12"), row("990101", "2027-01-01", "", "9"), row("990101", "2021-01-01", "2022-01-01", "8")},
			Setting{Value: "6", Area: "990101"},
			"grace_months,,2020-01-01,,12 grace_months,990101,2021-01-01,2022-01-01,8 grace_months,990101,2022-01-01,2027-01-01,6 grace_months,990101,2027-01-01,,9", ""},
		{"from a day on", []Parameter{row("", "", "2026-01-01", "12"), row("", "2026-01-01", "", "9")},
			Setting{Value: "6", From: at("2025-06-01")}, "grace_months,,,2025-06-01,12 grace_months,,2025-06-01,,6", ""},
		{"from a day behind the night", []Parameter{row("", "", "", "12")},
			Setting{Value: "6", From: at("2027-01-01")}, "grace_months,,,2027-01-01,12 grace_months,,2027-01-01,,6", ""},
	} {
		c.try.Name = "grace_months"
		p := &Policy{Parameters: c.have}
		got, keep, err := p.With(c.try, "990101", at("2026-11-20"))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if rows := strings.Join(rowsOf(got), " "); rows != c.want || strings.Join(keep, " ") != c.keep {
			t.Errorf("%s:\n got %s (%v)\nwant %s (%s)", c.name, rows, keep, c.want, c.keep)
		}
		if err := got.overlaps("x"); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestWithRefuses(t *testing.T) {
	p := &Policy{Places: []Place{{Code: "990101100", Name: "甲镇"}}}
	for _, c := range []struct {
		try  Setting
		want string
	}{
		{Setting{Name: "grace", Value: "6"}, "--set: grace：没有这个参数"},
		{Setting{Name: "grace_months", Value: ""}, "--set: grace_months：请写成"},
		{Setting{Name: "grace_months", Value: "1.5"}, "--set grace_months: value：grace_months 应为整数"},
		{Setting{Name: "grace_months", Value: "-1"}, "不能小于 0"},
		{Setting{Name: "dibao_standard_rural", Value: "650元"}, "请写数字"},
		{Setting{Name: "all_dibao_registered", Value: "2"}, "应为 0 或 1"},
		{Setting{Name: "grace_months", Value: "6", Area: "99010"}, "--area: 99010：请写"},
		{Setting{Name: "grace_months", Value: "6", Area: "990102"}, "不在本工作区 990101 之内"},
		{Setting{Name: "grace_months", Value: "6", Area: "990101999"}, "places.csv 里没有"},
	} {
		_, _, err := p.With(c.try, "990101", at("2026-11-20"))
		var config *ConfigError
		if !errors.As(err, &config) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %s", c.try, err, c.want)
		}
	}
}
