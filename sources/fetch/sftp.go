package fetch

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"path"
	"slices"
	"strings"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

// secure is a folder or a file on a server of SFTP.
type secure struct {
	connection *ssh.Client
	client     *sftp.Client
	path       string
}

func dialSFTP(ctx context.Context, s Source) (remote, error) {
	check, err := knownhosts.New(s.KnownHosts)
	if err != nil {
		return nil, permanent("known_hosts 读不了，请检查它的路径和格式")
	}
	login, err := logins(s)
	if err != nil {
		return nil, err
	}
	at := s.URL.Host
	if s.URL.Port() == "" {
		at = net.JoinHostPort(s.URL.Hostname(), "22")
	}
	kinds := knownKinds(check, at)
	if len(kinds) == 0 {
		return nil, permanent("known_hosts 里没有 %s 的公钥，请核对指纹后写入", knownhosts.Normalize(at))
	}
	raw, err := (&net.Dialer{}).DialContext(ctx, "tcp", at)
	if err != nil {
		return nil, err
	}
	// The handshake knows no context.
	stop := context.AfterFunc(ctx, func() { raw.Close() })
	connection, channels, requests, err := ssh.NewClientConn(raw, at, &ssh.ClientConfig{
		User: s.URL.User.Username(), Auth: login, HostKeyCallback: check, HostKeyAlgorithms: kinds,
	})
	if !stop() && err == nil {
		connection.Close()
		err = ctx.Err()
	}
	if err != nil {
		raw.Close()
		return nil, handshake(ctx, err)
	}
	client := ssh.NewClient(connection, channels, requests)
	stop = context.AfterFunc(ctx, func() { client.Close() })
	defer stop()
	files, err := sftp.NewClient(client)
	if err != nil {
		client.Close()
		return nil, err
	}
	return &secure{client, files, path.Clean("/" + s.URL.Path)}, nil
}

// logins are the ways in: the private key, whose passphrase is the password
// where it has one, then the password.
func logins(s Source) ([]ssh.AuthMethod, error) {
	var ways []ssh.AuthMethod
	if s.Key != "" {
		signer, err := ssh.ParsePrivateKey([]byte(s.Key))
		var locked *ssh.PassphraseMissingError
		if errors.As(err, &locked) && s.Password != "" {
			signer, err = ssh.ParsePrivateKeyWithPassphrase([]byte(s.Key), []byte(s.Password))
		}
		if errors.As(err, &locked) {
			return nil, permanent("私钥有口令，请在 password 里写明口令的出处")
		}
		if err != nil {
			return nil, permanent("私钥读不了：格式不对或口令不对")
		}
		ways = append(ways, ssh.PublicKeys(signer))
	}
	if s.Password != "" {
		ways = append(ways, ssh.Password(s.Password), ssh.KeyboardInteractive(func(_, _ string, questions []string, _ []bool) ([]string, error) {
			answers := make([]string, len(questions))
			for i := range answers {
				answers[i] = s.Password
			}
			return answers, nil
		}))
	}
	if len(ways) == 0 {
		return nil, permanent("没有登录的办法，请写明 key 或 password")
	}
	return ways, nil
}

