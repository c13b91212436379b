package report

import (
	"fmt"
	"strings"
)

// filesText says how many files of a roll there were.
func filesText(r rollFigure) string {
	s := fmt.Sprintf("文件%d份", r.Files)
	if r.Refused > 0 {
		s += fmt.Sprintf("，拒收%d份", r.Refused)
	}
	if r.Empty > 0 {
		s += fmt.Sprintf("，无记录%d份", r.Empty)
	}
	return s
}

// rejectWords are the reasons for which a record or a cell is not taken.
var rejectWords = map[string]string{
	"bad_bytes":  "含无法解码的字节",
	"nul":        "含空字符",
	"too_long":   "记录超过1 MiB",
	"cell_count": "单元格数与表头不符",
	"open_quote": "引号没有闭合",
	"no_person":  "既无姓名也无证件号",

	"bad_date":      "日期无法识别",
	"bad_month":     "年月无法识别",
	"bad_money":     "金额无法识别",
	"bad_number":    "数字无法识别",
	"bad_bool":      "是否无法识别",
	"owners_differ": "姓名与证件号个数不同",
}

// causeText says why records or cells were not taken: a column under its
// Chinese header, a reason in words.
func (w *workbook) causeText(c cause) string {
	column, reason, of := strings.Cut(c.Name, "：")
	if !of {
		return "整条拒收：" + word(rejectWords, c.Name)
	}
	for roll, labels := range w.in.Labels {
		if w.in.rollTitle(roll) == c.Kind && labels[column] != "" {
			column = labels[column]
		}
	}
	return "单元格：" + column + "：" + word(rejectWords, reason)
}

// controlText is a control total with its column's Chinese header.
func (w *workbook) controlText(roll, control string) string {
	column, rest, of := strings.Cut(control, "：")
	if !of {
		return control
	}
	return word(w.in.Labels[roll], column) + "：" + rest
}
