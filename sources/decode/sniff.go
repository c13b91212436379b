package decode

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path"
	"strings"
)

// sniffSample is how much of the beginning of a file tells its format.
const sniffSample = 64 << 10

// What a file of a format that is not read is, and what to do with it.
const (
	noteEncrypted = "这是设有打开密码的 Excel 工作簿，无法读取；请在 doudi.yaml 的 password 里给出密码，或去掉密码后另存为 .xlsx 再放入"
	noteOLE       = "这是 Office 旧格式文档（不是 Excel 工作簿），无法读取；请把表格另存为 .xlsx 或 CSV 后再放入"
	noteXLSB      = "这是 Excel 二进制工作簿（.xlsb），无法读取；请另存为 .xlsx 后再放入"
	noteODS       = "这是 OpenDocument 文档（如 .ods），无法读取；请另存为 .xlsx 后再放入"
	noteWord      = "这是 Word 或 PowerPoint 文档，无法读取；请把其中的表格另存为 .xlsx 后再放入"
	noteJSON      = "这是 JSON 文件，但不是每行一个对象（JSON Lines），无法读取；请改为每行一个对象，或导出为 CSV、.xlsx 后再放入"
	notePDF       = "这是 PDF 文件，无法读取；请向来源单位索取 .xlsx 或 CSV 格式的名册"
	notePacked    = "这是 %s 压缩包，无法读取；请解压后放入，或改用 zip 或 gz 格式"
	noteImage     = "这是图片，无法读取；请向来源单位索取 .xlsx 或 CSV 格式的名册"
	noteBinary    = "这不是名册文件（内容为二进制数据），无法读取；请另存为 .xlsx 或 CSV 后再放入"
	noteTornXLSX  = "这个 .xlsx 工作簿不完整或已损坏，整份不予读取；请重新导出或重新拷贝后再放入"
	noteTornZip   = "压缩包不完整或已损坏，无法读取；请重新打包或重新拷贝后再放入"
)

// container is a format that holds other files.
type container int

const (
	plain container = iota
	zipped
	gzipped
)

// sniffed is what the content of a file says it is.
type sniffed struct {
	container container
	format    string // as in Member
	encoding  string
	refused   string
}

// signatures of formats by their first bytes.
var signatures = []struct {
	magic  string
	format string
	note   string
}{
	{"PAR1", "parquet", ""},
	{"%PDF", "", notePDF},
	{"Rar!\x1A\x07", "", packed("RAR")},
	{"7z\xBC\xAF\x27\x1C", "", packed("7z")},
	{"BZh", "", packed("bzip2")},
	{"\xFD7zXZ\x00", "", packed("xz")},
	{"\x28\xB5\x2F\xFD", "", packed("zstd")},
	{"\x89PNG", "", noteImage},
	{"\xFF\xD8\xFF", "", noteImage},
	{"GIF8", "", noteImage},
}

func packed(name string) string { return strings.Replace(notePacked, "%s", name, 1) }

// sniff tells what a file on disk is. Its name is asked only where it is empty.
func sniff(file, name string) (sniffed, error) {
	f, err := os.Open(file)
	if err != nil {
		return sniffed{}, err
	}
	defer f.Close()
	sample := make([]byte, sniffSample)
	n, err := io.ReadFull(f, sample)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return sniffed{}, err
	}
	sample = sample[:n]
	switch {
	case n == 0:
		return sniffed{format: guessByName(name)}, nil
	case bytes.HasPrefix(sample, []byte("PK\x03\x04")), bytes.HasPrefix(sample, []byte("PK\x05\x06")):
		return sniffZip(file, name)
	case bytes.HasPrefix(sample, []byte{0x1F, 0x8B}):
		return sniffed{container: gzipped}, nil
	case bytes.HasPrefix(sample, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return sniffOLE(f, sample)
	case isDBF(sample):
		return sniffDBF(f, sample)
	}
	for _, s := range signatures {
		if bytes.HasPrefix(sample, []byte(s.magic)) {
			return sniffed{format: s.format, refused: s.note}, nil
		}
	}
	return sniffText(f, sample)
}

func guessByName(name string) string {
	switch ext := strings.ToLower(path.Ext(name)); ext {
	case ".tsv", ".xlsx", ".jsonl", ".xls", ".dbf", ".parquet", ".html", ".xml":
		return ext[1:]
	}
	return "csv"
}

// sniffZip tells workbooks and documents from archives by the names inside.
func sniffZip(file, name string) (sniffed, error) {
	z, err := zip.OpenReader(file)
	if err != nil {
		if guessByName(name) == "xlsx" {
			return sniffed{format: "xlsx", refused: noteTornXLSX}, nil
		}
		return sniffed{refused: noteTornZip}, nil
	}
	defer z.Close()
	has := func(want string) bool {
		for _, f := range z.File {
			if strings.EqualFold(f.Name, want) {
				return true
			}
		}
		return false
	}
	switch {
	case has("xl/workbook.bin"):
		return sniffed{refused: noteXLSB}, nil
	case has("[Content_Types].xml") && has("word/document.xml"), has("[Content_Types].xml") && has("ppt/presentation.xml"):
		return sniffed{refused: noteWord}, nil
	case has("xl/workbook.xml"), has("[Content_Types].xml") && guessByName(name) == "xlsx":
		return sniffed{format: "xlsx"}, nil
	case has("[Content_Types].xml") && has("_rels/.rels"):
		return sniffed{format: "xlsx"}, nil
	case has("mimetype") && has("content.xml"):
		return sniffed{refused: noteODS}, nil
	}
	return sniffed{container: zipped}, nil
}

