package sources

import (
	"bytes"
	"context"
	"crypto/sha256"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// sheet is one sheet of a made-up workbook: rows of cells, and ranges to merge.
type sheet struct {
	name   string
	hidden bool
	merges [][2]string
	rows   [][]any
}

func workbook(t *testing.T, sheets ...sheet) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, s := range sheets {
		if i == 0 {
			if err := f.SetSheetName("Sheet1", s.name); err != nil {
				t.Fatal(err)
			}
		} else if _, err := f.NewSheet(s.name); err != nil {
			t.Fatal(err)
		}
		for r, cells := range s.rows {
			at, err := excelize.CoordinatesToCellName(1, r+1)
			if err != nil {
				t.Fatal(err)
			}
			if err := f.SetSheetRow(s.name, at, &cells); err != nil {
				t.Fatal(err)
			}
		}
		for _, m := range s.merges {
			if err := f.MergeCell(s.name, m[0], m[1]); err != nil {
				t.Fatal(err)
			}
		}
		if s.hidden {
			if err := f.SetSheetVisible(s.name, false); err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const (
	idOfZhang = "990101195203041114"
	idOfLi    = "990101195506072225"
	idOfWang  = "990101198001013338"
)

// A workbook with a sheet a town: a merged title, a header over two rows, a
// total a sheet, an empty sheet and a page of notes; the town stands in the
// sheet's name.
func TestWorkbookOfTowns(t *testing.T) {
	rows := func(people ...[]any) [][]any {
		head := [][]any{
			{"低保金发放名册（2026年9月）"},
			{"户主姓名", "身份证号码", "保障人数", "领取金额", nil},
			{nil, nil, nil, "保障金", "分类施保金"},
		}
		head = append(head, people...)
		return append(head, []any{"合计", nil, len(people), 500 * len(people), 0})
	}
	merges := [][2]string{{"A1", "E1"}, {"A2", "A3"}, {"B2", "B3"}, {"C2", "C3"}, {"D2", "E2"}}
	data := workbook(t,
		sheet{name: "青山镇", merges: merges, rows: rows([]any{"张三", idOfZhang, 1, 500, 0}, []any{"李四", idOfLi, 1, 500, 0})},
		sheet{name: "白水乡", hidden: true, merges: merges, rows: rows([]any{"王五", idOfWang, 1, 500, 0})},
		sheet{name: "Sheet3"},
		sheet{name: "说明", rows: [][]any{{"填表说明"}, {"一、按户填报"}}})
	got := readBytes(t, Input{Kind: "dibao_payments", Name: "inbox/发放.xlsx"}, data)
	want := `sheet,sheet_no,row,name,id_no,month,covered_people,base_fen,supplement_fen,town,place_from
青山镇,0,4,张三,` + idOfZhang + `,2026-09-01,1,50000,0,青山镇,sheet
青山镇,0,5,李四,` + idOfLi + `,2026-09-01,1,50000,0,青山镇,sheet
白水乡,1,4,王五,` + idOfWang + `,2026-09-01,1,50000,0,白水乡,sheet
`
	header, _, _ := strings.Cut(want, "\n")
	if is := got.show(t, got.rows, header); is != want {
		t.Errorf("got\n%swant\n%s", is, want)
	}
	if len(got.receipts) != 1 || got.receipts[0].Status != StatusRead {
		t.Fatalf("receipts %+v", got.receipts)
	}
	sheets := got.receipts[0].Sheets
	if len(sheets) != 4 {
		t.Fatalf("%d sheets", len(sheets))
	}
	for i, want := range []string{"read 2 4", "read 1 4", "empty 0 0", "empty 0 2"} {
		s := sheets[i]
		if is := strings.Join([]string{s.Status, string(rune('0' + s.Accepted)), string(rune('0' + s.Other))}, " "); is != want {
			t.Errorf("sheet %d: %s, want %s", i, is, want)
		}
		for _, c := range s.Controls {
			if c.Total != c.Sum {
				t.Errorf("sheet %d: control %s %d, sum %d", i, c.Column, c.Total, c.Sum)
			}
		}
	}
	if !sheets[1].Hidden || *sheets[0].HeaderRow != 3 || sheets[3].Note == "" {
		t.Errorf("hidden %v, header row %d, note %q", sheets[1].Hidden, *sheets[0].HeaderRow, sheets[3].Note)
	}
}

// A number of 18 digits that the workbook holds as a number has lost its end,
// even where the check character happens to hold.
func TestIDsStoredAsNumbersAreDamaged(t *testing.T) {
	data := workbook(t, sheet{name: "名单", rows: [][]any{
		{"姓名", "身份证号", "与户主关系"},
		{"张三", 990101195203041000, "户主"},
		{"李四", idOfLi, "配偶"},
		{"王五", 990101800101333, "之子"},
	}})
	got := readBytes(t, Input{Kind: "dibao_persons", Name: "a.xlsx"}, data)
	want := []string{"damaged", "valid", "legacy15"}
	for i, row := range got.rows {
		if row["id_kind"] != want[i] {
			t.Errorf("row %s is %s, want %s", row["row"], row["id_kind"], want[i])
		}
	}
	if len(got.rows) != len(want) {
		t.Errorf("%d rows", len(got.rows))
	}
}

// Persons and families in one workbook are two tables of one file.
func TestPersonsAndFamiliesInOneWorkbook(t *testing.T) {
	data := workbook(t,
		sheet{name: "家庭", rows: [][]any{{"户主姓名", "户主身份证号", "家庭人口", "合计"}, {"张三", idOfZhang, 2, 1000}}},
		sheet{name: "人员", rows: [][]any{{"姓名", "身份证号", "与户主关系"}, {"张三", idOfZhang, "户主"}, {"李四", idOfLi, "配偶"}}})
	got := readBytes(t, Input{Kind: "dibao_persons", Name: "a.xlsx"}, data)
	tables := map[string]int64{}
	for _, r := range got.receipts {
		for _, s := range r.Sheets {
			tables[r.Table] += s.Accepted
		}
	}
	if want := map[string]int64{"dibao_families": 1, "dibao_persons": 2}; !reflect.DeepEqual(tables, want) {
		t.Errorf("tables %v, want %v", tables, want)
	}
}

// A sheet that holds ID numbers but no header is a list that cannot be read,
// and so is its file; nothing of the other sheets stays behind.
func TestSheetOfPersonsWithoutHeaderRefusesTheFile(t *testing.T) {
	data := workbook(t,
		sheet{name: "一", rows: [][]any{{"姓名", "身份证号", "与户主关系"}, {"张三", idOfZhang, "户主"}}},
		sheet{name: "二", rows: [][]any{{"李四", idOfLi, "配偶"}}})
	got := readBytes(t, Input{Kind: "dibao_persons", Name: "a.xlsx"}, data)
	r := got.receipts[0]
	if len(got.receipts) != 1 || r.Status != StatusRefused || len(r.Records) != 0 || len(r.Sheets) != 0 {
		t.Fatalf("receipt %+v", r)
	}
	if strings.Contains(r.Note, "李四") || strings.Contains(r.Note, idOfLi) || !strings.Contains(r.Note, "工作表“二”") {
		t.Errorf("note %q", r.Note)
	}
}

// The same rows give the same bytes and the same receipt, however many
// goroutines read them.
func TestSameBytesForAnyNumberOfWorkers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "roll.csv")
	writeRoll(t, path, 120_000, false)
	var digests []map[string][32]byte
	var receipts [][]Receipt
	for _, workers := range []int{1, 3} {
		into := t.TempDir()
		got, err := Read(context.Background(), Input{Kind: "dibao_persons", Path: path, Name: "roll.csv"},
			Settings{Words: someWords(), Places: somePlaces(), Workers: workers, Scratch: t.TempDir()}, into)
		if err != nil {
			t.Fatal(err)
		}
		digest := map[string][32]byte{}
		for _, name := range append(got[0].Records, got[0].Rejects...) {
			data, err := os.ReadFile(filepath.Join(into, name))
			if err != nil {
				t.Fatal(err)
			}
			digest[name] = sha256.Sum256(data)
		}
		digests, receipts = append(digests, digest), append(receipts, got)
	}
	if len(digests[0]) < 2 {
		t.Fatalf("%d parts: the file is too small to try anything", len(digests[0]))
	}
	if !reflect.DeepEqual(digests[0], digests[1]) {
		t.Error("the parts differ")
	}
	if !reflect.DeepEqual(receipts[0], receipts[1]) {
		t.Error("the receipts differ")
	}
	if s := receipts[0][0].Sheets[0]; s.Accepted != 120_000 || s.Physical != 120_001 {
		t.Errorf("%d accepted of %d", s.Accepted, s.Physical)
	}
}

func TestUnknownColumnInSettingsIsAnError(t *testing.T) {
	_, err := Read(context.Background(), Input{Kind: "dibao_persons", Name: "a.csv", Columns: map[string]string{"证件": "no_such"}}, Settings{}, t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "no_such") {
		t.Errorf("error %v", err)
	}
}
