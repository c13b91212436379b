package workspace

import (
	"strings"
	"testing"
)

const (
	parametersHeader = "name,area,from,to,value,unit,basis\n"
	wordsHeader      = "column,word,code\n"
	placesHeader     = "code,name,parent\n"
	linksHeader      = "a_roll,a_id_no,a_name,b_roll,b_id_no,b_name,decision,reason,approver,from,to\n"
	waiversHeader    = "rule,id_no,household,reason,approver,from,to\n"
)

// policyOf reads a policy of sound tables but for the given ones.
func policyOf(t *testing.T, tables map[string]string) (*Policy, error) {
	t.Helper()
	files := map[string]string{
		"doudi.yaml":            "area: \"990101\"\n",
		"policy/parameters.csv": parametersHeader,
		"policy/words.csv":      wordsHeader,
	}
	for name, text := range tables {
		files["policy/"+name] = text
	}
	return opened(t, files).ReadPolicy(Terms{
		IsRule: func(rule string) bool { return rule == "vehicle" || rule == "id_invalid" },
		IsRoll: func(roll string) bool { return roll == "register" || roll == "dibao_persons" },
		Codes: func(kind, column string) []string {
			if (kind == "*" || kind == "register") && column == "sex" {
				return []string{"female", "male"}
			}
			return nil
		},
		ID: func(text string) (string, bool) {
			no := strings.ToUpper(text)
			return no, len(no) == 18
		},
	})
}

func TestPolicyMistakesNameLineAndKey(t *testing.T) {
	for _, c := range []struct{ file, text, want string }{
		{"parameters.csv", parametersHeader + "bogus,,,,1,months,x\n", ":2: name："},
		{"parameters.csv", parametersHeader + "\ngrace_months,,2020-1-1,,1,months,x\n", ":3: from："},
		{"parameters.csv", parametersHeader + "grace_months,,2020-01-01,2020-01-01,1,months,x\n", ":2: to："},
		{"parameters.csv", parametersHeader + "grace_months,,,,abc,months,x\n", ":2: value："},
		{"parameters.csv", parametersHeader + "grace_months,,,,1.5,months,x\n", ":2: value："},
		{"parameters.csv", parametersHeader + "dibao_standard_rural,,,,\"1,000\",yuan_month,x\n", ":2: value："},
		{"parameters.csv", parametersHeader + "dibao_standard_rural,,,,-1,yuan_month,x\n", ":2: value："},
		{"parameters.csv", parametersHeader + "all_dibao_registered,,,,2,flag,x\n", ":2: value："},
		{"parameters.csv", parametersHeader + "grace_months,,,,1,yuan_month,x\n", ":2: unit："},
		{"parameters.csv", parametersHeader + ",,,,1,months,x\n", ":2: name："},
		{"parameters.csv", parametersHeader + "grace_months,,0202-01-01,,1,months,x\n", ":2: from："},
		{"parameters.csv", parametersHeader + "grace_months,,2020-01-01,20201-01-01,1,months,x\n", ":2: to："},
		{"parameters.csv", parametersHeader + "sampling_percent,,,,100.01,percent,x\n", ":2: value："},
		{"parameters.csv", parametersHeader + "edge_multiple,,,,150,ratio,x\n", ":2: value："},
		{"parameters.csv", parametersHeader + "edge_multiple,,,,0.9,ratio,x\n", ":2: value："},
		{"parameters.csv", parametersHeader + "dibao_standard_rural,,,,65000,yuan_month,x\n", ":2: value："},
		{"parameters.csv", parametersHeader + "elder_age,,,,1966,years,x\n", ":2: value："},
		{"parameters.csv", parametersHeader + "grace_months,abc,,,1,months,x\n", ":2: area："},
		{"parameters.csv", parametersHeader + "grace_months,,,,1,months,x,y\n", ":2："},
		{"parameters.csv", parametersHeader + "grace_months,,,,\"1,months,x\n", ":2："},
		{"parameters.csv", "name,area,from\n", ":1: to："},
		{"parameters.csv", "", "："},
		{"parameters.csv", parametersHeader + "grace_months,,,,1,months,\xb7\xb6\n", "：不是 UTF-8"},
		{"words.csv", wordsHeader + "sex,男,male\n", ":2: column："},
		{"words.csv", wordsHeader + "*.sex,,male\n", ":2: word："},
		{"words.csv", wordsHeader + "*.sex,男,\n", ":2: code："},
		{"words.csv", wordsHeader + "*.sex,男,man\n", ":2: code："},
		{"words.csv", wordsHeader + "vehicles.sex,男,male\n", ":2: column："},
		{"words.csv", wordsHeader + "*.nonsense,男,male\n", ":2: column："},
		{"places.csv", placesHeader + "990102100,双源镇,990102\n", ":2: code："},
		{"places.csv", placesHeader + "990101100,双源镇,示范县\n", ":2: parent："},
		{"places.csv", placesHeader + "990101100,双源镇,990102\n", ":2: parent："},
		{"places.csv", placesHeader + "990101100,双源镇,990101100\n", ":2: parent："},
		{"places.csv", placesHeader + "99010,双源镇,990101\n", ":2: code："},
		{"places.csv", placesHeader + "990101100,,990101\n", ":2: name："},
		{"waivers.csv", waiversHeader + "nonsense,1,,r,a,,\n", ":2: rule："},
		{"waivers.csv", waiversHeader + "vehicle,,,r,a,,\n", ":2: id_no："},
		{"waivers.csv", waiversHeader + "vehicle,12345,,r,a,,\n", ":2: id_no："},
		{"waivers.csv", waiversHeader + "*,12345,H1,r,a,,\n", ":2: id_no："},
		{"links.csv", linksHeader + "nonsense,1,,register,1,,same,r,a,,\n", ":2: a_roll："},
		{"links.csv", linksHeader + "dibao_persons,1,,register,,,same,r,a,,\n", ":2: b_id_no："},
		{"links.csv", linksHeader + "dibao_persons,1,,register,1,,perhaps,r,a,,\n", ":2: decision："},
		{"links.csv", linksHeader + "dibao_persons,1,,register,1,,same,r,a,2020-01-01,2019-01-01\n", ":2: to："},
		{"waivers.csv", waiversHeader + "vehicle,,H1,r,a,2020-01-01,2019-01-01\n", ":2: to："},
	} {
		_, err := policyOf(t, map[string]string{c.file: c.text})
		if want := "policy/" + c.file + c.want; err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %s…", c.text, err, want)
		}
	}
}

