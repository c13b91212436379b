package clean

import (
	"math/big"
	"strconv"
	"strings"
	"testing"
)

func date(t testing.TB, s string) Date {
	t.Helper()
	if s == "" {
		return NoDate
	}
	d, ok := DateOf(atoi(s[:4]), atoi(s[5:7]), atoi(s[8:]))
	if !ok {
		t.Fatalf("%q is no date", s)
	}
	return d
}

func TestParseID(t *testing.T) {
	for _, c := range []struct{ name, raw, no, kind, birth, sex string }{
		{"plain", "990101199003071237", "990101199003071237", Valid, "1990-03-07", "male"},
		{"woman", "990102195202291046", "990102195202291046", Valid, "1952-02-29", "female"},
		{"X", "99010119781205004X", "99010119781205004X", Valid, "1978-12-05", "female"},
		{"x", "99010119781205004x", "99010119781205004X", Valid, "1978-12-05", "female"},
		{"full width X", "９９０１０１１９７８１２０５００４Ｘ", "99010119781205004X", Valid, "1978-12-05", "female"},
		{"full width x", "99010119781205004ｘ", "99010119781205004X", Valid, "1978-12-05", "female"},
		{"star for X", "99010119781205004*", "99010119781205004X", Valid, "1978-12-05", "female"},
		{"full width star for X", "99010119781205004＊", "99010119781205004X", Valid, "1978-12-05", "female"},
		{"times for X", "99010119781205004×", "99010119781205004X", Valid, "1978-12-05", "female"},
		{"Cyrillic X", "99010119781205004Х", "99010119781205004X", Valid, "1978-12-05", "female"},
		{"Roman ten", "99010119781205004Ⅹ", "99010119781205004X", Valid, "1978-12-05", "female"},
		{"letter O", "99O1O1199003071237", "990101199003071237", Valid, "1990-03-07", "male"},
		{"letter o", "99o101199003071237", "990101199003071237", Valid, "1990-03-07", "male"},
		{"blanks", " 990101 19900307　1237 ", "990101199003071237", Valid, "1990-03-07", "male"},
		{"tab behind", "990101199003071237\t", "990101199003071237", Valid, "1990-03-07", "male"},
		{"apostrophe", "'990101199003071237", "990101199003071237", Valid, "1990-03-07", "male"},
		{"Chinese apostrophe", "‘990101199003071237", "990101199003071237", Valid, "1990-03-07", "male"},
		{"no-break and zero-width", "\u200b990101199003071237\u00a0\ufeff", "990101199003071237", Valid, "1990-03-07", "male"},
		{"hyphens", "990101-19900307-1237", "990101199003071237", Valid, "1990-03-07", "male"},
		{"comma behind", "990101199003071237，", "990101199003071237", Valid, "1990-03-07", "male"},
		{"line break inside", "9901011990\n03071237", "990101199003071237", Valid, "1990-03-07", "male"},
		{"000 with its check", "990101199002021000", "990101199002021000", Valid, "1990-02-02", "female"},

		{"15 digits", "990101900307123", "990101199003071237", Legacy15, "1990-03-07", "male"},
		{"15 digits of a float", "990101900307123.0", "990101199003071237", Legacy15, "1990-03-07", "male"},
		{"15 digits, no such day", "990101901307123", "990101901307123", BadBirth, "", "male"},
		{"20 characters", "9901011990030712374" + "2", "990101199003071237", Certificate20, "1990-03-07", "male"},
		{"20 characters with X", "99010119781205004x61", "99010119781205004X", Certificate20, "1978-12-05", "female"},
		{"22 characters", "99010119900307123742B1", "990101199003071237", Certificate22, "1990-03-07", "male"},
		{"22 characters, wrong check", "99010119900307123842B1", "99010119900307123842B1", BadCheck, "1990-03-07", "male"},
		{"20 characters, no class", "99010119900307123790", "99010119900307123790", BadLength, "", ""},

		{"wrong check", "990101199003071236", "990101199003071236", BadCheck, "1990-03-07", "male"},
		{"X inside", "99010119900X071237", "99010119900X071237", BadCheck, "", "male"},
		{"wrong check and birth", "990101199013071237", "990101199013071237", BadCheck, "", "male"},
		{"no such day", "99010119900230123X", "99010119900230123X", BadBirth, "", "male"},
		{"17 digits", "99010119900307123", "99010119900307123", BadLength, "", ""},
		{"19 digits", "9901011990030712370", "9901011990030712370", BadLength, "", ""},
		{"passport", "E12345678", "E12345678", BadLength, "", ""},
		{"a name", "张三", "张三", BadLength, "", ""},

		{"masked", "9901**********1237", "9901**********1237", Masked, "", "male"},
		{"masked behind", "99010119900307****", "99010119900307****", Masked, "1990-03-07", ""},
		{"masked by full width", "990101＊＊＊＊＊＊＊＊1237", "990101********1237", Masked, "", "male"},
		{"masked by X", "990101XXXXXXXX1237", "990101XXXXXXXX1237", Masked, "", "male"},
		{"masked, shorter", "9901****1237", "9901****1237", Masked, "", ""},
		{"a star that is no X", "99010119900307123*", "99010119900307123*", Masked, "1990-03-07", "male"},

		{"one digit", "111111111111111111", "111111111111111111", Placeholder, "", ""},
		{"zeros", "0", "0", Placeholder, "", ""},
		{"1 to 8", "123456789012345678", "123456789012345678", Placeholder, "", ""},
		{"area and zeros", "990101000000000000", "990101000000000000", Placeholder, "", ""},
		{"none", " 无 ", "无", Placeholder, "", ""},
		{"slash", "/", "/", Placeholder, "", ""},
		{"dash", "—", "—", Placeholder, "", ""},
		{"null", "NULL", "NULL", Placeholder, "", ""},

		{"spreadsheet zeros", "990101199003071000", "990101199003071000", Damaged, "1990-03-07", ""},
		{"scientific", "9.90101E+17", "9.90101E+17", Damaged, "", ""},
		{"scientific, small e", "9.90101199003071e17", "9.90101199003071E17", Damaged, "", ""},
		{"a float's tail", "990101199003071232.0", "990101199003071232.0", Damaged, "1990-03-07", ""},
		{"too narrow", "########", "########", Damaged, "", ""},
		{"certificate as a number", "99010119900307100000", "99010119900307100000", Damaged, "1990-03-07", ""},

		{"empty", "", "", Empty, "", ""},
		{"blank", " \t　\n", "", Empty, "", ""},
		{"apostrophe alone", "'", "", Empty, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			id := ParseID(c.raw)
			if id.No != c.no || id.Kind != c.kind || id.Birth != date(t, c.birth) || id.Sex != c.sex {
				t.Errorf("ParseID(%q) = %+v (born %s), want %s %s %s %s", c.raw, id, id.Birth, c.no, c.kind, c.birth, c.sex)
			}
			checkID(t, c.raw)
		})
	}
}

