package fetch

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"doudi/sources/fetch/dbtest"
)

// The tests of this file and of postgres_… and mysql_database_test.go run on
// real servers: make test-pull.

// county is a server with a database to pull from.
type county struct {
	*dbtest.Server
	scheme string
	// do runs statements as the owner, over a connection of its own.
	do func(t *testing.T, statements ...string)
	// slow is a query that takes as long as the test will ever last, running
	// counts the queries under way of those that the program asks.
	slow    string
	running func(t *testing.T) string
}

// start starts a server, or says that this machine has none.
func start(t *testing.T, server func() (*dbtest.Server, error)) *dbtest.Server {
	t.Helper()
	if os.Getenv("DOUDI_TEST_PULL") == "" {
		t.Skip("needs servers: make test-pull")
	}
	s, err := server()
	if errors.Is(err, dbtest.ErrMissing) {
		fmt.Fprintf(os.Stderr, "test-pull: SKIPPED %s: %v\n", t.Name(), err)
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	within(t, 5*time.Second) // real servers on a busy machine
	return s
}

// within sets the limits of a test's pulls.
func within(t *testing.T, stall time.Duration) {
	before := quick
	quick.Stall, quick.Listing, quick.Budget = stall, 2*stall, 12*stall
	t.Cleanup(func() { quick = before })
}

// source is the county's database, asked through at ("" for directly).
func (s *county) source(t *testing.T, at, query string) Source {
	t.Helper()
	if at == "" {
		at = s.Addr
	}
	from := sourceAt(t, s.scheme+"://"+dbtest.User+"@"+at+"/"+dbtest.Database)
	from.Query, from.Password = query, dbtest.Password
	from.Secrets = []string{dbtest.Password}
	from.IsID = func(name string) bool { return name == "证件号码" }
	from.Zone = time.FixedZone("Asia/Shanghai", 8*3600)
	return from
}

// text is the file that a pull made.
func text(t *testing.T, s Source) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(s.Into, "dibao.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// both are the tests that any database is to pass.
func both(t *testing.T, s *county) {
	const canary = "990101196001150018"
	s.do(t, "create table roll (n int primary key, t varchar(40), pad varchar(200))",
		"create table big (n int primary key, pad varchar(200))",
		"insert into roll values (1, '"+canary+"', null), (2, '张三', '')")
	var rows []string
	for n := range 20_000 {
		rows = append(rows, fmt.Sprintf("(%d, '%s')", n+1, strings.Repeat("x", 150)))
	}
	s.do(t, "insert into big values "+strings.Join(rows, ", "))
	big := ""
	t.Run("all of a table", func(t *testing.T) {
		from := s.source(t, "", "")
		from.Table = "roll"
		r := pulled(t, from)
		if got, want := text(t, from), "[\"n\",\"t\",\"pad\"]\n[\"1\",\""+canary+"\",null]\n[\"2\",\"张三\",\"\"]\n"; got != want {
			t.Errorf("got %s", got)
		}
		if since := time.Since(r.Files[0].Modified); since < -time.Minute || since > time.Minute {
			t.Errorf("the server's time is %s", r.Files[0].Modified)
		}
		wantHere(t, from, "dibao.jsonl")
		from.Table = "big"
		pulled(t, from)
		big = text(t, from)
		if strings.Count(big, "\n") != 20_001 {
			t.Errorf("%d lines", strings.Count(big, "\n"))
		}
	})
	t.Run("another view", func(t *testing.T) {
		s.do(t, "create view today as select n, t from roll")
		from := s.source(t, "", "")
		from.Table = "today"
		pulled(t, from)
		s.do(t, "drop view today", "create view today as select t as n, 1.5 as m, n as t from roll")
		pulled(t, from)
		if got := text(t, from); !strings.HasPrefix(got, "[\"n\",\"m\",\"t\"]\n[\""+canary+"\",\"1.5\",\"1\"]\n") {
			t.Error(got)
		}
		s.do(t, "drop view today")
		fails(t, from, "没有这张表或视图")
	})
	t.Run("no rows, no list", func(t *testing.T) {
		from := s.source(t, "", "select n, t from roll where 1 = 0")
		pulled(t, from)
		if got := text(t, from); got != "[\"n\",\"t\"]\n" {
			t.Error(got)
		}
		fails(t, s.source(t, "", "select n, t as n from roll"), "两列都叫")
	})
	t.Run("nothing is written", func(t *testing.T) {
		for _, query := range []string{
			"delete from roll", "update roll set n = 0", "insert into roll values (9, null, null)", "drop table roll", "create table new (a int)",
			"select 1; delete from roll", "select 1; commit; delete from roll", "with a as (delete from roll returning n) select n from a", "commit", "select * from roll for update; delete from roll",
		} {
			r := tried(t, s.source(t, "", query))
			if r.Failed == "" && !strings.HasPrefix(query, "commit") {
				t.Errorf("%s: passes", query)
			}
		}
		from := s.source(t, "", "select count(*) as n from roll")
		pulled(t, from)
		if got := text(t, from); got != "[\"n\"]\n[\"2\"]\n" {
			t.Errorf("the rows are %s", got)
		}
	})
	t.Run("mistakes", func(t *testing.T) {
		for _, c := range []struct {
			want   string
			change func(*Source)
		}{
			{"不让登录", func(f *Source) { f.Password = "hunter2" }},
			{"没有这个数据库", func(f *Source) { f.URL.Path = "/none" }},
			{"没有这张表或视图", func(f *Source) { f.Query = "select '" + canary + "' from none" }},
			{"没有查询里的某一列", func(f *Source) { f.Query = "select '" + canary + "', none from roll" }},
			{"查询写得不对", func(f *Source) { f.Query = "select '" + canary + "' fram roll whence" }},
			{"拒绝连接", func(f *Source) { f.URL.Host = "127.0.0.1:1" }},
		} {
			from := s.source(t, "", "select n from roll")
			c.change(&from)
			r := fails(t, from, c.want)
			for _, secret := range []string{dbtest.Password, "hunter2", canary, dbtest.User + "@"} {
				if strings.Contains(r.Failed, secret) {
					t.Errorf("shows a secret: %s", r.Failed)
				}
			}
		}
	})
	t.Run("TLS", func(t *testing.T) {
		for _, c := range []struct{ query, want string }{
			{"sslmode=verify-full&sslrootcert=" + s.CA, ""},
			{"sslrootcert=" + s.CA, ""},
			{"sslmode=require", ""},
			{"sslmode=disable", ""},
			{"sslmode=verify-full", "不是由受信任的机构签发"},
		} {
			from := s.source(t, "", "select n from roll")
			from.URL.RawQuery = c.query
			if r := tried(t, from); c.want == "" && r.Failed != "" || !strings.Contains(r.Failed, c.want) {
				t.Errorf("%s: %q, want %q", c.query, r.Failed, c.want)
			}
		}
		at := relay(t, s.Addr, func() int64 { return -1 })
		from := s.source(t, strings.Replace(at, "127.0.0.1", "localhost", 1), "select n from roll")
		from.URL.RawQuery = "sslmode=verify-full&sslrootcert=" + s.CA
		fails(t, from, "不是发给这个主机名的")
	})
	t.Run("one state", func(t *testing.T) {
		from := s.source(t, "", "select n, pad from big order by n")
		var once sync.Once
		r, err := Pull(context.Background(), from, tonight, quick, func(int64) {
			once.Do(func() { s.do(t, "update big set pad = 'y'") })
		})
		s.do(t, "update big set pad = '"+strings.Repeat("x", 150)+"'")
		if err != nil || r.Failed != "" {
			t.Fatal(r.Failed, err)
		}
		if text(t, from) != big {
			t.Error("rows of two states")
		}
	})
	t.Run("cut at any byte", func(t *testing.T) {
		const cuts = 24
		var whole, failed int
		seed := uint64(time.Now().UnixNano())
		dice := rand.New(rand.NewPCG(seed, 1))
		for range cuts {
			times := dice.Int64N(8) // over 2 and the source may fail (pgconn takes a connection more to say what it gave up)
			left := make(chan int64, times)
			for range times {
				left <- dice.Int64N(int64(len(big)))
			}
			at := relay(t, s.Addr, func() int64 {
				select {
				case bytes := <-left:
					return bytes
				default:
					return -1
				}
			})
			from := s.source(t, at, "select n, pad from big order by n")
			from.URL.RawQuery = "sslmode=disable"
			r := tried(t, from)
			switch {
			case r.Failed == "" && text(t, from) == big:
				whole++
			case r.Failed == "":
				t.Errorf("seed %d: a wrong file", seed)
			case times <= 2:
				t.Errorf("seed %d: %d cuts and no file: %s", seed, times, r.Failed)
			default:
				failed++
				wantHere(t, from)
			}
		}
		t.Logf("%d cuts: %d whole, %d with nothing", cuts, whole, failed)
	})
	t.Run("a query without end", func(t *testing.T) {
		within(t, time.Second)
		began := time.Now()
		fails(t, s.source(t, "", s.slow), "半分钟里几乎没有数据")
		if took := time.Since(began); took > 12*time.Second {
			t.Errorf("took %s", took)
		}
		for deadline := time.Now().Add(5 * time.Second); s.running(t) != "0"; time.Sleep(50 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("the server still works on it")
			}
		}
	})
}

// relay is a way to a server that closes each connection after as many bytes
// from the server as cut says; -1 for never.
func relay(t *testing.T, to string, cut func() int64) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			limit := cut()
			server, err := net.Dial("tcp", to)
			if err != nil {
				client.Close()
				continue
			}
			go func() { io.Copy(server, client); server.Close() }()
			go func() {
				if limit < 0 {
					io.Copy(client, server)
				} else {
					io.CopyN(client, server, limit)
				}
				client.Close()
				server.Close()
			}()
		}
	}()
	return l.Addr().String()
}

// doPostgres and doMySQL run statements as the owner.
func doPostgres(s *dbtest.Server, database string) func(*testing.T, ...string) {
	return func(t *testing.T, statements ...string) {
		t.Helper()
		at := url.URL{Scheme: "postgres", User: url.UserPassword(dbtest.User, dbtest.Password), Host: s.Addr, Path: database}
		conn, err := pgconn.Connect(context.Background(), at.String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(context.Background())
		for _, statement := range statements {
			if _, err := conn.Exec(context.Background(), statement).ReadAll(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func doMySQL(s *dbtest.Server) func(*testing.T, ...string) {
	return func(t *testing.T, statements ...string) {
		t.Helper()
		conn, err := openMySQL(s)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		for _, statement := range statements {
			if _, err := conn.(driver.ExecerContext).ExecContext(context.Background(), statement, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
}
