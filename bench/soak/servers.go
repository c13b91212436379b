package main

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	crand "crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"math/big"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"doudi/sources/fetch/badline"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

const password = "soak-7f3a91"

// servers serve one folder by SFTP and by HTTPS, each behind a bad line.
type servers struct {
	root                  string // a link to what is served
	sftp, https           *badline.Line
	knownHosts, authority string
	closers               []func()

	mutex        sync.Mutex
	random       *rand.Rand
	gone, smooth bool
	faults       int
}

func serve(root string, random *rand.Rand) (*servers, error) {
	s := &servers{root: root, random: random}
	sshAt, host, err := s.serveSFTP()
	if err != nil {
		return nil, err
	}
	webAt, err := s.serveHTTPS()
	if err != nil {
		return nil, err
	}
	if s.sftp, err = badline.Listen(sshAt, s.next); err != nil {
		return nil, err
	}
	if s.https, err = badline.Listen(webAt, s.next); err != nil {
		return nil, err
	}
	s.knownHosts = knownhosts.Line([]string{s.sftp.At}, host) + "\n"
	s.closers = append(s.closers, s.sftp.Close, s.https.Close)
	return s, nil
}

func (s *servers) close() {
	for _, c := range s.closers {
		c()
	}
}

// show serves another folder from now on.
func (s *servers) show(dir string) error {
	if err := os.Remove(s.root); err != nil && !os.IsNotExist(err) {
		return err
	}
	return os.Symlink(dir, s.root)
}

// away lets no connection through.
func (s *servers) away(gone bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.gone = gone
}

// sound makes lines good.
func (s *servers) sound(smooth bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.smooth = smooth
}

// next is what happens to the next connection: of ten, three meet something.
func (s *servers) next() badline.Fault {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.gone {
		return badline.Fault{Refuse: true}
	}
	chance := s.random.IntN(100)
	at := int64(1) << s.random.IntN(20)
	at += s.random.Int64N(at)
	if s.smooth || chance >= 30 {
		return badline.Fault{}
	}
	s.faults++
	switch {
	case chance < 12:
		return badline.Fault{Down: at}
	case chance < 18:
		return badline.Fault{Up: at >> 6}
	case chance < 22:
		return badline.Fault{Refuse: true}
	case chance < 26:
		return badline.Fault{Repeat: at}
	case chance < 27:
		return badline.Fault{Drip: 100 * time.Millisecond}
	}
	return badline.Fault{Delay: 20 * time.Millisecond}
}

func (s *servers) serveSFTP() (at string, host ssh.PublicKey, err error) {
	_, private, err := ed25519.GenerateKey(crand.Reader)
	if err != nil {
		return "", nil, err
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		return "", nil, err
	}
	config := &ssh.ServerConfig{PasswordCallback: func(_ ssh.ConnMetadata, word []byte) (*ssh.Permissions, error) {
		if string(word) != password {
			return nil, errors.New("no")
		}
		return nil, nil
	}}
	config.AddHostKey(signer)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	s.closers = append(s.closers, func() { l.Close() })
	go func() {
		for {
			raw, err := l.Accept()
			if err != nil {
				return
			}
			go sftpSession(raw, config)
		}
	}()
	return l.Addr().String(), signer.PublicKey(), nil
}

func sftpSession(raw net.Conn, config *ssh.ServerConfig) {
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

// serveHTTPS serves with a certificate of an authority that is made up here.
func (s *servers) serveHTTPS() (at string, err error) {
	sign := func(plan, parent *x509.Certificate, parentKey *ecdsa.PrivateKey) ([]byte, *ecdsa.PrivateKey, error) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), crand.Reader)
		if err != nil {
			return nil, nil, err
		}
		if parentKey == nil {
			parentKey = key
		}
		plan.NotBefore, plan.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(48*time.Hour)
		raw, err := x509.CreateCertificate(crand.Reader, plan, parent, key.Public(), parentKey)
		return raw, key, err
	}
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "made up"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	rootRaw, rootKey, err := sign(root, root, nil)
	if err != nil {
		return "", err
	}
	leafRaw, leafKey, err := sign(&x509.Certificate{SerialNumber: big.NewInt(2), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}, root, rootKey)
	if err != nil {
		return "", err
	}
	s.authority = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: rootRaw}))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	files := http.FileServer(http.Dir(s.root))
	server := &http.Server{
		ErrorLog:  log.New(io.Discard, "", 0), // broken handshakes are what this is for
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{leafRaw}, PrivateKey: leafKey}}},
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if _, word, _ := r.BasicAuth(); word != password {
				http.Error(w, "no", http.StatusUnauthorized)
				return
			}
			files.ServeHTTP(w, r)
		}),
	}
	go server.ServeTLS(l, "", "")
	s.closers = append(s.closers, func() { server.Close() })
	return l.Addr().String(), nil
}
