package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var message = Message{
	Event: "night", Name: "示范县", Area: "990101", Night: "2026-11-20", Program: "test",
	Title: "示范县 批次日 2026-11-20：已发布", Lines: []string{"名册：读入 2 个文件", "应保未保：3 条"},
	Accepted: 7, Sides: []Side{{"should_enter", 3, 1}}, States: map[string]int64{"new": 3}, Held: []Cause{},
}

// at is when the tests sign: 2026-11-20 18:00:00 UTC.
var at = time.Unix(1795197600, 0)

// fast is a sender that does not pause.
var fast = Sender{Waits: []time.Duration{0, 0}, Clock: func() time.Time { return at }}

// hook is a server that keeps what it is sent and answers in turn; the last
// answer is given for ever.
type hook struct {
	*httptest.Server
	bodies  []string
	queries []url.Values
	headers []http.Header
}

func serve(t *testing.T, answers ...string) *hook {
	t.Helper()
	h := &hook{}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		h.bodies, h.queries, h.headers = append(h.bodies, string(body)), append(h.queries, r.URL.Query()), append(h.headers, r.Header)
		answer := answers[min(len(h.bodies), len(answers))-1]
		if status, text, ok := strings.Cut(answer, " "); ok && len(status) == 3 {
			if status == "302" {
				w.Header().Set("Location", text)
			}
			var code int
			fmt.Sscan(status, &code)
			w.WriteHeader(code)
			return
		}
		fmt.Fprint(w, answer)
	}))
	t.Cleanup(h.Close)
	return h
}

func (h *hook) target(t *testing.T, kind, secret, query string) Target {
	t.Helper()
	u, err := url.Parse(h.URL + "/send?" + query)
	if err != nil {
		t.Fatal(err)
	}
	return Target{Kind: kind, ID: kind, URL: u, Secret: secret, On: []string{"night", "held"}, Secrets: []string{secret, "tok-1"}}
}

// TestRobots sends to each robot: the body as it wants it, signed as it wants
// it. The signatures here were made by openssl and by Python.
func TestRobots(t *testing.T) {
	for _, c := range []struct {
		kind, secret, query string
		body                string
		wantQuery           url.Values
	}{
		{"wecom", "", "key=tok-1",
			`{"markdown":{"content":"### 示范县 批次日 2026-11-20：已发布\n\u003e 名册：读入 2 个文件\n\u003e 应保未保：3 条"},"msgtype":"markdown"}`,
			url.Values{"key": {"tok-1"}}},
		{"wecom", "tok-1", "",
			`{"markdown":{"content":"### 示范县 批次日 2026-11-20：已发布\n\u003e 名册：读入 2 个文件\n\u003e 应保未保：3 条"},"msgtype":"markdown"}`,
			url.Values{"key": {"tok-1"}}},
		{"dingtalk", "SEC", "access_token=tok-1",
			`{"markdown":{"text":"### 示范县 批次日 2026-11-20：已发布\n\n- 名册：读入 2 个文件\n- 应保未保：3 条","title":"示范县 批次日 2026-11-20：已发布"},"msgtype":"markdown"}`,
			url.Values{"access_token": {"tok-1"}, "timestamp": {"1795197600000"}, "sign": {"9JVuk8HvDWfZ6VlSFd7n9F/TUgZ8e9n0HvHwwrWWXG4="}}},
		{"feishu", "SEC", "",
			`{"content":{"text":"示范县 批次日 2026-11-20：已发布\n名册：读入 2 个文件\n应保未保：3 条"},"msg_type":"text","sign":"ew5KG+ApvQW/ko8vc2nF65GIoqI2HRNXJTKfGZ4V9uU=","timestamp":"1795197600"}`,
			url.Values{}},
	} {
		h := serve(t, `{"errcode":0,"errmsg":"ok"}`)
		if err := fast.send(t.Context(), h.target(t, c.kind, c.secret, c.query), message); err != nil {
			t.Fatalf("%s: %v", c.kind, err)
		}
		if h.bodies[0] != c.body {
			t.Errorf("%s sent %s\nwant %s", c.kind, h.bodies[0], c.body)
		}
		if got := h.queries[0].Encode(); got != c.wantQuery.Encode() {
			t.Errorf("%s asked with %s, want %s", c.kind, got, c.wantQuery.Encode())
		}
	}
}

