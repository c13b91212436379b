package publish

import (
	"context"
	"fmt"
	"io/fs"
	"os"
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
		return night.IsZero() || nightOf(path+"/") == night.Format(time.DateOnly)
	}
	known := map[string]bool{".": true, manifestName: true} // files, and the folders they lie in
	rows := map[string]int64{}                              // by hash: nights that link one file have it read once
	for _, f := range m.all() {
		for path := f.Path; !known[path]; path = filepath.ToSlash(filepath.Dir(path)) {
			known[path] = true
		}
		if !wanted(f.Path) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return files, differences, err
		}
		files++
		path := filepath.Join(dir, filepath.FromSlash(f.Path))
		what := verifyHash(path, f)
		if what == "" && strings.HasSuffix(f.Path, ".parquet") {
			what = verifyRows(path, f, rows)
		}
		if what != "" {
			differences = append(differences, f.Path+"："+what)
		}
	}
	err = filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("%s: list: %w", path, bare(err))
		}
		rel, err := filepath.Rel(dir, path)
		if rel = filepath.ToSlash(rel); err != nil || !wanted(rel) {
			return err
		}
		if !known[rel] {
			differences = append(differences, rel+"：清单里没有")
		}
		return nil
	})
	slices.Sort(differences)
	return files, differences, err
}

// verifyHash says what is wrong with a file's bytes; "" where nothing is.
func verifyHash(path string, want File) string {
	info, err := os.Lstat(path)
	switch {
	case os.IsNotExist(err):
		return "不存在"
	case err == nil && !info.Mode().IsRegular(): // a pipe would never end
		return "不是普通文件"
	}
	sum, size, err := HashFile(path)
	switch {
	case err != nil:
		return "读不了"
	case size != want.Bytes || sum != want.SHA256:
		return "内容与清单不符"
	}
	return ""
}

// verifyRows says what is wrong with a Parquet file's rows; "" where nothing
// is. known are the rows by hash of what was read already.
func verifyRows(path string, want File, known map[string]int64) string {
	rows, ok := known[want.SHA256]
	if !ok {
		var err error
		if rows, err = countRows(path); err != nil {
			return "用第二种读法读不了"
		}
		known[want.SHA256] = rows
	}
	if rows != want.Rows {
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
