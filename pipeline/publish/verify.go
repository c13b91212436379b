package publish

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/xitongsys/parquet-go-source/local"
	"github.com/xitongsys/parquet-go/reader"
)

// Verify hashes every file of the current snapshot, or with a night only that
// night's, against the manifest, looks for files that are missing or too many,
// and reads every Parquet file back. It gives how many files it looked at and
// what differs, in Chinese.
func Verify(ctx context.Context, root string, night time.Time) (files int, differences []string, err error) {
	dir, err := currentDir(root)
	if err != nil {
		return 0, nil, err
	}
	m, err := ReadManifest(dir)
	if err != nil {
		return 0, []string{manifestName + "：读不了"}, nil
	}
	wanted := func(path string) bool {
		return night.IsZero() || nightOf(path) == night.Format(time.DateOnly)
	}
	known := map[string]bool{manifestName: true}
	for _, f := range m.all() {
		known[f.Path] = true
		if !wanted(f.Path) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return files, differences, err
		}
		files++
		if what := verifyFile(filepath.Join(dir, filepath.FromSlash(f.Path)), f); what != "" {
			differences = append(differences, f.Path+"："+what)
		}
	}
	err = regular(dir, func(rel string, isDir bool, _ fs.FileInfo) error {
		if !isDir && !known[rel] && wanted(rel) {
			differences = append(differences, rel+"：清单里没有这个文件")
		}
		return nil
	})
	slices.Sort(differences)
	return files, differences, err
}

// verifyFile says what is wrong with a file; "" where nothing is.
func verifyFile(path string, want File) string {
	sum, size, err := hashFile(path)
	switch {
	case err != nil:
		return "读不了或不存在"
	case size != want.Bytes || sum != want.SHA256:
		return "内容与清单不符"
	case !strings.HasSuffix(path, ".parquet"):
		return ""
	}
	rows, err := countRows(path)
	switch {
	case err != nil:
		return "用第二种读法读不了"
	case rows != want.Rows:
		return fmt.Sprintf("有 %d 行，清单说有 %d 行", rows, want.Rows)
	}
	return ""
}

// countRows reads every column of a file with parquet-go; they must agree on
// the number of rows.
func countRows(path string) (rows int64, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the second reader cannot read the file")
		}
	}()
	file, err := local.NewLocalFileReader(path)
	if err != nil {
		return 0, bare(err)
	}
	defer file.Close()
	r, err := reader.NewParquetColumnReader(file, 1)
	if err != nil {
		return 0, err
	}
	defer r.ReadStop()
	rows = r.GetNumRows()
	for column := range r.SchemaHandler.GetColumnNum() {
		for left := rows; left > 0; left -= min(left, batch) {
			values, _, _, err := r.ReadColumnByIndex(column, min(left, batch))
			if err != nil {
				return 0, err
			}
			if int64(len(values)) != min(left, batch) {
				return 0, fmt.Errorf("column %d: a short read", column)
			}
		}
	}
	return rows, nil
}
