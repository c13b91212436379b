package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net"
	"sync"
	"time"
)

// database is the result of one query, which lies there as one file of lines of
// JSON: an array of the columns' names, then an array a row, every value as text
// and null for NULL. A scheme gives the link; what is the same for all of them stands here.
type database struct {
	source Source
	link   link
	using  sync.Mutex // the link is no two goroutines'
	life   context.Context
	end    context.CancelFunc
	bye    sync.Once
}

// link is a connection within one read-only transaction that sees one state of
// the database.
type link interface {
	// now is the server's clock.
	now(ctx context.Context) (time.Time, error)
	// query begins to read; ctx ends what is under way, on the server too where
	// it can be told.
	query(ctx context.Context) ([]column, rows, error)
	// close ends the connection in an orderly way.
	close()
}

// rows are those of a result, read one after the other.
type rows interface {
	// next gives the values of the next row, nil for NULL; the next call
	// overwrites them. io.EOF comes after the last row, when the transaction has
	// ended well.
	next() ([][]byte, error)
}

// column is one of a result's columns.
type column struct {
	name  string
	float bool // a floating-point number
}

func newDatabase(s Source, l link) *database {
	d := &database{source: s, link: l}
	d.life, d.end = context.WithCancel(context.Background())
	return d
}

// fileName is what the rows are laid down as.
func (d *database) fileName() string { return d.source.Name + ".jsonl" }

func (d *database) list(ctx context.Context) ([]Item, error) {
	d.using.Lock()
	defer d.using.Unlock()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(d.life, cancel)()
	now, err := d.link.now(ctx)
	if err != nil {
		return nil, err
	}
	return []Item{{Name: d.fileName(), Size: -1, Time: now, frozen: true}}, nil
}

// look gives the item as it was: the transaction sees no other state.
func (d *database) look(_ context.Context, item Item) (Item, error) { return item, nil }

// open asks the query; no database reads on from where another connection broke.
func (d *database) open(ctx context.Context, _ Item, _ int64) (io.ReadCloser, int64, error) {
	d.using.Lock()
	defer d.using.Unlock()
	ctx, cancel := context.WithCancel(ctx)
	context.AfterFunc(d.life, cancel)
	columns, rows, err := d.link.query(ctx)
	if err == nil {
		err = d.source.readable(columns)
	}
	if err != nil {
		cancel()
		return nil, 0, err
	}
	l := &lines{database: d, rows: rows, cancel: cancel}
	names := make([][]byte, len(columns))
	for i, c := range columns {
		names[i] = []byte(c.name)
	}
	l.buffer = appendLine(l.buffer, names)
	return l, 0, nil
}

// close may be called while the link is used: that ends first.
func (d *database) close() {
	d.end()
	d.bye.Do(func() {
		d.using.Lock()
		defer d.using.Unlock()
		d.link.close()
	})
}

// readable says whether rows of these columns can be a list.
func (s Source) readable(columns []column) error {
	if len(columns) == 0 {
		return permanent("查询的结果没有列")
	}
	seen := map[string]bool{}
	for _, c := range columns {
		if seen[c.name] {
			return permanent("查询的结果有两列都叫 %s，请用 AS 给其中一列另取名字", shown(c.name))
		}
		seen[c.name] = true
		if c.float && s.IsID != nil && s.IsID(c.name) {
			return permanent("证件号码列 %s 是浮点数，存不下 18 位号码，末几位已经不对；请改为文本或 numeric 后再取", shown(c.name))
		}
	}
	return nil
}

// lines writes rows as they are read.
type lines struct {
	database *database
	rows     rows
	cancel   context.CancelFunc
	buffer   []byte
	at       int
	err      error
}

// linesAtOnce is about how many bytes are made before they are handed on.
const linesAtOnce = 256 << 10

func (l *lines) Read(p []byte) (int, error) {
	if l.at == len(l.buffer) {
		if l.err != nil {
			return 0, l.err
		}
		l.fill()
	}
	n := copy(p, l.buffer[l.at:])
	if l.at += n; n == 0 && l.err != nil {
		return 0, l.err
	}
	return n, nil
}

func (l *lines) fill() {
	l.database.using.Lock()
	defer l.database.using.Unlock()
	l.buffer, l.at = l.buffer[:0], 0
	for len(l.buffer) < linesAtOnce {
		values, err := l.rows.next()
		if err != nil {
			l.err = err
			return
		}
		l.buffer = appendLine(l.buffer, values)
	}
}

func (l *lines) Close() error {
	l.cancel()
	return nil
}

// appendLine appends an array of JSON on a line of its own.
func appendLine(to []byte, values [][]byte) []byte {
	mark := byte('[')
	for _, value := range values {
		to = append(to, mark)
		mark = ','
		if value == nil {
			to = append(to, "null"...)
		} else {
			to = appendText(to, value)
		}
	}
	return append(to, ']', '\n')
}

// appendText appends a string of JSON. Bytes that are no UTF-8 stay as they are:
// the reader of the file rejects their record by its row.
func appendText(line, text []byte) []byte {
	const hexDigits = "0123456789abcdef"
	line = append(line, '"')
	from := 0
	for i, c := range text {
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		line = append(line, text[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			line = append(line, '\\', c)
		case '\n':
			line = append(line, '\\', 'n')
		default:
			line = append(line, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return append(append(line, text[from:]...), '"')
}

// question is what a database is asked, as it may be written down: literals of
// the query may be anybody's.
func (s Source) question() string {
	sum := sha256.Sum256([]byte(s.Table + "\x00" + s.Query))
	return hex.EncodeToString(sum[:8])
}

// local says whether a server is this machine.
func local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// noTLS is said where a server elsewhere would be spoken to in the clear.
const noTLS = "数据库服务器不支持加密连接；确认到它的网络可信后，在地址后面写 ?sslmode=disable"
