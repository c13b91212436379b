// Package duck is the only package that speaks to DuckDB. It opens a database
// that takes nothing from the network, gives it the functions our SQL relies
// on, and runs statements; what the statements say is not its business.
package duck

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"os"
	"strings"

	duckdb "github.com/marcboeker/go-duckdb/v2"
)

// Options say how much of the machine a database may take.
type Options struct {
	// Path of the database file; in memory when empty.
	Path string
	// TempDir takes what does not fit into memory. Required: DuckDB's own
	// default is a folder beside the process.
	TempDir string
	// MemoryBytes bounds the buffers; 0 leaves DuckDB's default.
	MemoryBytes int64
	// Threads bounds the workers; 0 leaves DuckDB's default, one a core.
	Threads int
	// Names compares two folded names (clean.NameLevel); without it the SQL
	// functions that compare records do not exist.
	Names func(a, b string) int
	// Plain leaves out the functions of our SQL: for a database file that
	// others open.
	Plain bool
}

// DB is an open database. It is safe for concurrent use.
type DB struct {
	pool *sql.DB
}

// Open opens a database that can neither install nor load an extension.
func Open(ctx context.Context, o Options) (*DB, error) {
	connector, err := duckdb.NewConnector(o.Path+"?autoinstall_known_extensions=false&autoload_known_extensions=false", nil)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	db := &DB{pool: sql.OpenDB(connector)}
	if err := db.configure(ctx, o); err != nil {
		db.Close()
		return nil, fmt.Errorf("open database: %w", err)
	}
	return db, nil
}

func (db *DB) configure(ctx context.Context, o Options) error {
	settings := []string{
		"set temp_directory = " + Text(o.TempDir),
		"set preserve_insertion_order = true",
		"set TimeZone = 'UTC'",
		"set enable_progress_bar = false",
	}
	if o.MemoryBytes > 0 {
		settings = append(settings, fmt.Sprintf("set memory_limit = '%d B'", o.MemoryBytes))
	}
	if o.Threads > 0 {
		settings = append(settings, fmt.Sprintf("set threads = %d", o.Threads))
	}
	if !o.Plain {
		settings = append(settings, functions...)
	}
	for _, s := range settings {
		if err := db.Exec(ctx, s); err != nil {
			return err
		}
	}
	if o.Names == nil {
		return nil
	}
	if err := db.register(ctx, "name_level", o.Names); err != nil {
		return err
	}
	for _, c := range comparisons {
		if err := db.Exec(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// Close closes the database.
func (db *DB) Close() error { return db.pool.Close() }

// Exec runs one statement that gives no rows.
func (db *DB) Exec(ctx context.Context, query string, args ...any) error {
	_, err := db.pool.ExecContext(ctx, query, args...)
	return err
}

// Rows are the rows of a query, read one by one.
type Rows struct{ *sql.Rows }

// Query runs a query. The caller closes the rows.
func (db *DB) Query(ctx context.Context, query string, args ...any) (*Rows, error) {
	rows, err := db.pool.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return &Rows{rows}, nil
}

// Column is a column of a result: its name and DuckDB's name of its type.
type Column struct{ Name, Type string }

// Describe gives the columns that a query would have, in order, without
// running it.
func (db *DB) Describe(ctx context.Context, query string) ([]Column, error) {
	return Collect(ctx, db, "select column_name, column_type from (describe "+query+")", func(r *Rows) (c Column, err error) {
		return c, r.Scan(&c.Name, &c.Type)
	})
}

// Value runs a query for the first column of its first row; the zero value
// when there is none or it is null.
func Value[T any](ctx context.Context, db *DB, query string, args ...any) (T, error) {
	var v sql.Null[T]
	err := db.pool.QueryRowContext(ctx, query, args...).Scan(&v)
	if err == sql.ErrNoRows {
		err = nil
	}
	return v.V, err
}

// Collect runs a query and gathers what scan makes of each row.
func Collect[T any](ctx context.Context, db *DB, query string, scan func(*Rows) (T, error), args ...any) ([]T, error) {
	rows, err := db.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// Null reads a column that may be null.
type Null[T any] = sql.Null[T]

// Append adds rows to a table. fill calls add once a row, with a value a
// column in the table's order; nil is null.
func (db *DB) Append(ctx context.Context, schema, table string, fill func(add func(values ...any) error) error) error {
	conn, err := db.pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(c any) error {
		appender, err := duckdb.NewAppenderFromConn(c.(driver.Conn), schema, table)
		if err != nil {
			return err
		}
		row := make([]driver.Value, 0, 32)
		err = fill(func(values ...any) error {
			row = row[:0]
			for _, v := range values {
				row = append(row, v)
			}
			return appender.AppendRow(row...)
		})
		if err != nil {
			appender.Close()
			return err
		}
		return appender.Close()
	})
}

// Decimal is a decimal value as a query returns it.
type Decimal = duckdb.Decimal

// Version is the version of the linked DuckDB, as "v1.4.3".
func Version(ctx context.Context) (string, error) {
	db, err := Open(ctx, Options{TempDir: os.TempDir()})
	if err != nil {
		return "", err
	}
	defer db.Close()
	return Value[string](ctx, db, "select version()")
}

// Text quotes a value as a SQL literal.
func Text(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// Ident quotes an identifier.
func Ident(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// List quotes values as a SQL list literal.
func List(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = Text(v)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}
