package duck

import (
	"context"
	"encoding/json"
)

// Parsed is a text as DuckDB serialises it: it does so for selects alone.
type Parsed struct {
	Statements []any  // their parse trees
	Refused    string // why the text is not serialised; "" where it is
}

// Parse gives the parse tree of every select of a text, without running it.
func (db *DB) Parse(ctx context.Context, query string) (Parsed, error) {
	text, err := Value[string](ctx, db, "select cast(json_serialize_sql(cast(? as varchar)) as varchar)", query)
	if err != nil {
		return Parsed{}, err
	}
	var tree struct {
		Error      bool   `json:"error"`
		Message    string `json:"error_message"`
		Statements []any  `json:"statements"`
	}
	if err := json.Unmarshal([]byte(text), &tree); err != nil {
		return Parsed{}, err
	}
	p := Parsed{Statements: tree.Statements}
	if tree.Error {
		p.Refused = "not a select"
		if tree.Message != "" {
			p.Refused = tree.Message
		}
	}
	return p, nil
}
