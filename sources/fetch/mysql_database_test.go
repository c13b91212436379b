package fetch

import (
	"context"
	"database/sql/driver"
	"net/url"
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"

	"doudi/sources/fetch/dbtest"
)

func TestPullMySQL(t *testing.T) {
	server := start(t, dbtest.MariaDB)
	s := &county{Server: server, scheme: "mysql", do: doMySQL(server), slow: "select sleep(300)"}
	s.running = func(t *testing.T) string {
		from := s.source(t, "", "select count(*) as n from information_schema.processlist where info like 'select sleep%'")
		pulled(t, from)
		return strings.Trim(strings.Split(text(t, from), "\n")[1], `["]`)
	}
	both(t, s)
	t.Run("every type is text", func(t *testing.T) {
		s.do(t, "create table types (a bigint, b decimal(20, 0), c bit(1), d varchar(5), e date, f timestamp null, g decimal(9, 2), h double, i blob, j varchar(20), k float, l bigint unsigned, m datetime, n json)")
		s.do(t, `insert into types values (990101196001150018, 12345678901234567890, b'1', null, '1960-01-15', from_unixtime(1795105800), 1.50, 1e6, x'ff00', 'a
"b"', 0.1, 18446744073709551615, '2026-11-20 00:30:00', '{"x": 1}')`)
		from := s.source(t, "", "select * from types")
		pulled(t, from)
		want := `["990101196001150018","12345678901234567890","1",null,"1960-01-15","2026-11-20 00:30:00","1.50","1000000","0xff00","a\n\"b\"","0.1","18446744073709551615","2026-11-20 00:30:00","{\"x\": 1}"]`
		if got := strings.Split(text(t, from), "\n")[1]; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		fails(t, s.source(t, "", "select h as `证件号码` from types"), "浮点数")
		fails(t, s.source(t, "", "select k as `证件号码` from types"), "浮点数")
		from = s.source(t, "", "select b as `证件号码` from types")
		pulled(t, from)
	})
	t.Run("nothing is written by functions either", func(t *testing.T) {
		s.do(t, "create function sly() returns int begin delete from roll; return 1; end")
		fails(t, s.source(t, "", "select sly()"), "只允许读取")
	})
	t.Run("no right to read", func(t *testing.T) {
		s.do(t, "create user clerk@'%' identified by 'hunter2'", "grant usage on *.* to clerk@'%'", "create database other", "grant select on other.* to clerk@'%'")
		from := s.source(t, "", "select n from "+dbtest.Database+".roll")
		from.URL.User, from.URL.Path, from.Password = userOf("clerk"), "/other", "hunter2"
		fails(t, from, "没有读取这些表的权限")
	})
	t.Run("the server ends the session", func(t *testing.T) {
		ended := 0
		from := s.source(t, "", "select n, pad from big")
		r := pulledWith(t, from, func() {
			if ended++; ended == 1 {
				s.do(t, "kill user "+dbtest.User)
			}
		})
		if r.Failed != "" || strings.Count(text(t, from), "\n") != 20_001 {
			t.Error(r.Failed)
		}
	})
}

func openMySQL(s *dbtest.Server) (driver.Conn, error) {
	c := mysql.NewConfig()
	c.Net, c.Addr, c.User, c.Passwd, c.DBName, c.Logger = "tcp", s.Addr, dbtest.User, dbtest.Password, dbtest.Database, silent{}
	connector, err := mysql.NewConnector(c)
	if err != nil {
		return nil, err
	}
	return connector.Connect(context.Background())
}

func userOf(name string) *url.Userinfo { return url.User(name) }

// pulledWith pulls a source and does something whenever bytes have come.
func pulledWith(t *testing.T, s Source, came func()) Result {
	t.Helper()
	r, err := Pull(context.Background(), s, tonight, quick, func(int64) { came() })
	if err != nil {
		t.Fatal(err)
	}
	return r
}
