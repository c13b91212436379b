package fetch

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"doudi/sources/decode"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"
)

// told is a link that has its rows at hand.
type told struct {
	columns []column
	rows    [][][]byte
	err     error // after the rows; io.EOF where they are all
}

func (l *told) now(context.Context) (time.Time, error) { return tonight, nil }

func (l *told) query(context.Context) ([]column, rows, error) { return l.columns, l, nil }

func (l *told) next() ([][]byte, error) {
	if len(l.rows) == 0 {
		return nil, l.err
	}
	row := l.rows[0]
	l.rows = l.rows[1:]
	return row, nil
}

func (l *told) close() {}

func columnsOf(names ...string) []column {
	columns := make([]column, len(names))
	for i, name := range names {
		columns[i].name = name
	}
	return columns
}

// textOf is what a link's rows are laid down as.
func textOf(l *told, s Source) (string, error) {
	d := newDatabase(s, l)
	defer d.close()
	body, at, err := d.open(context.Background(), Item{}, 100)
	if err != nil {
		return "", err
	}
	defer body.Close()
	if at != 0 {
		return "", errors.New("rows cannot be read from the middle")
	}
	text, err := io.ReadAll(body)
	return string(text), err
}

func TestRowsAreLines(t *testing.T) {
	got, err := textOf(&told{columns: columnsOf("姓名", `a"b`), err: io.EOF, rows: [][][]byte{
		{[]byte("张三"), nil}, {[]byte("a\\b\n\r\x00\x7f\u2028"), {}},
	}}, Source{})
	want := `["姓名","a\"b"]` + "\n" + `["张三",null]` + "\n" + `["a\\b\n\u000d\u0000` + "\x7f\u2028" + `",""]` + "\n"
	if got != want || err != nil {
		t.Errorf("got %q (%v), want %q", got, err, want)
	}
	if got, err := textOf(&told{columns: columnsOf("a"), err: io.EOF}, Source{}); got != "[\"a\"]\n" || err != nil {
		t.Errorf("no rows: %q, %v", got, err)
	}
	if _, err := textOf(&told{columns: columnsOf("a"), err: io.ErrUnexpectedEOF, rows: [][][]byte{{nil}}}, Source{}); err != io.ErrUnexpectedEOF {
		t.Errorf("a broken connection: %v", err)
	}
}

func TestResultsThatAreNoList(t *testing.T) {
	s := Source{IsID: func(name string) bool { return name == "证件号码" }}
	for _, c := range []struct {
		columns []column
		want    string
	}{
		{nil, "没有列"},
		{columnsOf("a", "b", "a"), `两列都叫 "a"`},
		{[]column{{name: "姓名"}, {name: "证件号码", float: true}}, `证件号码列 "证件号码" 是浮点数`},
	} {
		if _, err := textOf(&told{columns: c.columns, err: io.EOF}, s); err == nil || !strings.Contains(err.Error(), c.want) || !lasting(err) {
			t.Errorf("%v: %v, want %s", c.columns, err, c.want)
		}
	}
	if _, err := textOf(&told{columns: []column{{name: "金额", float: true}}, err: io.EOF}, s); err != nil {
		t.Error(err)
	}
}

// Whatever a value is, it is read as it was written.
func TestRowsAreReadAsWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rows.jsonl")
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfNDistinct(rapid.StringN(1, 8, -1), 1, 5, rapid.ID).Draw(t, "names")
		want := rapid.SliceOfN(rapid.SliceOfN(rapid.String(), len(names), len(names)), 0, 6).Draw(t, "rows")
		l := &told{columns: columnsOf(names...), err: io.EOF}
		for _, row := range want {
			var values [][]byte
			for _, cell := range row {
				values = append(values, []byte(cell))
			}
			l.rows = append(l.rows, values)
		}
		text, err := textOf(l, Source{})
		if err == nil {
			err = os.WriteFile(path, []byte(text), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		m, err := decode.Rows(context.Background(), path, "postgres:a")
		if err != nil {
			t.Fatal(err)
		}
		book, err := decode.Open(context.Background(), m)
		if err != nil {
			t.Fatal(err)
		}
		for chunk, err := range book.Chunks(context.Background(), 0, 1, len(names)) {
			if err != nil {
				t.Fatal(err)
			}
			for r := range chunk.Records() {
				row := want[0]
				want = want[1:]
				if strings.Contains(strings.Join(row, ""), "\x00") {
					if r.Reject != decode.RejectNUL {
						t.Fatalf("NUL: %+v", r)
					}
				} else if !slices.Equal(r.Cells, row) {
					t.Fatalf("%q was read as %q (%s)", row, r.Cells, r.Reject)
				}
			}
		}
		if len(want) > 0 {
			t.Fatalf("%d rows are missing", len(want))
		}
	})
}

func TestNamesAreQuoted(t *testing.T) {
	if got := quotedName(`民政.a"b`, '"'); got != `"民政"."a""b"` {
		t.Error(got)
	}
}

