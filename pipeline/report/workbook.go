package report

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/klauspost/compress/flate"
	"github.com/xuri/excelize/v2"

	"doudi/pipeline/duck"
)

// workbook is an XLSX file being written: sheets one after the other, each
// streamed, so that a town of a hundred thousand findings fits into little
// memory.
type workbook struct {
	f      *excelize.File
	styles styles
	sheets int
	in     Input
	foot   string // what every page says at its lower right
}

func newWorkbook(in Input, title string) (*workbook, error) {
	f := excelize.NewFile(excelize.Options{TmpDir: in.TempDir})
	f.SetZipWriter(func(w io.Writer) excelize.ZipWriter {
		z := zip.NewWriter(w)
		z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
			return flate.NewWriter(w, flate.DefaultCompression)
		})
		return z
	})
	w := &workbook{f: f, in: in}
	if err := w.describe(title); err != nil {
		f.Close()
		return nil, err
	}
	return w, nil
}

// describe sets what a file manager shows of the file: no machine, no user and
// no clock.
func (w *workbook) describe(title string) (err error) {
	night := w.in.Night.Format(time.DateOnly) + "T00:00:00Z"
	if err := w.f.SetDocProps(&excelize.DocProperties{
		Title: title, Subject: "低保与监测对象名册核对", Creator: "doudi", LastModifiedBy: "doudi",
		Created: night, Modified: night, Language: "zh-CN",
	}); err != nil {
		return err
	}
	if err := w.f.SetAppProps(&excelize.AppProperties{Application: "doudi"}); err != nil {
		return err
	}
	if err := w.f.SetDefaultFont(bodyFont); err != nil {
		return err
	}
	w.styles, err = newStyles(w.f)
	return err
}

// save writes the file with the rights that all published files have.
func (w *workbook) save(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if err := w.f.Write(out); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

func (w *workbook) close() error { return w.f.Close() }

// sheet is a sheet being streamed. The first error of any of its methods is
// kept and returned by close.
type sheet struct {
	w      *workbook
	name   string
	sw     *excelize.StreamWriter
	cols   int
	widths []float64
	row    int // the last row written
	err    error
	// head is the first and last row of the header that every printed page
	// repeats; printed is the last column that goes to paper, 0 for all.
	head    [2]int
	printed int
}

// sheet begins a sheet of columns of the given widths, in characters.
func (w *workbook) sheet(name string, widths ...float64) *sheet {
	s := &sheet{w: w, name: name, cols: len(widths), widths: widths}
	if w.sheets == 0 {
		s.try(w.f.SetSheetName("Sheet1", name))
	} else {
		_, err := w.f.NewSheet(name)
		s.try(err)
	}
	w.sheets++
	fit := true
	s.try(w.f.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}))
	if s.err != nil {
		return s
	}
	s.sw, s.err = w.f.NewStreamWriter(name)
	for i, width := range widths {
		if s.err == nil {
			s.err = s.sw.SetColWidth(i+1, i+1, width)
		}
	}
	return s
}

func (s *sheet) try(err error) {
	if s.err == nil && err != nil {
		s.err = err
	}
}

// frozen fixes what stays in view, before the first row: rows of the header
// and the first columns.
func (s *sheet) frozen(rows, columns int) {
	if s.err != nil {
		return
	}
	pane := excelize.Panes{Freeze: true, XSplit: columns, YSplit: rows, TopLeftCell: ref(columns+1, rows+1), ActivePane: "bottomLeft"}
	if columns > 0 {
		pane.ActivePane = "bottomRight"
	}
	s.err = s.sw.SetPanes(&pane)
}

// add writes the next row; nil cells are left out. A height of 0 fits the row
// to its texts.
func (s *sheet) add(height float64, cells ...any) {
	s.row++
	if height == 0 {
		height = rowHeight(s.widths, cells)
	}
	if s.err == nil {
		s.err = s.sw.SetRow(ref(1, s.row), cells, excelize.RowOpts{Height: height})
	}
}

// span is a text over some columns.
type span struct {
	cols  int
	text  string
	style int
}

// spans writes a row of them.
func (s *sheet) spans(height float64, spans ...span) {
	var cells []any
	for _, p := range spans {
		for i := range p.cols {
			cell := excelize.Cell{StyleID: p.style}
			if i == 0 {
				cell.Value = plain(p.text)
			}
			cells = append(cells, cell)
		}
	}
	s.add(height, cells...)
	from := 1
	for _, p := range spans {
		s.merge(from, from+p.cols-1)
		from += p.cols
	}
}

// merge makes one cell of some of the last row.
func (s *sheet) merge(from, to int) {
	if to > from && s.err == nil {
		s.err = s.sw.MergeCell(ref(from, s.row), ref(to, s.row))
	}
}

// The units that figures are in, as a form says them.
const (
	peopleUnits = "户、人、元"
	fileUnits   = "份、条"
	pairUnits   = "对"
	ruleUnits   = "条"
)

