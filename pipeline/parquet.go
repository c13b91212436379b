package pipeline

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"doudi/pipeline/duck"
)

// Limits of what a Parquet file may hold once it is text: its codes and
// dictionaries can make terabytes of a few kilobytes.
const (
	parquetValues = 1 << 30 // rows × columns
	parquetText   = 2 << 30 // bytes
)

// parquetLines lays a Parquet file that came in down as lines of JSON, every
// value as text, and gives the number of its rows. DuckDB's is the one reader
// that neither panics on nor shortens broken files; it has a database of its own
// for each file, for one that it chokes on must not spoil the night's. Refused
// says in words why the file cannot be read.
func parquetLines(scratch string, memory int64) func(ctx context.Context, file, to string) (rows int64, refused string, err error) {
	return func(ctx context.Context, file, to string) (int64, string, error) {
		dir, err := os.MkdirTemp(scratch, "parquet-")
		if err != nil {
			return 0, "", err
		}
		defer os.RemoveAll(dir)
		db, err := duck.Open(ctx, duck.Options{TempDir: dir, MemoryBytes: memory, Threads: 1, Plain: true})
		if err != nil {
			return 0, "", err
		}
		defer db.Close()
		// By a link: in the name of the file a star would be a glob.
		link := filepath.Join(dir, "in")
		file, err = filepath.Abs(file)
		if err == nil {
			err = os.Symlink(file, link)
		}
		if err != nil {
			return 0, "", err
		}
		return copyParquet(ctx, db, link, to)
	}
}

const (
	noteTornParquet = "这个 Parquet 文件不完整或已损坏，整份不予读取；请重新导出或重新拷贝后再放入"
	noteBigParquet  = "这个 Parquet 文件展开后太大（%s），整份不予读取；请分成几个文件"
)

func copyParquet(ctx context.Context, db *duck.DB, file, to string) (int64, string, error) {
	broken := func(error) (int64, string, error) {
		// What DuckDB says of a file may quote it; a cancelled read is no broken file.
		return 0, noteTornParquet, ctx.Err()
	}
	from := "read_parquet(" + duck.Text(file) + ", hive_partitioning = false, binary_as_string = true)"
	promised, err := duck.Value[int64](ctx, db, "select num_rows from parquet_file_metadata("+duck.Text(file)+")")
	if err != nil {
		return broken(err)
	}
	columns, err := db.Describe(ctx, "select * from "+from)
	if err != nil || len(columns) == 0 {
		return broken(err)
	}
	if promised < 0 || promised > parquetValues/int64(len(columns)) {
		return 0, fmt.Sprintf(noteBigParquet, fmt.Sprintf("%d 行、%d 列", promised, len(columns))), nil
	}
	var texts, sizes []string
	for _, c := range columns {
		text := "cast(" + duck.Ident(c.Name) + " as varchar)"
		texts = append(texts, text+" as "+duck.Ident(c.Name))
		sizes = append(sizes, "coalesce(sum(strlen("+text+")), 0)")
	}
	size, err := duck.Value[int64](ctx, db, "select cast("+strings.Join(sizes, " + ")+" as bigint) from "+from)
	if err != nil {
		return broken(err)
	}
	if size > parquetText {
		return 0, fmt.Sprintf(noteBigParquet, fmt.Sprintf("超过 %d MB", parquetText>>20)), nil
	}
	rows, err := duck.Value[int64](ctx, db, "select count(*) from "+from)
	if err != nil || rows != promised {
		return broken(err)
	}
	err = db.Exec(ctx, "copy (select "+strings.Join(texts, ", ")+" from "+from+") to "+duck.Text(to)+" (format json)")
	var disk *os.PathError
	if errors.As(err, &disk) {
		return 0, "", err
	}
	if err != nil {
		return broken(err)
	}
	return rows, "", nil
}
