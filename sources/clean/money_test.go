package clean

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseFen(t *testing.T) {
	for _, c := range []struct {
		raw  string
		unit int64
		want int64
	}{
		{"0", YuanFen, 0},
		{"1,234.5", YuanFen, 123450},
		{"12,345,678.90", YuanFen, 1234567890},
		{"１，２３４．５", YuanFen, 123450},
		{"￥１２", YuanFen, 1200},
		{"¥ 12.00", YuanFen, 1200},
		{"-12.3", YuanFen, -1230},
		{"－12", YuanFen, -1200},
		{"−12", YuanFen, -1200},
		{"+12", YuanFen, 1200},
		{"(12.50)", YuanFen, -1250},
		{"（12.50）", YuanFen, -1250},
		{"-¥12", YuanFen, -1200},
		{"12元", YuanFen, 1200},
		{"12元整", YuanFen, 1200},
		{"12元/月", YuanFen, 1200},
		{"1.2万元", YuanFen, 1200000},
		{"1.2", WanYuanFen, 1200000},
		{"1.23456789", WanYuanFen, 1234568},
		{"1200元", WanYuanFen, 120000},
		{".5", YuanFen, 50},
		{"5.", YuanFen, 500},
		{"0.005", YuanFen, 1},
		{"0.00499999999999999999", YuanFen, 0},
		{"-0.005", YuanFen, -1},
		{"632.1000000000001", YuanFen, 63210},
		{"1.23456789E+3", YuanFen, 123457},
		{"5E-3", YuanFen, 1},
		{"4.9e-3", YuanFen, 0},
		{"1E-300", YuanFen, 0},
		{"'12", YuanFen, 1200},
		{"92233720368547758.07", YuanFen, 9223372036854775807},
		{"-92233720368547758.07", YuanFen, -9223372036854775807},
	} {
		if got, ok := ParseFen(c.raw, c.unit); !ok || got != c.want {
			t.Errorf("ParseFen(%q, %d) = %d %v, want %d", c.raw, c.unit, got, ok, c.want)
		}
	}
	for _, raw := range []string{
		"", " ", "-", "/", "无", "12,5", "1,23,456", ",123", "1.2.3", "12a", "1 2元3", "#DIV/0!", "约12", "--1", "1e", "1e+", "1e9999",
		"92233720368547758.08", "1E+18", ".", "+", "-.", "()", "1元5角",
	} {
		if got, ok := ParseFen(raw, YuanFen); ok {
			t.Errorf("ParseFen(%q) = %d, want none", raw, got)
		}
	}
}

func TestParseInt(t *testing.T) {
	for raw, want := range map[string]int64{
		"3": 3, "３": 3, "3.0": 3, "3人": 3, "3 口": 3, "12个月": 12, "1,024": 1024, "-2": -2, "3.0000000000000004": 3, "2026年度": 2026, "1E+2": 100,
	} {
		if got, ok := ParseInt(raw); !ok || got != want {
			t.Errorf("ParseInt(%q) = %d %v, want %d", raw, got, ok, want)
		}
	}
	for _, raw := range []string{"", "2.5", "0.004", "人", "三", "3人4", "1e30", "个月"} {
		if got, ok := ParseInt(raw); ok {
			t.Errorf("ParseInt(%q) = %d, want none", raw, got)
		}
	}
}

func TestParseDecimal2(t *testing.T) {
	for raw, want := range map[string]int64{
		"85": 8500, "85.5㎡": 8550, "85.5平方米": 8550, "30%": 3000, "３０．５％": 3050, "0.335": 34, "85.5M²": 8550, "-0.005": -1,
	} {
		if got, ok := ParseDecimal2(raw); !ok || got != want {
			t.Errorf("ParseDecimal2(%q) = %d %v, want %d", raw, got, ok, want)
		}
	}
	for _, raw := range []string{"", "%", "一半", "1/3"} {
		if got, ok := ParseDecimal2(raw); ok {
			t.Errorf("ParseDecimal2(%q) = %d, want none", raw, got)
		}
	}
}

// exactFen is the same by big rationals: half away from zero.
func exactFen(s string, unit int64) (*big.Int, bool) {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return nil, false
	}
	r.Mul(r, new(big.Rat).SetInt64(unit))
	half := big.NewRat(1, 2)
	if r.Sign() < 0 {
		half.Neg(half)
	}
	r.Add(r, half)
	return new(big.Int).Quo(r.Num(), r.Denom()), true
}

func TestParseFenIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`-?[0-9]{1,14}(\.[0-9]{0,12})?(E[+-]?[0-9])?`).Draw(t, "s")
		unit := rapid.SampledFrom([]int64{YuanFen, WanYuanFen}).Draw(t, "unit")
		want, ok := exactFen(s, unit)
		if !ok {
			t.Fatalf("%q is no number for math/big", s)
		}
		got, ok := ParseFen(s, unit)
		if ok != want.IsInt64() || ok && got != want.Int64() {
			t.Fatalf("ParseFen(%q, %d) = %d %v, want %s", s, unit, got, ok, want)
		}
	})
}

func FuzzParseFen(f *testing.F) {
	for _, s := range []string{"1,234.5", "￥１２", "(12.50)", "1.2万元", "0.005", "-0.015", "1.23E-2", "9e17", "1e-40", "000.000", "12元/月"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		fen, ok := ParseFen(raw, YuanFen)
		ParseInt(raw)
		ParseDecimal2(raw)
		if ok {
			whole, cents := fen/100, fen%100
			sign := ""
			if fen < 0 {
				sign, whole, cents = "-", -whole, -cents
			}
			again, ok := ParseFen(fmt.Sprintf("%s%d.%02d", sign, whole, cents), YuanFen)
			if !ok || again != fen {
				t.Fatalf("%q is %d, written again %d %v", raw, fen, again, ok)
			}
		}
		// Plain decimals are what math/big says they are.
		if raw == "" || len(raw) > 40 || strings.Trim(raw, "0123456789.") != "" || strings.Count(raw, ".") > 1 || raw == "." {
			return
		}
		want, known := exactFen(raw, YuanFen)
		if known && (ok != want.IsInt64() || ok && fen != want.Int64()) {
			t.Fatalf("%q is %d %v, want %s", raw, fen, ok, want)
		}
	})
}
