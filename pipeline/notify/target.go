package notify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Target is where a word goes.
type Target struct {
	Kind    string   // wecom, dingtalk, feishu, smtp, json
	ID      string   // the same from night to night
	URL     *url.URL // with its token
	Secret  string   // signs; of mail: the password; of wecom: the key, where the address has none
	On      []string // night, held
	To      []string // of mail
	From    string
	Login   string
	Secrets []string // what must not be shown
	// Plain says that the server is this machine: a password may go there unencrypted.
	Plain bool
}

// wants says whether the target is to hear of an event; a night that failed was
// not published, as one that was held.
func (t Target) wants(event string) bool {
	if event == "failed" {
		event = "held"
	}
	return slices.Contains(t.On, event)
}

// mostText is what a robot takes of a text, in bytes: WeCom's 4096 are the least
// of the three.
const mostText = 4000

// oneAttempt is how long one attempt to send may take.
const oneAttempt = 10 * time.Second

// Sender sends; its zero value is the one of production.
type Sender struct {
	// Waits are the pauses between attempts within one run.
	Waits []time.Duration
	// Clock dates a signature, which is good for an hour only.
	Clock func() time.Time
	// TLS is what servers are trusted by; nil: the machine's authorities.
	TLS *tls.Config
}

// send tries once.
func (s Sender) send(ctx context.Context, t Target, m Message) error {
	ctx, cancel := context.WithTimeout(ctx, oneAttempt)
	defer cancel()
	switch t.Kind {
	case "smtp":
		return s.mail(ctx, t, m)
	case "json":
		return s.hook(ctx, t, m)
	}
	return s.robot(ctx, t, m)
}

// hook posts the message as it is. With a secret the body is signed: the header
// X-Doudi-Signature is "sha256=" and the hex of its HMAC-SHA256.
func (s Sender) hook(ctx context.Context, t Target, m Message) error {
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	header := http.Header{}
	if t.Secret != "" {
		header.Set("X-Doudi-Signature", "sha256="+hex.EncodeToString(sign([]byte(t.Secret), body)))
	}
	_, err = s.post(ctx, t.URL, body, header)
	return err
}

// robot posts what the group robots of WeCom, DingTalk and Feishu want, signed
// as each of them has it.
func (s Sender) robot(ctx context.Context, t Target, m Message) error {
	to, now := *t.URL, s.now()
	query := to.Query()
	list := func(line string) string { return "- " + line + "\n" }
	var body map[string]any
	switch t.Kind {
	case "wecom":
		if t.Secret != "" && query.Get("key") == "" {
			query.Set("key", t.Secret)
			to.RawQuery = query.Encode()
		}
		title := "### " + cut(m.Title, 200) + "\n"
		body = map[string]any{"msgtype": "markdown", "markdown": map[string]string{
			"content": title + m.told(func(line string) string { return "> " + line + "\n" }, mostText-len(title)),
		}}
	case "dingtalk":
		if t.Secret != "" {
			stamp := strconv.FormatInt(now.UnixMilli(), 10)
			query.Set("timestamp", stamp)
			query.Set("sign", base64.StdEncoding.EncodeToString(sign([]byte(t.Secret), []byte(stamp+"\n"+t.Secret))))
			to.RawQuery = query.Encode() // escapes the signature
		}
		title := "### " + cut(m.Title, 200) + "\n\n"
		body = map[string]any{"msgtype": "markdown", "markdown": map[string]string{
			"title": cut(m.Title, 200), "text": title + m.told(list, mostText-len(title)),
		}}
	case "feishu":
		title := cut(m.Title, 200) + "\n"
		body = map[string]any{"msg_type": "text", "content": map[string]string{
			"text": title + m.told(func(line string) string { return line + "\n" }, mostText-len(title)),
		}}
		if t.Secret != "" { // Feishu's key is what DingTalk signs, and it signs nothing
			stamp := strconv.FormatInt(now.Unix(), 10)
			body["timestamp"] = stamp
			body["sign"] = base64.StdEncoding.EncodeToString(sign([]byte(stamp+"\n"+t.Secret), nil))
		}
	default:
		return fmt.Errorf("no kind of notice %q", t.Kind)
	}
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	answer, err := s.post(ctx, &to, data, nil)
	if err != nil {
		return err
	}
	return refusal(answer)
}

func sign(key, text []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(text)
	return h.Sum(nil)
}

// refusedError is an answer that says no.
type refusedError struct{ what string }

func (r *refusedError) Error() string { return r.what }

// refusal finds in a robot's answer, which has status 200 either way, that it
// refused; a page is no robot's answer.
func refusal(answer []byte) error {
	answer = bytes.TrimSpace(answer)
	if bytes.HasPrefix(answer, []byte("<")) {
		return &refusedError{"答复的是网页，不是群机器人"}
	}
	var said struct {
		ErrCode    json.Number `json:"errcode"` // WeCom, DingTalk
		ErrMsg     string      `json:"errmsg"`
		Code       json.Number `json:"code"` // Feishu
		Msg        string      `json:"msg"`
		StatusCode json.Number `json:"StatusCode"` // Feishu, of old
	}
	if json.Unmarshal(answer, &said) != nil {
		return nil
	}
	for _, code := range []json.Number{said.ErrCode, said.Code, said.StatusCode} {
		if code != "" && code != "0" {
			return &refusedError{fmt.Sprintf("群机器人拒收，代码 %s：%s", code, cut(said.ErrMsg+said.Msg, 200))}
		}
	}
	return nil
}

// post sends JSON and gives the answer, 64 KiB of it at most. It follows no
// redirect: the token would go with it.
func (s Sender) post(ctx context.Context, to *url.URL, body []byte, header http.Header) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, to.String(), bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("地址写得不对")
	}
	for name, values := range header {
		request.Header[name] = values
	}
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	request.Header.Set("User-Agent", "doudi")
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: s.TLS, DisableKeepAlives: true}
	client := http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode/100 != 2 {
		return nil, &refusedError{fmt.Sprintf("服务器答复 %d", response.StatusCode)}
	}
	return io.ReadAll(io.LimitReader(response.Body, 64<<10))
}

func (s Sender) now() time.Time {
	if s.Clock != nil {
		return s.Clock()
	}
	return time.Now()
}

// cause says in Chinese why a word could not be sent, without the address and
// without a secret: the libraries' words hold the one, a server's may hold the
// other.
func (t Target) cause(err error) string {
	text := strings.Join(strings.Fields(words(err)), " ")
	for _, secret := range t.Secrets {
		for _, form := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret)} {
			if len(form) > 0 {
				text = strings.ReplaceAll(text, form, "***")
			}
		}
	}
	return cut(text, 400)
}
