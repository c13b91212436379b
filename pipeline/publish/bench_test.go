package publish

import (
	"path/filepath"
	"testing"

	"doudi/pipeline/duck"
)

// BenchmarkWrite publishes a million made-up persons, second read and hash
// included.
func BenchmarkWrite(b *testing.B) {
	db, err := duck.Open(b.Context(), duck.Options{TempDir: b.TempDir(), Threads: 2, MemoryBytes: 2 << 30})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if err := db.Exec(b.Context(), `create table persons as select
		'dibao_persons' as roll, 'inbox/dibao/' || lpad(cast(i // 100000 as varchar), 4, '0') || '.xlsx' as file, 'Sheet1' as sheet, i as row, 1::integer as part,
		md5(i::varchar)[:16] as person, case i % 20 when 0 then 'review' when 1 then null else 'linked' end as link_state,
		'990101' || (i // 3) as household, '张' || chr((19968 + i * 7919 % 20000)::integer) as name, '99010119' || lpad(cast(i * 7919 % 10000000000 as varchar), 10, '0') as id_no,
		cast(null as varchar) as id_raw, 'valid' as id_kind, case when i % 2 = 0 then 'male' else 'female' end as sex, date '1950-01-01' + (i * 31 % 20000)::integer as birth,
		'990101001' || (100 + i // 200 % 100) as area_code, '镇' || (i // 2000 % 20) as town, '村' || (i // 200 % 100) as village
		from range(1000000) t(i)`); err != nil {
		b.Fatal(err)
	}
	persons := Dataset{Name: "persons", Query: "select * from persons", Key: []string{"roll", "file", "sheet", "row", "part"}}
	columns, err := db.Describe(b.Context(), persons.Query)
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range columns {
		persons.Columns = append(persons.Columns, Column{Name: c.Name})
	}
	for b.Loop() {
		if err := publishNight(b.Context(), db, filepath.Join(b.TempDir(), "out"), Options{Night: first, Now: clock}, persons); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(1e6*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
