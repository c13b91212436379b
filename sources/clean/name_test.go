package clean

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
	"pgregory.net/rapid"
)

func TestParseName(t *testing.T) {
	for _, c := range []struct{ name, raw, text, fold, sound, surname string }{
		{"plain", "张三", "张三", "张三", "zhang-san---", "张"},
		{"traditional", "張國強", "張國強", "张国强", "zhang-guo---qiang-", "张"},
		{"variant", "李喆", "李喆", "李哲", "li----zhe---", "李"},
		{"ideographic space", "张　三", "张三", "张三", "zhang-san---", "张"},
		{"blanks around", "\t 张三\u00a0", "张三", "张三", "zhang-san---", "张"},
		{"zero width", "张\u200b三", "张三", "张三", "zhang-san---", "张"},
		{"compatibility form", "\uf90a三", "金三", "金三", "jin---san---", "金"},
		{"radical from a PDF", "\u2ee2三", "\u2ee2三", "马三", "ma----san---", "马"},
		{"compound surname", "欧阳修", "欧阳修", "欧阳修", "ou----yang--xiu---", "欧阳"},
		{"compound surname, traditional", "諸葛亮", "諸葛亮", "诸葛亮", "zhu---ge----liang-", "诸葛"},
		{"two characters are no compound", "欧阳", "欧阳", "欧阳", "ou----yang--", "欧"},
		{"surname's own reading", "单曾", "单曾", "单曾", "shan--ceng--", "单"},
		{"dot", "买买提·吐尔逊", "买买提·吐尔逊", "买买提吐尔逊", "mai---mai---ti----tu----er----xun---", ""},
		{"full stop", "买买提．吐尔逊", "买买提·吐尔逊", "买买提吐尔逊", "mai---mai---ti----tu----er----xun---", ""},
		{"bullet and blanks", "买买提 • 吐尔逊", "买买提·吐尔逊", "买买提吐尔逊", "mai---mai---ti----tu----er----xun---", ""},
		{"half-width dot", "买买提･吐尔逊", "买买提·吐尔逊", "买买提吐尔逊", "mai---mai---ti----tu----er----xun---", ""},
		{"doubled dot, dot at the end", "买买提··吐尔逊.", "买买提·吐尔逊", "买买提吐尔逊", "mai---mai---ti----tu----er----xun---", ""},
		{"missing character", "李？明", "李?明", "李?明", "li----?-----ming--", "李"},
		{"missing surname", "□明", "□明", "□明", "?-----ming--", ""},
		{"letters", "ＪＯＨＮ  Smith", "JOHN Smith", "JOHNSmith", "J-----O-----H-----N-----S-----m-----i-----t-----h-----", ""},
		{"private use", "李\ue000", "李\ue000", "李\ue000", "li----u+e000", "李"},
		{"beyond the BMP", "李𠮷", "李𠮷", "李𠮷", "li----+20bb7", "李"},
		{"apostrophe", "'张三", "张三", "张三", "zhang-san---", "张"},
		{"bad bytes", "张\xff三", "张\ufffd三", "张\ufffd三", "zhang-?-----san---", "张"},
		{"empty", "", "", "", "", ""},
		{"blank", " 　", "", "", "", ""},
		{"dots alone", "···", "", "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, want := ParseName(c.raw), (Name{c.text, c.fold, c.sound, c.surname}); got != want {
				t.Errorf("ParseName(%q)\n got %+q\nwant %+q", c.raw, got, want)
			}
			checkName(t, c.raw)
		})
	}
}

// checkName holds a name to what the type promises of it.
func checkName(t *testing.T, raw string) {
	t.Helper()
	n := ParseName(raw)
	if again := ParseName(n.Text); again != n {
		t.Fatalf("%q: %+q, again %+q", raw, n, again)
	}
	if again := ParseName(n.Fold); again.Fold != n.Fold || again.Sound != n.Sound {
		t.Fatalf("%q: fold %+q, folded again %+q", raw, n.Fold, again.Fold)
	}
	if len(n.Sound) != SoundWidth*utf8.RuneCountInString(n.Fold) {
		t.Fatalf("%q: %d characters, sound %q", raw, utf8.RuneCountInString(n.Fold), n.Sound)
	}
	for i := range len(n.Sound) {
		if n.Sound[i] >= 0x80 {
			t.Fatalf("%q: sound %q is not ASCII", raw, n.Sound)
		}
	}
	if !strings.HasPrefix(n.Fold, n.Surname) {
		t.Fatalf("%q: surname %q of %q", raw, n.Surname, n.Fold)
	}
	if strings.ContainsFunc(n.Fold, func(r rune) bool { return isBlank(r) || r == '·' }) {
		t.Fatalf("%q: fold %q", raw, n.Fold)
	}
}

