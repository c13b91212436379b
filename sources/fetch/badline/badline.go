// Package badline stands between a client and a server of TCP on loopback and
// treats their connections as badly as it is told. Tests of fetching and the
// soak pull through it.
package badline

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Fault is what happens to one connection; the zero value is none.
type Fault struct {
	Refuse bool          // it is closed at once
	Down   int64         // it breaks after so many bytes from the server; 0: never
	Up     int64         // it breaks after so many bytes to the server; 0: never
	Delay  time.Duration // before every piece from the server
	Drip   time.Duration // the server's bytes come one by one, so far apart
	Repeat int64         // from this byte of the server's on, one piece is sent twice; 0: never
}

// Line is the proxy.
type Line struct {
	At    string       // where it listens: host:port
	Came  atomic.Int64 // bytes that servers sent, over all connections
	Went  atomic.Int64 // bytes that clients sent
	Broke atomic.Int64 // connections that were broken at their byte

	to     string
	next   func() Fault
	listen net.Listener
	mutex  sync.Mutex
	open   map[net.Conn]bool
}

// Listen begins a line to a server; next is asked for every connection.
func Listen(to string, next func() Fault) (*Line, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	line := &Line{At: l.Addr().String(), to: to, next: next, listen: l, open: map[net.Conn]bool{}}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go line.serve(c, next())
		}
	}()
	return line, nil
}

// Close ends the line and all that is on it.
func (l *Line) Close() {
	l.listen.Close()
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for c := range l.open {
		c.Close()
	}
}

func (l *Line) serve(client net.Conn, f Fault) {
	defer l.track(client)()
	if f.Refuse {
		return
	}
	server, err := net.Dial("tcp", l.to)
	if err != nil {
		return
	}
	defer l.track(server)()
	done := make(chan struct{}, 2)
	go func() {
		l.carry(client, server, &l.Came, Fault{Down: f.Down, Delay: f.Delay, Drip: f.Drip, Repeat: f.Repeat})
		done <- struct{}{}
	}()
	go func() {
		l.carry(server, client, &l.Went, Fault{Down: f.Up})
		done <- struct{}{}
	}()
	<-done // whichever side ends, or is broken, ends both
}

// track remembers a connection until what it returns is called.
func (l *Line) track(c net.Conn) func() {
	l.mutex.Lock()
	l.open[c] = true
	l.mutex.Unlock()
	return func() {
		c.Close()
		l.mutex.Lock()
		delete(l.open, c)
		l.mutex.Unlock()
	}
}

// carry copies one direction until it ends or the fault breaks it.
func (l *Line) carry(to io.Writer, from io.Reader, count *atomic.Int64, f Fault) {
	buffer := make([]byte, 32<<10)
	var n int64
	for {
		got, err := from.Read(buffer)
		piece := buffer[:got]
		if f.Down > 0 && n+int64(len(piece)) >= f.Down {
			l.Broke.Add(1)
			to.Write(piece[:f.Down-n])
			return
		}
		count.Add(int64(len(piece)))
		if f.Delay > 0 && got > 0 {
			time.Sleep(f.Delay)
		}
		if f.Repeat > 0 && n < f.Repeat && n+int64(len(piece)) >= f.Repeat {
			if _, err := to.Write(piece); err != nil {
				return
			}
		}
		n += int64(len(piece))
		for f.Drip > 0 && len(piece) > 0 {
			time.Sleep(f.Drip)
			if _, err := to.Write(piece[:1]); err != nil {
				return
			}
			piece = piece[1:]
		}
		if _, werr := to.Write(piece); werr != nil || err != nil {
			return
		}
	}
}
