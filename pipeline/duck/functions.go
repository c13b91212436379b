package duck

import (
	"context"
	"database/sql/driver"
	"time"

	duckdb "github.com/marcboeker/go-duckdb/v2"
)

// functions are the helpers that sql/ may call beside the core that DuckDB
// and Spark share: here they are DuckDB macros, on Spark SQL functions of the
// same name. Integer division is // here and div there; dividing by zero
// gives null on both.
var functions = []string{
	`create macro floor_div(a bigint, b bigint) as
		case when b <> 0 then a // b - case when a % b <> 0 and (a < 0) <> (b < 0) then 1 else 0 end end`,
	`create macro ceil_div(a bigint, b bigint) as
		case when b <> 0 then a // b + case when a % b <> 0 and (a < 0) = (b < 0) then 1 else 0 end end`,
	`create macro in_fen(yuan decimal(18, 4)) as cast(round(yuan * 100, 0) as bigint)`,
	`create macro whole_years(a date, b date) as cast(
		year(b) - year(a) - case when month(b) * 100 + day(b) < month(a) * 100 + day(a) then 1 else 0 end as integer)`,
	`create macro whole_months(a date, b date) as cast(
		(year(b) - year(a)) * 12 + month(b) - month(a) - case when day(b) < day(a) then 1 else 0 end as integer)`,
	`create macro days_between(a date, b date) as cast(date_diff('day', a, b) as integer)`,
	`create macro months_after(d date, n integer) as cast(d + to_months(n) as date)`,
	`create macro month_start(d date) as make_date(year(d), month(d), 1)`,
	`create macro list_text(items) as array_to_string(array_sort(items), '、')`,
	`create macro text_hash(s) as sha256(s)`,
	// A percentage as officers write it, from ten-thousandths of a percent: 85, 87.50.
	`create macro percent_text(ten_thousandths bigint) as
		cast(floor_div(ten_thousandths, 10000) as varchar) || case
			when ten_thousandths % 10000 = 0 then ''
			else '.' || substring(cast(100 + floor_div(ten_thousandths % 10000, 100) as varchar), 2, 2) end`,
	// What stands for a person in a finding's identity: the valid ID, with the
	// name where persons who share the ID were told apart; else roll, household
	// and folded name.
	`create macro person_key(person, id_no, id_key, roll, household, name_fold) as case
		when substring(person, 1, length(id_no) + 1) = id_no || '~' then person
		when id_key is not null then id_no
		else roll || ':' || household || ':' || coalesce(name_fold, '') end`,
}

// comparisons say how far two records agree, a digit a comparison: see
// link.Comparisons. They stand on name_level.
var comparisons = []string{
	`create macro agreement(a, b) as case when a = b then 2 when a <> b then 0 else 1 end`,
	`create macro relation_agreement(a, b) as case when a = 'other' or b = 'other' then 1 else agreement(a, b) end`,
	`create macro birth_agreement(a, b, by_id) as case when a = b and not by_id then 2 when a <> b then 0 else 1 end`,
	`create macro name_agreement(a, b, surname_a, surname_b) as case
		when a = b then 6
		else coalesce(nullif(name_level(a, b), 0) + 1, case when surname_a = surname_b then 1 else 0 end) end`,
	`create macro place_agreement(code_a, code_b, town_a, town_b, village_a, village_b) as case
		when length(code_a) = 12 and code_a = code_b then 3
		when length(code_a) = 12 and length(code_b) = 12 then
			case when substring(code_a, 1, 9) = substring(code_b, 1, 9) then 2 else 0 end
		when substring(code_a, 1, 6) <> substring(code_b, 1, 6) then 0
		when town_a = town_b and village_a = village_b then 3
		when town_a = town_b then 2
		when town_a <> town_b then 0
		else 1 end`,
}

// SetNight makes night() the given business date. Everything that is judged
// is judged on it: no statement reads the clock.
func (db *DB) SetNight(ctx context.Context, night time.Time) error {
	return db.Exec(ctx, "create or replace macro night() as date "+Text(night.Format(time.DateOnly)))
}

// register makes a Go function of two texts callable from SQL.
func (db *DB) register(ctx context.Context, name string, f func(a, b string) int) error {
	text, err := duckdb.NewTypeInfo(duckdb.TYPE_VARCHAR)
	if err != nil {
		return err
	}
	integer, err := duckdb.NewTypeInfo(duckdb.TYPE_INTEGER)
	if err != nil {
		return err
	}
	conn, err := db.pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return duckdb.RegisterScalarUDF(conn, name, &pairFunction{
		config: duckdb.ScalarFuncConfig{InputTypeInfos: []duckdb.TypeInfo{text, text}, ResultTypeInfo: integer},
		f:      f,
	})
}

type pairFunction struct {
	config duckdb.ScalarFuncConfig
	f      func(a, b string) int
}

func (p *pairFunction) Config() duckdb.ScalarFuncConfig { return p.config }

func (p *pairFunction) Executor() duckdb.ScalarFuncExecutor {
	return duckdb.ScalarFuncExecutor{RowExecutor: func(values []driver.Value) (any, error) {
		return int32(p.f(values[0].(string), values[1].(string))), nil
	}}
}