// What the servers say may hold anybody's values: none of it is shown.
func TestDatabaseCauses(t *testing.T) {
	const canary = "990101196001150018"
	for _, c := range []struct {
		err     error
		want    string
		lasting bool
	}{
		{postgresCause(&pgconn.PgError{Code: "28P01", Message: canary}), "不让登录", true},
		{postgresCause(&pgconn.PgError{Code: "22P02", Message: canary, Detail: canary}), "不合规的数据（SQLSTATE 22P02）", true},
		{postgresCause(&pgconn.PgError{Code: "42703", Message: canary, Position: int32(len(declareCursor)) + 8}), "query 第 8 个字符处", true},
		{postgresCause(&pgconn.PgError{Code: "XX000", Message: canary, Hint: canary}), "数据库出错（SQLSTATE XX000）", false},
		{postgresCause(&pgconn.PgError{Code: "57P01", Message: canary}), "正在停止", false},
		{mysqlCause(&mysql.MySQLError{Number: 1045, Message: canary}), "不让登录", true},
		{mysqlCause(&mysql.MySQLError{Number: 1064, Message: canary}), "写得不对", true},
		{mysqlCause(&mysql.MySQLError{Number: 1205, Message: canary}), "数据库出错（错误 1205）", false},
		{mysqlCause(mysql.ErrInvalidConn), "连接中断", false},
		{mysqlCause(mysql.ErrNoTLS), "不支持加密连接", true},
	} {
		got := Source{}.cause(c.err)
		if !strings.Contains(got, c.want) || strings.Contains(got, canary) || lasting(c.err) != c.lasting {
			t.Errorf("%v: %s, lasting %v", c.err, got, lasting(c.err))
		}
	}
}

func TestMySQLValues(t *testing.T) {
	r := &mysqlRows{numbers: make([][]byte, 1), kinds: []string{""}}
	for _, c := range []struct {
		kind  string
		value any
		want  string
	}{
		{"BIGINT", int64(-12), "-12"}, {"UNSIGNED BIGINT", ^uint64(0), "18446744073709551615"}, {"DOUBLE", 1e6, "1000000"},
		{"FLOAT", float32(0.1), "0.1"}, {"BIT", []byte{1}, "1"}, {"BIT", []byte{0, 2}, "2"}, {"DECIMAL", []byte("1.50"), "1.50"},
		{"VARBINARY", []byte("张"), "张"}, {"BLOB", []byte{0xff, 0}, "0xff00"},
	} {
		r.kinds[0] = c.kind
		if got := r.text(0, c.value); !bytes.Equal(got, []byte(c.want)) {
			t.Errorf("%s %v: %q, want %q", c.kind, c.value, got, c.want)
		}
	}
	if r.text(0, nil) != nil {
		t.Error("NULL is a value")
	}
}

// Off this machine nothing goes in the clear unless the address says so.
func TestDatabasesAreSpokenToInSecret(t *testing.T) {
	for _, c := range []struct {
		host, query       string
		encrypts, insists bool
	}{
		{"10.0.0.9", "", true, true}, {"127.0.0.1", "", true, false}, {"localhost:1", "", true, false}, {"10.0.0.9", "?sslmode=disable", false, false},
		{"10.0.0.9", "?sslmode=prefer", true, false}, {"127.0.0.1", "?sslmode=require", true, true}, {"db.example.com", "?sslmode=verify-full", true, true},
	} {
		s := sourceAt(t, "postgres://u@"+c.host+"/county"+c.query)
		s.Password = "hunter2"
		p, err := postgresConfig(s)
		if err != nil {
			t.Fatal(err)
		}
		insists := p.TLSConfig != nil
		for _, f := range p.Fallbacks {
			insists = insists && f.TLSConfig != nil
		}
		if (p.TLSConfig != nil) != c.encrypts || insists != c.insists || p.User != "u" || p.Password != "hunter2" || p.Database != "county" {
			t.Errorf("postgres %s%s: encrypts %v, insists %v", c.host, c.query, p.TLSConfig != nil, insists)
		}
		m, err := mysqlConfig(s)
		if err != nil {
			t.Fatal(err)
		}
		insists = m.TLS != nil && !m.AllowFallbackToPlaintext
		if (m.TLS != nil) != c.encrypts || insists != c.insists || m.User != "u" || m.Passwd != "hunter2" || m.DBName != "county" {
			t.Errorf("mysql %s%s: encrypts %v, insists %v", c.host, c.query, m.TLS != nil, insists)
		}
	}
}

// A server that speaks no TLS is told apart from one that is broken.
func TestDatabaseWithoutTLS(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			io.ReadFull(c, make([]byte, 8))
			c.Write([]byte("N"))
			c.Close()
		}
	}()
	s := sourceAt(t, "postgres://u@"+l.Addr().String()+"/county?sslmode=require")
	s.Table, s.Zone = "roll", time.UTC
	fails(t, s, "sslmode=disable")
}
