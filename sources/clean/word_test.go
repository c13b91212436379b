package clean

import (
	"slices"
	"testing"
)

var someWords = NewWords([]WordRow{
	{"*.relation", "之子", "son"}, {"*.relation", "子", "son"}, {"dibao_payments.relation", "子", "child"},
	{"*.level", "Ⅰ", "1"}, {"*.level", "一级", "1"}, {"*.class", "A类", "a"},
	{"vehicles.remark", "唯一谋生工具", "sole_livelihood"}, {"vehicles.remark", "营运谋生", "sole_livelihood"},
	{"register.measures", "低保", "dibao"}, {"register.measures", "低保边缘", "edge"}, {"register.measures", "特困供养", "tekun"},
	{"dibao_payments.account_holder", "敬老院", "institution"}, {"register.watch", "无", ""}, {"*.relation", "之子", "ignored"}, {"", "x", "y"}, {"*.relation", " ", "y"},
})

func TestWordsCode(t *testing.T) {
	for _, c := range []struct {
		kind, column, word, code string
		known                    bool
	}{
		{"register", "relation", "之子", "son", true},
		{"register", "relation", " 之 子 ", "son", true},
		{"register", "relation", "子", "son", true},
		{"dibao_payments", "relation", "子", "child", true},
		{"disability", "level", "Ⅰ", "1", true},
		{"disability", "level", "I", "1", true},
		{"disability", "level", "i", "1", true},
		{"dibao_persons", "class", "ａ类", "a", true},
		{"register", "watch", "无", "", true},
		{"register", "relation", "", "", true},
		{"register", "relation", "　", "", true},
		{"register", "relation", "之女", "", false},
		{"register", "unheard", "之子", "", false},
	} {
		if code, known := someWords.Code(c.kind, c.column, c.word); code != c.code || known != c.known {
			t.Errorf("Code(%s.%s, %q) = %q %v, want %q %v", c.kind, c.column, c.word, code, known, c.code, c.known)
		}
	}
}

func TestWordsIn(t *testing.T) {
	for _, c := range []struct {
		kind, column, text string
		want               []string
	}{
		{"vehicles", "remark", "系该户唯一谋生工具，营运谋生", []string{"sole_livelihood"}},
		{"register", "measures", "特困供养、低保；残疾人补贴", []string{"dibao", "tekun"}},
		{"register", "measures", "低保边缘", []string{"edge"}},
		{"register", "measures", "低 保", []string{"dibao"}},
		{"register", "measures", "产业帮扶", nil},
		{"register", "measures", "", nil},
		{"deaths", "remark", "低保", nil},
	} {
		if got := someWords.In(c.kind, c.column, c.text); !slices.Equal(got, c.want) {
			t.Errorf("In(%s.%s, %q) = %q, want %q", c.kind, c.column, c.text, got, c.want)
		}
	}
}

func TestWordsLast(t *testing.T) {
	for text, want := range map[string]string{
		"青山镇敬老院": "institution", "敬老院": "institution", "青山镇 敬 老 院 ": "institution",
		"敬老院王某": "", "老院": "", "": "",
	} {
		if got := someWords.Last("dibao_payments", "account_holder", text); got != want {
			t.Errorf("Last(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestParseBool(t *testing.T) {
	for raw, want := range map[string]bool{
		"是": true, " 是 ": true, "Y": true, "y": true, "１": true, "√": true, "有": true, "true": true, "已消除": true, "1.0": true,
		"否": false, "N": false, "0": false, "×": false, "x": false, "无": false, "FALSE": false, "未消除": false, "不享受": false,
	} {
		if got, ok := ParseBool(raw); !ok || got != want {
			t.Errorf("ParseBool(%q) = %v %v", raw, got, ok)
		}
	}
	for _, raw := range []string{"", " ", "不详", "2", "是否", "-"} {
		if _, ok := ParseBool(raw); ok {
			t.Errorf("ParseBool(%q) is ok", raw)
		}
	}
}

func FuzzWords(f *testing.F) {
	f.Add("系该户唯一谋生工具")
	f.Add("低保边缘、特困供养")
	f.Add("\xff低保")
	f.Fuzz(func(t *testing.T, text string) {
		in := someWords.In("register", "measures", text)
		if !slices.IsSorted(in) || len(slices.Compact(slices.Clone(in))) != len(in) {
			t.Fatalf("%q holds %q", text, in)
		}
		if code, known := someWords.Code("register", "measures", text); known && code != "" && !slices.Equal(in, []string{code}) {
			t.Fatalf("%q is %s and holds %q", text, code, in)
		}
	})
}