func TestParseIDKeyAndClass(t *testing.T) {
	id := ParseID("99010119900307123742")
	if id.Key != 99010119900307123 || id.Disability != '4' || id.Level != '2' {
		t.Errorf("certificate: %+v", id)
	}
	if id := ParseID("99010119900307123842B1"); id.Key != 0 || id.Disability != '4' || id.Level != '2' {
		t.Errorf("certificate with a wrong check: %+v", id)
	}
	if id := ParseID("990101199003071236"); id.Key != 0 || id.Disability != 0 {
		t.Errorf("wrong check: %+v", id)
	}
	if got := Number18(99010119781205004); got != "99010119781205004X" {
		t.Errorf("Number18 = %q", got)
	}
}

func TestParseIDNumber(t *testing.T) {
	for raw, kind := range map[string]string{
		"990101199003071237":    Valid,   // odd: no float64 is equal to it
		"990101199003070592":    Damaged, // valid, but a float64 could be all that was left
		"990101199003071000":    Damaged,
		"990101199003071236":    Damaged, // whatever it was, it went through a number
		"9.90101199003071E+17":  Damaged,
		"990101900307123":       Legacy15,
		"99010119900307123742":  Certificate20,
		"99010119900307123747":  Damaged,
		"99010119900307121":     Damaged,
		"9901011":               BadLength,
		"":                      Empty,
		"0":                     Placeholder,
		"9901011990030712384 1": Damaged,
	} {
		if got := ParseIDNumber(raw).Kind; got != kind {
			t.Errorf("ParseIDNumber(%q) is %s, want %s", raw, got, kind)
		}
	}
}

