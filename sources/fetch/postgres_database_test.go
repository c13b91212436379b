package fetch

import (
	"strings"
	"testing"

	"doudi/sources/fetch/dbtest"
)

func TestPullPostgres(t *testing.T) {
	server := start(t, dbtest.Postgres)
	doPostgres(server, "postgres")(t, "create database "+dbtest.Database)
	s := &county{Server: server, scheme: "postgres", do: doPostgres(server, dbtest.Database), slow: "select pg_sleep(300)"}
	s.running = func(t *testing.T) string {
		from := s.source(t, "", "select count(*) from pg_stat_activity where query like 'fetch%' and state = 'active' and pid <> pg_backend_pid()")
		pulled(t, from)
		return strings.Trim(strings.Split(text(t, from), "\n")[1], `["]`)
	}
	both(t, s)
	t.Run("every type is text", func(t *testing.T) {
		from := s.source(t, "", `select 990101196001150018::bigint as "证件号码", 12345678901234567890::numeric as b, true as c, null::bool as d,
			date '1960-01-15' as e, timestamptz '2026-11-19 16:30:00+00' as f, 1.50::numeric(9,2) as g, 1e6::float8 as h, 'a'::char(3) as i,
			'\xff00'::bytea as j, E'a\n"b"' as k, '{"x": 1}'::jsonb as l, array[1, 2] as m`)
		pulled(t, from)
		want := `["990101196001150018","12345678901234567890","true",null,"1960-01-15","2026-11-20 00:30:00+08","1.50","1000000","a  ","\\xff00","a\n\"b\"","{\"x\": 1}","{1,2}"]`
		if got := strings.Split(text(t, from), "\n")[1]; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		fails(t, s.source(t, "", `select 990101196001150018::float8 as "证件号码"`), "浮点数")
		fails(t, s.source(t, "", `select 990101196001150018::real as "证件号码"`), "浮点数")
		r := fails(t, s.source(t, "", `select '990101196001150018x'::bigint as a`), "不合规的数据")
		if strings.Contains(r.Failed, "9901") {
			t.Error(r.Failed)
		}
	})
	t.Run("nothing is written by functions either", func(t *testing.T) {
		s.do(t, "create sequence counted", "create function sly() returns int language sql as 'delete from roll; select 1'")
		for _, query := range []string{"select nextval('counted')", "select sly()", "select set_config('transaction_read_only', 'off', false), sly()",
			"select * from roll for update", "select 1 as a into new from roll"} {
			if r := tried(t, s.source(t, "", query)); r.Failed == "" {
				t.Errorf("%s: passes", query)
			}
		}
		fails(t, s.source(t, "", "select sly()"), "只允许读取")
	})
	t.Run("no right to read", func(t *testing.T) {
		s.do(t, "create role clerk login password 'hunter2'")
		from := s.source(t, "", "select n from roll")
		from.URL.User, from.Password = userOf("clerk"), "hunter2"
		fails(t, from, "没有读取这些表的权限")
	})
	t.Run("the server ends the session", func(t *testing.T) {
		ended := 0
		from := s.source(t, "", "select n, pad from big")
		r := pulledWith(t, from, func() {
			if ended++; ended == 1 {
				s.do(t, "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'doudi'")
			}
		})
		if r.Failed != "" || strings.Count(text(t, from), "\n") != 20_001 {
			t.Error(r.Failed)
		}
	})
}
