package workspace

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Notice is one entry of `notify`: where a word is sent after a night.
type Notice struct {
	Kind   string   `yaml:"kind"`
	URL    string   `yaml:"url"`
	Secret string   `yaml:"secret"`
	On     []string `yaml:"on"` // night, held; both where it is not given
}

// noticeKinds are the schemes that each kind of notice can be sent by.
var noticeKinds = map[string][]string{
	"wecom": {"https", "http"}, "dingtalk": {"https", "http"}, "feishu": {"https", "http"}, "json": {"https", "http"},
	"smtp": {"smtp", "smtps"},
}

// hookToken is the part of a robot's address that is its secret where it stands
// in the path, as Feishu has it.
var hookToken = regexp.MustCompile(`/hook/[^/]+`)

// plainSecretParameter is a parameter of a robot's address that is its secret:
// beside those of sources, WeCom's key.
var plainSecretParameter = regexp.MustCompile(`(?i)^key$`)

// setNotices checks what doudi.yaml says of notices, as far as that can be told
// without their secrets.
func (w *Workspace) setNotices(given []Notice, data []byte) error {
	for i, n := range given {
		bad := func(key, what string, args ...any) error {
			return &ConfigError{
				File: configName, Line: lineOf(data, "notify", i, key), Key: fmt.Sprintf("notify[%d].%s", i, key), What: fmt.Sprintf(what, args...),
			}
		}
		switch {
		case noticeKinds[n.Kind] == nil:
			return bad("kind", "没有 %q 这种通知，可以用 wecom、dingtalk、feishu、smtp、json", n.Kind)
		case n.URL == "":
			return bad("url", "请写通知的地址")
		case n.Secret != "" && !isReference(n.Secret):
			return bad("secret", plainSecret)
		case n.On != nil && len(n.On) == 0:
			return bad("on", "请写 night（发布后）、held（被拦下），或两者")
		}
		for _, on := range n.On {
			if on != "night" && on != "held" {
				return bad("on", "没有 %q，请写 night（发布后）、held（被拦下），或两者", on)
			}
		}
		if n.On == nil {
			n.On = []string{"night", "held"}
		}
		if !isReference(n.URL) {
			if err := w.checkNotice(n, fromEnvironment.ReplaceAllString(n.URL, "0")); err != nil {
				return bad("url", "%v", err)
			}
			if w.literalSecret(n.URL) || n.literalToken() {
				return bad("url", "%s", plainSecret)
			}
		}
		w.Notify, w.noticeLines = append(w.Notify, n), append(w.noticeLines, lineOf(data, "notify", i))
	}
	return nil
}

// literalToken says whether a robot's token is written into its address.
func (n Notice) literalToken() bool {
	u, err := url.Parse(fromEnvironment.ReplaceAllString(n.URL, ""))
	if err != nil {
		return true
	}
	for name, values := range u.Query() {
		if plainSecretParameter.MatchString(name) && strings.Join(values, "") != "" {
			return true
		}
	}
	return n.Kind == "feishu" && hookToken.MatchString(u.Path)
}

// checkNotice checks an address; the words of the error do not show it.
func (w *Workspace) checkNotice(n Notice, address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return errors.New("地址写得不对")
	}
	schemes := noticeKinds[n.Kind]
	switch {
	case !slices.Contains(schemes, u.Scheme):
		return fmt.Errorf("%s 的地址请以 %s:// 开头", n.Kind, strings.Join(schemes, ":// 或 "))
	case u.Hostname() == "":
		return errors.New("地址里没有服务器")
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return errors.New("http:// 不加密，只能用于本机，请改用 https://")
	case n.Kind != "smtp":
		return nil
	}
	to, from, err := addresses(u)
	if err != nil {
		return err
	}
	for _, address := range append(to, from) {
		if _, err := mail.ParseAddress(address); err != nil {
			return errors.New("请写成 smtp://用户@服务器:587/?to=收件人@单位&from=发件人@单位 的样子，多个收件人用逗号隔开")
		}
	}
	return nil
}

// addresses are the receivers and the sender of an address of smtp.
func addresses(u *url.URL) (to []string, from string, err error) {
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, "", errors.New("地址写得不对")
	}
	for name := range query {
		if name != "to" && name != "from" {
			return nil, "", errors.New("? 后面只能有 to 和 from")
		}
	}
	for _, list := range query["to"] {
		for one := range strings.SplitSeq(list, ",") {
			if one = strings.TrimSpace(one); one != "" {
				to = append(to, one)
			}
		}
	}
	if len(to) == 0 {
		return nil, "", errors.New("没有收件人，请在地址后面写 /?to=收件人@单位")
	}
	user := ""
	if u.User != nil {
		user = u.User.Username()
	}
	switch {
	case query.Get("from") != "":
		from = query.Get("from")
	case strings.Contains(user, "@"):
		from = user
	case user != "":
		from = user + "@" + u.Hostname()
	default:
		from = to[0]
	}
	return to, from, nil
}

// NoticeTarget is a notice as it is sent, its secrets filled in.
type NoticeTarget struct {
	Kind   string
	ID     string // the same from night to night while doudi.yaml is; tells no secret
	URL    *url.URL
	Secret string
	On     []string
	// To and From are addresses of mail.
	To      []string
	From    string
	Secrets []string // what must not be shown
	Login   string   // the user of mail
	Plain   bool     // the server is this machine: nothing need be encrypted
}

// NoticeTargets fills in the secrets of `notify`. One that is not set, or whose
// file is missing, is a ConfigError.
func (w *Workspace) NoticeTargets() ([]NoticeTarget, error) {
	var targets []NoticeTarget
	for i, n := range w.Notify {
		fail := func(key string, err error) error {
			return &ConfigError{File: configName, Line: w.noticeLines[i], Key: fmt.Sprintf("notify[%d].%s", i, key), What: err.Error()}
		}
		sum := sha256.Sum256([]byte(n.Kind + "\x00" + n.URL))
		t := NoticeTarget{Kind: n.Kind, ID: hex.EncodeToString(sum[:])[:16], On: n.On}
		var address string
		var err error
		if isReference(n.URL) {
			if address, err = w.secret(n.URL); err == nil {
				t.Secrets = []string{address}
			}
		} else {
			address, t.Secrets, err = fillAddress(n.URL)
		}
		if err == nil {
			err = w.checkNotice(n, address)
		}
		if err != nil {
			return nil, fail("url", err)
		}
		if t.URL, err = url.Parse(address); err != nil {
			return nil, fail("url", errors.New("填入环境变量后地址不对"))
		}
		if n.Kind == "smtp" {
			if t.To, t.From, err = addresses(t.URL); err != nil {
				return nil, fail("url", err)
			}
		}
		if t.URL.User != nil {
			t.Login = t.URL.User.Username()
			t.Secret, _ = t.URL.User.Password()
			t.Secrets = append(t.Secrets, t.Secret)
		}
		t.Plain = loopback(t.URL.Hostname())
		if n.Secret != "" {
			if t.Secret, err = w.secret(n.Secret); err != nil {
				return nil, fail("secret", err)
			}
			t.Secrets = append(t.Secrets, t.Secret)
		}
		targets = append(targets, t)
	}
	return targets, nil
}