// knownKinds are the kinds of key that known_hosts has of a server. Only those
// are asked for: a server with several keys would else show one that is not
// written there, and look like another server.
func knownKinds(check ssh.HostKeyCallback, at string) []string {
	var known *knownhosts.KeyError
	if err := check(at, &net.TCPAddr{IP: net.IPv4zero}, nowhereKey{}); !errors.As(err, &known) {
		return nil
	}
	var kinds []string
	for _, want := range known.Want {
		switch kind := want.Key.Type(); kind {
		case ssh.KeyAlgoRSA:
			kinds = append(kinds, ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256)
		default:
			kinds = append(kinds, kind)
		}
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// nowhereKey is no server's key.
type nowhereKey struct{}

func (nowhereKey) Type() string                        { return "none" }
func (nowhereKey) Marshal() []byte                     { return []byte("none") }
func (nowhereKey) Verify([]byte, *ssh.Signature) error { return errors.ErrUnsupported }

// handshake tells what a second try does not mend from a broken connection.
func handshake(ctx context.Context, err error) error {
	var other *knownhosts.KeyError
	var revoked *knownhosts.RevokedError
	var unlike *ssh.AlgorithmNegotiationError
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.As(err, &revoked):
		return permanent("服务器的公钥在 known_hosts 里已作废")
	case errors.As(err, &other):
		return permanent("服务器的公钥与 known_hosts 里的不符：可能是冒充的服务器，或服务器换了公钥，请核对指纹")
	case strings.Contains(err.Error(), "unable to authenticate"): // the library has no type for it
		return permanent("服务器不让登录，请检查用户名、私钥和密码")
	case errors.As(err, &unlike):
		return permanent("与服务器没有共同的算法，或它的公钥种类与 known_hosts 里的不符")
	}
	return err
}

func (c *secure) list(context.Context) ([]Item, error) {
	info, err := c.client.Stat(c.path)
	if err != nil {
		return nil, sftpCause(err)
	}
	if !info.IsDir() {
		items := []Item{c.item(c.path, info)}
		for _, beside := range besides(c.path) {
			info, err := c.client.Stat(beside)
			if err = sftpCause(err); err == nil {
				items = append(items, c.item(beside, info))
			} else if !lasting(err) {
				return nil, err // what could not be asked for may be there
			}
		}
		return items, nil
	}
	entries, err := c.client.ReadDir(c.path)
	if err != nil {
		return nil, sftpCause(err)
	}
	items := make([]Item, 0, len(entries))
	for _, info := range entries {
		at := path.Join(c.path, info.Name())
		item := c.item(at, info)
		item.Name = info.Name() // as it is, even where it is no name
		if info.Mode()&fs.ModeSymlink != 0 {
			if info, err = c.client.Stat(at); err != nil {
				item.odd = "是一个指向不存在之处的链接"
			} else {
				item = c.item(at, info)
			}
		}
		items = append(items, item)
	}
	return items, nil
}

func (c *secure) item(at string, info fs.FileInfo) Item {
	i := Item{Name: path.Base(at), Size: info.Size(), Time: info.ModTime().UTC(), at: at, folder: info.IsDir()}
	if !info.IsDir() && !info.Mode().IsRegular() {
		i.odd = "是管道或设备，不是文件"
	}
	return i
}

func (c *secure) look(_ context.Context, item Item) (Item, error) {
	info, err := c.client.Stat(item.at)
	if err != nil {
		return Item{}, sftpCause(err)
	}
	return c.item(item.at, info), nil
}

// open reads through a pipe: WriteTo asks for many pieces at once, Read for one
// after the other.
func (c *secure) open(_ context.Context, item Item, from int64) (io.ReadCloser, int64, error) {
	f, err := c.client.Open(item.at)
	if err != nil {
		return nil, 0, sftpCause(err)
	}
	if _, err := f.Seek(from, io.SeekStart); err != nil {
		f.Close()
		return nil, 0, sftpCause(err)
	}
	out, in := io.Pipe()
	go func() {
		_, err := f.WriteTo(in)
		f.Close()
		in.CloseWithError(sftpCause(err)) // nil is the end of the file
	}()
	return out, from, nil
}

func (c *secure) close() {
	c.connection.Close()
	c.client.Close()
}

// sftpCause gives the server's answers the names they have here.
func sftpCause(err error) error {
	if errors.Is(err, sftp.ErrSSHFxConnectionLost) || errors.Is(err, sftp.ErrSSHFxNoConnection) {
		return io.ErrUnexpectedEOF
	}
	var status *sftp.StatusError
	if errors.As(err, &status) {
		switch status.FxCode() {
		case sftp.ErrSSHFxNoSuchFile:
			return fs.ErrNotExist
		case sftp.ErrSSHFxPermissionDenied:
			return fs.ErrPermission
		}
	}
	return err
}