// sniffOLE tells the compound files of old Office by the names of their
// streams, which stand in UTF-16 in directory sectors anywhere in the file.
func sniffOLE(f *os.File, sample []byte) (sniffed, error) {
	wide := func(name string) []byte {
		var b []byte
		for _, c := range []byte(name) {
			b = append(b, c, 0)
		}
		return b
	}
	has := map[string]bool{}
	streams := []string{"EncryptedPackage", "Workbook", "Book", "WordDocument", "PowerPoint Document"}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return sniffed{}, err
	}
	const overlap = 64
	block := make([]byte, 0, 1<<20)
	for {
		n, err := io.ReadFull(f, block[len(block):cap(block)])
		block = block[:len(block)+n]
		for _, stream := range streams {
			has[stream] = has[stream] || bytes.Contains(block, wide(stream))
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			break
		}
		if err != nil {
			return sniffed{}, err
		}
		block = append(block[:0], block[len(block)-overlap:]...)
	}
	switch {
	case has["EncryptedPackage"]:
		return sniffed{format: "xlsx", refused: noteEncrypted}, nil
	case has["Workbook"], has["Book"]:
		return sniffed{format: "xls"}, nil
	case has["WordDocument"], has["PowerPoint Document"]:
		return sniffed{refused: noteOLE}, nil
	}
	return sniffed{format: "xls"}, nil
}

// sniffText reads a file of text through: its encoding is decided over all of
// it, its format by its first lines.
func sniffText(f *os.File, sample []byte) (sniffed, error) {
	encoding := encodingByMark(sample)
	if encoding == "" {
		if controls(sample) {
			return sniffed{refused: noteBinary}, nil
		}
		var vote encodingVote
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return sniffed{}, err
		}
		if _, err := io.CopyBuffer(struct{ io.Writer }{&vote}, struct{ io.Reader }{f}, make([]byte, 1<<20)); err != nil {
			return sniffed{}, err
		}
		encoding = vote.encoding()
	}
	text := make([]byte, len(sample))
	n, err := io.ReadFull(textReader(bytes.NewReader(sample), encoding), text)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return sniffed{}, err
	}
	text = text[:n]
	s := sniffed{encoding: encoding}
	s.format, s.refused = formatOfText(text)
	return s, nil
}

// controls says that too much of the beginning of a file is control characters
// for it to be text.
func controls(sample []byte) bool {
	sample = sample[:min(len(sample), 4096)]
	n := 0
	for _, c := range sample {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1A {
			n++
		}
	}
	return n*10 > len(sample)*3
}

// formatOfText tells the formats of text apart by the beginning of it, in UTF-8
// or GB18030: all marks are ASCII.
func formatOfText(text []byte) (format, refused string) {
	start := bytes.TrimLeft(text, " \t\r\n")
	lower := bytes.ToLower(start[:min(len(start), 4096)])
	begins := func(marks ...string) bool {
		for _, mark := range marks {
			if bytes.HasPrefix(lower, []byte(mark)) {
				return true
			}
		}
		return false
	}
	switch {
	case begins("mime-version:"):
		return "html", noteMHTML
	case begins("<!doctype html", "<html", "<head", "<meta", "<table", "<style", "<body", "<div"):
		return "html", ""
	case begins("<?xml", "<workbook", "<!doctype", "<!--") && bytes.Contains(lower, []byte("<html")):
		return "html", ""
	case begins("<?xml", "<workbook", "<!doctype", "<!--", "<rss", "<data", "<root"):
		return "xml", ""
	case begins("{\\rtf"):
		return "", noteWord
	case begins("{"):
		line, _, whole := bytes.Cut(start, []byte("\n"))
		if !whole {
			line, _, whole = bytes.Cut(start, []byte("\r"))
		}
		if json.Valid(bytes.TrimSpace(line)) || !whole && len(text) == sniffSample {
			return "jsonl", ""
		}
		if looksJSON(line) {
			return "jsonl", noteJSON
		}
	case begins("[") && looksJSON(bytes.TrimLeft(start[1:], " \t\r\n")):
		return "jsonl", noteJSON
	}
	if separatorOf(text) == '\t' {
		return "tsv", ""
	}
	return "csv", ""
}

// looksJSON says that text that begins with a brace is JSON over several lines
// rather than a table whose first cell happens to begin with one.
func looksJSON(text []byte) bool {
	text = bytes.TrimLeft(text, "{[ \t\r\n")
	return len(text) == 0 || text[0] == '"'
}
