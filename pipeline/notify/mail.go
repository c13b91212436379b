package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/wneessen/go-mail"
)

// mail sends the message as a letter. smtps:// speaks TLS from the first byte;
// smtp:// turns to it by STARTTLS where the server can, and must where a
// password is to be sent to another machine.
func (s Sender) mail(ctx context.Context, t Target, m Message) error {
	letter := mail.NewMsg(mail.WithCharset(mail.CharsetUTF8), mail.WithNoDefaultUserAgent())
	if err := errors.Join(letter.From(t.From), letter.To(t.To...)); err != nil {
		return &refusedError{"收件人或发件人的地址写得不对"}
	}
	letter.Subject(m.Title)
	letter.SetDateWithValue(s.now())
	letter.SetMessageID()
	letter.SetBodyString(mail.TypeTextPlain, m.Title+"\r\n\r\n"+strings.Join(m.Lines, "\r\n")+"\r\n")

	trust := &tls.Config{}
	if s.TLS != nil {
		trust = s.TLS.Clone()
	}
	trust.ServerName, trust.MinVersion = t.URL.Hostname(), tls.VersionTLS12
	var line net.Conn // closed here: the library leaves it open where a greeting fails
	defer func() {
		if line != nil {
			line.Close()
		}
	}()
	dial := func(ctx context.Context, network, address string) (_ net.Conn, err error) {
		if t.URL.Scheme == "smtps" {
			line, err = (&tls.Dialer{Config: trust}).DialContext(ctx, network, address)
		} else {
			line, err = (&net.Dialer{}).DialContext(ctx, network, address)
		}
		return line, err
	}
	options := []mail.Option{
		mail.WithTimeout(oneAttempt), mail.WithPort(portOf(t.URL)), mail.WithTLSConfig(trust), mail.WithDialContextFunc(dial), mail.WithoutNoop(),
	}
	login := t.Login != "" && t.Secret != ""
	switch {
	case t.URL.Scheme == "smtps":
		options = append(options, mail.WithSSL())
	case login && !t.Plain:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSOpportunistic))
	}
	if login {
		options = append(options, mail.WithUsername(t.Login), mail.WithPassword(t.Secret), mail.WithOpportunisticSMTPAuth(
			mail.SMTPAuthSCRAMSHA256, mail.SMTPAuthPlain, mail.SMTPAuthLogin, mail.SMTPAuthCramMD5))
	}
	client, err := mail.NewClient(t.URL.Hostname(), options...)
	if err != nil {
		return err
	}
	err = client.DialAndSendWithContext(ctx, letter)
	if err != nil && strings.Contains(err.Error(), "does not support STARTTLS") { // the library has no type for it
		return &refusedError{"邮件服务器不支持 STARTTLS，密码不能不加密送出；请改用 smtps://，或不用密码"}
	}
	return err
}

// portOf is the port of an address of mail.
func portOf(u *url.URL) int {
	if port, err := strconv.Atoi(u.Port()); err == nil {
		return port
	}
	if u.Scheme == "smtps" {
		return 465
	}
	return 587
}
