package report

import (
	"fmt"
	"testing"
)

// BenchmarkWrite writes the reports of 100,000 findings with nine facts each in
// 20 towns.
func BenchmarkWrite(b *testing.B) {
	db := openCounty(b)
	exec(b, db, `
		insert into published.findings
		select
			'f' || lpad(cast(i as varchar), 15, '0'), 'paid_after_death', 'should_exit', 'A', 'open', date '2026-11-01', 20, null, null,
			'990101' || (100 + i % 20) || '001', '第' || (i % 20) || '镇', '东岭村', 'person', '赵大山', '990101195001010000', 'D' || i, 'R' || i,
			41000, 123000, '赵大山于2026-08-03死亡，2026-11仍按3人发放，请核实后停发并追缴。',
			'《社保兜底脱贫工程实施方案》二（一）2 动态管理、应退尽退', 'hash'
		from range(100000) as t(i);
		insert into published.finding_fields
		select 'f' || lpad(cast(i as varchar), 15, '0'), roll, field, value, value, file, null, i, date '2026-11-01'
		from range(100000) as t(i)
		cross join (values
			('dibao_persons', 'state', '在保', 'd.csv'), ('dibao_persons', 'total_month', '1230.00', 'd.csv'),
			('dibao_payments', 'month', '2026-10', 'p.csv'), ('dibao_payments', 'total', '1230.00', 'p.csv'),
			('dibao_payments', 'month', '2026-11', 'q.csv'), ('dibao_payments', 'total', '1230.00', 'q.csv'),
			('register', 'flag_dibao', '农村低保', 'r.csv'), ('deaths', 'died', '2026-08-03', 'x.csv'), ('deaths', 'cause', '疾病', 'x.csv')
		) as facts(roll, field, value, file);
		insert into published.links select 'd.csv', null, i, '', '', 'r.csv', null, i, '', '', 'exact_id', 20, 0.9999, 'linked', null from range(500000) as t(i);
		insert into published.persons (roll, file, "row", household)
			select 'dibao_persons', 'd.csv', i, 'D' || i from range(1000000) as t(i)
			union all select 'register', 'r.csv', i, 'R' || i from range(1000000) as t(i);
	`)
	in := madeUpInput(b)
	dir := b.TempDir()
	for i := 0; b.Loop(); i++ {
		if _, err := Write(b.Context(), db, in, fmt.Sprint(dir, "/", i)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(100_000*float64(b.N)/b.Elapsed().Seconds(), "findings/s")
}