func FuzzParseName(f *testing.F) {
	for _, s := range []string{"张三", "張　國強", "买买提．吐尔逊", "李？明", "\uf90a三", "ＪＯＨＮ Smith", "李\ue863", "𠮷", "張\u0301", "ﷺ", "·a·b", "e\u0301 e", "a\u00b4"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		checkName(t, raw)
		for _, part := range SplitNames(raw) {
			if strings.TrimFunc(part, isBlank) == "" {
				t.Fatalf("%q has a blank part", raw)
			}
		}
	})
}

// The tables keep their order: what a character is folded to is plain itself,
// and a look-alike is no variant.
func TestTablesAreConsistent(t *testing.T) {
	table := han()
	folded := 0
	lines(foldText, func(line string) {
		runes := []rune(line)
		if len(runes) < 2 || table.plain(runes[0]) != runes[0] {
			t.Errorf("fold.txt: %q begins with what is folded itself", line)
		}
		for _, r := range runes[1:] {
			if table.plain(r) != runes[0] {
				t.Errorf("fold.txt: %c stands on two lines", r)
			}
			folded++
		}
	})
	if folded < 5000 {
		t.Errorf("fold.txt folds %d characters", folded)
	}
	pairs := 0
	lines(shapeText, func(line string) {
		runes := []rune(line)
		if len(runes) < 2 || !slices.IsSorted(runes) {
			t.Errorf("shape.txt: %q is not in order", line)
		}
		for _, r := range runes[1:] {
			if table.soundAlike(runes[0], r) || !table.lookAlike(runes[0], r) || !table.lookAlike(r, runes[0]) {
				t.Errorf("shape.txt: %c%c", runes[0], r)
			}
			pairs++
		}
	})
	if pairs < 20000 {
		t.Errorf("shape.txt has %d pairs", pairs)
	}
	for s := range compoundSurnames {
		if ParseName(s).Fold != s || utf8.RuneCountInString(s) != 2 {
			t.Errorf("surname %s is not folded", s)
		}
	}
}

// sound.txt says what the dictionary it was made from says today.
func TestSoundsAreTheDictionarys(t *testing.T) {
	table := han()
	checked := 0
	for r := range pinyin.PinyinDict {
		readings := pinyin.Pinyin(string(rune(r)), pinyin.Args{Style: pinyin.Normal, Heteronym: true, Separator: "-"})
		if len(readings) != 1 {
			continue
		}
		got := table.readings[rune(r)]
		if got == nil && table.soundOf(rune(r)) != 0 {
			got = []uint16{table.soundOf(rune(r))}
		}
		for _, want := range readings[0] {
			want = strings.ReplaceAll(want, "ü", "v")
			if strings.IndexFunc(want, func(c rune) bool { return c < 'a' || c > 'z' }) >= 0 || !strings.ContainsAny(want, "aeiouv") {
				continue // ê, ng and other readings that are no syllable
			}
			if !slices.ContainsFunc(got, func(n uint16) bool { return strings.TrimRight(table.syllables[n], "-") == want }) {
				t.Errorf("%c: no reading %s; run go generate", r, want)
			}
			checked++
		}
	}
	if checked < 40000 {
		t.Errorf("checked %d readings", checked)
	}
}

