package report

import (
	"context"
	"fmt"
	"testing"
	"time"

	"doudi/pipeline/duck"
)

// publishedDDL are the datasets that the reports read, as the contract has
// them; columns that no report reads are left out.
const publishedDDL = `
create schema published;
create table published.findings (
	finding_id varchar, rule varchar, side varchar, certainty varchar, state varchar, first_night date,
	nights_open integer, predecessor varchar, suppressed_by varchar, area_code varchar, town varchar, village varchar,
	subject varchar, name varchar, id_no varchar, dibao_household varchar, register_household varchar,
	month_fen bigint, total_fen bigint, reason varchar, basis varchar, evidence_hash varchar);
create table published.finding_fields (
	finding_id varchar, roll varchar, field varchar, value varchar, raw varchar, file varchar, sheet varchar, "row" bigint, as_of date);
create table published.last_fields (finding_id varchar, roll varchar, field varchar, value varchar);
create table published.rules (rule varchar, side varchar, status varchar, reason varchar, version varchar, findings bigint, suppressed bigint);
create table published.sources (
	roll varchar, file varchar, sheet varchar, sha256 varchar, bytes bigint, as_of date, format varchar, encoding varchar,
	header_row bigint, "rows" bigint, accepted bigint, rejected bigint, other_rows bigint,
	control_column varchar, control_total decimal(18, 2), control_sum decimal(18, 2), status varchar, note varchar);
create table published.rejects (roll varchar, file varchar, sheet varchar, "row" bigint, column_name varchar, reason varchar, cells varchar);
create table published.links (
	dibao_file varchar, dibao_sheet varchar, dibao_row bigint, dibao_name varchar, dibao_id_no varchar,
	register_file varchar, register_sheet varchar, register_row bigint, register_name varchar, register_id_no varchar,
	method varchar, weight decimal(9, 4), probability decimal(9, 8), decision varchar, repair varchar);
create table published.links_other (
	a_roll varchar, a_file varchar, a_sheet varchar, a_row bigint, b_roll varchar, b_file varchar, b_sheet varchar, b_row bigint,
	method varchar, weight decimal(9, 4), probability decimal(9, 8), decision varchar, repair varchar);
create table published.household_links (
	dibao_household varchar, register_household varchar, dibao_members integer, register_members integer,
	common_members integer, state varchar, decision varchar);
create table published.cases (
	case_id varchar, dibao_household varchar, register_household varchar, head_name varchar, head_id_no varchar,
	area_code varchar, town varchar, village varchar, findings integer, should_enter integer, should_exit integer,
	should_pay integer, conflict integer, data_error integer, month_fen bigint, first_night date);
create table published.persons (
	roll varchar, file varchar, sheet varchar, "row" bigint, part integer, person varchar, link_state varchar,
	household varchar, name varchar, id_no varchar);
create table published.gates (
	gate varchar, roll varchar, rule varchar, column_name varchar, area_code varchar, measured varchar, allowed varchar,
	action varchar, tripped boolean, accepted boolean, reason varchar);
`

var (
	november    = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	nightBefore = time.Date(2026, 11, 19, 0, 0, 0, 0, time.UTC)
)

