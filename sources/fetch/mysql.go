package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql/driver"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-sql-driver/mysql"
)

// mariadb is a server of MySQL's protocol: MySQL, MariaDB, OceanBase. The driver
// is used as it is, for database/sql takes as long again.
type mariadb struct {
	conn      driver.Conn
	connector driver.Connector
	source    Source
	id        int64 // the server's, of this connection
	busy      bool  // a query is not read to its end
}

func dialMySQL(ctx context.Context, s Source) (remote, error) {
	config, err := mysqlConfig(s)
	if err != nil {
		return nil, err
	}
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return nil, permanent("地址写得不对")
	}
	conn, err := connector.Connect(ctx)
	if err != nil {
		return nil, mysqlCause(err)
	}
	m := &mariadb{conn: conn, connector: connector, source: s}
	if err := m.begin(ctx); err != nil {
		m.close()
		return nil, err
	}
	return newDatabase(s, m), nil
}

func mysqlConfig(s Source) (*mysql.Config, error) {
	c := mysql.NewConfig()
	c.Net, c.Addr = "tcp", s.URL.Host
	if s.URL.Port() == "" {
		c.Addr = net.JoinHostPort(s.URL.Hostname(), "3306")
	}
	c.User, c.Passwd, c.DBName = s.URL.User.Username(), s.Password, strings.TrimPrefix(s.URL.Path, "/")
	c.Logger = silent{}
	if err := c.Apply(mysql.Charset("utf8mb4", "")); err != nil {
		return nil, err
	}
	asked := s.URL.Query()
	mode, ca := asked.Get("sslmode"), asked.Get("sslrootcert")
	switch {
	case mode != "":
	case ca != "":
		mode = "verify-full"
	case local(s.URL.Hostname()):
		mode = "prefer"
	default:
		mode = "require"
	}
	if mode == "disable" {
		return c, nil
	}
	c.TLS = &tls.Config{MinVersion: tls.VersionTLS12, ServerName: s.URL.Hostname(), InsecureSkipVerify: mode != "verify-full"}
	c.AllowFallbackToPlaintext = mode == "prefer"
	if ca != "" {
		pem, err := os.ReadFile(ca)
		c.TLS.RootCAs = x509.NewCertPool()
		if err != nil || !c.TLS.RootCAs.AppendCertsFromPEM(pem) {
			return nil, permanent("sslrootcert 读不了，或不是 PEM 证书")
		}
	}
	return c, nil
}

// silent is a log that nobody reads: errors come back as such.
type silent struct{}

func (silent) Print(...any) {}

