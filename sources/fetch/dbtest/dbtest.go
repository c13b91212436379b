// Package dbtest starts real databases on loopback, for tests and measurements
// alone: PostgreSQL and MariaDB of Debian's packages, each in a folder of its
// own, with a made-up authority for TLS, ended by id.
package dbtest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// What every server has.
const (
	Database = "county"
	User     = "doudi"
	Password = "a b/c:d+e@f" // needs escaping wherever it goes
)

// ErrMissing says that a database is not installed and cannot be.
var ErrMissing = errors.New("not installed, and not to be installed here: that takes root and Debian's apt-get")

// Server is a database that runs.
type Server struct {
	Addr string // host:port
	CA   string // the authority's certificate, a path
	dir  string
	cmd  *exec.Cmd
	done chan struct{}
}

// started is how long a server may take to answer, installed how long a package
// may take to come.
const (
	started   = 30 * time.Second
	installed = 90 * time.Second
)

// Postgres starts PostgreSQL.
func Postgres() (*Server, error) {
	initdb, err := program("initdb", "postgresql")
	if err == nil {
		initdb, err = filepath.EvalSymlinks(initdb) // its folder has the rest
	}
	if err != nil {
		return nil, err
	}
	s, err := prepare("postgres", "postgres")
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(s.dir, "word"), []byte(Password+"\n"), 0o644); err != nil {
		return nil, s.failed(err)
	}
	data := filepath.Join(s.dir, "data")
	if err := s.run(initdb, "-D", data, "-U", User, "-A", "scram-sha-256", "--pwfile="+filepath.Join(s.dir, "word"), "-E", "UTF8", "--locale=C", "--no-sync"); err != nil {
		return nil, s.failed(err)
	}
	err = s.start(filepath.Join(filepath.Dir(initdb), "postgres"), "-D", data, "-k", s.dir, "-p", s.port(), "-c", "listen_addresses=127.0.0.1",
		"-c", "fsync=off", "-c", "ssl=on", "-c", "ssl_cert_file="+s.file("server.pem"), "-c", "ssl_key_file="+s.file("server.key"))
	return s, err
}

// MariaDB starts MariaDB.
func MariaDB() (*Server, error) {
	server, err := program("mariadbd", "mariadb-server")
	if err != nil {
		return nil, err
	}
	install, err := program("mariadb-install-db", "mariadb-server")
	if err != nil {
		return nil, err
	}
	s, err := prepare("mariadb", "mysql")
	if err != nil {
		return nil, err
	}
	users := fmt.Sprintf("create database %s;\ncreate user %s@'%%' identified by '%s';\ngrant all on *.* to %[2]s@'%%' with grant option;\n", Database, User, Password)
	if err := os.WriteFile(filepath.Join(s.dir, "users.sql"), []byte(users), 0o644); err != nil {
		return nil, s.failed(err)
	}
	data := filepath.Join(s.dir, "data")
	if err := s.run(install, "--no-defaults", "--datadir="+data, "--auth-root-authentication-method=normal", "--skip-test-db"); err != nil {
		return nil, s.failed(err)
	}
	err = s.start(server, "--no-defaults", "--datadir="+data, "--socket="+s.file("socket"), "--port="+s.port(), "--bind-address=127.0.0.1",
		"--pid-file="+s.file("pid"), "--init-file="+s.file("users.sql"), "--innodb-flush-log-at-trx-commit=0", "--skip-log-bin", "--skip-name-resolve",
		"--character-set-server=utf8mb4", "--ssl-cert="+s.file("server.pem"), "--ssl-key="+s.file("server.key"), "--ssl-ca="+s.CA)
	return s, err
}

// Stop ends the server and takes its folder away.
func (s *Server) Stop() {
	if s.cmd != nil {
		s.cmd.Process.Signal(syscall.SIGINT) // PostgreSQL's word for at once; MariaDB has none
		if filepath.Base(s.cmd.Path) != "postgres" {
			s.cmd.Process.Signal(syscall.SIGTERM)
		}
		select {
		case <-s.done:
		case <-time.After(10 * time.Second):
			s.cmd.Process.Kill()
			<-s.done
		}
	}
	os.RemoveAll(s.dir)
}

func (s *Server) failed(err error) error {
	s.Stop()
	return err
}

func (s *Server) file(name string) string { return filepath.Join(s.dir, name) }

func (s *Server) port() string {
	_, port, _ := net.SplitHostPort(s.Addr)
	return port
}

