package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// layers says what each package may import of this module and of the outside;
// what is not listed is the standard library alone. This is policy: change it
// in its own commit, with a reason. Tests may reach further.
var layers = map[string]string{
	"sql":                           "",
	"sources/clean":                 "golang.org/x/text",
	"sources/clean/tables/soundgen": "sources/clean github.com/mozillazg/go-pinyin golang.org/x/text",
	"sources/decode":                "golang.org/x/net golang.org/x/text github.com/klauspost/compress github.com/xuri/excelize/v2",
	"sources/fetch":                 "github.com/go-sql-driver/mysql github.com/jackc/pgx/v5 github.com/minio/minio-go/v7 github.com/pkg/sftp golang.org/x/crypto golang.org/x/net golang.org/x/text",
	"sources/fetch/dbtest":          "",
	"sources/fetch/badline":         "",
	"sources":                       "sources/clean sources/decode github.com/apache/arrow/go/v17 github.com/klauspost/compress",
	"pipeline/duck":                 "database/sql github.com/marcboeker/go-duckdb/v2",
	"pipeline/model":                "sources pipeline/duck",
	"pipeline/link":                 "pipeline/duck",
	"pipeline/workspace":            "github.com/goccy/go-yaml",
	"pipeline/publish":              "pipeline/duck github.com/xitongsys/parquet-go github.com/xitongsys/parquet-go-source github.com/klauspost/compress golang.org/x/sys",
	"pipeline/lineage":              "",
	"pipeline/notify":               "github.com/wneessen/go-mail",
	"pipeline/report":               "pipeline/duck github.com/xuri/excelize/v2 github.com/klauspost/compress",
	"pipeline":                      "sources sources/clean sources/fetch sql pipeline/duck pipeline/model pipeline/link pipeline/workspace pipeline/publish pipeline/report pipeline/notify pipeline/lineage golang.org/x/sys",
	"fixtures/policy":               "github.com/klauspost/compress",
	"fixtures":                      "fixtures/policy golang.org/x/text github.com/xuri/excelize/v2 github.com/klauspost/compress",
	"fixtures/truth":                "github.com/xitongsys/parquet-go github.com/xitongsys/parquet-go-source",
	"fixtures/score":                "fixtures/truth",
	"bench":                         "fixtures pipeline/duck",
	"bench/fuzz":                    "",
	"bench/link":                    "fixtures fixtures/truth pipeline sql golang.org/x/sys",
	"bench/pull":                    "sources/fetch sources/fetch/dbtest",
	"bench/public":                  "pipeline/duck pipeline/link",
	"bench/soak":                    "fixtures sources/fetch/badline github.com/pkg/sftp golang.org/x/crypto golang.org/x/text",
	"bench/spark":                   "fixtures pipeline pipeline/duck pipeline/model sources/clean",
	"cmd/doudi":                     "pipeline pipeline/workspace fixtures github.com/spf13/cobra github.com/schollz/progressbar/v3 golang.org/x/term golang.org/x/text",
}

func TestLayers(t *testing.T) {
	const root = "../.."
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == "testdata" || d.Name() == ".git") {
			if d != nil && d.IsDir() && err == nil {
				return filepath.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		may, placed := layers[filepath.ToSlash(rel)]
		if !placed {
			t.Errorf("%s: package %s has no place in the layers", path, rel)
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if !allowed(name, strings.Fields(may)) {
				t.Errorf("%s: may not import %s", path, name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func allowed(name string, may []string) bool {
	own, ours := strings.CutPrefix(name, "doudi/")
	if !ours && !strings.Contains(strings.Split(name, "/")[0], ".") && name != "database/sql" {
		return true
	}
	for _, m := range may {
		if ours && own == m || !ours && (name == m || strings.HasPrefix(name, m+"/")) {
			return true
		}
	}
	return false
}