// begin opens the transaction and settles how times are written: by the zone's
// name where the server knows it, else by what it is off from UTC.
func (m *mariadb) begin(ctx context.Context) (err error) {
	if m.id, err = m.number(ctx, "select connection_id()"); err != nil {
		return err
	}
	if m.do(ctx, "set session time_zone = "+quoted(m.source.Zone.String(), '\'')) != nil {
		off := time.Now().In(m.source.Zone).Format("-07:00")
		if err := m.do(ctx, "set session time_zone = "+quoted(off, '\'')); err != nil {
			return err
		}
	}
	for _, statement := range []string{
		"set session transaction isolation level repeatable read, read only",
		"start transaction with consistent snapshot, read only",
	} {
		if err := m.do(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// do sends a statement of our own.
func (m *mariadb) do(ctx context.Context, statement string) error {
	_, err := m.conn.(driver.ExecerContext).ExecContext(ctx, statement, nil)
	return mysqlCause(err)
}

func (m *mariadb) ask(ctx context.Context, statement string) (driver.Rows, error) {
	rows, err := m.conn.(driver.QueryerContext).QueryContext(ctx, statement, nil)
	return rows, mysqlCause(err)
}

// number is the answer to a question of our own.
func (m *mariadb) number(ctx context.Context, question string) (int64, error) {
	rows, err := m.ask(ctx, question)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	value := make([]driver.Value, 1)
	if err := rows.Next(value); err != nil {
		return 0, mysqlCause(err)
	}
	switch n := value[0].(type) {
	case int64:
		return n, nil
	case uint64:
		return int64(n), nil
	}
	return 0, errors.New("数据库的回答不是一个数")
}

func (m *mariadb) now(ctx context.Context) (time.Time, error) {
	seconds, err := m.number(ctx, "select unix_timestamp()")
	return time.Unix(seconds, 0).UTC(), err
}

func (m *mariadb) query(ctx context.Context) ([]column, rows, error) {
	statement := m.source.Query
	if m.source.Table != "" {
		statement = "select * from " + quotedName(m.source.Table, '`')
	}
	m.busy = true
	result, err := m.ask(ctx, statement)
	if err != nil {
		return nil, nil, err
	}
	names := result.Columns()
	r := &mysqlRows{mariadb: m, ctx: ctx, result: result, row: make([]driver.Value, len(names)),
		values: make([][]byte, len(names)), numbers: make([][]byte, len(names)), kinds: make([]string, len(names))}
	columns := make([]column, len(names))
	typed, _ := result.(driver.RowsColumnTypeDatabaseTypeName)
	for i, name := range names {
		if typed != nil {
			r.kinds[i] = typed.ColumnTypeDatabaseTypeName(i)
		}
		columns[i] = column{name: name, float: r.kinds[i] == "FLOAT" || r.kinds[i] == "DOUBLE"}
	}
	return columns, r, nil
}

// mysqlRows are read from the connection as they come: the server holds what
// was not read yet.
type mysqlRows struct {
	*mariadb
	ctx     context.Context
	result  driver.Rows
	row     []driver.Value
	values  [][]byte
	numbers [][]byte // where numbers are written
	kinds   []string // the columns' types, as the driver names them
}

func (r *mysqlRows) next() ([][]byte, error) {
	err := r.result.Next(r.row)
	if err == io.EOF {
		if err := r.result.Close(); err != nil {
			return nil, mysqlCause(err)
		}
		r.busy = false
		if err := r.do(r.ctx, "commit"); err != nil {
			return nil, err
		}
		return nil, io.EOF
	}
	if err != nil {
		return nil, mysqlCause(err)
	}
	for i, value := range r.row {
		r.values[i] = r.text(i, value)
	}
	return r.values, nil
}

// text is what the server wrote; the driver has made numbers of some of it.
func (r *mysqlRows) text(i int, value driver.Value) []byte {
	number := r.numbers[i][:0]
	switch v := value.(type) {
	case nil:
		return nil
	case []byte:
		if number = unprintable(number, v, r.kinds[i]); number == nil {
			return v
		}
	case int64:
		number = strconv.AppendInt(number, v, 10)
	case uint64:
		number = strconv.AppendUint(number, v, 10)
	case float32:
		number = strconv.AppendFloat(number, float64(v), 'f', -1, 32)
	case float64:
		number = strconv.AppendFloat(number, v, 'f', -1, 64)
	default:
		number = fmt.Append(number, v)
	}
	r.numbers[i] = number
	return number
}

// unprintable writes bits as the number they are and bytes that are no text in
// hexadecimal; nil where the value is text.
func unprintable(to, value []byte, kind string) []byte {
	switch kind {
	case "BIT":
		var eight [8]byte
		copy(eight[max(8-len(value), 0):], value)
		return strconv.AppendUint(to, binary.BigEndian.Uint64(eight[:]), 10)
	case "BLOB", "BINARY", "VARBINARY", "GEOMETRY":
		if !utf8.Valid(value) {
			return hex.AppendEncode(append(to, "0x"...), value)
		}
	}
	return nil
}

// close tells the server, over another connection, of a query that nobody waits
// for any more: it would work on until it has something to send.
func (m *mariadb) close() {
	m.conn.Close()
	if !m.busy {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	conn, err := m.connector.Connect(ctx)
	if err != nil {
		return
	}
	defer conn.Close()
	(&mariadb{conn: conn}).do(ctx, fmt.Sprintf("kill %d", m.id)) // gone already is as good
}

// mysqlCause tells the server's errors by their number: their text may quote
// values, and the query's literals.
func mysqlCause(err error) error {
	var said *mysql.MySQLError
	switch {
	case errors.Is(err, mysql.ErrInvalidConn), errors.Is(err, driver.ErrBadConn), errors.Is(err, mysql.ErrMalformPkt):
		return io.ErrUnexpectedEOF
	case errors.Is(err, mysql.ErrNoTLS):
		return permanent(noTLS)
	case errors.Is(err, mysql.ErrCleartextPassword), errors.Is(err, mysql.ErrNativePassword), errors.Is(err, mysql.ErrOldPassword), errors.Is(err, mysql.ErrUnknownPlugin):
		return permanent("数据库要用本程序不支持的方式核对密码，请换一个账户")
	case !errors.As(err, &said):
		return err
	}
	switch said.Number {
	case 1045, 1044, 1698, 1130, 1131:
		return permanent("数据库不让登录，请检查用户名、密码和账户允许的来源地址（错误 %d）", said.Number)
	case 1049:
		return permanent("没有这个数据库")
	case 1142, 1143, 1227, 1370:
		return permanent("没有读取这些表的权限，请数据库管理员授权 SELECT")
	case 1146:
		return permanent("没有这张表或视图")
	case 1054:
		return permanent("没有查询里的某一列")
	case 1792:
		return permanent("查询要改动数据库，只允许读取")
	case 1064, 1149, 1305, 1052, 1055, 1140, 1582:
		return permanent("查询写得不对（错误 %d）", said.Number)
	case 1040, 1203, 1226:
		return errors.New("数据库的连接数已满")
	case 1053, 1077, 1079, 1927:
		return errors.New("数据库正在停止或启动，连接中断")
	case 1317, 3024, 1969:
		return errors.New("数据库取消了查询，可能超过了它的时限")
	}
	return fmt.Errorf("数据库出错（错误 %d）", said.Number)
}
