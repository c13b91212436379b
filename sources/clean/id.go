package clean

import (
	"math/big"
	"strconv"
	"strings"
)

// The kinds of an identity number, as contract.md has them in persons.id_kind.
const (
	Valid         = "valid"         // 18 characters, birth date and check character hold
	Legacy15      = "legacy15"      // 15 digits with a real birth date, upgraded in No
	Certificate20 = "certificate20" // disability certificate: a valid number, class, level
	Certificate22 = "certificate22" // the same, issued again
	BadLength     = "bad_length"    // none of the lengths a number can have
	BadCheck      = "bad_check"     // the check character does not hold, or a sign is no digit
	BadBirth      = "bad_birth"     // the check character holds, the birth date is none
	Masked        = "masked"        // digits hidden for publication
	Placeholder   = "placeholder"   // stands for "none": 无, one digit throughout, 1234…
	Damaged       = "damaged"       // a spreadsheet kept 15 digits of it
	Empty         = "empty"         // blank
)

// ID is what one cell says of a person's identity number (GB 11643-1999).
type ID struct {
	// No is the 18 characters where they can be known: a valid number, a
	// 15-digit one upgraded, the first 18 of a disability certificate. Else it
	// is the text as folded: without blanks, full-width digits narrowed, X in
	// upper case. Empty for an empty cell.
	No string
	// Kind is one of the constants above; what is wrong is the first of length,
	// check character and birth date.
	Kind string
	// Key is the first 17 digits as a number where No is a valid number of 18
	// characters, else 0. The check character follows from it.
	Key int64
	// Birth is the date in the digits where it is a real one, else NoDate. It
	// is given for wrong numbers too, as far as the digits can be placed.
	Birth Date
	// Sex is male or female by the seventeenth digit (fifteenth of the old
	// form), empty where that digit is hidden, lost or cannot be placed.
	Sex string
	// Disability and Level are '1'–'7' and '1'–'4' out of a certificate's
	// digits 19 and 20, else 0. A certificate whose first 18 are wrong has them
	// all the same.
	Disability, Level byte
}

// ParseID reads an identity number that came as text.
func ParseID(raw string) ID {
	if len(raw) == 18 {
		if id, ok := plainID(raw); ok {
			return id
		}
	}
	return parseFolded(foldID(raw))
}

// ParseIDNumber reads an identity number out of a cell that a spreadsheet holds
// as a number, given as the digits the file has for it. Numbers of over 15
// digits pass only if their check character holds and no float64 is equal to
// them: then they cannot have gone through one, and nothing was lost.
func ParseIDNumber(raw string) ID {
	id := ParseID(raw)
	switch id.Kind {
	case Valid, Certificate20, Certificate22:
		if s := foldID(raw); isDigits(s) && isFloat(s) {
			return damaged(s)
		}
	case BadCheck, BadBirth, BadLength:
		if s := foldID(raw); isDigits(s) && len(s) > 15 {
			return damaged(s)
		}
	}
	return id
}

// isFloat reports whether some float64 has exactly the value of the digits s.
func isFloat(s string) bool {
	n, ok := new(big.Int).SetString(s, 10)
	if !ok {
		return false
	}
	_, acc := new(big.Float).SetInt(n).Float64()
	return acc == big.Exact
}

// plainID is the way of almost every cell: 18 characters that are already as
// they should be. It makes no garbage.
func plainID(s string) (ID, bool) {
	key, sum := int64(0), 0
	for i := 0; i < 17; i++ {
		d := s[i] - '0'
		if d > 9 {
			return ID{}, false
		}
		key = key*10 + int64(d)
		sum += int(d) * weights[i]
	}
	if s[17] != checks[sum%11] {
		return ID{}, false
	}
	birth := birthIn(s[6:14])
	if birth == NoDate {
		return ID{}, false
	}
	return ID{No: s, Kind: Valid, Key: key, Birth: birth, Sex: sexOf(s[16])}, true
}

// weights and checks of ISO 7064 MOD 11-2, as GB 11643-1999 lists them.
var weights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

const checks = "10X98765432"

