package fetch

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

func newKey(t *testing.T) (ssh.Signer, ed25519.PrivateKey) {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return signer, private
}

func pemOf(t *testing.T, key ed25519.PrivateKey, passphrase string) string {
	t.Helper()
	var block *pem.Block
	var err error
	if passphrase == "" {
		block, err = ssh.MarshalPrivateKey(key, "")
	} else {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(key, "", []byte(passphrase))
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(block))
}

// sftpServer is a real server of SSH and SFTP on loopback. cut, where it is
// set, gives after how many bytes the next connection breaks; 0 for never.
type sftpServer struct {
	at   string
	host ssh.Signer
	cut  atomic.Pointer[func() int64]
}

func (s *sftpServer) breaks(after func() int64) { s.cut.Store(&after) }

func sftpServed(t *testing.T, password string, login ssh.PublicKey) *sftpServer {
	t.Helper()
	s := &sftpServer{}
	s.host, _ = newKey(t)
	config := &ssh.ServerConfig{
		PasswordCallback: func(c ssh.ConnMetadata, word []byte) (*ssh.Permissions, error) {
			if c.User() != "u" || password == "" || string(word) != password {
				return nil, errors.New("no")
			}
			return nil, nil
		},
		PublicKeyCallback: func(c ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
			if login == nil || string(key.Marshal()) != string(login.Marshal()) {
				return nil, errors.New("no")
			}
			return nil, nil
		},
	}
	config.AddHostKey(s.host)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s.at = l.Addr().String()
	go func() {
		for {
			raw, err := l.Accept()
			if err != nil {
				return
			}
			if cut := s.cut.Load(); cut != nil {
				raw = &cutConn{Conn: raw, left: (*cut)()}
			}
			go serveSFTP(raw, config)
		}
	}()
	return s
}

func serveSFTP(raw net.Conn, config *ssh.ServerConfig) {
	defer raw.Close()
	_, channels, requests, err := ssh.NewServerConn(raw, config)
	if err != nil {
		return
	}
	go ssh.DiscardRequests(requests)
	for c := range channels {
		channel, asked, err := c.Accept()
		if err != nil {
			return
		}
		go func() {
			for a := range asked {
				a.Reply(a.Type == "subsystem", nil)
			}
		}()
		server, err := sftp.NewServer(channel, sftp.ReadOnly())
		if err != nil {
			return
		}
		go server.Serve()
	}
}

// cutConn breaks after so many bytes were sent; 0 for never.
type cutConn struct {
	net.Conn
	left int64
}

func (c *cutConn) Write(p []byte) (int, error) {
	if c.left == 0 {
		return c.Conn.Write(p)
	}
	if int64(len(p)) >= c.left {
		c.Conn.Write(p[:c.left])
		c.Conn.Close()
		return 0, net.ErrClosed
	}
	c.left -= int64(len(p))
	return c.Conn.Write(p)
}

// source is a source on the server, with known_hosts as they should be.
func (s *sftpServer) source(t *testing.T, path string) Source {
	t.Helper()
	source := sourceAt(t, "sftp://u@"+s.at+path)
	source.KnownHosts = filepath.Join(t.TempDir(), "known_hosts")
	line := knownhosts.Line([]string{s.at}, s.host.PublicKey()) + "\n"
	if err := os.WriteFile(source.KnownHosts, []byte(line), 0o600); err != nil {
		t.Fatal(err)
	}
	return source
}

func TestSFTP(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, map[string]string{"人员1.csv": "a", "人员2.csv": "b", "人员2.csv.sha256": shaOf("b"), "x.csv": "c", "sub/人员3.csv": "d"})
	login, private := newKey(t)
	server := sftpServed(t, "secret", login.PublicKey())
	s := server.source(t, dir)
	s.Pick, s.Password = "人员*", "secret"
	r := pulled(t, s)
	wantHere(t, s, "人员1.csv", "人员2.csv")
	if r.Files[1].Checked != "sha256" || r.Files[0].Modified.Format("2006-01-02 15:04:05") != "2026-11-18 01:02:03" {
		t.Errorf("%+v", r.Files)
	}
	if r := pulled(t, s); r.Unchanged != 2 {
		t.Errorf("%+v", r)
	}
	one := server.source(t, dir+"/x.csv")
	one.Key = pemOf(t, private, "")
	pulled(t, one)
	wantText(t, one, "x.csv", "c")
	one.Key, one.Password = pemOf(t, private, "open"), "open"
	pulled(t, one)
	one.Password = ""
	fails(t, one, "私钥有口令")
	one.Key, one.Password = "", "wrong"
	fails(t, one, "服务器不让登录")
	one.Password = "secret"
	one.URL.Path = dir + "/none.csv"
	fails(t, one, "没有这个文件或文件夹")
}