// TestHook: the JSON is the message, every field of it, and signed.
func TestHook(t *testing.T) {
	h := serve(t, "thanks")
	if err := fast.send(t.Context(), h.target(t, "json", "SEC", ""), message); err != nil {
		t.Fatal(err)
	}
	const want = `{"event":"night","name":"示范县","area":"990101","night":"2026-11-20","program":"test",` +
		`"title":"示范县 批次日 2026-11-20：已发布","lines":["名册：读入 2 个文件","应保未保：3 条"],` +
		`"files":0,"refused":0,"accepted":7,"rejected":0,"linked":0,"sides":[{"side":"should_enter","findings":3,"suppressed":1}],` +
		`"states":{"new":3},"rules_ran":0,"rules_skipped":0,"gates":0,"gates_tripped":0,"gates_accepted":0,"held":[]}`
	if h.bodies[0] != want {
		t.Errorf("sent %s\nwant %s", h.bodies[0], want)
	}
	if got := h.headers[0].Get("X-Doudi-Signature"); got != "sha256=5b5749726ae2d2d32d1226fd461890fcf7478bb9f9aa3de5fb094fa5a8130bc5" {
		t.Errorf("signed %s", got)
	}
}

// TestRefusals: an answer that says no is a failure, whatever its status, and
// its cause shows neither the address nor a secret.
func TestRefusals(t *testing.T) {
	for _, c := range []struct{ kind, answer, want string }{
		{"wecom", `{"errcode":93000,"errmsg":"invalid webhook url tok-1"}`, "群机器人拒收，代码 93000：invalid webhook url ***"},
		{"dingtalk", `{"errcode":310000,"errmsg":"sign not match"}`, "群机器人拒收，代码 310000：sign not match"},
		{"feishu", `{"code":19021,"msg":"sign match fail"}`, "群机器人拒收，代码 19021：sign match fail"},
		{"feishu", `{"StatusCode":9499}`, "群机器人拒收，代码 9499："},
		{"wecom", `<html>登录</html>`, "答复的是网页，不是群机器人"},
		{"json", "500 ", "服务器答复 500"},
		{"json", "302 /elsewhere", "服务器答复 302"},
	} {
		h := serve(t, c.answer)
		target := h.target(t, c.kind, "", "key=tok-1")
		outcomes, err := fast.Deliver(t.Context(), t.TempDir(), []Target{target}, &message, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := outcomes[0]; got.Failed != c.want || got.Sent != 0 || got.Left != 1 {
			t.Errorf("%s to %s: %+v, want %q", c.kind, c.answer, got, c.want)
		}
		if len(h.bodies) != 3 {
			t.Errorf("%s to %s: tried %d times, want 3", c.kind, c.answer, len(h.bodies))
		}
	}
	h := serve(t, "")
	target := h.target(t, "json", "", "key=tok-1")
	h.Close()
	outcomes, err := fast.Deliver(t.Context(), t.TempDir(), []Target{target}, &message, at)
	if err != nil || outcomes[0].Failed != "服务器拒绝连接，请检查地址、端口和服务是否启动" {
		t.Errorf("nobody there: %v %v", outcomes[0].Failed, err)
	}
}

// TestTriedAgain: a server that is back at the second attempt has the message
// once; one that is back the next night has what waited, the oldest first.
func TestTriedAgain(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "a[b]", "notices")
	h := serve(t, "500 ", "")
	targets := []Target{h.target(t, "json", "", "")}
	if o := deliver(t, folder, targets, "2026-11-18", at); o.Sent != 1 || o.Left != 0 || len(h.bodies) != 2 {
		t.Errorf("back at once: %+v after %d attempts", o, len(h.bodies))
	}
	away := serve(t, "500 ", "500 ", "500 ", "500 ", "500 ", "500 ", "")
	targets = []Target{away.target(t, "json", "", "")}
	for i, night := range []string{"2026-11-19", "2026-11-20"} {
		if o := deliver(t, folder, targets, night, at.Add(time.Duration(i)*24*time.Hour)); o.Sent != 0 || o.Left != i+1 {
			t.Errorf("away on %s: %+v", night, o)
		}
	}
	if len(away.bodies) != 6 {
		t.Errorf("tried %d times in two nights, want 3 each", len(away.bodies))
	}
	if o := deliver(t, folder, targets, "2026-11-21", at.Add(48*time.Hour)); o.Sent != 3 || o.Left != 0 {
		t.Errorf("back: %+v", o)
	}
	var nights []string
	for _, body := range away.bodies[6:] {
		var m Message
		if err := json.Unmarshal([]byte(body), &m); err != nil {
			t.Fatal(err)
		}
		nights = append(nights, m.Night)
	}
	if got := strings.Join(nights, " "); got != "2026-11-19 2026-11-20 2026-11-21" {
		t.Errorf("came as %s", got)
	}
	if left, _ := os.ReadDir(folder); len(left) != 0 {
		t.Errorf("%d files stay", len(left))
	}
}

