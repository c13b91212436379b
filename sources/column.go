package sources

// A Column is one canonical column of a kind.
type Column struct {
	Name     string   // canonical: layouts.md, doudi.yaml, check, what is published
	Type     Type     // what its cells hold
	Headers  []string // the words it goes by, the first found in a file wins
	Required bool     // a list without it is refused
	Coded    bool     // a text in which words of policy/words.csv count: <name>_code
	Several  bool     // a coded text that holds nothing but such words
	Level    bool     // the number of a disability certificate: certificate_level
	Naming   bool     // the name of somebody else, or of a home: <name>_fold; coded, its last word counts
	Doc      string   // one English sentence

	raw string // its name in raw, where another one must be (see RawName)
}

// A Type is what the cells of a column hold.
type Type byte

// The types of layouts.md.
const (
	Text Type = iota
	ID
	Word // coded by policy/words.csv
	Bool
	Date
	Month // a DATE, its first day
	Money // yuan or 万元 → fen
	Int
	Area    // m², two places
	Percent // two places
)

// SQL is the type of the cleaned column: one a name in all kinds.
func (t Type) SQL() string {
	switch t {
	case Bool:
		return "BOOLEAN"
	case Date, Month:
		return "DATE"
	case Money, Int:
		return "BIGINT"
	case Area, Percent:
		return "DECIMAL(9,2)"
	default:
		return "VARCHAR"
	}
}

// String is the word of layouts.md.
func (t Type) String() string {
	return [...]string{"text", "id", "word", "bool", "date", "month", "money", "int", "area", "percent"}[t]
}

// SQLName is the column's name where it is published: money says its unit.
func (c Column) SQLName() string {
	if c.Type == Money {
		return c.Name + "_fen"
	}
	return c.Name
}

// RawName is the column's name in raw.<kind>. It is SQLName but for the heads
// of households, who stand under the same names as every other person (name,
// id_no), and for the register's 证件类型, for id_kind is what the ID itself
// says in every list.
func (c Column) RawName() string {
	switch {
	case c.raw != "":
		return c.raw
	default:
		return c.SQLName()
	}
}

// TwinName is the name in raw of the cell as it came: null where the cell says
// the same as the cleaned value does in words (money with two places,
// 2026-11-20, 2026-11, true), save for words and for the person's own ID, which
// are always kept. A word column's is null too where the cell says in words that
// it is empty (/, 无).
func (c Column) TwinName() string {
	switch {
	case c.isOwnID():
		return "id_raw"
	case c.raw != "":
		return c.raw + "_raw"
	default:
		return c.Name + "_raw"
	}
}

// CodeName is the name in raw of the codes found inside a coded text, "" for
// other columns.
func (c Column) CodeName() string {
	if !c.Coded {
		return ""
	}
	return c.Name + "_code"
}

func (c Column) isOwnID() bool { return c.Type == ID && c.RawName() == "id_no" }

func (c Column) isOwnName() bool { return c.Type == Text && c.RawName() == "name" }

// The constructors below let a kind's file read as its description.

func column(t Type, name, doc string, headers []string) Column {
	return Column{Name: name, Type: t, Doc: doc, Headers: headers}
}

func text(name, doc string, headers ...string) Column { return column(Text, name, doc, headers) }
func id(name, doc string, headers ...string) Column   { return column(ID, name, doc, headers) }
func word(name, doc string, headers ...string) Column { return column(Word, name, doc, headers) }
func yes(name, doc string, headers ...string) Column  { return column(Bool, name, doc, headers) }
func date(name, doc string, headers ...string) Column { return column(Date, name, doc, headers) }
func month(name, doc string, headers ...string) Column {
	return column(Month, name, doc, headers)
}
func money(name, doc string, headers ...string) Column {
	return column(Money, name, doc, headers)
}
func count(name, doc string, headers ...string) Column { return column(Int, name, doc, headers) }
func area(name, doc string, headers ...string) Column  { return column(Area, name, doc, headers) }
func percent(name, doc string, headers ...string) Column {
	return column(Percent, name, doc, headers)
}

func (c Column) required() Column { c.Required = true; return c }

func (c Column) coded() Column { c.Coded = true; return c }

func (c Column) naming() Column { c.Naming = true; return c }

func (c Column) withLevel() Column { c.Level = true; return c }

func (c Column) severalWords() Column { c.Coded, c.Several = true, true; return c }

// inRawAs gives the column another name in raw.
func (c Column) inRawAs(name string) Column { c.raw = name; return c }
