package workspace

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Gate is what stands between judging and publishing: one comparison of
// tonight with what a county can live with.
type Gate struct {
	Name, Title string
	// Holds says that a night on which it trips is not published; else it is
	// only noted.
	Holds bool
	// Limit is in hundredths of Unit; below 0 where the gate has none of its
	// own (fresh: each source's fresh_days).
	Limit int64
	Unit  string
}

// defaultGates are the gates in the order they are measured and shown.
var defaultGates = []Gate{
	{"fresh", "数据日期", true, -1, "天"},
	{"volume", "记录数", true, 20_00, "%"},
	{"findings", "疑点增减", true, 3_00, "倍"},
	{"columns", "少了的列", false, 0, "列"},
	{"words", "不认识的词", false, 2_00, "%"},
	{"links", "关联比例", false, 2_00, "个百分点"},
	{"totals", "合计不符", false, 0, "处"},
}

// IsGate says whether there is a gate of that name.
func IsGate(name string) bool {
	return slices.ContainsFunc(defaultGates, func(g Gate) bool { return g.Name == name })
}

// GateNames are those of all gates, for those who mistook one.
func GateNames() string {
	var names []string
	for _, g := range defaultGates {
		names = append(names, g.Name)
	}
	return strings.Join(names, "、")
}

// setGates lays what doudi.yaml says over the defaults.
func (w *Workspace) setGates(given map[string]any, data []byte) error {
	w.Gates = slices.Clone(defaultGates)
	for _, name := range slices.Sorted(maps.Keys(given)) {
		bad := func(what string) error {
			return &ConfigError{File: configName, Line: lineOf(data, "gates", name), Key: "gates." + name, What: what}
		}
		if !IsGate(name) {
			return bad("没有这道闸门，有：" + GateNames())
		}
		gate := &w.Gates[slices.IndexFunc(w.Gates, func(g Gate) bool { return g.Name == name })]
		switch said := plainly(given[name]); said {
		case "hold":
			gate.Holds = true
		case "note":
			gate.Holds = false
		default:
			limit, ok := hundredths(said)
			if !ok {
				return bad("请写 hold（拦下）、note（只提示），或一个不小于 0 的数作限度（单位：" + gate.Unit + "，不写单位，最多两位小数）")
			}
			gate.Limit = limit
		}
	}
	return nil
}

// plainly is a YAML scalar as it was written.
func plainly(value any) string {
	if f, ok := value.(float64); ok {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return strings.TrimSpace(fmt.Sprint(value))
}

var limitForm = regexp.MustCompile(`^(\d{1,6})(?:\.(\d{1,2}))?$`)

// hundredths reads a limit of at most two decimal places.
func hundredths(text string) (int64, bool) {
	m := limitForm.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	n, err := strconv.ParseInt(m[1]+(m[2] + "00")[:2], 10, 64)
	return n, err == nil
}
