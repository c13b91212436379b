package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"regexp"
	"strings"
	"syscall"
)

// cause says in Chinese why a pull failed, without any secret. What nobody
// foresaw is told in the library's words, without the address in them, which may
// hold a token, and without what the server said.
func (s Source) cause(err error) string {
	return s.scrub(strings.Join(strings.Fields(words(err)), " "))
}

func words(err error) string {
	var (
		one      *fileError
		known    *permanentError
		asked    *url.Error
		named    *net.DNSError
		expired  x509.CertificateInvalidError
		unknown  x509.UnknownAuthorityError
		hostname x509.HostnameError
		invalid  *tls.CertificateVerificationError
		timeout  net.Error
	)
	switch {
	case errors.As(err, &one):
		return one.name + "：" + words(one.err)
	case errors.As(err, &known):
		return known.what
	case errors.Is(err, errBudget), errors.Is(err, errStall):
		return firstOf(err, errBudget, errStall).Error()
	case errors.As(err, &named):
		return "找不到服务器 " + named.Name
	case errors.As(err, &expired) && expired.Reason == x509.Expired:
		return "服务器的证书已过期或尚未生效"
	case errors.As(err, &unknown):
		return "服务器的证书不是由受信任的机构签发的"
	case errors.As(err, &hostname):
		return "服务器的证书不是发给这个主机名的"
	case errors.As(err, &invalid):
		return "服务器的证书无效"
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return "本机磁盘已满"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "服务器拒绝连接，请检查地址、端口和服务是否启动"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "到服务器的网络不通"
	case errors.Is(err, fs.ErrNotExist):
		return "没有这个文件或文件夹"
	case errors.Is(err, fs.ErrPermission):
		return "没有读取的权限"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, net.ErrClosed):
		return "连接中断"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "服务器没有在时限内回应"
	case errors.As(err, &asked):
		return words(asked.Err)
	}
	return foreign.ReplaceAllString(err.Error(), "…")
}

// foreign is what libraries quote of a server's answer: it may be anything, a
// secret or a list's line among it.
var foreign = regexp.MustCompile(`(?s)"(?:[^"\\]|\\.)*"|disconnect, reason \d+: .*`)

func firstOf(err error, of ...error) error {
	for _, e := range of {
		if errors.Is(err, e) {
			return e
		}
	}
	return err
}

// lasting says whether a second try would meet the same.
func lasting(err error) bool {
	var known *permanentError
	var invalid *tls.CertificateVerificationError
	return errors.As(err, &known) || errors.As(err, &invalid) || errors.Is(err, errBudget) ||
		errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) ||
		errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// fileError says of which file a cause speaks.
type fileError struct {
	name string
	err  error
}

func (e *fileError) Error() string { return e.name + ": " + e.err.Error() }

func (e *fileError) Unwrap() error { return e.err }
