package pipeline

import (
	"context"
	"fmt"

	"doudi/pipeline/duck"
	"doudi/sources"
)

// balance holds two independent counts against each other: what decoding
// counted while it cut the files, and what lies in the raw Parquet; then that
// every accepted record has a state and every finding of a rule is published.
// A difference is a mistake of the program: nothing is published.
func (r *run) balance(ctx context.Context) error {
	if err := r.balanceFiles(ctx); err != nil {
		return err
	}
	for _, check := range []struct{ what, query string }{
		{"records of the two rolls without a link state",
			`select count(*) from normal.persons left join link.people using (record)
				where roll in ('dibao_persons', 'register') and (link_state is null or person is null)`},
		{"records of a list that are not among persons, or twice",
			`select count(*) from (
				select roll, sum(n) as n from (
					select roll, -accepted as n from raw.sources where status = 'read'
					union all select roll, count(*) from raw.records where part = 1 group by roll)
				group by roll having sum(n) <> 0)`},
		{"findings of a rule that are not published",
			`select count(*) from report.rules r where r.findings <>
				(select count(*) from report.findings f where f.rule = r.rule and f.state <> 'gone')`},
		{"findings that came, changed or went without one cause",
			`select count(*) from report.rules r where r.by_moves + r.by_rows + r.by_links + r.by_policy + r.by_program + r.by_night <>
				(select count(*) from report.findings f where f.rule = r.rule and f.state <> 'open')`},
		{"findings of a rule that ran and that were lost on the way",
			`select count(*) from (select rule, subject_key from found.findings group by all having count(*) > 1)`},
		{"facts without a finding",
			`select count(*) from report.finding_fields anti join report.findings using (finding_id)`},
	} {
		n, err := duck.Value[int64](ctx, r.db, check.query)
		if err != nil {
			return fmt.Errorf("%s: %w", check.what, err)
		}
		if n > 0 {
			return fmt.Errorf("%d %s", n, check.what)
		}
	}
	return nil
}

// balanceFiles counts the records and rejects of every file in its Parquet.
func (r *run) balanceFiles(ctx context.Context) error {
	type counts struct{ accepted, rejected int64 }
	found := map[[2]string]counts{}
	for _, t := range sources.Tables() {
		err := r.eachCount(ctx, "select file, count(*) from raw."+t.Name+" where part = 1 group by file", func(file string, n int64) {
			c := found[[2]string{t.Name, file}]
			c.accepted += n
			found[[2]string{t.Name, file}] = c
		})
		if err != nil {
			return err
		}
	}
	rejected := map[string]int64{}
	err := r.eachCount(ctx, "select file, count(*) from raw.rejects where column_name is null group by file", func(file string, n int64) {
		rejected[file] = n
	})
	if err != nil {
		return err
	}
	for _, f := range r.receipts() {
		if f.Status == "refused" {
			continue
		}
		var want counts
		for _, s := range f.Sheets {
			if s.Rows != s.Accepted+s.Rejected {
				return fmt.Errorf("%s: %d records, but %d accepted and %d rejected", f.File, s.Rows, s.Accepted, s.Rejected)
			}
			want.accepted += s.Accepted
			want.rejected += s.Rejected
		}
		got := found[[2]string{f.Table, f.File}]
		if got.accepted != want.accepted || rejected[f.File] != want.rejected {
			return fmt.Errorf("%s: decoding counted %d accepted and %d rejected, its Parquet holds %d and %d",
				f.File, want.accepted, want.rejected, got.accepted, rejected[f.File])
		}
		r.summary.Files++
		r.summary.Accepted += want.accepted
		r.summary.Rejected += want.rejected
	}
	return nil
}

func (r *run) eachCount(ctx context.Context, query string, do func(file string, n int64)) error {
	rows, err := r.db.Query(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var file string
		var n int64
		if err := rows.Scan(&file, &n); err != nil {
			return err
		}
		do(file, n)
	}
	return rows.Err()
}