// title is the sheet's name over all printed columns, and below it who fills
// it in, when, and in which units.
func (s *sheet) title(text, unit, units string) {
	st := s.w.styles
	width := s.cols
	if s.printed > 0 {
		width = s.printed
	}
	s.spans(32, span{width, text, st.title})
	left, middle, right := s.thirds(width)
	s.spans(20,
		span{left, "填报单位：" + unit, st.left},
		span{middle, "批次日：" + s.w.in.Night.Format(time.DateOnly) + "　　填报日期：　　　年　　月　　日", st.leftOpen},
		span{right, "单位：" + units, st.right},
	)
}

// thirds parts the first columns into three spans of about the same width.
func (s *sheet) thirds(columns int) (left, middle, right int) {
	var all, sum float64
	for _, w := range s.widths[:columns] {
		all += w
	}
	for _, w := range s.widths[:columns] {
		switch at := (sum + w/2) / all; {
		case at <= 1.0/3:
			left++
		case at <= 2.0/3:
			middle++
		default:
			right++
		}
		sum += w
	}
	return left, middle, right
}

// sign is the foot that a form handed in is signed at.
func (s *sheet) sign() {
	width := s.cols
	if s.printed > 0 {
		width = s.printed
	}
	left, middle, right := s.thirds(width)
	s.add(8)
	s.spans(24,
		span{left, "填报人：", s.w.styles.leftOpen},
		span{middle, "审核人：", s.w.styles.leftOpen},
		span{right, "负责人：", s.w.styles.leftOpen},
	)
}

// close ends the sheet: page, protection, repeated header.
func (s *sheet) close() error {
	f := s.w.f
	a4, landscape, one, asMany := 9, "landscape", 1, 0
	s.try(f.SetPageLayout(s.name, &excelize.PageLayoutOptions{Size: &a4, Orientation: &landscape, FitToWidth: &one, FitToHeight: &asMany}))
	side, top, bottom, header, centred := 0.3, 0.45, 0.55, 0.2, true
	s.try(f.SetPageMargins(s.name, &excelize.PageLayoutMarginsOptions{
		Left: &side, Right: &side, Top: &top, Bottom: &bottom, Header: &header, Footer: &header, Horizontally: &centred,
	}))
	s.try(f.SetHeaderFooter(s.name, &excelize.HeaderFooterOptions{
		OddFooter: `&L&8` + footText(s.w.in.Name) + ` ` + s.name + `&C&8第 &P 页　共 &N 页&R&8批次日 ` + s.w.in.Night.Format(time.DateOnly) + s.w.foot,
	}))
	s.try(f.ProtectSheet(s.name, &excelize.SheetProtectionOptions{
		SelectLockedCells: true, SelectUnlockedCells: true,
		AutoFilter: true, Sort: true, FormatColumns: true, FormatRows: true,
	}))
	if s.head[0] > 0 {
		s.try(f.SetDefinedName(&excelize.DefinedName{
			Name: "_xlnm.Print_Titles", Scope: s.name, RefersTo: fmt.Sprintf("'%s'!$%d:$%d", s.name, s.head[0], s.head[1]),
		}))
	}
	if s.printed > 0 {
		s.try(f.SetDefinedName(&excelize.DefinedName{
			Name: "_xlnm.Print_Area", Scope: s.name,
			RefersTo: fmt.Sprintf("'%s'!$A$1:$%s$%d", s.name, column(s.printed), s.row),
		}))
	}
	if s.err == nil {
		s.err = s.sw.Flush()
	}
	if s.err != nil {
		return fmt.Errorf("sheet %s: %w", s.name, s.err)
	}
	return nil
}

// footText doubles the sign that begins a code in a page's foot.
func footText(s string) string {
	var out []rune
	for _, r := range plain(s) {
		if r == '&' {
			out = append(out, '&')
		}
		out = append(out, r)
	}
	return string(out)
}

func ref(col, row int) string {
	name, err := excelize.CoordinatesToCellName(col, row)
	if err != nil {
		panic(fmt.Sprintf("no cell at column %d, row %d", col, row))
	}
	return name
}

func column(col int) string {
	name, err := excelize.ColumnNumberToName(col)
	if err != nil {
		panic(fmt.Sprintf("no column %d", col))
	}
	return name
}

// text is a cell of text in one of two styles: the second for texts that must
// never become a formula.
func text(s string, style, safe int) excelize.Cell {
	if risky(s) {
		style = safe
	}
	return excelize.Cell{StyleID: style, Value: plain(s)}
}

// yuan is a cell of money, of fen; empty where there is none.
func yuan(fen duck.Null[int64], style int) excelize.Cell {
	if !fen.Valid {
		return excelize.Cell{StyleID: style}
	}
	return excelize.Cell{StyleID: style, Value: float64(fen.V) / 100}
}
