package clean

import "strings"

// ParseBool reads 是/否, Y/N, 1/0, √/×, 有/无 and what the forms use beside them.
// It is not ok where the text says neither, an empty cell among them.
func ParseBool(raw string) (value, ok bool) {
	switch strings.ToUpper(strings.TrimLeft(Fold(raw), "'")) {
	case "是", "Y", "YES", "1", "1.0", "√", "✓", "✔", "☑", "有", "TRUE", "T", "对", "真", "是的",
		"享受", "已享受", "已消除", "已备案", "备案", "已参加", "参加", "已参保", "参保", "已登记", "已纳入":
		return true, true
	case "否", "N", "NO", "0", "0.0", "×", "X", "✗", "✘", "☒", "✕", "✖", "无", "FALSE", "F", "错", "假", "不是", "没有",
		"未享受", "不享受", "未消除", "未备案", "未参加", "不参加", "未参保", "不参保", "未登记", "未纳入":
		return false, true
	}
	return false, false
}