// program finds a server's program, and has its package installed where it may.
func program(name, of string) (string, error) {
	find := func() string {
		if at, err := exec.LookPath(name); err == nil {
			return at
		}
		for _, pattern := range []string{"/usr/lib/postgresql/*/bin/", "/usr/sbin/", "/usr/bin/"} {
			if found, _ := filepath.Glob(pattern + name); len(found) > 0 {
				return found[len(found)-1]
			}
		}
		return ""
	}
	if at := find(); at != "" {
		return at, nil
	}
	if _, err := exec.LookPath("apt-get"); err != nil || os.Getuid() != 0 {
		return "", fmt.Errorf("%s: %w", of, ErrMissing)
	}
	ctx, cancel := context.WithTimeout(context.Background(), installed)
	defer cancel()
	out, err := apt(ctx, "install", "-y", "--no-install-recommends", of)
	if err != nil { // a machine that never asked has no list of packages
		if _, err = apt(ctx, "update"); err == nil {
			out, err = apt(ctx, "install", "-y", "--no-install-recommends", of)
		}
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w (apt-get: %v)\n%s", of, ErrMissing, err, out)
	}
	at := find()
	if at == "" {
		return "", fmt.Errorf("%s: %w (its package has no %s)", of, ErrMissing, name)
	}
	return at, nil
}

func apt(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "apt-get", append([]string{"-q", "-o", "DPkg::Lock::Timeout=60"}, args...)...)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	return cmd.CombinedOutput()
}

// prepare makes a folder that belongs to the user a server runs as (servers
// refuse root), a port, and the certificates.
func prepare(name, as string) (*Server, error) {
	dir, err := os.MkdirTemp("", "doudi-"+name+"-")
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, CA: filepath.Join(dir, "ca.pem"), done: make(chan struct{})}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, s.failed(err)
	}
	s.Addr = free.Addr().String()
	free.Close()
	if err := s.certify(); err != nil {
		return nil, s.failed(err)
	}
	credential, err := userOf(as)
	if err != nil {
		return nil, s.failed(err)
	}
	if credential == nil {
		return s, nil
	}
	for _, name := range []string{"", "server.key"} {
		if err := os.Chown(filepath.Join(dir, name), int(credential.Uid), int(credential.Gid)); err != nil {
			return nil, s.failed(err)
		}
	}
	return s, os.Chmod(dir, 0o755) // the clients read ca.pem
}

// userOf is who a server runs as, nobody where its package made no user; nil
// for whoever runs this.
func userOf(name string) (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup(name)
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return nil, err
		}
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, err
}

// command is a program as the folder's owner.
func (s *Server) command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(program, args...)
	cmd.Dir = s.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if info, err := os.Stat(s.dir); err == nil && os.Getuid() == 0 {
		owner := info.Sys().(*syscall.Stat_t)
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}
	}
	return cmd
}

func (s *Server) run(program string, args ...string) error {
	out, err := s.command(program, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", program, err, out)
	}
	return nil
}

// start runs a server until it answers.
func (s *Server) start(program string, args ...string) error {
	log, err := os.Create(s.file("log"))
	if err != nil {
		return s.failed(err)
	}
	defer log.Close()
	s.cmd = s.command(program, args...)
	s.cmd.Stdout, s.cmd.Stderr = log, log
	if err := s.cmd.Start(); err != nil {
		s.cmd = nil
		return s.failed(err)
	}
	go func() { s.cmd.Wait(); close(s.done) }()
	for deadline := time.Now().Add(started); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if s.answers(filepath.Join(filepath.Dir(program), "pg_isready")) {
			return nil
		}
		select {
		case <-s.done:
			said, _ := os.ReadFile(s.file("log"))
			return s.failed(fmt.Errorf("%s ended at once:\n%s", program, said))
		default:
		}
	}
	return s.failed(fmt.Errorf("%s does not answer", program))
}

// answers says whether the server takes connections; PostgreSQL takes them
// before it is ready, and has a program that knows.
func (s *Server) answers(ready string) bool {
	if _, err := os.Stat(ready); err == nil && filepath.Base(s.cmd.Path) == "postgres" {
		return exec.Command(ready, "-q", "-h", "127.0.0.1", "-p", s.port()).Run() == nil
	}
	c, err := net.Dial("tcp", s.Addr)
	if err == nil {
		c.Close()
	}
	return err == nil
}

// certify makes an authority and the server's certificate of it.
func (s *Server) certify() error {
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "made up"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	server := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "127.0.0.1"}, NotBefore: authority.NotBefore, NotAfter: authority.NotAfter,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	of, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	for _, f := range []struct {
		name   string
		block  string
		signed *x509.Certificate
		public any
	}{{"ca.pem", "CERTIFICATE", authority, &of.PublicKey}, {"server.pem", "CERTIFICATE", server, &key.PublicKey}, {"server.key", "PRIVATE KEY", nil, nil}} {
		der, mode := private, os.FileMode(0o600)
		if f.signed != nil {
			if der, err = x509.CreateCertificate(rand.Reader, f.signed, authority, f.public, of); err != nil {
				return err
			}
			mode = 0o644
		}
		if err := os.WriteFile(s.file(f.name), pem.EncodeToMemory(&pem.Block{Type: f.block, Bytes: der}), mode); err != nil {
			return err
		}
	}
	return nil
}
