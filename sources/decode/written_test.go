package decode

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The files of testdata/written hold one roll, written by LibreOffice and by
// libraries that are not the ones it is read with; make.py there wrote them.
func TestWrittenByOthers(t *testing.T) {
	const (
		book = `= 名册
1 ["花名册"]
2 ["姓名" "证件号" "金额" "日期" "备注"]
3 ["示范人一" "990101195001010011" "610.2" "2026-11-20" "第一行\n第二行"]
4 ["示范人㐂" "990101196001010021" "100" "2026-11-20"]
5 ["示范 “人”" "99010119700101001X" "-7.5" "" "=1+1"]
= 说明 hidden
`
		table = `1 ["花名册" "" "" "" ""]
2 ["姓名" "证件号" "金额" "日期" "备注"]
3 ["示范人一" "990101195001010011" "610.2" "2026-11-20" "第一行\n第二行"]
4 ["示范人㐂" "990101196001010021" "100" "2026-11-20" ""]
5 ["示范 “人”" "99010119700101001X" "-7.5" "" "=1+1"]
`
		untitled = `1 ["姓名" "证件号" "金额" "日期" "备注"]
2 ["示范人一" "990101195001010011" "610.2" "2026-11-20" "第一行\\n第二行"]
3 ["示范人㐂" "990101196001010021" "100.0" "2026-11-20" ""]
4 ["示范 “人”" "99010119700101001X" "-7.5" "" "=1+1"]
`
		objects = `1 ["示范人一" "990101195001010011" "610.2" "2026-11-20" "第一行\n第二行"]
2 ["示范人㐂" "990101196001010021" "100.0" "2026-11-20" ""]
3 ["示范 “人”" "99010119700101001X" "-7.5" "" "=1+1"]
`
	)
	lines := strings.NewReplacer("5 [", "6 [", "4 [", "5 [", "3 [", "3+1 [").Replace(table)
	frame := strings.NewReplacer("4 [", "5 [", "3 [", "4 [", "2 [", "2+1 [", `\\n`, `\n`).Replace(untitled)
	for name, want := range map[string]string{
		"openpyxl.xlsx": book, "xlsxwriter.xlsx": book, "libreoffice.xlsx": book, "xlwt.xls": book, "libreoffice.xls": book,
		"libreoffice.xml": "= libreoffice\n" + table, "libreoffice.html": "= 1\n" + table, "pandas.html.xls": "= 1\n" + untitled,
		"libreoffice.csv": "= \n" + lines, "pandas-gb18030.csv": "= \n" + frame, "pandas-utf16.tsv": "= \n" + frame, "pandas.jsonl": "= \n" + objects,
	} {
		if got := bookText(t, file(t, "a", written(t, name))); got != want {
			t.Errorf("%s: got\n%swant\n%s", name, got, want)
		}
	}
}

func written(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", "written", name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// tables of DBF with memos, and the files of their memos.
var withMemo = map[string]string{
	"dbf-dbase.dbf": "dbf-dbase.dbt", "dbf-foxpro.dbf": "dbf-foxpro.fpt", "libreoffice.dbf": "libreoffice.dbt",
}

func TestMemos(t *testing.T) {
	for name, want := range map[string]string{
		"dbf-dbase.dbf": `1 ["示范人一" "990101195001010011" "610.20" "2026-11-20" "` + strings.Repeat(`第一行\n第二行`, 50) + `"]
2 ["示范人某" "990101196001010021" "100.00" "2026-11-20" ""]
3 ["示范 “人”" "99010119700101001X" "-7.50" "" "=1+1"]
4 []
`,
		"dbf-foxpro.dbf": `1 ["示范人一" "990101195001010011" "610.20" "2026-11-20" "第一行\n第二行"]
2 ["示范人某" "990101196001010021" "100.00" "2026-11-20" ""]
3 ["示范 “人”" "99010119700101001X" "-7.50" "" "=1+1"]
4 []
`,
		"libreoffice.dbf": `1 ["示范人一" "990101195001010011" "610.2" "2026-11-20" "` + strings.Repeat("第一行第二行", 50) + `"]
2 ["示范人㐂" "990101196001010021" "100.0" "2026-11-20" ""]
3 ["示范 “人”" "99010119700101001X" "-7.5" "" "1+1"]
`,
	} {
		memo := filepath.Join("testdata", "written", withMemo[name])
		m := file(t, "a", written(t, name))
		m.Memo = memo
		if got := bookText(t, m); got != "= \n"+want {
			t.Errorf("%s: got\n%swant\n%s", name, got, want)
		}
		if got := memoRefusal(t, name, ""); !strings.Contains(got, "旁边没有这个文件") {
			t.Errorf("%s without its memos: %q", name, got)
		}
		// In one archive both are one member.
		members := unpacked(t, "a.zip", zipOf(t, entry{name: "x/甲.DBF", content: written(t, name)}, entry{name: "x/甲" + filepath.Ext(memo), content: written(t, withMemo[name])}))
		if len(members) != 1 || members[0].Memo == "" {
			t.Fatalf("members %+v", members)
		}
		if got := bookText(t, members[0]); got != "= \n"+want {
			t.Errorf("%s in an archive: got\n%s", name, got)
		}
		// Torn anywhere, the file of memos is refused, or nothing of it is missing.
		whole := written(t, withMemo[name])
		for cut := 0; cut < len(whole); cut += 31 {
			torn := filepath.Join(t.TempDir(), "memo")
			if err := os.WriteFile(torn, whole[:cut], 0o600); err != nil {
				t.Fatal(err)
			}
			if note := memoRefusal(t, name, torn); note == "" {
				m.Memo = torn
				if got := bookText(t, m); got != "= \n"+want {
					t.Errorf("%s: memos torn at %d of %d bytes are read as\n%s", name, cut, len(whole), got)
				}
			} else if !strings.Contains(note, "不完整，或不是它的") {
				t.Errorf("%s: memos torn at %d: %q", name, cut, note)
			}
		}
	}
}

// memoRefusal reads a table with a file of memos and gives the note with which
// it is refused.
func memoRefusal(t testing.TB, name, memo string) string {
	t.Helper()
	m := file(t, "a", written(t, name))
	m.Memo = memo
	return refusalOf(t, m)
}
