package report

import (
	"context"
	"time"

	"github.com/xuri/excelize/v2"

	"doudi/pipeline/duck"
)

const casesSheet = "一户一案"

// townCases writes the sheet a town's workbook opens on: a row a household with
// its findings of all sides, the surest first. Answers go to the findings' own
// sheets.
func (w *workbook) townCases(ctx context.Context, db *duck.DB, b *book, part int, unit string) error {
	rows, err := db.Query(ctx, `
		select
			no, coalesce(village, ''), coalesce(head_name, ''), coalesce(head_id_no, ''),
			coalesce(dibao_household, ''), coalesce(register_household, ''), coalesce(certainty, ''), month_fen, findings,
			coalesce(enter_lines, ''), coalesce(exit_lines, ''), coalesce(pay_lines, ''),
			coalesce(conflict_lines, ''), coalesce(data_lines, ''), first_night
		from officers.cases
		where county = ? and place = ? and part = ?
		order by no`, b.county, b.place, part)
	if err != nil {
		return err
	}
	defer rows.Close()
	more := rows.Next()
	if part > 1 && !more {
		return rows.Err()
	}
	s := w.sheet(casesSheet, 4.5, 9, 9, 19.5, 18, 18, 5, 11, 5, 25, 25, 25, 25, 25, 11)
	st := w.styles
	s.frozen(3, 4)
	s.title(unit+"一户一案", unit, peopleUnits)
	s.add(34, head(st, "序号", "村\n（社区）", "户主", "身份证号", "低保证号", "监测户编号", "确定性", "每月净额\n（元）", "疑点数",
		sides[0].name, sides[1].name, sides[2].name, sides[3].name, sides[4].name, "首次发现")...)
	s.head = [2]int{s.row, s.row}
	first := s.row + 1
	for ; more; more = rows.Next() {
		var no, findings int64
		var village, name, idNo, dibao, register, certainty string
		var month duck.Null[int64]
		var lines [5]string
		var night duck.Null[time.Time]
		if err := rows.Scan(&no, &village, &name, &idNo, &dibao, &register, &certainty, &month, &findings,
			&lines[0], &lines[1], &lines[2], &lines[3], &lines[4], &night); err != nil {
			return err
		}
		centre := func(s string) excelize.Cell { return excelize.Cell{StyleID: st.center, Value: plain(s)} }
		cells := []any{
			excelize.Cell{StyleID: st.number, Value: no}, text(village, st.text, st.textSafe), text(name, st.text, st.textSafe),
			centre(idNo), centre(dibao), centre(register), centre(certainty), yuan(month, st.money), excelize.Cell{StyleID: st.number, Value: findings},
		}
		for _, l := range lines {
			cells = append(cells, text(l, st.text, st.textSafe))
		}
		s.add(0, append(cells, centre(day(night)))...)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if s.row < first {
		s.spans(20, span{s.cols, "本批次没有可归到户的疑点。", st.band})
	} else {
		s.try(w.f.AutoFilter(s.name, ref(1, first-1)+":"+ref(s.cols, s.row), nil))
	}
	s.sign()
	return s.close()
}