// CheckChar is the check character of 17 digits, 0 where they are not digits.
func CheckChar(s string) byte {
	if len(s) != 17 || !isDigits(s) {
		return 0
	}
	sum := 0
	for i, w := range weights {
		sum += int(s[i]-'0') * w
	}
	return checks[sum%11]
}

func parseFolded(s string) ID {
	id := ID{No: s, Birth: NoDate}
	switch {
	case s == "":
		id.Kind = Empty
		return id
	case isPlaceholder(s):
		id.Kind = Placeholder
		return id
	case isScientific(s):
		return damaged(s)
	case isMasked(s):
		return masked(s)
	}
	switch len(s) {
	case 15:
		if isDigits(s) {
			return legacy(s)
		}
	case 18:
		return modern(s)
	case 20, 22:
		if id, ok := certificate(s); ok {
			return id
		}
		if isDigits(s) && strings.HasSuffix(s, "00000") {
			return damaged(s)
		}
	}
	id.Kind = BadLength
	return id
}

// modern judges 18 characters.
func modern(s string) ID {
	if id, ok := plainID(s); ok {
		return id
	}
	id := ID{No: s, Kind: BadCheck, Birth: birthIn(s[6:14]), Sex: sexOf(s[16])}
	switch c := CheckChar(s[:17]); {
	case c != 0 && c == s[17]:
		id.Kind = BadBirth
	case c != 0 && strings.HasSuffix(s, "000"):
		return damaged(s)
	}
	return id
}

// legacy judges 15 digits: the form before 1999, whose year has two digits and
// which has no check character.
func legacy(s string) ID {
	full := s[:6] + "19" + s[6:]
	full += string(CheckChar(full))
	if id, ok := plainID(full); ok {
		id.Kind = Legacy15
		return id
	}
	return ID{No: s, Kind: BadBirth, Birth: NoDate, Sex: sexOf(s[14])}
}

// certificate judges the 20 or 22 characters of a disability certificate:
// identity number, class, level, and two signs more where it was issued again.
// It is not ok where digits 19 and 20 are no class and level.
func certificate(s string) (ID, bool) {
	class, level := s[18], s[19]
	if class < '1' || class > '7' || level < '1' || level > '4' {
		return ID{}, false
	}
	id := modern(s[:18])
	switch {
	case id.Kind != Valid:
		id.No = s
		if id.Kind == Damaged { // a damaged certificate has lost these digits
			id.Kind = BadCheck
		}
	case len(s) == 20:
		id.Kind = Certificate20
	default:
		id.Kind = Certificate22
	}
	id.Disability, id.Level = class, level
	return id, true
}

// damaged describes digits of which a spreadsheet kept the first fifteen at
// most: the birth date is among them, the sex is not.
func damaged(s string) ID {
	id := ID{No: s, Kind: Damaged, Birth: NoDate}
	if len(s) >= 14 && isDigits(s[:14]) {
		id.Birth = birthIn(s[6:14])
	}
	return id
}

// masked describes a number with hidden digits. Of 18 signs those that show can
// be placed.
func masked(s string) ID {
	id := ID{No: s, Kind: Masked, Birth: NoDate}
	runes := []rune(s)
	if len(runes) != 18 {
		return id
	}
	plain := make([]byte, 18)
	for i, r := range runes {
		plain[i] = '*'
		if r < 0x80 {
			plain[i] = byte(r)
		}
	}
	id.Birth = birthIn(string(plain[6:14]))
	id.Sex = sexOf(plain[16])
	return id
}

// birthIn reads eight digits as a date of birth.
func birthIn(s string) Date {
	for i := 0; i < 8; i++ {
		if s[i]-'0' > 9 {
			return NoDate
		}
	}
	d, ok := DateOf(atoi(s[:4]), atoi(s[4:6]), atoi(s[6:]))
	if !ok {
		return NoDate
	}
	return d
}

func sexOf(digit byte) string {
	switch {
	case digit-'0' > 9:
		return ""
	case digit%2 == 1:
		return "male"
	}
	return "female"
}

