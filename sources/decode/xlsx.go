package decode

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"

	"github.com/klauspost/compress/flate"
)

const (
	noteUnsafeXLSX = "这个工作簿不符合 Excel 文件的规范（%s），整份不予读取；请用 Excel 或 WPS 打开后另存为 .xlsx 再放入"
	noteNoSheets   = "这个工作簿里没有工作表，整份不予读取；请检查后重新导出"
)

// workbook is an XLSX file that has passed the pre-flight: every part was read
// to its end, every XML part is well-formed, every sheet's rows and cells are in
// order and refer to strings that are there.
type workbook struct {
	path    string
	sheets  []worksheet
	strings []string // shared strings
	styles  []cellFormat
	date04  bool // serial dates count from 1904
}

// worksheet is a sheet of cells; charts and macros are none.
type worksheet struct {
	name   string
	part   string // path in the package
	hidden bool
	last   int64 // the last row with contents
	merges []Range
}

func (w *workbook) names() []Sheet {
	sheets := make([]Sheet, len(w.sheets))
	for i, s := range w.sheets {
		sheets[i] = Sheet{Name: s.name, Named: true, Hidden: s.hidden}
	}
	return sheets
}

// parts is the package: the parts of a workbook by lower-case path.
type parts map[string]*zip.File

// openWorkbook runs the pre-flight. Its order: what the directory of the zip
// says, then what describes the workbook, then every part that is left.
func openWorkbook(ctx context.Context, file string) (*workbook, error) {
	z, p, err := openPackage(file)
	if err != nil {
		return nil, err
	}
	defer z.Close()
	w := &workbook{path: file}
	read := map[string]bool{}
	if err := w.describe(ctx, p, read); err != nil {
		return nil, err
	}
	for i := range w.sheets {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		read[w.sheets[i].part] = true
		if err := w.preflight(ctx, p, i); err != nil {
			return nil, err
		}
	}
	for name, f := range p {
		if read[name] {
			continue
		}
		if err := checkPart(ctx, name, f); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// openPackage opens the zip and judges it by its directory.
func openPackage(file string) (*zip.ReadCloser, parts, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, nil, fmt.Errorf("open workbook: %w", err)
	}
	z, err := zip.OpenReader(file)
	if err != nil {
		return nil, nil, refuse(noteTornXLSX)
	}
	z.RegisterDecompressor(zip.Deflate, func(r io.Reader) io.ReadCloser { return flate.NewReader(r) })
	p, err := packageParts(z.File, info.Size())
	if err != nil {
		return nil, nil, errors.Join(err, z.Close())
	}
	return z, p, nil
}

func packageParts(files []*zip.File, size int64) (parts, error) {
	if len(files) > maxEntries {
		return nil, refuse(noteUnsafeXLSX, fmt.Sprintf("部件超过 %d 个", maxEntries))
	}
	p := parts{}
	var total int64
	for _, f := range files {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		name := strings.ToLower(f.Name)
		switch {
		case !safeName(f.Name) || f.Mode()&zipNonRegular != 0:
			return nil, refuse(noteUnsafeXLSX, "部件名不安全")
		case p[name] != nil:
			return nil, refuse(noteUnsafeXLSX, "部件重名")
		case f.Flags&1 != 0:
			return nil, refuse(noteEncrypted)
		case f.UncompressedSize64 > maxMember:
			return nil, refuse(noteTooLarge, maxMember>>20)
		case tooDense(int64(f.UncompressedSize64), int64(f.CompressedSize64)):
			return nil, refuse(noteRatio, maxRatio)
		}
		if total += int64(f.UncompressedSize64); total > maxMember {
			return nil, refuse(noteTooLarge, maxMember>>20)
		}
		p[name] = f
	}
	if tooDense(total, size) {
		return nil, refuse(noteRatio, maxRatio)
	}
	return p, nil
}

// describe reads the parts that say what the workbook has: sheets, strings, formats.
func (w *workbook) describe(ctx context.Context, p parts, read map[string]bool) error {
	main := "xl/workbook.xml"
	if p["_rels/.rels"] != nil {
		rels, err := relations(ctx, p, "_rels/.rels")
		if err != nil {
			return err
		}
		for _, r := range rels {
			if strings.HasSuffix(r.kind, "/officeDocument") {
				main = r.target
			}
		}
	}
	dir, base := path.Split(main)
	rels, err := relations(ctx, p, dir+"_rels/"+base+".rels")
	if err != nil {
		return err
	}
	err = p.each(ctx, main, func(x *xmlScanner) error {
		switch string(x.name) {
		case "workbookPr":
			v := string(x.attr("date1904"))
			w.date04 = v == "1" || v == "true"
		case "sheet":
			r, ok := rels[string(x.attr("id"))]
			if !ok {
				return errXML
			}
			if strings.HasSuffix(r.kind, "/worksheet") {
				state := string(x.attr("state"))
				w.sheets = append(w.sheets, worksheet{name: string(x.attr("name")), part: r.target, hidden: state == "hidden" || state == "veryHidden"})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(w.sheets) == 0 {
		return refuse(noteNoSheets)
	}
	for _, s := range w.sheets {
		if p[s.part] == nil {
			return refuse(noteTornXLSX)
		}
	}
	for _, r := range rels {
		switch {
		case strings.HasSuffix(r.kind, "/sharedStrings") && p[r.target] != nil:
			read[r.target] = true
			if w.strings, err = sharedStrings(ctx, p, r.target); err != nil {
				return err
			}
		case strings.HasSuffix(r.kind, "/styles") && p[r.target] != nil:
			read[r.target] = true
			if w.styles, err = cellFormats(ctx, p, r.target); err != nil {
				return err
			}
		}
	}
	return nil
}

// relation is what one part says of another.
type relation struct{ kind, target string }

// relations reads a .rels part; targets become lower-case paths in the package.
func relations(ctx context.Context, p parts, name string) (map[string]relation, error) {
	name = strings.ToLower(name)
	rels := map[string]relation{}
	base := path.Dir(path.Dir(name))
	err := p.each(ctx, name, func(x *xmlScanner) error {
		if string(x.name) != "Relationship" || string(x.attr("TargetMode")) == "External" {
			return nil
		}
		target := string(x.attr("Target"))
		if strings.HasPrefix(target, "/") {
			target = target[1:]
		} else {
			target = path.Join(base, target)
		}
		rels[string(x.attr("Id"))] = relation{kind: string(x.attr("Type")), target: strings.ToLower(path.Clean(target))}
		return nil
	})
	return rels, err
}

// open opens a part for scanning.
func (p parts) open(ctx context.Context, name string) (*xmlScanner, io.Closer, error) {
	f := p[strings.ToLower(name)]
	if f == nil {
		return nil, nil, refuse(noteTornXLSX)
	}
	in, err := f.Open()
	if err != nil {
		return nil, nil, refuse(noteTornXLSX)
	}
	return newXMLScanner(partReader(ctx, f, in)), in, nil
}

func partReader(ctx context.Context, f *zip.File, in io.Reader) io.Reader {
	return &limited{in: &contextReader{ctx, in}, packed: int64(f.CompressedSize64), limit: maxMember}
}

// each calls start at the start of every element of a part.
func (p parts) each(ctx context.Context, name string, start func(*xmlScanner) error) error {
	x, closer, err := p.open(ctx, name)
	if err != nil {
		return err
	}
	defer closer.Close()
	for {
		switch event, err := x.next(); {
		case err != nil:
			return partError(ctx, err)
		case event == xmlDone:
			return nil
		case event == xmlStart:
			if err := start(x); err != nil {
				return partError(ctx, err)
			}
		}
	}
}

// partError makes a refusal of what went wrong in a part: whatever it is, a
// torn zip or torn XML, the workbook cannot be read whole.
func partError(ctx context.Context, err error) error {
	var refusal *Refusal
	var disk *os.PathError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &refusal):
		return refusal
	case errors.As(err, &disk):
		return fmt.Errorf("read workbook: %w", err)
	}
	return refuse(noteTornXLSX)
}

// checkPart reads a part that nobody needs: XML must be well-formed, anything
// else whole and no archive.
func checkPart(ctx context.Context, name string, f *zip.File) error {
	if ext := path.Ext(name); ext == ".xml" || ext == ".rels" {
		return parts{name: f}.each(ctx, name, func(*xmlScanner) error { return nil })
	}
	in, err := f.Open()
	if err != nil {
		return refuse(noteTornXLSX)
	}
	defer in.Close()
	start := make([]byte, 4)
	reader := partReader(ctx, f, in)
	n, err := io.ReadFull(reader, start)
	if err == nil {
		_, err = io.Copy(io.Discard, reader)
	}
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF || errors.Is(err, io.ErrUnexpectedEOF) && uint64(n) != f.UncompressedSize64 {
		return partError(ctx, err)
	}
	if s := string(start[:n]); s == "PK\x03\x04" || s == "Rar!" || strings.HasPrefix(s, "\x1F\x8B") {
		return refuse(noteUnsafeXLSX, "里面嵌有别的压缩文件")
	}
	return nil
}
