package pipeline

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"doudi/pipeline/notify"
	"doudi/pipeline/report"
)

// notices are where a word about the night goes, their secrets filled in.
func (r *run) notices() error {
	targets, err := r.workspace.NoticeTargets()
	for _, t := range targets {
		r.targets = append(r.targets, notify.Target{
			Kind: t.Kind, ID: t.ID, URL: t.URL, Secret: t.Secret, On: t.On,
			To: t.To, From: t.From, Login: t.Login, Secrets: t.Secrets, Plain: t.Plain,
		})
	}
	return err
}

// notify sends a word about how the night ended, and what earlier runs could not
// send. A run that was interrupted, or that had nothing to do, has none of its
// own. Nothing that happens here changes the night.
func (r *run) notify(ctx context.Context, ended error) {
	if len(r.targets) == 0 || ctx.Err() != nil {
		return
	}
	var word *notify.Message
	if ended != nil || !r.summary.Unchanged {
		m := r.word(ended)
		word = &m
	}
	outcomes, err := notify.Sender{}.Deliver(ctx, filepath.Join(r.workspace.Scratch(), "notices"), r.targets, word, r.Now)
	if err != nil {
		r.Log.Warn("notice", "spool", ".doudi/notices", "failed", err)
	}
	for _, o := range outcomes {
		log := r.Log.With("kind", o.Target.Kind, "host", o.Target.URL.Hostname())
		if o.Lapsed > 0 {
			log.Warn("notice", "given_up", o.Lapsed)
		}
		if o.Failed != "" {
			log.Warn("notice", "failed", o.Failed, "kept_for_next_run", o.Left)
		} else if o.Sent > 0 {
			log.Info("notice", "sent", o.Sent)
		}
	}
}

// word is what is said of the night: counts and the names of lists, gates and
// rules. A file's name, which people choose, is not among them.
func (r *run) word(ended error) notify.Message {
	m := notify.Message{
		Event: "night", Name: r.workspace.Name, Area: r.workspace.Area, Night: r.Date.Format(time.DateOnly), Program: r.Program,
		Sides: []notify.Side{}, States: map[string]int64{}, Held: []notify.Cause{}, Lines: []string{},
	}
	for _, one := range r.measures {
		m.Gates++
		if one.Tripped {
			m.Tripped++
		}
		if one.Accepted {
			m.Accepts++
		}
	}
	who := m.Name
	if who == "" {
		who = m.Area
	}
	var held *Held
	switch {
	case errors.As(ended, &held):
		m.Event, m.Title = "held", fmt.Sprintf("%s 批次日 %s：未发布，被拦下", who, m.Night)
		r.sayHeld(&m)
	case ended != nil:
		m.Event, m.Title = "failed", fmt.Sprintf("%s 批次日 %s：未发布，运行出错", who, m.Night)
		m.Lines = append(m.Lines, "上一次发布的结果不变，原因见运行日志")
	default:
		m.Title = fmt.Sprintf("%s 批次日 %s：已发布", who, m.Night)
		r.sayPublished(&m)
	}
	return m
}

// sayPublished counts what a night published.
func (r *run) sayPublished(m *notify.Message) {
	s := r.summary
	m.Files, m.Refused, m.Accepted, m.Rejected, m.States = s.Files, len(s.Refused), s.Accepted, s.Rejected, s.States
	for _, n := range s.Links {
		m.Linked += n
	}
	say := func(line string, args ...any) { m.Lines = append(m.Lines, fmt.Sprintf(line, args...)) }
	say("名册：读入 %d 个文件，记录 %d 条，拒收 %d 条，读不了的文件 %d 个", m.Files, m.Accepted, m.Rejected, m.Refused)
	say("关联：低保与监测名册对上 %d 对", m.Linked)
	for _, side := range report.Sides() {
		count := notify.Side{Side: side}
		for _, rule := range s.Rules {
			if rule.Side == side {
				count.Findings += rule.Findings
				count.Suppressed += rule.Suppressed
			}
		}
		m.Sides = append(m.Sides, count)
		say("%s：%d 条，其中例外、豁免 %d 条", report.SideWord(side), count.Findings, count.Suppressed)
	}
	for _, rule := range s.Rules {
		if rule.Status == "skipped" {
			m.Skipped++
		} else {
			m.Ran++
		}
	}
	say("与上一晚相比：新增 %d，未销 %d，变化 %d，重现 %d，消失 %d", s.States["new"], s.States["open"], s.States["changed"], s.States["reopened"], s.States["gone"])
	say("规则：运行 %d 条，未运行 %d 条；闸门：测 %d 项，超限 %d 项，放行 %d 项", m.Ran, m.Skipped, m.Gates, m.Tripped, m.Accepts)
}

// sayHeld names what held the night, as far as lists and gates tell it.
func (r *run) sayHeld(m *notify.Message) {
	say := func(line string, args ...any) { m.Lines = append(m.Lines, fmt.Sprintf(line, args...)) }
	lists := r.lists()
	for _, roll := range rolls(lists) {
		l := lists[roll]
		if len(l.absent) > 0 {
			m.Held = append(m.Held, notify.Cause{What: "absent", Roll: roll})
			say("必需的名册没有文件：%s（%s）", rollTitle(roll), roll)
		}
		if len(l.holds) > 0 {
			m.Held = append(m.Held, notify.Cause{What: "unreadable", Roll: roll, Files: len(l.holds)})
			say("必需的名册读不了：%s（%s），%d 个文件", rollTitle(roll), roll, len(l.holds))
		}
	}
	for _, one := range r.measures {
		if !one.holding() {
			continue
		}
		cause := notify.Cause{What: "gate", Gate: one.Gate, Roll: one.Roll, Rule: one.Rule}
		about := ""
		if one.Roll != "" {
			about = "，" + rollTitle(one.Roll)
		}
		if rule := ruleOf(r.graph.Models(), one.Rule); rule != nil {
			about = "，" + rule.Title
		}
		if one.Gate == "columns" {
			say("%s%s", r.gateTitle(one.Gate), about) // its measures are lists of columns
		} else {
			cause.Measured, cause.Allowed = one.Measured, one.Allowed
			say("%s%s：%s，允许 %s", r.gateTitle(one.Gate), about, one.Measured, one.Allowed)
		}
		m.Held = append(m.Held, cause)
	}
	say("上一次发布的结果不变；详情和放行的办法请看 doudi status 与运行日志")
}
