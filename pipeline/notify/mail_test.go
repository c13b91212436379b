package notify

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/http/httptest"
	"net/mail"
	"net/url"
	"strings"
	"testing"
)

// post is a mail server of one connection at a time, and what it was sent.
type post struct {
	net.Listener
	tls       *tls.Config // offered by STARTTLS; nil: not
	refuse    string      // what it answers to RCPT; "" accepts
	login     string      // the decoded AUTH PLAIN
	from      string
	to        []string
	letter    string
	encrypted bool
}

// serve speaks as much SMTP as a letter takes.
func (p *post) serve() {
	for {
		c, err := p.Accept()
		if err != nil {
			return
		}
		p.talk(c)
		c.Close()
	}
}

func (p *post) talk(c net.Conn) {
	_, p.encrypted = c.(*tls.Conn)
	in := bufio.NewReader(c)
	say := func(line string) { fmt.Fprint(c, line+"\r\n") }
	say("220 here")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimSpace(line)
		verb, rest, _ := strings.Cut(line, " ")
		switch strings.ToUpper(verb) {
		case "EHLO":
			if p.tls != nil && !p.encrypted {
				say("250-here")
				say("250-STARTTLS")
			}
			say("250-8BITMIME")
			say("250 AUTH PLAIN LOGIN")
		case "STARTTLS":
			say("220 go on")
			secure := tls.Server(c, p.tls)
			if secure.Handshake() != nil {
				return
			}
			c, in, p.encrypted = secure, bufio.NewReader(secure), true
		case "AUTH":
			_, coded, _ := strings.Cut(rest, " ")
			plain, _ := base64.StdEncoding.DecodeString(coded)
			p.login = string(plain)
			say("235 welcome")
		case "MAIL":
			p.from = rest
			say("250 ok")
		case "RCPT":
			if p.refuse != "" {
				say(p.refuse)
				continue
			}
			p.to = append(p.to, rest)
			say("250 ok")
		case "DATA":
			say("354 go on")
			for {
				line, err := in.ReadString('\n')
				if err != nil {
					return
				}
				if line == ".\r\n" {
					break
				}
				p.letter += line
			}
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

// startPost has a server answer until the test ends.
func startPost(t *testing.T, p *post) *post {
	t.Helper()
	if p.Listener == nil {
		var err error
		if p.Listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { p.Close() })
	go p.serve()
	return p
}

func (p *post) target(scheme, secret string) Target {
	u := &url.URL{Scheme: scheme, Host: p.Addr().String(), Path: "/"}
	return Target{Kind: "smtp", ID: "smtp", URL: u, Login: "doudi@example.cn", Secret: secret, From: "doudi@example.cn",
		To: []string{"a@example.cn", "b@example.cn"}, On: []string{"night"}, Secrets: []string{secret}}
}

// certified is a certificate for 127.0.0.1 and the authority behind it.
func certified(t *testing.T) (server, client *tls.Config) {
	s := httptest.NewTLSServer(nil)
	t.Cleanup(s.Close)
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return &tls.Config{Certificates: s.TLS.Certificates}, &tls.Config{RootCAs: pool}
}

// TestMail sends a letter by each way there is, and by none that would show a
// password.
func TestMail(t *testing.T) {
	server, client := certified(t)
	direct := func() net.Listener {
		l, err := tls.Listen("tcp", "127.0.0.1:0", server)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	for _, c := range []struct {
		name      string
		post      *post
		scheme    string
		secret    string
		plain     bool
		encrypted bool
		want      string // of the cause; "" where it goes through
	}{
		{"STARTTLS with a password", &post{tls: server}, "smtp", "SEC", false, true, ""},
		{"TLS from the first byte", &post{Listener: direct()}, "smtps", "SEC", false, true, ""},
		{"a relay without login", &post{}, "smtp", "", false, false, ""},
		{"this machine, in the open", &post{}, "smtp", "SEC", true, false, ""},
		{"a password is not shown", &post{}, "smtp", "SEC", false, false, "不支持 STARTTLS"},
		{"no such receiver", &post{refuse: "550 no a@example.cn here"}, "smtp", "", false, false, "邮件服务器答复 550"},
	} {
		p := startPost(t, c.post)
		target := p.target(c.scheme, c.secret)
		target.Plain = c.plain
		sender := Sender{Waits: fast.Waits, Clock: fast.Clock, TLS: client}
		outcomes, err := sender.Deliver(t.Context(), t.TempDir(), []Target{target}, &message, at)
		if err != nil {
			t.Fatal(err)
		}
		if failed := outcomes[0].Failed; c.want != "" {
			if !strings.Contains(failed, c.want) || strings.Contains(failed, "example.cn") || p.login != "" {
				t.Errorf("%s: failed with %q, login %q", c.name, failed, p.login)
			}
			continue
		} else if failed != "" {
			t.Errorf("%s: %s", c.name, failed)
			continue
		}
		if login := "\x00doudi@example.cn\x00SEC"; c.secret != "" && p.login != login || c.secret == "" && p.login != "" {
			t.Errorf("%s: logged in as %q", c.name, p.login)
		}
		if p.encrypted != c.encrypted || !strings.HasPrefix(p.from, "FROM:<doudi@example.cn>") || len(p.to) != 2 || p.to[1] != "TO:<b@example.cn>" {
			t.Errorf("%s: %+v", c.name, p)
		}
		letter, err := mail.ReadMessage(strings.NewReader(p.letter))
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(letter.Header.Get("Subject"))
		if err != nil || subject != message.Title {
			t.Errorf("%s: subject %q %v", c.name, subject, err)
		}
		var body strings.Builder
		if _, err := bufio.NewReader(quotedprintable.NewReader(letter.Body)).WriteTo(&body); err != nil {
			t.Fatal(err)
		}
		if want := message.Title + "\r\n\r\n名册：读入 2 个文件\r\n应保未保：3 条\r\n"; body.String() != want {
			t.Errorf("%s: %q", c.name, body.String())
		}
		if date := letter.Header.Get("Date"); !strings.Contains(date, "2026") {
			t.Errorf("%s: dated %s", c.name, date)
		}
	}
	p := startPost(t, &post{tls: server})
	outcomes, _ := fast.Deliver(t.Context(), t.TempDir(), []Target{p.target("smtp", "SEC")}, &message, at)
	if !strings.Contains(outcomes[0].Failed, "证书不受信任") || p.login != "" {
		t.Errorf("an unknown authority: %q", outcomes[0].Failed)
	}
}
