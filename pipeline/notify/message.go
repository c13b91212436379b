// Package notify tells people who do not sit at the machine how a night went:
// counts of lists, records and findings, and never a person. It knows no
// workspace and no database; what it cannot send it keeps for the next run.
package notify

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Message is one word about one night. Its JSON is what `kind: json` posts: a
// field is never renamed or given another meaning; further ones may come.
type Message struct {
	Event   string   `json:"event"` // night: published · held: not, by a list or a gate · failed: not, by an error
	Name    string   `json:"name"`  // of the workspace
	Area    string   `json:"area"`
	Night   string   `json:"night"` // 2026-11-20
	Program string   `json:"program"`
	Title   string   `json:"title"` // the same in Chinese: a line, and a line a fact
	Lines   []string `json:"lines"`

	// Of a night that was published; all 0 of one that was not.
	Files    int   `json:"files"`   // read
	Refused  int   `json:"refused"` // files of lists that are not required
	Accepted int64 `json:"accepted"`
	Rejected int64 `json:"rejected"`
	Linked   int64 `json:"linked"` // pairs of dibao and register
	// Sides are should_enter, should_exit, should_pay, conflict, data_error.
	Sides []Side `json:"sides"`
	// States are new, open, changed, reopened, gone → findings.
	States  map[string]int64 `json:"states"`
	Ran     int              `json:"rules_ran"`
	Skipped int              `json:"rules_skipped"`

	// Of either: gates that were measured, that tripped, that were let through.
	Gates   int `json:"gates"`
	Tripped int `json:"gates_tripped"`
	Accepts int `json:"gates_accepted"`
	// Held is what held the night, in order; empty where nothing did.
	Held []Cause `json:"held"`
}

// Side counts the findings of one side.
type Side struct {
	Side       string `json:"side"`
	Findings   int64  `json:"findings"`
	Suppressed int64  `json:"suppressed"` // of them, by exceptions, waivers and verdicts
}

// Cause is one thing that held a night.
type Cause struct {
	What     string `json:"what"` // absent, unreadable: a required list · gate
	Roll     string `json:"roll,omitempty"`
	Files    int    `json:"files,omitempty"` // unreadable ones
	Gate     string `json:"gate,omitempty"`
	Rule     string `json:"rule,omitempty"`
	Measured string `json:"measured,omitempty"`
	Allowed  string `json:"allowed,omitempty"`
}

// told is the message as lines under a title, in at most so many bytes: what
// does not fit is counted, not dropped unsaid.
func (m Message) told(line func(string) string, limit int) string {
	var b strings.Builder
	left := m.Lines
	for len(left) > 0 {
		more := fmt.Sprintf("……另有 %d 行，请看 doudi status", len(left))
		if next := line(left[0]); b.Len()+len(next)+len(line(more)) <= limit || len(left) == 1 && b.Len()+len(next) <= limit {
			b.WriteString(next)
			left = left[1:]
			continue
		}
		b.WriteString(line(more))
		break
	}
	return strings.TrimRight(b.String(), "\n")
}

// cut shortens a text to at most so many bytes, between two characters.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	text = text[:limit]
	for !utf8.ValidString(text) {
		text = text[:len(text)-1]
	}
	return text
}
