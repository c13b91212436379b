package model

import (
	"doudi/pipeline/duck"
	"doudi/sources"
)

// Given are the tables that Go fills before the models run: the raw lists,
// what was read of them, the policy, and what was published before. Their
// columns are the seam between Go and SQL.
func Given() []Table {
	given := []Table{
		{"raw.files", columns("file varchar, file_no bigint, roll varchar, raw_table varchar, as_of date, status varchar")},
		{"raw.headers", columns("sheet bigint, raw_table varchar, column_name varchar")},
		{"raw.controls", columns("record bigint, file varchar, sheet varchar, roll varchar, column_name varchar, total decimal(18,2), sum decimal(18,2), rejected bigint")},
		{"raw.unknown_words", columns("record bigint, roll varchar, column_name varchar, word varchar, rows bigint")},
		{"raw.rejects", columns("roll varchar, file varchar, sheet varchar, row bigint, column_name varchar, reason varchar, cells varchar")},
		{"raw.sources", columns("roll varchar, file varchar, sheet varchar, sha256 varchar, bytes bigint, as_of date, format varchar, encoding varchar, header_row bigint, rows bigint, accepted bigint, rejected bigint, other_rows bigint, control_column varchar, control_total decimal(18,2), control_sum decimal(18,2), status varchar, note varchar")},
		{"policy.provinces", columns("province varchar, name varchar")},
		{"policy.areas", columns("area_code varchar")},
		{"policy.parameters", columns("name varchar, area varchar, valid_from date, valid_to date, value decimal(18,4), unit varchar, basis varchar, line bigint")},
		{"policy.waivers", columns("rule varchar, id_no varchar, household varchar, reason varchar, approver varchar, valid_from date, valid_to date, line bigint")},
		{"policy.rulings", columns("a_roll varchar, a_id_no varchar, a_name_fold varchar, b_roll varchar, b_id_no varchar, b_name_fold varchar, same boolean, valid_from date, valid_to date, line bigint")},
		{"found.rules", columns("rule varchar, side varchar, certainty varchar, subject varchar, basis varchar, overpaid boolean, status varchar, reason varchar, version varchar, program varchar, policy varchar")},
		{"found.findings", columns("finding_no bigint, rule varchar, subject_key varchar, subject_record bigint, dibao_household varchar, register_household varchar, exception varchar, month_fen bigint, total_fen bigint, area_code varchar, town varchar, village varchar, name varchar, id_no varchar, reason varchar")},
		{"found.facts", columns("finding_no bigint, roll varchar, field varchar, value varchar, raw varchar, file varchar, sheet varchar, row bigint, as_of date")},
		{"past.findings", columns("finding_id varchar, rule varchar, side varchar, certainty varchar, state varchar, first_night date, nights_open integer, predecessor varchar, suppressed_by varchar, area_code varchar, town varchar, village varchar, subject varchar, name varchar, id_no varchar, dibao_household varchar, register_household varchar, month_fen bigint, total_fen bigint, reason varchar, basis varchar, evidence_hash varchar")},
		{"past.finding_fields", columns("finding_id varchar, roll varchar, field varchar, value varchar, raw varchar, file varchar, sheet varchar, row bigint, as_of date")},
		{"past.rules", columns("rule varchar, status varchar, reason varchar, version varchar, program varchar, policy varchar")},
		{"past.first_nights", columns("finding_id varchar, first_night date")},
		{"past.cases", columns("case_id varchar, first_night date")},
		{"past.leavers", columns("no bigint, night date, person varchar, household varchar, name_fold varchar, id_key bigint, birth date, town varchar, village varchar")},
		// What of both nights the bridge decides from; night is tonight or before.
		{"since.files", columns("night varchar, roll varchar, file varchar")},
		{"since.rows", columns("night varchar, roll varchar, file varchar, sheet varchar, row bigint, part integer")},
		{"since.shown", columns("finding_id varchar, night varchar, file varchar")},
		{"since.records", columns("finding_id varchar, night varchar, roll varchar, person varchar, link_state varchar, name varchar, id_no varchar, area_code varchar, town varchar, changed boolean")},
		{"since.rolls", columns("rule varchar, roll varchar")},
		{"since.policy", columns("rule varchar, area varchar")},
	}
	given = append(given, Table{"raw.records", RecordColumns})
	for _, t := range sources.Tables() {
		given = append(given, Table{"raw." + t.Name, rawColumns(t.Kind)})
	}
	return given
}

// RecordColumns are those of raw.records: what every list knows of a record,
// null where the kind of list has no such column; headed where a row is a
// household's, under its head.
var RecordColumns = columns(`record bigint, as_of date, roll varchar, headed boolean, file varchar, sheet varchar, row bigint, part integer,
	name varchar, name_fold varchar, name_sound varchar, surname varchar, id_no varchar, id_raw varchar, id_kind varchar, id_key bigint,
	sex varchar, birth date, id_sex varchar, id_birth date, area_code varchar, town varchar, village varchar,
	household_no varchar, head_id_no varchar, relation varchar`)

// rawColumns are the columns of a list as SQL sees it: what its Parquet
// holds, behind the record's number of the night and the list's date.
func rawColumns(kind sources.Kind) []duck.Column {
	all := columns("record bigint, as_of date")
	for _, f := range kind.RawColumns() {
		all = append(all, duck.Column{Name: f.Name, Type: f.SQL})
	}
	return all
}

// columns reads "name type, name type".
func columns(ddl string) []duck.Column {
	var all []duck.Column
	for _, c := range splitColumns(ddl) {
		all = append(all, duck.Column{Name: c[0], Type: c[1]})
	}
	return all
}