// foldID brings the spellings of one number together: NFKC, no blanks, X for
// its look-alikes at the end, the letter O for the digit 0, no hyphens between
// digits, no apostrophes before them.
func foldID(raw string) string {
	s := Fold(raw)
	if len(s) == 18 && isDigits(s[:17]) && (s[17]-'0' <= 9 || s[17] == 'X') {
		return s
	}
	// Taking one sign away may bring the next to the end, or let two combine: a
	// few rounds settle anything.
	for range 8 {
		t := foldIDOnce(s)
		if t == s {
			break
		}
		s = t
	}
	return s
}

func foldIDOnce(s string) string {
	s = strings.ToUpper(Fold(s))
	s = strings.TrimLeft(s, "'‘’`′\"“”")
	s = strings.TrimRight(s, "'‘’`′\"“”,，。、;；")
	digits := 0
	for i := 0; i < len(s); i++ {
		if s[i] >= '0' && s[i] <= '9' {
			digits++
		}
	}
	if digits < 10 {
		return s
	}
	if !isScientific(s) {
		s = betweenDigits.Replace(s)
	}
	if whole, ok := strings.CutSuffix(s, ".0"); ok && isDigits(whole) && len(whole) <= 15 {
		s = whole
	}
	return lastX(s)
}

// betweenDigits drops hyphens and reads the letter O, Latin, Cyrillic or Greek,
// as the digit it was meant for.
var betweenDigits = strings.NewReplacer("-", "", "–", "", "—", "", "_", "", "O", "0", "О", "0", "Ο", "0")

// lastX writes X for a sign that stands for it at the end of 17 digits, where
// the check character is X. Anything else there stays: it may be a mask.
func lastX(s string) string {
	if len(s) <= 17 || !isDigits(s[:17]) {
		return s
	}
	switch s[17:] {
	case "*", "×", "✕", "✖", "╳", "Х", "Χ":
		if CheckChar(s[:17]) == 'X' {
			return s[:17] + "X"
		}
	}
	return s
}

// isScientific reports a number as spreadsheets show what is too long for them:
// 1.10105E+17, 110105199003071000.0, or a cell too narrow to show it at all.
func isScientific(s string) bool {
	if len(s) >= 3 && strings.Trim(s, "#") == "" {
		return true
	}
	if whole, ok := strings.CutSuffix(s, ".0"); ok {
		return isDigits(whole) && len(whole) > 15
	}
	mantissa, exponent, ok := strings.Cut(s, "E")
	exponent = strings.TrimPrefix(exponent, "+")
	if !ok || !isDigits(exponent) || len(exponent) > 3 {
		return false
	}
	whole, frac, point := strings.Cut(mantissa, ".")
	return len(whole) == 1 && isDigits(whole) && (!point || isDigits(frac))
}

// isMasked reports hidden digits: any * or mark for a missing character, or two
// and more X.
func isMasked(s string) bool {
	return strings.ContainsAny(s, "*×●○■□?〓•·✕✖╳…") ||
		strings.Count(s, "X") > 1 && strings.ContainsAny(s, "0123456789") ||
		strings.Contains(s, "XXX")
}

// isPlaceholder reports what offices write where there is no number.
func isPlaceholder(s string) bool {
	if isDigits(s) {
		return strings.Trim(s, s[:1]) == "" ||
			len(s) >= 6 && strings.HasPrefix("12345678901234567890", s) ||
			len(s) >= 15 && (strings.Trim(s[6:], "0") == "" || strings.Trim(s[6:], "9") == "")
	}
	switch s {
	case "无", "没有", "暂无", "不详", "未知", "未办", "未办理", "未办证", "未上户", "无户口",
		"无证", "无号", "无身份证", "无身份证号", "无身份证号码", "待补", "待查", "待办",
		"空", "缺", "未提供", "未填", "遗失", "丢失", "补办中", "办理中":
		return true
	case "12345678901234567X":
		return true
	}
	return Nothing(s)
}

// Number18 is the 18 characters that belong to a key: the way back from ID.Key.
func Number18(key int64) string {
	s := strconv.FormatInt(key, 10)
	if len(s) > 17 || key < 0 {
		return ""
	}
	s = strings.Repeat("0", 17-len(s)) + s
	return s + string(CheckChar(s))
}
