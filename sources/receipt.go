package sources

// A Receipt says what became of one member file: what `check` prints and what
// the published datasets sources and rejects rest on. It holds no name, ID
// number or other content of a row, save words no table knows.
type Receipt struct {
	Roll     string         `json:"roll"`  // the kind it was read as
	Table    string         `json:"table"` // the raw table its rows belong to
	File     string         `json:"file"`  // as published
	SHA256   string         `json:"sha256"`
	Bytes    int64          `json:"bytes"`
	Format   string         `json:"format"`
	Encoding string         `json:"encoding,omitempty"`
	Status   string         `json:"status"` // read, refused, empty
	Note     string         `json:"note,omitempty"`
	Records  []string       `json:"records,omitempty"` // Parquet files of raw.<Table>, in order
	Rejects  []string       `json:"rejects,omitempty"` // Parquet files of rejects, in order
	Sheets   []SheetReceipt `json:"sheets,omitempty"`
}

// The statuses of a receipt and of its sheets.
const (
	StatusRead    = "read"
	StatusRefused = "refused"
	StatusEmpty   = "empty"
)

// A SheetReceipt counts one sheet; a file without sheets has one. Physical =
// Accepted + Rejected + Other, the left side counted by the cutter, the right by
// the reader; Rows = Accepted + Rejected.
type SheetReceipt struct {
	Sheet     *string `json:"sheet"` // nil for a file without sheets
	No        int     `json:"no"`    // from 0, in the order of the book
	Hidden    bool    `json:"hidden,omitempty"`
	Status    string  `json:"status"`     // read, empty
	HeaderRow *int64  `json:"header_row"` // the lowest line of the header
	Physical  int64   `json:"physical"`
	Rows      int64   `json:"rows"`
	Accepted  int64   `json:"accepted"`
	Rejected  int64   `json:"rejected"`
	Other     int64   `json:"other"` // titles, headers, repeats, totals, signatures, blanks
	Parts     int64   `json:"parts"` // rows of the Parquet files: over Accepted where a cell held several owners

	Controls      []Control   `json:"controls,omitempty"`
	Understood    []ColumnUse `json:"understood,omitempty"`
	Unused        []string    `json:"unused,omitempty"`
	Unknown       []string    `json:"unknown,omitempty"`
	Note          string      `json:"note,omitempty"`
	UnknownWords  []WordCount `json:"unknown_words,omitempty"`
	CodedWords    []WordCount `json:"coded_words,omitempty"` // cells with a word, by coded column (Word empty)
	UnknownPlaces []string    `json:"unknown_places,omitempty"`
	PlaceFrom     string      `json:"place_from,omitempty"` // "", sheet, title, file
}

// A ColumnUse is a header and the canonical column it was read as.
type ColumnUse struct {
	Header string `json:"header"`
	Column string `json:"column"`
}

// A WordCount counts a word of a coded column.
type WordCount struct {
	Column string `json:"column"`
	Word   string `json:"word,omitempty"`
	N      int64  `json:"n"`
	Row    int64  `json:"row,omitempty"` // of an unknown word: where it stands first
}

// A Control is a control total of the file against the sum of the rows it
// closes. Total and Sum are hundredths: fen where the column is money.
type Control struct {
	Column   string `json:"column"` // canonical
	Header   string `json:"header"`
	Row      int64  `json:"row"` // of the total
	Total    int64  `json:"total"`
	Sum      int64  `json:"sum"`
	Rejected int64  `json:"rejected"` // rows among them that were rejected, and so not summed
}
