package fetch

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"doudi/sources/fetch/badline"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

// The tests named TestPull… are against real servers: OpenSSH's sshd from the
// system's package, moto's S3 from PyPI, TLS with an authority made up here.
// They install what is absent, and run where DOUDI_TEST_PULL is 1.

var testPull = os.Getenv("DOUDI_TEST_PULL") == "1"

func needsParts(t *testing.T) {
	t.Helper()
	if !testPull {
		t.Skip("needs real servers: make test-pull")
	}
}

// roots is the made-up authority. TestMain puts it among those that the system
// trusts, as an operator would: the system's are read once in a process.
var roots authority

func TestMain(m *testing.M) {
	os.Exit(func() int {
		if testPull {
			dir, err := os.MkdirTemp("", "doudi-authority-")
			if err != nil {
				panic(err)
			}
			defer os.RemoveAll(dir)
			roots = newAuthority()
			path := filepath.Join(dir, "roots.pem")
			if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: roots.certificate.Raw}), 0o600); err != nil {
				panic(err)
			}
			os.Setenv("SSL_CERT_FILE", path)
		}
		return m.Run()
	}())
}

// authority signs certificates.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newAuthority() authority {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	plan := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "made up"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(48 * time.Hour),
	}
	raw, err := x509.CreateCertificate(rand.Reader, plan, plan, key.Public(), key)
	if err != nil {
		panic(err)
	}
	certificate, err := x509.ParseCertificate(raw)
	if err != nil {
		panic(err)
	}
	return authority{certificate, key}
}

// sign makes a certificate for a host that is good from and to some hours from
// now; both in PEM.
func (a authority) sign(t *testing.T, host string, from, to int) (certificate, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	plan := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: host},
		NotBefore: time.Now().Add(time.Duration(from) * time.Hour), NotAfter: time.Now().Add(time.Duration(to) * time.Hour),
	}
	if ip := net.ParseIP(host); ip != nil {
		plan.IPAddresses = []net.IP{ip}
	} else {
		plan.DNSNames = []string{host}
	}
	raw, err := x509.CreateCertificate(rand.Reader, plan, a.certificate, private.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})
}

// served over TLS: its address.
func (a authority) served(t *testing.T, h http.Handler, host string, from, to int) string {
	t.Helper()
	certificate, key := a.sign(t, host, from, to)
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(h)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
	server.Config.ErrorLog = quietLog
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL
}

// badLine is a line to a server that treats connections as next says.
func badLine(t *testing.T, to string, next func() badline.Fault) *badline.Line {
	t.Helper()
	line, err := badline.Listen(to, next)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(line.Close)
	return line
}

