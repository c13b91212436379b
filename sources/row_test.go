package sources

import (
	"strings"
	"testing"

	"doudi/sources/decode"
)

func TestRowKinds(t *testing.T) {
	head := []decode.Record{
		{Row: 1, Lines: 1, Cells: []string{"低保花名册"}},
		{Row: 2, Lines: 1, Cells: []string{"单位：青山镇民政办", "", "2026年9月"}},
	}
	k, _ := KindOf("dibao_persons")
	v, err := newVocabulary(k, nil)
	if err != nil {
		t.Fatal(err)
	}
	header := decode.Header{First: 3, Last: 3, Names: []string{"序号", "姓名", "身份证号", "与户主关系", "合计"}}
	rows := newReading(k, k.Name, v, header, head, surroundings{}, Settings{}).rows
	const (
		other, total, rejected, accepted = rowOther, rowTotal, rowRejected, rowAccepted
	)
	tests := []struct {
		cells string
		want  rowKind
	}{
		{"1|张三|990101195203041114|户主|500", accepted},
		{"1|张三||户主|500", accepted},
		{"1||990101195203041114|户主|500", accepted},
		{"1|合计|990101195203041114|户主|500", accepted}, // an ID is a person's
		{"1|||户主|500", rejected},
		{"1|无|无|户主|500", rejected},
		{"1| |　|户主|500", rejected},
		{"||||", other},
		{" |　|||", other},
		{"序号|姓名|身份证号|与户主关系|合计", other},
		{"|姓名|身份证号码|与户主关系|合计（元）", other}, // in other words
		{"|姓名|身份证号||合计（元）", other},
		{"低保花名册||||", other},
		{"单位：青山镇民政办||2026年9月||", other},
		{"第1页 共3页||||", other},
		{"合计||||1000", total},
		{"|合 计|||1000", total},
		{"总计：||||1000", total},
		{"|本页小计|||1000", total},
		{"石桥村小计||||1000", total},
		{"合计（304户）|||478人|1000", total},
		{"制表人：王五||审核人：赵六||", other},
		{"制表人|王五|审核人|赵六|", other},
		{"单位（盖章）||||", other},
		{"馆长：||||", other},
		{"馆长：|张三|||", accepted},
		{"2026年10月8日||||", other},
		{"|计小明||户主|500", accepted},
		{"1|会计||户主|500", accepted},
	}
	for _, tt := range tests {
		rec := decode.Record{Row: 9, Cells: strings.Split(tt.cells, "|")}
		if got, _, _ := rows.kind(&rec); got != tt.want {
			t.Errorf("%s is %d, want %d", tt.cells, got, tt.want)
		}
	}
	for reject, want := range map[string]rowKind{decode.RejectCells: rejected, decode.RejectBytes: rejected} {
		rec := decode.Record{Reject: reject, Cells: []string{"1", "张三", "990101195203041114"}}
		if got, reason, _ := rows.kind(&rec); got != want || reason != reject {
			t.Errorf("%s is %d for %q", reject, got, reason)
		}
	}
	short := decode.Record{Reject: decode.RejectCells, Cells: []string{"合计", "1000"}}
	if got, _, _ := rows.kind(&short); got != total {
		t.Errorf("a short row of totals is %d", got)
	}
}

func TestControls(t *testing.T) {
	columns := []bound{{Column: Column{Name: "total", Type: Money}, header: "合计"}}
	spanOf := func(sum int64) span { return span{rows: 1, sums: []int64{sum}} }
	of := func(level totalLevel, value int64) totalRow {
		return totalRow{level: level, values: []int64{value}, given: []bool{true}}
	}
	tests := []struct {
		name   string
		spans  []int64
		totals []totalRow
		before int64
		want   []int64 // sums shown
	}{
		{"one total", []int64{300, 0}, []totalRow{of(wholeTotal, 300)}, 0, []int64{300}},
		{"one wrong", []int64{300, 0}, []totalRow{of(wholeTotal, 310)}, 0, []int64{300}},
		{"groups and the whole", []int64{100, 200, 0, 0}, []totalRow{of(groupTotal, 100), of(groupTotal, 200), of(wholeTotal, 300)}, 0, []int64{100, 200, 300}},
		{"a wrong group is not the sheet", []int64{100, 200, 0}, []totalRow{of(groupTotal, 100), of(groupTotal, 210)}, 0, []int64{100, 200}},
		{"合计 under each town, then 总计", []int64{100, 200, 0, 0}, []totalRow{of(wholeTotal, 100), of(wholeTotal, 200), of(wholeTotal, 300)}, 0, []int64{100, 200, 300}},
		{"a total over the file on its last sheet", []int64{100, 0}, []totalRow{of(wholeTotal, 150)}, 50, []int64{150}},
		{"none given", []int64{100, 0}, []totalRow{{level: wholeTotal, values: []int64{0}, given: []bool{false}}}, 0, nil},
	}
	for _, tt := range tests {
		var spans []span
		for _, s := range tt.spans {
			spans = append(spans, spanOf(s))
		}
		var got []int64
		for _, c := range controls(columns, spans, tt.totals, spanOf(tt.before)) {
			got = append(got, c.Sum)
		}
		if len(got) != len(tt.want) {
			t.Errorf("%s: %v", tt.name, got)
			continue
		}
		for i := range got {
			if got[i] != tt.want[i] {
				t.Errorf("%s: sums %v, want %v", tt.name, got, tt.want)
			}
		}
	}
}

func TestSurroundings(t *testing.T) {
	tests := []struct {
		s                                     surroundings
		benefit, month, town, village, source string
		unit                                  int64
	}{
		{surroundings{titles: []string{"示范县青山镇2026年9月农村低保花名册", "填表日期：2026年10月8日"}, file: "inbox/a.xlsx"},
			"rural", "2026-09-01", "青山镇", "", "title", 100},
		{surroundings{sheet: "白水", file: "inbox/青山镇_城市低保_20260915.csv"}, "urban", "2026-09-01", "白水乡", "", "sheet", 100},
		{surroundings{sheet: "石桥村", file: "inbox/青山镇.xlsx"}, "", "", "青山镇", "石桥村", "file", 100},
		{surroundings{sheet: "石桥村", file: "inbox/低保.xlsx"}, "", "", "", "", "", 100}, // never a village alone
		{surroundings{file: "inbox/城保/2026-08/名册.csv.gz"}, "urban", "2026-08-01", "", "", "", 100},
		{surroundings{titles: []string{"城乡低保（农村低保、城市低保）汇总", "金额单位：万元"}, file: "a.csv"}, "", "", "", "", "", 1_000_000},
		{surroundings{titles: []string{"2023年第3季度农村低保花名册"}, file: "a.csv"}, "rural", "", "", "", "", 100},
	}
	for _, tt := range tests {
		if got := tt.s.benefit(); got != tt.benefit {
			t.Errorf("%v: benefit %q, want %q", tt.s, got, tt.benefit)
		}
		if got := tt.s.month().String(); got != tt.month {
			t.Errorf("%v: month %q, want %q", tt.s, got, tt.month)
		}
		if got := tt.s.unit(); got != tt.unit {
			t.Errorf("%v: unit %d, want %d", tt.s, got, tt.unit)
		}
		town, village, from := tt.s.place(somePlaces())
		if town != tt.town || village != tt.village || from != tt.source {
			t.Errorf("%v: place %q %q from %q", tt.s, town, village, from)
		}
	}
}