func deliver(t *testing.T, folder string, targets []Target, night string, now time.Time) Outcome {
	t.Helper()
	m := message
	m.Night = night
	outcomes, err := fast.Deliver(t.Context(), folder, targets, &m, now)
	if err != nil {
		t.Fatal(err)
	}
	return outcomes[0]
}

// TestSpoolIsBounded: by number and age; what nobody is there for goes, and so
// does a torn file.
func TestSpoolIsBounded(t *testing.T) {
	folder := t.TempDir()
	h := serve(t, "500 ")
	targets := []Target{h.target(t, "json", "", "key=tok-1")}
	sender := Sender{Waits: []time.Duration{}}
	var last Outcome
	for i := range mostWaiting + 5 {
		outcomes, err := sender.Deliver(t.Context(), folder, targets, &message, at.Add(time.Duration(i)*time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		last = outcomes[0]
	}
	if last.Left != mostWaiting || last.Lapsed != 1 {
		t.Errorf("after many nights: %+v", last)
	}
	files, err := os.ReadDir(folder)
	if err != nil || len(files) != mostWaiting {
		t.Errorf("%d files wait, %v", len(files), err)
	}
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(folder, f.Name()))
		if info, _ := f.Info(); err != nil || info.Mode().Perm() != 0o600 || strings.Contains(string(data), "tok-1") {
			t.Errorf("%s: %v, or it is not the owner's alone, or tells a token", f.Name(), err)
		}
	}
	if err := os.WriteFile(filepath.Join(folder, "torn.json"), []byte(`{"target":`), 0o600); err != nil {
		t.Fatal(err)
	}
	if outcomes, err := sender.Deliver(t.Context(), folder, targets, nil, at.Add(30*24*time.Hour)); err != nil || outcomes[0].Lapsed != mostWaiting {
		t.Errorf("a month later: %+v %v", outcomes, err)
	}
	if outcomes, err := sender.Deliver(t.Context(), folder, targets, &message, at); err != nil || outcomes[0].Left != 1 {
		t.Errorf("%+v %v", outcomes, err)
	}
	if _, err := sender.Deliver(t.Context(), folder, nil, nil, at); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(folder); len(left) != 0 {
		t.Errorf("%d files stay of a target that is no more", len(left))
	}
}

// TestOn: a target hears of what it asked for; a night that failed counts as one
// that was held.
func TestOn(t *testing.T) {
	for _, c := range []struct {
		on, event string
		want      int
	}{{"night", "night", 1}, {"night", "held", 0}, {"held", "night", 0}, {"held", "held", 1}, {"held", "failed", 1}, {"night", "failed", 0}} {
		h := serve(t, "")
		target := h.target(t, "json", "", "")
		target.On = []string{c.on}
		m := message
		m.Event = c.event
		if _, err := fast.Deliver(context.Background(), t.TempDir(), []Target{target}, &m, at); err != nil {
			t.Fatal(err)
		}
		if len(h.bodies) != c.want {
			t.Errorf("on %s, %s: sent %d", c.on, c.event, len(h.bodies))
		}
	}
}

// TestLongText: a robot's text stays under its limit and says how many lines it
// leaves out.
func TestLongText(t *testing.T) {
	m := message
	m.Lines = nil
	for i := range 500 {
		m.Lines = append(m.Lines, fmt.Sprintf("必需的名册读不了：第 %d 个", i))
	}
	h := serve(t, "{}")
	if err := fast.send(t.Context(), h.target(t, "wecom", "", ""), m); err != nil {
		t.Fatal(err)
	}
	var got struct{ Markdown struct{ Content string } }
	if err := json.Unmarshal([]byte(h.bodies[0]), &got); err != nil {
		t.Fatal(err)
	}
	text := got.Markdown.Content
	shown := strings.Count(text, "读不了")
	if len(text) > 4096 || shown == 0 || !strings.HasSuffix(text, fmt.Sprintf("> ……另有 %d 行，请看 doudi status", 500-shown)) {
		t.Errorf("%d bytes, %d lines, ends %q", len(text), shown, text[len(text)-80:])
	}
}
