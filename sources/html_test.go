package sources

import "testing"

// A page named .xls is a workbook whose sheets are its tables.
func TestHTML(t *testing.T) {
	got := readBytes(t, Input{Kind: "deaths", Name: "a.xls"}, []byte(`<html><table><tr><td>火化登记</td></tr></table>
<table><tr><th>姓名<th>证件号<th>死亡日期</tr><tr><td>张三<td>990101195001010011<td>2026-11-01</tr><tr><td colspan=3>合计</tr></table></html>`))
	r := got.receipts[0]
	if len(r.Sheets) != 2 {
		t.Fatalf("receipt %+v", r)
	}
	s := r.Sheets[1]
	if r.Format != "html" || r.Encoding != "utf-8" || *r.Sheets[0].Sheet != "1" || *s.Sheet != "2" || *s.HeaderRow != 1 || s.Accepted != 1 || s.Rejected != 0 || s.Other != 2 {
		t.Errorf("receipt %+v, sheet %+v", r, s)
	}
}
