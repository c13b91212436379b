package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"os"
	"syscall"

	"github.com/wneessen/go-mail"
)

// words says why sending failed. What nobody foresaw is named by its kind, for
// an error's own words may hold an address.
func words(err error) string {
	var (
		refused *refusedError
		named   *net.DNSError
		cert    *tls.CertificateVerificationError
		sent    *mail.SendError
		code    *textproto.Error
		timeout net.Error
	)
	switch {
	case errors.As(err, &refused):
		return refused.what
	case errors.As(err, &named):
		return "找不到服务器"
	case errors.As(err, &cert):
		return "服务器的证书不受信任、已过期，或不是发给这个主机名的"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "服务器拒绝连接，请检查地址、端口和服务是否启动"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "到服务器的网络不通"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "服务器迟迟不答复"
	case errors.As(err, &code):
		return fmt.Sprintf("邮件服务器答复 %d", code.Code)
	case errors.As(err, &sent):
		if sent.ErrorCode() > 0 {
			return fmt.Sprintf("邮件服务器答复 %d", sent.ErrorCode())
		}
		return "邮件没有发出：" + sent.Reason.String()
	}
	var one *net.OpError
	if errors.As(err, &one) {
		return "连接中断（" + one.Op + "）"
	}
	return fmt.Sprintf("没有送达（%T）", innermost(err))
}

// innermost is the first cause of an error.
func innermost(err error) error {
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(err) {
		err = next
	}
	return err
}