// started runs a program until the test ends, and waits until it listens.
func started(t *testing.T, at string, env []string, program string, args ...string) {
	t.Helper()
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	c := exec.Command(program, args...)
	c.Stdout, c.Stderr, c.Env = log, log, append(os.Environ(), env...)
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	t.Cleanup(func() {
		c.Process.Kill()
		<-ended
	})
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		if conn, err := net.Dial("tcp", at); err == nil {
			conn.Close()
			return
		}
		select {
		case err := <-ended:
			ended <- err
			text, _ := os.ReadFile(log.Name())
			t.Fatalf("%s ended: %v\n%s", program, err, text)
		default:
		}
		if time.Now().After(deadline) {
			text, _ := os.ReadFile(log.Name())
			t.Fatalf("%s does not listen at %s\n%s", program, at, text)
		}
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// openSSH is a server of OpenSSH.
type openSSH struct {
	at    string
	host  ssh.Signer
	login string // the private key that it lets in, in PEM
}

var aptOnce sync.Once

// openSSHServed starts one, with keys and a configuration of its own. Its
// package is installed where it is absent and we may.
func openSSHServed(t *testing.T) *openSSH {
	t.Helper()
	const sshd = "/usr/sbin/sshd"
	aptOnce.Do(func() {
		if _, err := os.Stat(sshd); err == nil {
			return
		}
		if os.Geteuid() != 0 {
			t.Fatal("OpenSSH's server is absent, and only root may install it: apt-get install openssh-server")
		}
		for _, args := range [][]string{{"update", "-qq"}, {"install", "-y", "-qq", "--no-install-recommends", "openssh-server"}} {
			ctx, stop := context.WithTimeout(context.Background(), 5*time.Minute)
			c := exec.CommandContext(ctx, "apt-get", args...)
			c.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
			out, err := c.CombinedOutput()
			stop()
			if err != nil {
				t.Fatalf("apt-get %v: %v\n%s", args, err, out)
			}
		}
	})
	if os.Geteuid() == 0 {
		if err := os.MkdirAll("/run/sshd", 0o755); err != nil { // where sshd parks its unprivileged half
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	host, hostKey := newKey(t)
	login, private := newKey(t)
	lay(t, dir, map[string]string{
		"host":       pemOf(t, hostKey, ""),
		"authorized": string(ssh.MarshalAuthorizedKey(login.PublicKey())),
	})
	port := freePort(t)
	config := filepath.Join(dir, "config")
	lay(t, dir, map[string]string{"config": fmt.Sprintf(`ListenAddress 127.0.0.1
Port %s
HostKey %s
AuthorizedKeysFile %s
PidFile none
StrictModes no
UsePAM no
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
MaxStartups 200
Subsystem sftp internal-sftp
`, port, filepath.Join(dir, "host"), filepath.Join(dir, "authorized"))})
	s := &openSSH{at: "127.0.0.1:" + port, host: host, login: pemOf(t, private, "")}
	args := []string{"-D", "-e", "-f", config}
	// From 9.8 on it shuts out who breaks connections; older ones know no such word.
	if mild := []string{"-o", "PerSourcePenalties=no"}; exec.Command(sshd, append(mild, "-t", "-f", config)...).Run() == nil {
		args = append(mild, args...)
	}
	started(t, s.at, nil, sshd, args...)
	return s
}

// source is a source on the server, seen at an address.
func (s *openSSH) source(t *testing.T, at, path string) Source {
	t.Helper()
	user := "root"
	if os.Geteuid() != 0 {
		user = os.Getenv("USER")
	}
	source := sourceAt(t, "sftp://"+user+"@"+at+path)
	source.KnownHosts, source.Key = filepath.Join(t.TempDir(), "known_hosts"), s.login
	if err := os.WriteFile(source.KnownHosts, []byte(knownhosts.Line([]string{at}, s.host.PublicKey())+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return source
}

// motoVersion is the S3 server: moto's, an imitation that its makers and ours
// never agreed on anything about.
const motoVersion = "5.2.5"

var (
	motoOnce sync.Once
	motoDir  string
)

// motoServed starts it over TLS, with a bucket named rolls.
func motoServed(t *testing.T) (at string, client *minio.Client) {
	t.Helper()
	motoOnce.Do(func() {
		cache, err := os.UserCacheDir()
		if err != nil {
			cache = os.TempDir()
		}
		dir := filepath.Join(cache, "doudi-test-pull", "moto-"+motoVersion)
		if _, err := os.Stat(dir); err != nil {
			part := dir + ".part"
			if err := os.RemoveAll(part); err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithTimeout(context.Background(), 5*time.Minute)
			defer stop()
			out, err := exec.CommandContext(ctx, "python3", "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
				"--target", part, "moto[s3]=="+motoVersion, "flask", "flask-cors").CombinedOutput()
			if err != nil {
				t.Fatalf("pip install moto: %v\n%s", err, out)
			}
			if err := os.Rename(part, dir); err != nil {
				t.Fatal(err)
			}
		}
		motoDir = dir
	})
	dir := t.TempDir()
	certificate, key := roots.sign(t, "127.0.0.1", -1, 24)
	lay(t, dir, map[string]string{"cert.pem": string(certificate), "key.pem": string(key)})
	port := freePort(t)
	at = "127.0.0.1:" + port
	started(t, at, []string{"PYTHONPATH=" + motoDir, "MOTO_S3_CUSTOM_ENDPOINTS=https://" + at},
		"python3", "-c", "from moto.server import main; main()", "-H", "127.0.0.1", "-p", port, "-s",
		"-c", filepath.Join(dir, "cert.pem"), "-k", filepath.Join(dir, "key.pem"))
	client, err := minio.New(at, &minio.Options{Secure: true, Transport: newTransport(), Creds: credentials.NewStaticV4("AKID", "secret key", "")})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.MakeBucket(context.Background(), "rolls", minio.MakeBucketOptions{}); err != nil {
		t.Fatal(err)
	}
	return at, client
}

// put lays objects into the bucket.
func put(t *testing.T, client *minio.Client, objects map[string]string) {
	t.Helper()
	for key, text := range objects {
		if _, err := client.PutObject(context.Background(), "rolls", key, strings.NewReader(text), int64(len(text)), minio.PutObjectOptions{}); err != nil {
			t.Fatalf("%q: %v", key, err)
		}
	}
}

// s3At is a source in the bucket, seen at an address.
func s3At(t *testing.T, at, path string) Source {
	t.Helper()
	s := sourceAt(t, "s3://rolls"+path)
	s.Endpoint, s.Key, s.Password = "https://"+at, "AKID", "secret key"
	return s
}