// openCounty opens a database with the empty datasets of a night.
func openCounty(t testing.TB) *duck.DB {
	t.Helper()
	db, err := duck.Open(t.Context(), duck.Options{TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	exec(t, db, publishedDDL)
	return db
}

func exec(t testing.TB, db *duck.DB, query string) {
	t.Helper()
	if err := db.Exec(context.WithoutCancel(t.Context()), query); err != nil {
		t.Fatal(err)
	}
}

// madeUp gives the n-th made-up ID: a valid check digit under area 990101.
func madeUp(n int) string {
	base := fmt.Sprintf("990101%04d%02d%02d%03d", 1940+n%70, 1+n%12, 1+n%28, n%1000)
	weights := []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(base[i]-'0') * w
	}
	return base + "10X98765432"[sum%11:sum%11+1]
}

var madeUpRules = []Rule{
	{
		Slug: "unprotected_no_labour", Side: "should_enter", Title: "无劳动能力户未纳入保障", Certainty: "B",
		Basis:  "《社保兜底脱贫工程实施方案》二（一）2 动态管理、应保尽保",
		Fields: []string{"register.name", "register.relation", "register.watch", "register.labour", "register.income_head_year", ".members", ".able_members"},
		Labels: map[string]string{"members": "家庭人数", "able_members": "有劳动能力人数"},
	},
	{
		Slug: "unprotected_low_income", Side: "should_enter", Title: "收入低于低保标准未纳入", Certainty: "B",
		Basis: "《社保兜底脱贫工程实施方案》二（一）2 动态管理、应保尽保",
	},
	{
		Slug: "paid_after_death", Side: "should_exit", Title: "死亡后仍领取", Certainty: "A", Overpays: true, Serves: []string{"二(一)2"},
		Basis:  "《社保兜底脱贫工程实施方案》二（一）2 动态管理、应退尽退",
		Fields: []string{"dibao_persons.state", "dibao_persons.total_month", "dibao_payments.month", "dibao_payments.covered_people", "dibao_payments.total", "deaths.died", "deaths.cause"},
	},
	{
		Slug: "income_above_standard", Side: "should_exit", Title: "家庭收入超过低保标准", Certainty: "B", Overpays: true, Serves: []string{"二(一)2"},
		Basis:  "《社保兜底脱贫工程实施方案》二（一）2 动态管理、应退尽退",
		Labels: map[string]string{"income_month": "月人均收入（元）", "standard": "低保标准（元/月）"},
	},
	{
		Slug: "allowance_unpaid_living", Side: "should_pay", Title: "残疾人生活补贴未发", Certainty: "A", Serves: []string{"二(二)4"},
		Basis: "《社保兜底脱贫工程实施方案》二（二）4 残疾人两项补贴、应补尽补",
	},
	{
		Slug: "payment_off_roll", Side: "should_pay", Title: "名册外发放", Certainty: "A", Overpays: true,
		Basis: "《社保兜底脱贫工程实施方案》二（三）1 救助资金",
	},
	{
		Slug: "flag_missing_in_register", Side: "conflict", Title: "监测名册漏标低保", Certainty: "A",
		Basis: "《社保兜底脱贫工程实施方案》二（一）4 信息共享",
	},
	{
		Slug: "id_invalid", Side: "data_error", Title: "身份证号有误", Certainty: "A",
		Basis: "名册数据规范",
		Words: map[string]map[string]string{"kind": {"bad_check": "校验码不对"}}, Labels: map[string]string{"kind": "问题"},
	},
	{
		Slug: "vehicle", Side: "should_exit", Title: "家庭成员名下有车辆", Certainty: "B", Overpays: true,
		Basis: "《社保兜底脱贫工程实施方案》二（一）4 信息共享、家庭经济状况核对",
	},
	{
		Slug: "standard_below_floor", Side: "conflict", Title: "低保标准低于规定比例", Certainty: "A",
		Basis: "《社保兜底脱贫工程实施方案》二（一）1 低保标准、两线合一",
	},
	{
		Slug: "grace_period_over", Side: "should_exit", Title: "渐退期满仍在保", Certainty: "A", Serves: []string{"二(一)2"},
		Basis: "《社保兜底脱贫工程实施方案》二（一）2 动态管理、应退尽退",
	},
}

// plantedRules is how many of madeUpRules have findings in every town.
const plantedRules = 9

// madeUpInput is what the pipeline would hand over for the made-up county.
func madeUpInput(t testing.TB) Input {
	return Input{
		Night: november, LastNight: nightBefore, LastFields: "published.last_fields",
		Name: "示范县", AreaCode: "990101", Rules: madeUpRules, Plan: "《社保兜底脱贫工程实施方案》",
		Clauses: []Clause{
			{"二(一)2", "动态管理", "应退尽退", ""}, {"二(二)4", "残疾人两项补贴", "应补尽补", ""},
			{"文末", "月度工作总结", "每月总结", "由单位撰写"},
		},
		Labels: map[string]map[string]string{
			"dibao_persons":  {"name": "姓名", "relation": "与户主关系", "state": "状态", "covered": "是否保障对象", "total_month": "合计（元/月）", "labour": "劳动能力", "registered": "是否脱贫人口", "id_no": "身份证号"},
			"dibao_payments": {"month": "发放年月", "covered_people": "保障人数", "total": "发放合计（元）"},
			"register":       {"name": "姓名", "relation": "与户主关系", "watch": "监测对象类别", "labour": "劳动技能", "income_head_year": "人均纯收入（元/年）", "flag_dibao": "享受低保政策情况", "people": "人数"},
			"deaths":         {"died": "死亡日期", "cause": "死亡原因"},
			"vehicles":       {"plate": "车牌号", "kind": "车辆类型", "registered_on": "初次登记时间", "state": "状态"},
			"disability":     {"disability": "残疾类别", "level": "残疾等级", "valid_until": "有效期"},
		},
		RollTitles: map[string]string{
			"dibao_persons": "低保对象", "dibao_families": "低保家庭", "dibao_payments": "低保发放", "register": "监测对象", "deaths": "死亡人员",
			"vehicles": "车辆", "disability": "残疾人", "tekun": "特困人员", "homes": "供养机构",
		},
		TempDir: t.TempDir(),
	}
}

// finding is a row of findings that a test adds, with its facts.
type finding struct {
	id, rule, side, certainty, state string
	nights                           int
	suppressed                       any
	area, town, village, subject     string
	name, idNo                       any
	dibao, register                  any
	month, total                     any
	reason, basis                    string
	facts                            []fact
}

type fact struct {
	roll         any
	field, value string
	file         any
	row          int
}

func addFindings(t testing.TB, db *duck.DB, all ...finding) {
	t.Helper()
	err := db.Append(t.Context(), "published", "findings", func(add func(...any) error) error {
		for _, f := range all {
			if err := add(f.id, f.rule, f.side, f.certainty, f.state, november.AddDate(0, 0, 1-f.nights), int32(f.nights), nil, f.suppressed,
				f.area, null(f.town), null(f.village), f.subject, f.name, f.idNo, f.dibao, f.register, f.month, f.total, f.reason, f.basis, "hash"); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	exec(t, db, `
		create or replace table published.cases as
		select
			'c' || any_value(finding_id) as case_id, any_value(dibao_household) as dibao_household,
			any_value(register_household) as register_household, any_value(name) as head_name, any_value(id_no) as head_id_no,
			any_value(area_code) as area_code, any_value(town) as town, any_value(village) as village, cast(count(*) as integer) as findings,
			cast(count(*) filter (where side = 'should_enter') as integer) as should_enter,
			cast(count(*) filter (where side = 'should_exit') as integer) as should_exit,
			cast(count(*) filter (where side = 'should_pay') as integer) as should_pay,
			cast(count(*) filter (where side = 'conflict') as integer) as conflict,
			cast(count(*) filter (where side = 'data_error') as integer) as data_error,
			cast(sum(case when side = 'should_exit' then -month_fen else month_fen end) filter (where suppressed_by is null) as bigint) as month_fen,
			min(first_night) as first_night
		from published.findings
		where state <> 'gone' and coalesce(dibao_household, register_household) is not null
		group by coalesce('d' || dibao_household, 'r' || register_household)`)
	err = db.Append(t.Context(), "published", "finding_fields", func(add func(...any) error) error {
		for _, f := range all {
			for _, x := range f.facts {
				asOf := any(november.AddDate(0, 0, -19))
				row := any(int64(x.row))
				if x.file == nil {
					asOf, row = nil, nil
				}
				if err := add(f.id, x.roll, x.field, null(x.value), nil, x.file, nil, row, asOf); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// madeUpCounty fills a night of a county of three towns: every side, every
// state, exceptions, a waiver, a finding without a town.
func madeUpCounty(t testing.TB, db *duck.DB) {
	t.Helper()
	towns := []struct{ code, name string }{{"990101100", "城关镇"}, {"990101101", "河西镇"}, {"990101200", "石桥乡"}}
	villages := []string{"东岭村", "西坪村", "南湾社区", "北塘村"}
	surnames := []string{"赵", "钱", "孙", "李", "周", "吴", "郑", "王"}
	states := []string{"open", "new", "open", "changed", "open", "reopened", "new", "gone"}
	var all []finding
	n := 0
	for i, town := range towns {
		for k := range 34 - 8*i {
			n++
			rule := madeUpRules[k%plantedRules]
			f := finding{
				id: fmt.Sprintf("f%015x", n*7919), rule: rule.Slug, side: rule.Side, certainty: rule.Certainty, state: states[(k+k/plantedRules)%len(states)],
				nights: 1 + k%5, area: town.code + fmt.Sprintf("%03d", 1+k%len(villages)), town: town.name, village: villages[k%len(villages)],
				subject: "person", name: surnames[n%len(surnames)] + []string{"大山", "小河", "春", "秋实"}[n%4], idNo: madeUp(n), basis: rule.Basis,
			}
			if f.state == "new" || f.state == "reopened" {
				f.nights = 1
			}
			household, file := fmt.Sprintf("DB%05d", n), "inbox/dibao/"+town.name+".xlsx"
			switch rule.Slug {
			case "unprotected_no_labour", "unprotected_low_income":
				f.subject, f.register, f.month = "household", fmt.Sprintf("HB%05d", n), int64(52000+100*k)
				f.reason = fmt.Sprintf("%s户在监测帮扶中，全户4人均无劳动能力，没有成员享受低保或特困供养，请入户核实家庭状况并引导申请。", f.name)
				f.facts = []fact{
					{"register", "name", f.name.(string), "inbox/register.csv", n}, {"register", "relation", "户主", "inbox/register.csv", n},
					{"register", "watch", "边缘易致贫户", "inbox/register.csv", n}, {"register", "labour", "丧失劳动力", "inbox/register.csv", n},
					{"register", "income_head_year", "3650.00", "inbox/register.csv", n}, {nil, "members", "4", nil, 0}, {nil, "able_members", "0", nil, 0},
				}
			case "paid_after_death":
				f.dibao, f.register, f.month, f.total = household, fmt.Sprintf("HB%05d", n), int64(41000), int64(41000*3)
				f.reason = fmt.Sprintf("%s于2026-08-03死亡，2026-11仍按3人发放，请核实后停发并追缴。", f.name)
				f.facts = []fact{
					{"dibao_persons", "state", "在保", file, n}, {"dibao_persons", "total_month", "1230.00", file, n},
					{"deaths", "died", "2026-08-03", "inbox/deaths.xlsx", n}, {"deaths", "cause", "疾病", "inbox/deaths.xlsx", n},
				}
				for m := 9; m <= 11; m++ {
					pay := fmt.Sprintf("inbox/pay/2026%02d.csv", m)
					f.facts = append(f.facts, fact{"dibao_payments", "month", fmt.Sprintf("2026-%02d", m), pay, n},
						fact{"dibao_payments", "covered_people", "3", pay, n}, fact{"dibao_payments", "total", "1230.00", pay, n})
				}
			case "income_above_standard", "vehicle":
				f.subject, f.dibao, f.register, f.month = "household", household, fmt.Sprintf("HB%05d", n), int64(83000)
				f.reason = fmt.Sprintf("%s户月人均收入912.50元，高于低保标准560元，请复核家庭收入。", f.name)
				f.facts = []fact{
					{"dibao_persons", "state", "在保", file, n}, {"dibao_persons", "total_month", "830.00", file, n},
					{"register", "people", "3", "inbox/register.csv", n}, {"register", "income_head_year", "10950.00", "inbox/register.csv", n},
					{nil, "income_month", "912.50", nil, 0}, {nil, "standard", "560.00", nil, 0},
				}
				if rule.Slug == "vehicle" {
					f.reason = fmt.Sprintf("%s户成员名下有小型轿车1辆，请核实车辆归属和用途。", f.name)
					f.facts = append(f.facts[:2:2], fact{"vehicles", "plate", "示A·00001", "inbox/vehicles.csv", n},
						fact{"vehicles", "kind", "小型轿车", "inbox/vehicles.csv", n}, fact{"vehicles", "state", "正常", "inbox/vehicles.csv", n})
				}
			case "allowance_unpaid_living":
				f.dibao, f.month = household, int64(8000)
				f.reason = fmt.Sprintf("%s在低保且持有效残疾证，未领困难残疾人生活补贴，请核实后补发。", f.name)
				f.facts = []fact{{"dibao_persons", "state", "在保", file, n}, {"disability", "disability", "肢体", "inbox/disability.csv", n}, {"disability", "level", "三级", "inbox/disability.csv", n}}
			case "payment_off_roll":
				f.subject, f.dibao, f.month, f.total = "payment", household, int64(45000), int64(90000)
				f.reason = fmt.Sprintf("%s户2026-11不在低保名册而有发放450.00元，请核实发放依据。", f.name)
				f.facts = []fact{{"dibao_payments", "month", "2026-11", "inbox/pay/202611.csv", n}, {"dibao_payments", "total", "450.00", "inbox/pay/202611.csv", n}}
			case "flag_missing_in_register":
				f.dibao, f.register = household, fmt.Sprintf("HB%05d", n)
				f.reason = fmt.Sprintf("%s在低保，监测名册享受低保政策情况为空，请扶贫部门补录。", f.name)
				f.facts = []fact{{"dibao_persons", "state", "在保", file, n}, {"register", "flag_dibao", "", "inbox/register.csv", n}}
				exec(t, db, fmt.Sprintf(`insert into published.links values ('%s', null, %d, '', '', 'inbox/register.csv', null, %d, '', '', 'name_place', 12.5, 0.99830000, 'linked', null)`, file, n, n))
			case "id_invalid":
				f.subject, f.dibao = "record", household
				f.idNo = madeUp(n)[:17] + "?"
				f.reason = fmt.Sprintf("%s的身份证号校验码不对，请核对证件后更正名册。", f.name)
				f.facts = []fact{{"dibao_persons", "id_no", f.idNo.(string), file, n}, {nil, "kind", "bad_check", nil, 0}}
			}
			switch {
			case k%11 == 5:
				f.suppressed = "exception:link_under_review"
			case k%17 == 9:
				f.suppressed = "waiver:3"
			}
			if f.state == "changed" {
				for _, x := range f.facts {
					value := x.value
					if x.field == "total_month" {
						value = "1100.00"
					}
					exec(t, db, fmt.Sprintf(`insert into published.last_fields values (%s, %s, %s, %s)`, duck.Text(f.id), literal(x.roll), duck.Text(x.field), literal(null(value))))
				}
			}
			all = append(all, f)
		}
	}
	all = append(all, finding{
		id: "f00000000000area", rule: "standard_below_floor", side: "conflict", certainty: "A", state: "open", nights: 4, area: "990101", subject: "area",
		reason: "农村低保标准低于规定比例。", basis: "《社保兜底脱贫工程实施方案》二（一）1 低保标准、两线合一",
	})
	addFindings(t, db, all...)
	for _, r := range madeUpRules[:plantedRules] {
		exec(t, db, fmt.Sprintf("insert into published.rules values ('%s', '%s', 'ran', null, '1', 1, 0)", r.Slug, r.Side))
	}
	exec(t, db, `
		insert into published.rules values
			('standard_below_floor', 'conflict', 'ran', null, '1', 1, 0),
			('grace_period_over', 'should_exit', 'skipped', '缺少名册 dibao_families', '1', 0, 0);
		insert into published.sources values
			('dibao_persons', 'inbox/dibao/城关镇.xlsx', '在保人员', 'x', 10, '2026-11-01', 'xlsx', null, 3, 1210, 1208, 2, 5, 'total_month', 52010.00, 52000.00, 'read', null),
			('dibao_persons', 'inbox/dibao/河西镇.xlsx', '在保人员', 'x', 10, '2026-11-01', 'xlsx', null, 3, 980, 980, 0, 4, null, null, null, 'read', null),
			('dibao_persons', 'inbox/dibao/河西镇.xlsx', 'Sheet2', 'x', 10, '2026-11-01', 'xlsx', null, null, 0, 0, 0, 0, null, null, null, 'empty', null),
			('vehicles', 'inbox/vehicles/无.xlsx', 'Sheet1', 'x', 10, '2026-11-01', 'xlsx', null, 1, 0, 0, 0, 0, null, null, null, 'empty', null),
			('register', 'inbox/register.csv', null, 'x', 10, '2026-11-01', 'csv', 'gb18030', 3, 5230, 5221, 9, 3, null, null, null, 'read', null),
			('deaths', 'inbox/deaths.xlsx', '死亡', 'x', 10, '2026-11-10', 'xlsx', null, 2, 63, 63, 0, 3, null, null, null, 'read', null),
			('homes', 'inbox/homes/13800000000.xls', null, 'x', 10, '2026-11-10', 'xls', null, null, 0, 0, 0, 0, null, null, null, 'refused', '这是旧版 Excel（.xls），请另存为 .xlsx 或 CSV 再放入');
		insert into published.rejects values
			('register', 'inbox/register.csv', null, 17, null, 'cell_count', 'x'), ('register', 'inbox/register.csv', null, 18, null, 'bad_bytes', 'x'),
			('register', 'inbox/register.csv', null, 19, 'income_head_year', 'bad_money', 'x');
		insert into published.links select 'd', null, i, '', '', 'r', null, i, '', '', 'exact_id', 20, 0.9999, 'linked', null from range(840) t(i);
		insert into published.links select 'd', null, 1000 + i, '', '', 'r', null, 1000 + i, '', '', 'exact_id', 1, 0.5, 'review', null from range(6) t(i);
		insert into published.links select 'd', null, 2000 + i, '', '', 'r', null, 2000 + i, '', '', 'repaired_id', 15, 0.9999, 'linked', null from range(31) t(i);
		insert into published.links_other select 'deaths', 'x', null, i, 'dibao_persons', 'd', null, i, 'exact_id', 20, 0.9999, 'linked', null from range(22) t(i);
		insert into published.household_links select 'a', 'b', 3, 3, 3, 'same', 'linked' from range(300);
		insert into published.household_links select 'a', 'b', 3, 4, 3, 'member_missing', 'linked' from range(41);
		insert into published.gates values
			('fresh', 'register', null, null, '990101', '3 天', '35 天', 'hold', false, false, null),
			('volume', 'register', null, null, '990101', '1 行', '800–1200 行', 'hold', true, true, '并乡，名册 990101196001150018 另发');
	`)
}

func literal(v any) string {
	if v == nil {
		return "null"
	}
	return duck.Text(v.(string))
}