func TestOneValueADayAndPlace(t *testing.T) {
	row := func(area, from, to, value string) string {
		return "grace_months," + area + "," + from + "," + to + "," + value + ",months,x\n"
	}
	for _, c := range []struct {
		rows    string
		overlap bool
	}{
		{row("", "2018-01-01", "", "12") + row("", "2020-01-01", "", "6"), true},
		{row("", "", "", "12") + row("", "", "2020-01-01", "6"), true},
		{row("", "2018-01-01", "2020-01-01", "12") + row("", "2020-01-01", "", "6"), false},
		{row("", "2018-01-01", "", "12") + row("990101", "2018-01-01", "", "6"), false},
		{row("", "2018-01-01", "", "") + row("", "2018-01-01", "", "6"), false}, // an empty value is no row
	} {
		_, err := policyOf(t, map[string]string{"parameters.csv": parametersHeader + c.rows})
		if (err != nil) != c.overlap {
			t.Errorf("%s: %v", c.rows, err)
		}
		if err != nil && (!strings.Contains(err.Error(), "parameters.csv:3: grace_months") || !strings.Contains(err.Error(), "第 2 行")) {
			t.Errorf("%v does not name both lines", err)
		}
	}
}

// TestWholeAreaMoneyHasNoUpperLimit: a county's budget is no head's.
func TestWholeAreaMoneyHasNoUpperLimit(t *testing.T) {
	for value, sound := range map[string]bool{
		"assistance_budget,,,,83000000,yuan_year,x":  true,
		"annual_premium,,,,83000000,yuan_year,x":     false,
		"dibao_standard_urban,,,,20000,yuan_month,x": true,
		"edge_multiple,,,,1,ratio,x":                 true,
	} {
		if _, err := policyOf(t, map[string]string{"parameters.csv": parametersHeader + value + "\n"}); (err == nil) != sound {
			t.Errorf("%s: %v", value, err)
		}
	}
	for _, row := range []string{"99,某省,", "9901,某市,99", "990101,示范县,9901", "990101100,双源镇,", "990101100001,东村,990101"} {
		if _, err := policyOf(t, map[string]string{"places.csv": placesHeader + row + "\n"}); err != nil {
			t.Error(err)
		}
	}
}

func TestPolicyHashes(t *testing.T) {
	read := func(tables map[string]string) *Policy {
		p, err := policyOf(t, tables)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	plain := read(nil)
	waived := read(map[string]string{"waivers.csv": "\xef\xbb\xbf" + waiversHeader + "*,99010119450606006x,,r,a,2026-01-01,\nid_invalid,12345,,r,a,,\n"})
	if waived.All == plain.All || waived.Reading != plain.Reading {
		t.Error("a waiver changes the night, not how files are read")
	}
	if got := waived.Waivers[0]; got.Line != 2 || got.IDNo != "99010119450606006X" || !got.To.IsZero() {
		t.Errorf("the waiver is read as %+v", got)
	}
	if worded := read(map[string]string{"words.csv": wordsHeader + "*.sex,男,male\n"}); worded.Reading == plain.Reading {
		t.Error("a word changes how files are read")
	}
}

// TestOffices: an office is named for parameters that there are.
func TestOffices(t *testing.T) {
	for name := range offices {
		if units[name] == "" {
			t.Errorf("an office gives %s, which is no parameter", name)
		}
	}
	if got := OfficeOf("annual_premium"); got != "医保局、税务局" {
		t.Errorf("annual_premium comes from %s", got)
	}
	if got := OfficeOf("grace_months"); got != "民政局" {
		t.Errorf("grace_months comes from %s", got)
	}
}
