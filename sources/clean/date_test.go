package clean

import (
	"testing"
	"time"
)

func TestParseDate(t *testing.T) {
	for _, c := range []struct {
		raw, want string
		precision Precision
	}{
		{"20230901", "2023-09-01", Day},
		{"2023-09-01", "2023-09-01", Day},
		{"2023-9-1", "2023-09-01", Day},
		{"2023/9/1", "2023-09-01", Day},
		{"2023.9.1", "2023-09-01", Day},
		{"2023. 9. 1", "2023-09-01", Day},
		{"2023.09.01.", "2023-09-01", Day},
		{"2023年9月1日", "2023-09-01", Day},
		{"2023年09月01号", "2023-09-01", Day},
		{"２０２３年９月１日", "2023-09-01", Day},
		{"2023－09－01", "2023-09-01", Day},
		{"'2023-09-01", "2023-09-01", Day},
		{" 2023-09-01\t", "2023-09-01", Day},
		{"2023-09-01 00:00:00", "2023-09-01", Day},
		{"2023-09-01T08:30:00Z", "2023-09-01", Day},
		{"2023-09-01 08:30:00.000", "2023-09-01", Day},
		{"2023-09-01T08:30:00+08:00", "2023-09-01", Day},
		{"2023/9/1 8:30", "2023-09-01", Day},
		{"2023/9/1 12:30", "2023-09-01", Day},
		{"2023. 9. 1　12：30：00", "2023-09-01", Day},
		{"2023-9-1 8:30 PM", "2023-09-01", Day},
		{"2023年9月1日上午8:30", "2023-09-01", Day},
		{"20230901083000", "2023-09-01", Day},
		{"20230901.0", "2023-09-01", Day},
		{"二〇二三年九月一日", "2023-09-01", Day},
		{"二○二三年十二月三十一日", "2023-12-31", Day},
		{"二零二三年十月二十日", "2023-10-20", Day},
		{"45170", "2023-09-01", Day},
		{"45170.75", "2023-09-01", Day},
		{"45170.0", "2023-09-01", Day},
		{"25569", "1970-01-01", Day},
		{"10000", "1927-05-18", Day},
		{"20240229", "2024-02-29", Day},
		{"2023.9", "2023-09-01", Month},
		{"2023.10", "2023-10-01", Month},
		{"2023-09", "2023-09-01", Month},
		{"2023/09", "2023-09-01", Month},
		{"202309", "2023-09-01", Month},
		{"2023年9月", "2023-09-01", Month},
		{"2023年9月份", "2023-09-01", Month},
		{"20230900", "2023-09-01", Month},
		{"二〇二三年九月", "2023-09-01", Month},
		{"2023", "2023-01-01", Year},
		{"2023年", "2023-01-01", Year},
		{"2023年度", "2023-01-01", Year},
		{"长期", "", Open},
		{" 长 期 ", "", Open},
		{"永久", "", Open},
		{"9999-12-31", "", Open},
		{"99991231", "", Open},
	} {
		got, p, ok := ParseDate(c.raw)
		if !ok || got.String() != c.want || p != c.precision {
			t.Errorf("ParseDate(%q) = %s %d %v, want %s %d", c.raw, got, p, ok, c.want, c.precision)
		}
	}
	for _, raw := range []string{
		"", " ", "无", "-", "0", "9999", "8000", "98.5.1", "9/1/2023", "230901", "20230931", "2023-02-29", "2023-13-01", "202313",
		"2023-00-01", "2023-9-0", "2023年第3季度", "2023-09-01x", "2023-09-01 8", "1023-01-01", "20230901000", "2023--1", "2023-9-1-2",
		"不详", "九月一日", "2023-09-01 :30", "2023/9/112:30", "8:30", " 8:30", "2023-09-01T", "100000", "20231301", "30000101",
	} {
		if d, p, ok := ParseDate(raw); ok {
			t.Errorf("ParseDate(%q) = %s %d, want none", raw, d, p)
		}
	}
}

func TestParseMonth(t *testing.T) {
	for raw, want := range map[string]string{
		"2023.9": "2023-09-01", "202311": "2023-11-01", "2023-09-15": "2023-09-01", "2026年10月份": "2026-10-01",
		"45170": "2023-09-01", "2023": "", "长期": "", "": "", "13月": "",
	} {
		d, ok := ParseMonth(raw)
		if ok != (want != "") || d.String() != want {
			t.Errorf("ParseMonth(%q) = %s %v, want %q", raw, d, ok, want)
		}
	}
}

// The calendar is the standard library's, day by day.
func TestDateOfAgreesWithTime(t *testing.T) {
	day := time.Date(firstYear, 1, 1, 0, 0, 0, 0, time.UTC)
	for ; day.Year() <= lastYear; day = day.AddDate(0, 0, 1) {
		y, m, d := day.Date()
		got, ok := DateOf(y, int(m), d)
		if !ok || int64(got)*86400 != day.Unix() || got.String() != day.Format(time.DateOnly) {
			t.Fatalf("DateOf(%s) = %d %s %v", day.Format(time.DateOnly), got, got, ok)
		}
	}
	for _, no := range [][3]int{{2023, 2, 29}, {1900, 2, 29}, {2023, 4, 31}, {2023, 0, 1}, {2023, 1, 0}, {firstYear - 1, 1, 1}, {lastYear + 1, 1, 1}} {
		if d, ok := DateOf(no[0], no[1], no[2]); ok || d != NoDate {
			t.Errorf("DateOf(%v) = %s", no, d)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"20230901", "2023-9-1 8:30", "2023.9", "二〇二三年十二月三十一日", "45170.5", "长期", "9999-12-31", "2023年9月份", "十十", "2023-十-十一"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		d, p, ok := ParseDate(raw)
		if !ok {
			if d != NoDate || p != NoPrecision {
				t.Fatalf("%q: %s %d without ok", raw, d, p)
			}
			return
		}
		if p == Open {
			if d != NoDate {
				t.Fatalf("%q is open at %s", raw, d)
			}
			return
		}
		again, _, ok := ParseDate(d.String())
		if !ok || again != d {
			t.Fatalf("%q is %s, read again %s %v", raw, d, again, ok)
		}
		if _, _, day := d.Civil(); p != Day && day != 1 {
			t.Fatalf("%q: %s with precision %d", raw, d, p)
		}
	})
}
