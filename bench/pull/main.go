// Command pull measures fetching from PostgreSQL against psql's own \copy to a
// file, as a ratio in one run on loopback: it starts a server of its own, fills
// a table and reads it both ways. Peak memory is this process's, the client's.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"doudi/sources/fetch"
	"doudi/sources/fetch/dbtest"
)

func main() {
	rows := flag.Int("rows", 1_000_000, "rows of 16 columns")
	runs := flag.Int("runs", 3, "how often each is run; the middle one counts")
	flag.Parse()
	if err := measure(*rows, *runs); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// columns are those of a roll, as long as they are in one.
const columns = `lpad(i::text, 18, '9') as "证件号码", '张' || chr(19968 + i % 5000) || chr(19968 + i % 3001) as "姓名",
	'DB' || (i / 3) as "低保证号", case i % 3 when 0 then '户主' else '子女' end as "与户主关系", '示范镇' || i % 20 as "乡镇",
	'第' || i % 200 || '村' as "行政村", date '1950-01-01' + i % 20000 as "出生日期", (i % 90000)::numeric(12, 2) / 100 as "保障金额",
	i % 8 as "保障人口", i % 2 = 0 as "是否享受", timestamp '2020-01-01' + i * interval '1 minute' as "更新时间", i::bigint as "编号",
	null::text as "备注", '农村' as "类别", '一类' as "档次", '6222' || lpad(i::text, 15, '0') as "账号"`

func measure(rows, runs int) error {
	server, err := dbtest.Postgres()
	if err != nil {
		return err
	}
	defer server.Stop()
	dir, err := os.MkdirTemp("", "doudi-pull-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := psql(server, fmt.Sprintf("create table roll as select %s from generate_series(1, %d) i", columns, rows)); err != nil {
		return err
	}
	if err := psql(server, "vacuum analyze roll"); err != nil {
		return err
	}
	var copied, pulled []time.Duration
	var bytes int64
	for range runs {
		began := time.Now()
		if err := psql(server, `\copy roll to '`+filepath.Join(dir, "copy")+`'`); err != nil {
			return err
		}
		copied = append(copied, time.Since(began))
		began = time.Now()
		result, err := fetch.Pull(context.Background(), fetch.Source{
			Name: "roll", URL: &url.URL{Scheme: "postgres", User: url.User(dbtest.User), Host: server.Addr, Path: "postgres"},
			Password: dbtest.Password, Table: "roll", Zone: time.UTC, Into: filepath.Join(dir, "pulled"),
		}, began, fetch.DefaultLimits, nil)
		if err == nil && result.Failed != "" {
			err = errors.New(result.Failed)
		}
		if err != nil {
			return err
		}
		pulled, bytes = append(pulled, time.Since(began)), result.Bytes
	}
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return err
	}
	a, b := middle(copied), middle(pulled)
	fmt.Printf("PostgreSQL, %d rows × 16: \\copy %.1f s, fetch %.1f s (%d MB), ratio %.2f; peak memory of the fetch %d MB\n",
		rows, a.Seconds(), b.Seconds(), bytes>>20, b.Seconds()/a.Seconds(), used.Maxrss>>10)
	return nil
}

func middle(of []time.Duration) time.Duration {
	slices.Sort(of)
	return of[len(of)/2]
}

func psql(server *dbtest.Server, command string) error {
	host, port, _ := strings.Cut(server.Addr, ":")
	cmd := exec.Command("psql", "-X", "-q", "-h", host, "-p", port, "-U", dbtest.User, "-d", "postgres", "-c", command)
	cmd.Env = append(os.Environ(), "PGPASSWORD="+dbtest.Password)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("psql: %w\n%s", err, out)
	}
	return nil
}