func TestHostKeys(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, map[string]string{"a.csv": "a"})
	server := sftpServed(t, "secret", nil)
	s := server.source(t, dir)
	s.Password = "secret"
	other, _ := newKey(t)
	os.WriteFile(s.KnownHosts, []byte(knownhosts.Line([]string{s.URL.Host}, other.PublicKey())+"\n"), 0o600)
	fails(t, s, "与 known_hosts 里的不符")
	os.WriteFile(s.KnownHosts, []byte(knownhosts.Line([]string{"elsewhere"}, server.host.PublicKey())+"\n"), 0o600)
	fails(t, s, "known_hosts 里没有 ")
	os.WriteFile(s.KnownHosts, []byte("nonsense\n"), 0o600)
	fails(t, s, "known_hosts 读不了")
	wantHere(t, s)
}

func TestSFTPCutAndResumed(t *testing.T) {
	dir := t.TempDir()
	text := strings.Repeat("0123456789\n", 200_000)
	lay(t, dir, map[string]string{"a.csv": text})
	server := sftpServed(t, "secret", nil)
	for _, after := range []int64{10, 1500, 4000, 300_000, 1_500_000, 2_190_000} {
		var n atomic.Int32
		server.breaks(func() int64 {
			if n.Add(1) > 1 {
				return 0
			}
			return after
		})
		s := server.source(t, dir)
		s.Password = "secret"
		r := pulled(t, s)
		wantText(t, s, "a.csv", text)
		if r.Files[0].SHA256 != shaOf(text) || r.Bytes != int64(len(text)) {
			t.Errorf("cut after %d bytes: %d came, %+v", after, r.Bytes, r.Files)
		}
	}
	server.breaks(func() int64 { return 300_000 })
	s := server.source(t, dir)
	s.Password = "secret"
	fails(t, s, "连接中断")
}

func TestNobodyListens(t *testing.T) {
	server := sftpServed(t, "secret", nil)
	s := server.source(t, "/")
	s.Password = "secret"
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	s.URL = &url.URL{Scheme: "sftp", User: url.User("u"), Host: silent.Addr().String(), Path: "/"}
	os.WriteFile(s.KnownHosts, []byte(knownhosts.Line([]string{s.URL.Host}, server.host.PublicKey())+"\n"), 0o600)
	fails(t, s, "没有在时限内回应")
}

// TestCutAnywhere breaks the first two connections at random bytes, of each
// protocol: the file comes whole all the same.
func TestCutAnywhere(t *testing.T) {
	dir := t.TempDir()
	text := strings.Repeat("0123456789\n", 20_000)
	lay(t, dir, map[string]string{"a.csv": text})
	random := mathrand.New(mathrand.NewPCG(1, 2))
	var cuts atomic.Int32
	next := func() int64 {
		if cuts.Add(-1) < 0 {
			return 0
		}
		return 1 + random.Int64N(int64(len(text)))
	}
	server := sftpServed(t, "secret", nil)
	server.breaks(next)
	files := http.FileServer(http.Dir(dir))
	raw, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	web := &httptest.Server{Listener: cutListener{raw, next}, Config: &http.Server{Handler: files}}
	web.Start()
	defer web.Close()
	for range 25 {
		cuts.Store(2)
		s := server.source(t, dir+"/a.csv")
		s.Password = "secret"
		pulled(t, s)
		wantText(t, s, "a.csv", text)
		cuts.Store(2)
		s = sourceAt(t, web.URL+"/a.csv")
		pulled(t, s)
		wantText(t, s, "a.csv", text)
	}
}

type cutListener struct {
	net.Listener
	next func() int64
}

func (l cutListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &cutConn{Conn: c, left: l.next()}, nil
}
