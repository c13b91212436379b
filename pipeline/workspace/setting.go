package workspace

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Setting is a figure to be tried instead of the one in force.
type Setting struct {
	Name, Value string
	Area        string    // the area whose row it is; "" for the row that counts for the workspace's own area
	From        time.Time // the first day it counts; zero: as long as the row it takes the place of
}

// WithPolicy is the workspace with the tables of another folder, which need
// not lie inside it.
func (w *Workspace) WithPolicy(dir string) (*Workspace, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	other := *w
	other.Policy = dir
	if !other.Exists(other.policyName("")) {
		return nil, &ConfigError{File: "--policy", Key: filepath.Base(dir), What: "没有这个文件夹；请把工作区的 policy 整个拷出一份，改好后给出它的路径"}
	}
	return &other, nil
}

// With is the policy with a figure in place of the row in force at the night,
// written as a row of parameters.csv is: areas inside the setting's that have
// rows of their own keep them, and are named. own is the workspace's area.
// Mistakes are ConfigErrors of the flag they stand in.
func (p *Policy) With(s Setting, own string, night time.Time) (*Policy, []string, error) {
	row, err := p.tried(s, own)
	if err != nil {
		return nil, nil, err
	}
	place := s.Area
	if place == "" {
		place = own
	}
	var replaced *Parameter // the row in force that is nearest to the place
	for i, r := range p.Parameters {
		if r.Name == row.Name && r.inForce(night) && strings.HasPrefix(place, r.Area) && (replaced == nil || len(r.Area) > len(replaced.Area)) {
			replaced = &p.Parameters[i]
		}
	}
	switch {
	case replaced == nil: // counts always
	case s.Area == "":
		row.Area = replaced.Area
		fallthrough
	default:
		row.From, row.To = replaced.From, replaced.To
	}
	if !s.From.IsZero() {
		row.From, row.To = s.From, time.Time{}
	} else {
		row = p.between(row, night)
	}
	other := *p
	other.Parameters = nil
	var keep []string
	for _, r := range p.Parameters {
		if r.Name == row.Name && r.Area == row.Area {
			other.Parameters = append(other.Parameters, r.outside(row)...)
			continue
		}
		other.Parameters = append(other.Parameters, r)
		if r.Name == row.Name && r.inForce(night) && strings.HasPrefix(r.Area, row.Area) && alongside(r.Area, own) {
			keep = append(keep, r.Area)
		}
	}
	slices.Sort(keep)
	other.Parameters = append(other.Parameters, row)
	return &other, keep, nil
}

// tried reads a setting as a row of parameters.csv.
func (p *Policy) tried(s Setting, own string) (Parameter, error) {
	fail := func(flag, key, what string, args ...any) (Parameter, error) {
		return Parameter{}, &ConfigError{File: flag, Key: key, What: fmt.Sprintf(what, args...)}
	}
	unit, known := units[s.Name]
	switch {
	case !known:
		return fail("--set", s.Name, "没有这个参数；有的是 %s", strings.Join(slices.Sorted(maps.Keys(units)), "、"))
	case s.Value == "":
		return fail("--set", s.Name, "请写成 %s=数值 的样子，单位是 %s", s.Name, unit)
	case !digits(s.Area) || s.Area != "" && !slices.Contains([]int{2, 4, 6, 9, 12}, len(s.Area)):
		return fail("--area", s.Area, "请写 6 位（县）、9 位（乡镇）或 12 位（村）区划代码")
	case !alongside(s.Area, own):
		return fail("--area", s.Area, "不在本工作区 %s 之内，改了也不影响这里", own)
	case len(s.Area) > len(own) && len(p.Places) > 0 && !slices.ContainsFunc(p.Places, func(x Place) bool { return strings.HasPrefix(x.Code, s.Area) }):
		return fail("--area", s.Area, "policy/places.csv 里没有这个地区，请核对代码")
	}
	var read Policy
	t := &table{file: "--set " + s.Name, names: []string{"name", "area", "value", "unit"}, cells: []string{s.Name, s.Area, s.Value, unit}}
	read.addParameter(t)
	if len(t.errors) > 0 {
		return Parameter{}, errors.Join(t.errors...)
	}
	return read.Parameters[0], nil
}

// between shortens a row to the time around the night in which its area has no
// other row.
func (p *Policy) between(row Parameter, night time.Time) Parameter {
	for _, r := range p.Parameters {
		switch {
		case r.Name != row.Name || r.Area != row.Area || r.inForce(night):
		case r.From.After(night) && (row.To.IsZero() || r.From.Before(row.To)):
			row.To = r.From
		case !r.From.After(night) && r.To.After(row.From):
			row.From = r.To
		}
	}
	return row
}

// inForce says whether the row counts on a day.
func (r Parameter) inForce(day time.Time) bool {
	return !r.From.After(day) && (r.To.IsZero() || day.Before(r.To))
}

// outside are the parts of a row before and behind another.
func (r Parameter) outside(other Parameter) []Parameter {
	var parts []Parameter
	if !other.From.IsZero() && r.From.Before(other.From) {
		head := r
		if head.To.IsZero() || head.To.After(other.From) {
			head.To = other.From
		}
		parts = append(parts, head)
	}
	if !other.To.IsZero() && (r.To.IsZero() || r.To.After(other.To)) {
		tail := r
		if tail.From.Before(other.To) {
			tail.From = other.To
		}
		parts = append(parts, tail)
	}
	return parts
}

// alongside says whether one of two areas lies in the other.
func alongside(a, b string) bool { return strings.HasPrefix(a, b) || strings.HasPrefix(b, a) }
