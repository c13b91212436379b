package duck

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	duckdb "github.com/marcboeker/go-duckdb/v2"
)

// Lock confines the database to the given folders for reading and forbids
// every further setting. It does not forbid writing there, so what is run
// must have passed ReadOnly.
func (db *DB) Lock(ctx context.Context, folders []string, spillBytes int64) error {
	for _, s := range []string{
		fmt.Sprintf("set max_temp_directory_size = '%d B'", spillBytes),
		"set allowed_directories = " + List(folders),
		"set enable_external_access = false",
		"set lock_configuration = true",
	} {
		if err := db.Exec(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// Forbidden is a statement that may not run on what is published.
type Forbidden struct{ What string }

func (f *Forbidden) Error() string { return f.What }

// ReadOnly says whether a text is exactly one statement that only reads: a
// select (PIVOT too), EXPLAIN of a select without ANALYZE, DESCRIBE, SHOW or
// SUMMARIZE. Anything else is Forbidden. Allowed folders may be written to by
// DuckDB's own rules, so this look at the statement is what keeps the
// published files as they are.
func (db *DB) ReadOnly(ctx context.Context, query string) error {
	kind, err := db.statement(ctx, query)
	if err != nil {
		return err
	}
	switch kind {
	case duckdb.STATEMENT_TYPE_SELECT:
		return db.onlySelects(ctx, query)
	case duckdb.STATEMENT_TYPE_EXPLAIN:
		explained, ok := explains(query)
		if !ok {
			return &Forbidden{"EXPLAIN ANALYZE 会执行语句，不能用"}
		}
		return db.onlySelects(ctx, explained)
	}
	return &Forbidden{"只能查询（select、describe、show、summarize），不能改动数据或设置"}
}

// statement prepares a text that must be one statement and tells its kind.
func (db *DB) statement(ctx context.Context, query string) (duckdb.StmtType, error) {
	conn, err := db.pool.Conn(ctx)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	kind := duckdb.STATEMENT_TYPE_INVALID
	err = conn.Raw(func(c any) error {
		stmt, err := c.(*duckdb.Conn).PrepareContext(ctx, query)
		if err != nil {
			return err
		}
		defer stmt.Close()
		kind, err = stmt.(*duckdb.Stmt).StatementType()
		return err
	})
	return kind, err
}

// onlySelects serialises the statement: DuckDB does that for selects alone.
// PIVOT, DESCRIBE, SHOW and SUMMARIZE are selects by kind that it does not
// serialise; they are told by their first word, and must be alone.
func (db *DB) onlySelects(ctx context.Context, query string) error {
	parsed, err := db.Parse(ctx, query)
	if err != nil {
		return err
	}
	switch {
	case parsed.Refused == "" && len(parsed.Statements) == 1:
		return nil
	case parsed.Refused == "" || strings.Contains(withoutTexts(query), ";") && !endsOnce(query):
		return &Forbidden{"一次只能写一个查询语句"}
	case readingWord.MatchString(withoutTexts(query)):
		return nil
	}
	return &Forbidden{"只能查询（select、describe、show、summarize），不能改动数据或设置"}
}

var (
	readingWord = regexp.MustCompile(`(?is)^\s*(from\s|pivot|unpivot|describe|desc|show|summarize|with\b.*\bpivot\b|select\b.*\bpivot\b)`)
	explainWord = regexp.MustCompile(`(?is)^\s*explain\s+(\(\s*format\s+\w+\s*\)\s*)?(analyze\b)?`)
	quotedText  = regexp.MustCompile(`(?s)'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/`)
)

// withoutTexts blanks literals, quoted names and comments.
func withoutTexts(query string) string { return quotedText.ReplaceAllString(query, " ") }

func endsOnce(query string) bool {
	bare := strings.TrimSpace(withoutTexts(query))
	return strings.Index(bare, ";") == len(bare)-1
}

// explains gives the statement that an EXPLAIN explains; not ok with ANALYZE.
func explains(query string) (string, bool) {
	m := explainWord.FindStringSubmatchIndex(query)
	if m == nil || m[4] >= 0 || strings.Contains(strings.ToLower(withoutTexts(query)), "analyze") {
		return "", false
	}
	return query[m[1]:], true
}
