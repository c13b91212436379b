package workspace

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestMistakesOfDatabases(t *testing.T) {
	for _, c := range []struct{ entry, want string }{
		{"from: 'postgres://host/county', table: a", "from：请写明用户名"},
		{"from: 'mysql://u@host', table: a", "from：请写明数据库"},
		{"from: 'mysql://u@/county', table: a", "from：地址里没有服务器"},
		{"from: 'postgres://u:hunter2@host/county', table: a", "from：密码不能写在"},
		{"from: 'postgres://u@host/county?password=hunter2', table: a", "from：密码不能写在"},
		{"from: 'postgres://u@host/county?sslpassword=hunter2', table: a", "from：密码不能写在"},
		{"from: 'postgres://u@host/county?host=elsewhere', table: a", "from：地址里不能有参数 host"},
		{"from: 'postgres://u@host/county?options=-c', table: a", "from：地址里不能有参数 options"},
		{"from: 'postgres://u@host/county?sslmode=none', table: a", "from：sslmode 写得不对"},
		{"from: 'mysql://u@host/county?tls=maybe', table: a", "from：tls 请写"},
		{"from: 'mysql://u@host/county?multiStatements=true', table: a", "from：地址里不能有参数 multiStatements"},
		{"from: 'postgres://u@host/county', password: hunter2, table: a", "password：密码不能写在"},
		{"from: 'postgres://u@host/county'", "query：请写明取什么"},
		{"from: 'postgres://u@host/county', query: select 1, table: a", "query：query 和 table 只能写一个"},
		{"from: 'postgres://u@host/county', pick: '*.csv', table: a", "pick：数据库里没有文件"},
		{"from: 'postgres://u@host/county', table: 'a b'", "table：请写表或视图的名字"},
		{"from: 'postgres://u@host/county', table: 'a;drop table a'", "table：请写表或视图的名字"},
		{"from: 'postgres://u@host/county', query: 'delete from a'", "query：只能是一条以 SELECT 或 WITH 开头的查询"},
		{"from: 'postgres://u@host/county', query: 'select 1; drop table a'", "query：只能是一条查询"},
		{"from: 'https://host/a.csv', query: select 1", "query：只用于 postgres://"},
		{"from: inbox/a, table: a", "table：只用于 postgres://"},
	} {
		wantRefused(t, c.entry, c.want)
	}
}

func TestOneSelect(t *testing.T) {
	for _, c := range []struct {
		scheme, query string
		ok            bool
	}{
		{"postgres", "select * from a", true},
		{"postgres", "  -- what: a; b\n /* delete */ (SELECT 1) union all (select 2);\n", true},
		{"postgres", "with a as (select 1) select * from a where b = 'x;y''z' and \"into\" = 1", true},
		{"mysql", "select `into`, substring(a from 1 for 2) # it's ; \nfrom b", true},
		{"mysql", "select (insert(a, 1, 2, 'x')) from b", true},
		{"postgres", "select updated, delete_flag from a for 1", true},
		{"postgres", "", false},
		{"postgres", "-- select", false},
		{"postgres", "update a set b = 1", false},
		{"postgres", "select 1; select 2", false},
		{"postgres", "select 1; --x\n delete from a", false},
		{"postgres", "with a as (delete from b returning *) select * from a", false},
		{"postgres", "with a as materialized (insert into b values (1) returning *) select * from a", false},
		{"postgres", "select * into b from a", false},
		{"mysql", "select 1 into outfile '/a'", false},
		{"mysql", "select 1 /*! into outfile '/a' */", false},
		{"mysql", "select 1 /*M! into outfile '/a' */", false},
		{"mysql", `select '\' into outfile ''/a'' -- '`, false},
		{"mysql", "select * from a for update", false},
		{"mysql", "select * from a lock in share mode", false},
		{"postgres", "select 'a", false},
		{"postgres", "select 1 /* a", false},
		{"mysql", "call a()", false},
		{"postgres", "explain analyze select 1", false},
	} {
		if err := oneSelect(c.query, c.scheme); (err == nil) != c.ok {
			t.Errorf("%s %s: %v", c.scheme, c.query, err)
		}
	}
}

func TestDatabasesAreFilledIn(t *testing.T) {
	t.Setenv("DOUDI_WORD", "a b/c:d+e@f")
	t.Setenv("DOUDI_TOWN", "甲镇")
	w := opened(t, map[string]string{
		"doudi.yaml": `area: "990101"
sources:
  - {roll: register, from: "postgres://u:${DOUDI_WORD}@host/county?sslrootcert=secrets/ca.pem", query: "select * from a where town = '${DOUDI_TOWN}'"}
  - {roll: vehicles, from: "mysql://u@host:3307/county?tls=true", table: 民政.车辆, password: file:secrets/word, name: 车管所}
  - {roll: vehicles, from: "mysql://u@host/county", query: file:secrets/query, password: file:secrets/word}
`,
		"secrets/ca.pem": "", "secrets/word": "hunter2", "secrets/query": "select 1;\n", "pulled/车管所/车管所.jsonl": "", "pulled/车管所/b.csv": "",
	})
	pulls, err := w.Pulls()
	if err != nil {
		t.Fatal(err)
	}
	if p := pulls[0]; p.Password != "a b/c:d+e@f" || p.Query != "select * from a where town = '甲镇'" || p.URL.Query().Get("sslrootcert") != filepath.Join(w.Dir, "secrets/ca.pem") {
		t.Errorf("%v %q %q", p.URL, p.Password, p.Query)
	}
	if p := pulls[1]; p.URL.RawQuery != "sslmode=verify-full" || p.Table != "民政.车辆" || p.Password != "hunter2" {
		t.Errorf("%v %q", p.URL, p.Table)
	}
	if p := pulls[2]; p.Query != "select 1;" {
		t.Errorf("%q", p.Query)
	}
	files, _ := listed(t, w)
	if len(files) != 2 || !strings.HasPrefix(files[0], "vehicles mysql:车管所 ") || !strings.HasPrefix(files[1], "vehicles pulled/车管所/b.csv ") {
		t.Errorf("%q", files)
	}
}

func TestDatabasesThatLackSomething(t *testing.T) {
	for _, c := range []struct{ entry, want string }{
		{"from: 'postgres://u:${DOUDI_NOT_SET}@host/county', table: a", "sources[0].from：环境变量 DOUDI_NOT_SET 没有设置"},
		{"from: 'postgres://u@host/county', query: 'select ${DOUDI_NOT_SET}'", "sources[0].query：环境变量 DOUDI_NOT_SET 没有设置"},
		{"from: 'postgres://u@host/county', query: file:secrets/none", "sources[0].query：读不到 secrets/none"},
		{"from: 'postgres://u@host/county', query: file:secrets/query", "sources[0].query：只能是一条"},
		{"from: 'postgres://u@host/county?sslrootcert=none', table: a", "sources[0].from：没有 sslrootcert 所说的文件"},
	} {
		wantLacking(t, c.entry, c.want)
	}
}
