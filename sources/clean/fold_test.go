package clean

import (
	"testing"
	"unicode/utf8"
)

func TestFold(t *testing.T) {
	for raw, want := range map[string]string{
		"农村低保": "农村低保", " 农 村\u3000低保\n": "农村低保", "Ａ类（一）": "A类(一)", "Ⅰ级": "I级", "\ufeff是": "是", "": "", "a\u00b4": "\u00e1",
	} {
		if got := Fold(raw); got != want {
			t.Errorf("Fold(%q) = %q, want %q", raw, got, want)
		}
	}
}

func TestText(t *testing.T) {
	for raw, want := range map[string]string{
		"青山镇石桥村3组": "青山镇石桥村3组", "  青山镇\u3000石桥村 ": "青山镇 石桥村", "一\r\n\r\n二": "一 二", "'0123": "0123",
		"（一）": "（一）", "张\u200b三": "张三", "\t": "", "a\xffb": "a\ufffdb",
	} {
		if got := Text(raw); got != want {
			t.Errorf("Text(%q) = %q, want %q", raw, got, want)
		}
	}
}

func TestNothing(t *testing.T) {
	for _, raw := range []string{"", " ", "-", "—", "——", "/", "无", "null", "N/A", "'", "＃N／A"} {
		if !Nothing(raw) {
			t.Errorf("Nothing(%q) is false", raw)
		}
	}
	for _, raw := range []string{"0", "否", "无劳动力", "#DIV/0!", "?"} {
		if Nothing(raw) {
			t.Errorf("Nothing(%q) is true", raw)
		}
	}
}

func TestHasPrivateUse(t *testing.T) {
	for raw, want := range map[string]bool{"李\ue863": true, "\uf8ff": true, "\U000f0000": true, "李明": false, "": false, "\uf900": false, "\xee\x80": false, "ｘ": false} {
		if got := HasPrivateUse(raw); got != want {
			t.Errorf("HasPrivateUse(%q) = %v", raw, got)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{" 一\r\n二", "'0123", "a\u00b4", "\ufeff", "\xff", "ﷺ", "（　）"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		for name, fold := range map[string]func(string) string{"Fold": Fold, "Text": Text, "FoldHeader": FoldHeader} {
			once := fold(raw)
			if twice := fold(once); twice != once {
				t.Fatalf("%s(%q) = %q, then %q", name, raw, once, twice)
			}
			if !utf8.ValidString(once) {
				t.Fatalf("%s(%q) = %q", name, raw, once)
			}
		}
		ParseBool(raw)
		HeaderUnit(raw)
		if Nothing(raw) && HasPrivateUse(raw) {
			t.Fatalf("%q is nothing", raw)
		}
	})
}