// checkByTheStandard is GB 11643's rule in words of its own: the sum of all 18
// characters under 2^(18-i) leaves 1 modulo 11.
func checkByTheStandard(no string) bool {
	if len(no) != 18 {
		return false
	}
	sum := new(big.Int)
	for i, r := range no {
		v := int64(10)
		if !(r == 'X' && i == 17) {
			n, err := strconv.Atoi(string(r))
			if err != nil {
				return false
			}
			v = int64(n)
		}
		term := new(big.Int).Lsh(big.NewInt(v), uint(17-i))
		sum.Add(sum, term)
	}
	return sum.Mod(sum, big.NewInt(11)).Int64() == 1
}

// checkID holds a parsed number to what the type promises of it.
func checkID(t *testing.T, raw string) {
	t.Helper()
	id := ParseID(raw)
	again := ParseID(id.No)
	if again.No != id.No {
		t.Fatalf("%q: folded %q, folded again %q", raw, id.No, again.No)
	}
	if (id.Kind == Empty) != (id.No == "") {
		t.Fatalf("%q: %+v", raw, id)
	}
	good := id.Kind == Valid || id.Kind == Legacy15 || id.Kind == Certificate20 || id.Kind == Certificate22
	if good != (id.Key != 0) || good != (again.Kind == Valid) {
		t.Fatalf("%q: %+v, again %+v", raw, id, again)
	}
	if !good {
		if again.Kind != id.Kind {
			t.Fatalf("%q is %s, its fold %s", raw, id.Kind, again.Kind)
		}
		return
	}
	if !checkByTheStandard(id.No) || Number18(id.Key) != id.No {
		t.Fatalf("%q: %+v does not hold", raw, id)
	}
	if want := strings.ReplaceAll(id.Birth.String(), "-", ""); id.No[6:14] != want {
		t.Fatalf("%q: born %s", raw, want)
	}
	if (id.Kind == Certificate20 || id.Kind == Certificate22) != (id.Disability != 0) || (id.Disability != 0) != (id.Level != 0) {
		t.Fatalf("%q: class %q level %q", raw, id.Disability, id.Level)
	}
}

// Every single digit wrong and every two neighbours changed break the check.
func TestCheckCharacterFindsSlips(t *testing.T) {
	const good = "990101199003071237"
	for i := range 18 {
		for d := byte('0'); d <= '9'; d++ {
			if b := []byte(good); b[i] != d {
				b[i] = d
				if ParseID(string(b)).Key != 0 {
					t.Errorf("%s passes", b)
				}
			}
		}
		if i > 0 && good[i] != good[i-1] {
			b := []byte(good)
			b[i], b[i-1] = b[i-1], b[i]
			if ParseID(string(b)).Key != 0 {
				t.Errorf("%s passes", b)
			}
		}
	}
}

func FuzzParseID(f *testing.F) {
	for _, s := range []string{
		"990101199003071237", "99010119781205004x", "99010119781205004*", "990101900307123", "99010119900307123742B1",
		"9901**********1237", "9.90101E+17", "990101199003071000", "990101199003071232.0", "'990101-19900307-1237,",
		"无", "－", "########", "99O1O1199003071237", "990101XXXXXXXX1237", "\xff990101", "１２３４５６", "E1", "1E1", "''-",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		checkID(t, raw)
		if n := ParseIDNumber(raw); n.Kind != Damaged && n != ParseID(raw) {
			t.Fatalf("%q as a number: %+v", raw, n)
		}
		for _, part := range SplitIDs(raw) {
			if strings.TrimFunc(part, isBlank) == "" {
				t.Fatalf("%q has a blank part", raw)
			}
		}
	})
}
