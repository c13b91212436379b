package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
)

// postgres is a PostgreSQL server, or what speaks its protocol: KingbaseES,
// openGauss. pgconn hands the values on as the server writes them.
type postgres struct {
	conn   *pgconn.PgConn
	source Source
}

// beginPostgres opens the transaction and settles how values are written, %s
// being the zone. The cursor is read to its end, and always in the same order.
const beginPostgres = `begin transaction isolation level repeatable read, read only;
set local datestyle to 'ISO, YMD';
set local timezone to %s;
set local cursor_tuple_fraction to 1;
set local synchronize_seqscans to off`

func dialPostgres(ctx context.Context, s Source) (remote, error) {
	config, err := postgresConfig(s)
	if err != nil {
		return nil, err
	}
	conn, err := pgconn.ConnectConfig(ctx, config)
	if err != nil {
		return nil, postgresCause(err)
	}
	p := &postgres{conn, s}
	begin := fmt.Sprintf(beginPostgres, quoted(s.Zone.String(), '\''))
	if err := p.do(ctx, begin); err != nil {
		p.close()
		return nil, err
	}
	return newDatabase(s, p), nil
}

// postgresConfig takes of the address what the library knows best, TLS above
// all. Off this machine nothing goes in the clear unless the address says so.
func postgresConfig(s Source) (*pgconn.Config, error) {
	asked := s.URL.Query()
	if !asked.Has("sslmode") && !local(s.URL.Hostname()) {
		asked.Set("sslmode", "require")
	}
	at := url.URL{Scheme: "postgres", User: url.User(s.URL.User.Username()), Host: s.URL.Host, Path: s.URL.Path, RawQuery: asked.Encode()}
	config, err := pgconn.ParseConfig(at.String())
	if err != nil {
		return nil, permanent("地址里的 sslmode、sslrootcert、sslcert、sslkey 有误，或证书文件读不了")
	}
	if s.Password != "" {
		config.Password = s.Password
	}
	config.RuntimeParams = map[string]string{"client_encoding": "UTF8", "application_name": "doudi"}
	config.BuildContextWatcherHandler = func(c *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: c, DeadlineDelay: time.Second}
	}
	return config, nil
}

// do sends statements of our own.
func (p *postgres) do(ctx context.Context, statements string) error {
	_, err := p.conn.Exec(ctx, statements).ReadAll()
	return postgresCause(err)
}

func (p *postgres) now(ctx context.Context) (time.Time, error) {
	r := p.conn.ExecParams(ctx, "select extract(epoch from now())::bigint", nil, nil, nil, nil).Read()
	if r.Err != nil {
		return time.Time{}, postgresCause(r.Err)
	}
	seconds, err := strconv.ParseInt(string(r.Rows[0][0]), 10, 64)
	return time.Unix(seconds, 0).UTC(), err
}

// fetchForward is how many rows the cursor gives at once; they are handed on as
// they come, so that memory does not depend on it.
const fetchForward = "fetch forward 20000 from doudi"

const declareCursor = "declare doudi no scroll cursor for "

func (p *postgres) query(ctx context.Context) ([]column, rows, error) {
	statement := p.source.Query
	if p.source.Table != "" {
		statement = "select * from " + quotedName(p.source.Table, '"')
	}
	// The extended protocol takes one statement, and a cursor nothing but a query.
	if r := p.conn.ExecParams(ctx, declareCursor+statement, nil, nil, nil, nil).Read(); r.Err != nil {
		return nil, nil, postgresCause(r.Err)
	}
	c := &postgresCursor{postgres: p, ctx: ctx}
	c.forward()
	fields := c.result.FieldDescriptions()
	if fields == nil { // an error instead
		_, err := c.result.Close()
		return nil, nil, postgresCause(err)
	}
	columns := make([]column, len(fields))
	c.bools = make([]bool, len(fields))
	for i, f := range fields {
		columns[i] = column{name: f.Name, float: f.DataTypeOID == float4OID || f.DataTypeOID == float8OID}
		c.bools[i] = f.DataTypeOID == boolOID
	}
	return columns, c, nil
}

// The types that the catalogue of every PostgreSQL numbers so.
const (
	boolOID   = 16
	float4OID = 700
	float8OID = 701
)

// postgresCursor is the cursor and what the last fetch of it still gives.
type postgresCursor struct {
	*postgres
	ctx    context.Context
	result *pgconn.ResultReader
	came   bool // a row by the last fetch
	bools  []bool
}

func (c *postgresCursor) forward() {
	c.result, c.came = c.conn.ExecParams(c.ctx, fetchForward, nil, nil, nil, nil), false
}

func (c *postgresCursor) next() ([][]byte, error) {
	for !c.result.NextRow() {
		if _, err := c.result.Close(); err != nil {
			return nil, postgresCause(err)
		}
		if !c.came {
			if err := c.do(c.ctx, "commit"); err != nil {
				return nil, err
			}
			return nil, io.EOF
		}
		c.forward()
	}
	c.came = true
	values := c.result.Values()
	for i, is := range c.bools {
		if is && len(values[i]) == 1 {
			values[i] = []byte(strconv.FormatBool(values[i][0] == 't')) // as ::text says it
		}
	}
	return values, nil
}

func (p *postgres) close() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	p.conn.Close(ctx)
}

// postgresCause tells the server's errors by their number: their text may quote
// values, and the query's literals.
func postgresCause(err error) error {
	var said *pgconn.PgError
	if !errors.As(err, &said) {
		if err != nil && strings.Contains(err.Error(), "server refused TLS") { // the library has no type for it
			return permanent(noTLS)
		}
		return err
	}
	where := ""
	if n := int(said.Position) - len(declareCursor); n > 0 {
		where = fmt.Sprintf("，query 第 %d 个字符处", n)
	}
	switch code := said.Code; {
	case strings.HasPrefix(code, "28"):
		return permanent("数据库不让登录，请检查用户名、密码和它的 pg_hba.conf（SQLSTATE %s）", code)
	case code == "3D000":
		return permanent("没有这个数据库")
	case code == "42501":
		return permanent("没有读取这些表的权限，请数据库管理员授权 SELECT")
	case code == "42P01", code == "3F000":
		return permanent("没有这张表或视图%s", where)
	case code == "42703":
		return permanent("没有查询里的某一列%s", where)
	case code == "25006":
		return permanent("查询要改动数据库，只允许读取")
	case strings.HasPrefix(code, "42"), code == "0A000":
		return permanent("查询写得不对，或数据库不支持（SQLSTATE %s）%s", code, where)
	case strings.HasPrefix(code, "22"):
		return permanent("查询算到了不合规的数据（SQLSTATE %s），请检查其中的转换和计算", code)
	case code == "57014":
		return errors.New("数据库取消了查询，可能超过了它的时限")
	case code == "53300":
		return errors.New("数据库的连接数已满")
	case strings.HasPrefix(code, "57P"):
		return errors.New("数据库正在停止或启动，连接中断")
	}
	return fmt.Errorf("数据库出错（SQLSTATE %s）", said.Code)
}

// quotedName quotes the parts of schema.table.
func quotedName(name string, mark byte) string {
	parts := strings.Split(name, ".")
	for i, part := range parts {
		parts[i] = quoted(part, mark)
	}
	return strings.Join(parts, ".")
}

// quoted puts a text between marks and doubles those in it.
func quoted(text string, mark byte) string {
	m := string(mark)
	return m + strings.ReplaceAll(text, m, m+m) + m
}
