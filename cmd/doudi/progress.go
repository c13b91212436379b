package main

import (
	"maps"
	"slices"

	"github.com/schollz/progressbar/v3"
)

// bar draws the progress of a command on a terminal; elsewhere it is silent.
type bar struct {
	drawn *progressbar.ProgressBar
	step  string
}

var stepTitles = map[string]string{
	"fetch": "取数（字节）", "read": "读取名册", "join": "关联与判定", "write": "写入发布", "report": "制作报表", "generate": "造数",
}

func (a *app) bar() *bar {
	if !a.onTerminal() {
		return &bar{}
	}
	return &bar{drawn: progressbar.NewOptions64(-1,
		progressbar.OptionSetWriter(a.stderr), progressbar.OptionClearOnFinish(), progressbar.OptionShowCount(),
		progressbar.OptionSetPredictTime(false), progressbar.OptionFullWidth(), progressbar.OptionUseANSICodes(false))}
}

// show is told how far a step is; of = 0 where nobody knows how far it goes.
func (b *bar) show(step string, done, of int64) {
	if b.drawn == nil {
		return
	}
	if step != b.step {
		b.step = step
		b.drawn.Describe(stepTitles[step])
	}
	if of > 0 {
		b.drawn.ChangeMax64(of)
	} else {
		b.drawn.ChangeMax64(-1)
	}
	b.drawn.Set64(done)
}

func (b *bar) clear() {
	if b.drawn != nil {
		b.drawn.Clear()
	}
}

// sortedKeys are a map's keys in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
