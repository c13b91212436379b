package sources

import (
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// FuzzRead: whatever the bytes, a file is read or refused; of a read one every
// accepted record is in the Parquet and every rejected one in the rejects.
func FuzzRead(f *testing.F) {
	paths, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil || len(paths) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for i, k := range kinds {
			if k.Name == filepath.Base(filepath.Dir(path)) {
				f.Add(uint8(i), archive.Files[0].Data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, kind uint8, data []byte) {
		k := kinds[int(kind)%len(kinds)]
		got := readBytes(t, Input{Kind: k.Name, Name: "inbox/青山镇2026年9月.csv"}, data)
		var parts, rejected int64
		for _, r := range got.receipts {
			if r.Status == StatusRefused && (len(r.Records) > 0 || len(r.Rejects) > 0 || r.Note == "") {
				t.Errorf("a refused file left %v %v, note %q", r.Records, r.Rejects, r.Note)
			}
			for _, s := range r.Sheets {
				if s.Physical != s.Accepted+s.Rejected+s.Other || s.Parts < s.Accepted {
					t.Errorf("%d physical, %d accepted, %d rejected, %d other, %d parts", s.Physical, s.Accepted, s.Rejected, s.Other, s.Parts)
				}
				parts += s.Parts
				rejected += s.Rejected
			}
		}
		if int64(len(got.rows)) != parts {
			t.Errorf("%d rows, the receipts say %d", len(got.rows), parts)
		}
		for _, row := range got.rejects {
			if _, note := row["column_name"]; !note {
				rejected--
			}
			if len(row["cells"]) > maxCells {
				t.Errorf("%d bytes of cells in row %s", len(row["cells"]), row["row"])
			}
		}
		if rejected != 0 {
			t.Errorf("%d rejected records are not in the rejects", rejected)
		}
		for _, row := range got.rows {
			if row["name"] == "" && row["id_no"] == "" && !k.Nameless {
				t.Errorf("row %s names nobody", row["row"])
			}
		}
	})
}