func TestNameLevel(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"张三", "张三", Equal},
		{"張國強", "张国强", Equal},
		{"买买提·吐尔逊", "买买提.吐尔逊", Equal},
		{"张　三", "张三", Equal},
		{"李喆", "李哲", Equal},
		{"张三", "张叁", Homophone},
		{"王芳", "王方", Homophone},
		{"王伟", "王玮", Homophone},
		{"刘伟", "浏伟", Homophone},
		{"萧明", "肖明", Homophone},
		{"章华", "张桦", Homophone},
		{"李乐", "李月", Homophone}, // 乐 is read yue too
		{"李?明", "李晓明", Missing},
		{"李□明", "李晓明", Missing},
		{"李＊明", "李晓明", Missing},
		{"李〓明", "李晓明", Missing},
		{"李■", "李明", Missing},
		{"李？", "李芳", Missing},
		{"李己", "李已", LookAlike},
		{"李己", "李巳", LookAlike},
		{"李未", "李末", LookAlike},
		{"王明", "玉明", Homophone}, // the dictionary has yu for 王 too
		{"李土", "李士", LookAlike},
		{"李人", "李入", LookAlike},
		{"李天", "李夫", LookAlike},
		{"李大", "李犬", LookAlike},
		{"李日", "李曰", LookAlike},
		{"李晴", "李睛", LookAlike},
		{"李梅", "李海", LookAlike},
		{"李戊", "李戌", LookAlike},
		{"李?方", "李小芳", Homophone}, // the lowest of its characters
		{"李未方", "李末芳", LookAlike},
		{"王小明", "王明", Shortened},
		{"王小明", "小明", Shortened},
		{"王小", "王小明", Shortened},
		{"王明明", "王明", Shortened},
		{"买买提吐尔逊", "买买提吐尔", Shortened},
		{"己小明", "已明", Incompatible}, // lost and changed
		{"王明", "王", Incompatible},   // of two nothing may be lost
		{"王小明", "王", Incompatible},
		{"王小明", "明小", Incompatible},
		{"李伟", "李强", Incompatible},
		{"李建国", "李建军", Incompatible},
		{"李江", "李河", Incompatible},
		{"李钢", "李铁", Incompatible},
		{"李春", "李夏", Incompatible},
		{"李松", "李柏", Incompatible},
		{"李海涛", "李海波", Incompatible},
		{"李晓明", "李晓亮", Incompatible},
		{"李丽", "李娜", Incompatible},
		{"李桂英", "李桂兰", Incompatible},
		{"李一", "李二", Incompatible},
		{"张三", "李四", Incompatible},
		{"李?强", "李小伟", Incompatible},
		{"", "", Incompatible},
		{"张三", "", Incompatible},
		{"AB", "AC", Incompatible},
		{"李\ue000", "李\ue001", Incompatible},
	} {
		a, b := ParseName(c.a).Fold, ParseName(c.b).Fold
		if got := NameLevel(a, b); got != c.want {
			t.Errorf("NameLevel(%s, %s) = %d, want %d", c.a, c.b, got, c.want)
		}
		if got := NameLevel(b, a); got != c.want {
			t.Errorf("NameLevel(%s, %s) = %d, want %d", c.b, c.a, got, c.want)
		}
	}
}

// Of given-name characters at random few may pass for each other: brothers and
// sisters share all the rest of their names.
func TestLookAlikesAreFew(t *testing.T) {
	given := []rune("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国文志海波林春云龙飞鹏辉鑫浩宇轩涵梓欣怡雪婷玲琳燕萍莉颖慧倩洁丹凤琴珍兴福贵荣昌盛德仁义忠孝清正金银永长安康宁和顺利祥瑞庆喜乐光亮星月阳晨晓旭晖佳家俊豪雄威武斌彬博学思源泽润沛淑贤惠芬芝菊莲荷香花蓉菲薇萌雨露霖凯翔天宏远达成功业新民生立树根柏松桃柳枝叶青")
	pairs, alike := 0, 0
	for i, a := range given {
		for _, b := range given[i+1:] {
			if a == b {
				continue
			}
			pairs++
			if NameLevel("李"+string(a), "李"+string(b)) == LookAlike {
				alike++
			}
		}
	}
	if alike*1000 > 3*pairs {
		t.Errorf("%d of %d pairs look alike", alike, pairs)
	}
}

func TestNameLevelProperties(t *testing.T) {
	character := rapid.SampledFrom([]rune("张王李赵己已巳未末土士伟玮强国军?□*买·A𠮷\ue000三叁"))
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SliceOfN(character, 0, 5)
		a, b := ParseName(string(name.Draw(t, "a"))).Fold, ParseName(string(name.Draw(t, "b"))).Fold
		level := NameLevel(a, b)
		if level != NameLevel(b, a) {
			t.Fatalf("%q, %q: not symmetric", a, b)
		}
		if (level == Equal) != (a == b && a != "") {
			t.Fatalf("%q, %q: %d", a, b, level)
		}
		nA, nB := utf8.RuneCountInString(a), utf8.RuneCountInString(b)
		if (level == Shortened) && (max(nA, nB) < 3 || nA == nB) || level > Shortened && nA != nB {
			t.Fatalf("%q, %q: %d", a, b, level)
		}
		// Losing any one character of three or more leaves a compatible name.
		if runes := []rune(a); len(runes) >= 3 {
			at := rapid.IntRange(0, len(runes)-1).Draw(t, "lost")
			if got := NameLevel(a, string(slices.Delete(slices.Clone(runes), at, at+1))); got != Shortened {
				t.Fatalf("%q without character %d: %d", a, at, got)
			}
		}
	})
}

func FuzzNameLevel(f *testing.F) {
	f.Add("张三", "张叁")
	f.Add("王小明", "王明")
	f.Add("李\ufffd", "李?")
	f.Add("\xff\xfe", "\xe4\xb8")
	f.Fuzz(func(t *testing.T, a, b string) {
		if got := NameLevel(a, b); got != NameLevel(b, a) || got < Incompatible || got > Equal {
			t.Fatalf("NameLevel(%q, %q) = %d, the other way %d", a, b, got, NameLevel(b, a))
		}
	})
}
