package decode

import (
	"archive/zip"
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
)

// Limits of what is unpacked, workbooks included.
const (
	maxEntries  = 2000
	maxMember   = 1 << 30 // bytes of one member
	maxArchive  = 2 << 30 // bytes of all members of one archive
	maxRatio    = 100     // unpacked to packed, where that is more than ratioFrom
	ratioFrom   = 1 << 20
	maxNameSize = 200 // bytes of a path inside an archive
)

const (
	noteRatio     = "压缩比超过 %d 倍，疑似压缩炸弹，不予解压；如确有需要，请解压后放入"
	noteTooLarge  = "解压后超过 %d MB，不予解压；请解压后放入，或分成几个文件"
	noteNested    = "压缩包里还有压缩包，不予解压；请先解开里层压缩包再放入"
	noteEntries   = "压缩包里的文件超过 %d 个，不予解压；请分成几个压缩包"
	notePassword  = "压缩包里的文件设有密码，无法解压；请去掉密码或解压后放入"
	noteMethod    = "压缩包采用了不支持的压缩方法，无法解压；请用普通 zip 方式重新打包，或解压后放入"
	noteName      = "压缩包里的文件名不安全（含 ..、反斜杠、绝对路径、控制字符，或是过长、系统保留的名字），不予解压；请改名后重新打包"
	noteSameName  = "压缩包里有两个同名文件，不予读取；请改名后重新打包"
	noteLink      = "压缩包里的这一项是链接或特殊文件，不予解压"
	noteEmptyZip  = "压缩包里没有可读取的文件"
	noteTar       = "这是 tar 归档，无法读取；请解开后放入，或改用 zip 格式"
	zipNonRegular = os.ModeType &^ os.ModeDir
)

// limited counts what is unpacked and stops at a limit.
type limited struct {
	in     io.Reader
	packed int64 // size of the packed bytes
	limit  int64
	n      int64
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.in.Read(p)
	if l.n += int64(n); l.n > l.limit {
		return 0, refuse(noteTooLarge, l.limit>>20)
	}
	if tooDense(l.n, l.packed) {
		return 0, refuse(noteRatio, maxRatio)
	}
	return n, err
}

func tooDense(unpacked, packed int64) bool {
	return unpacked > ratioFrom && unpacked/maxRatio > packed
}

// unpackGzip unpacks the one file of a .gz. It keeps the name of the .gz, for
// what is inside has none that can be relied on.
func unpackGzip(ctx context.Context, m Member, scratch string) ([]Member, error) {
	f, err := os.Open(m.Path)
	if err != nil {
		return nil, fmt.Errorf("%s: open: %w", m.Name, err)
	}
	defer f.Close()
	packed := m.Bytes
	plainName := m.Name
	if strings.EqualFold(path.Ext(plainName), ".gz") {
		plainName = plainName[:len(plainName)-3]
	}
	z, err := gzip.NewReader(bufio.NewReaderSize(&contextReader{ctx, f}, 256<<10))
	if err != nil {
		m.Refused = noteTornZip
		return []Member{m}, nil
	}
	defer z.Close()
	in := &limited{in: z, packed: packed, limit: maxMember}
	if err := m.unpack(ctx, in, plainName, scratch); err != nil {
		return nil, err
	}
	return []Member{m}, nil
}

// unpack writes a member's plain bytes into scratch and tells what they are.
// PlainName is the name by which an empty file's format is guessed.
func (m *Member) unpack(ctx context.Context, in io.Reader, plainName, scratch string) error {
	out, err := os.CreateTemp(scratch, "member-*")
	if err != nil {
		return fmt.Errorf("%s: unpack: %w", m.Name, err)
	}
	defer out.Close()
	m.Path = out.Name()
	reader := &markedReader{in: in}
	if _, err := io.CopyBuffer(struct{ io.Writer }{out}, reader, make([]byte, 256<<10)); err != nil {
		if reader.err == nil || ctx.Err() != nil {
			return fmt.Errorf("%s: unpack: %w", m.Name, err)
		}
		// What is packed is broken or hostile, not our disk.
		m.Refused = noteTornZip
		var refusal *Refusal
		if errors.As(reader.err, &refusal) {
			m.Refused = refusal.Note
		}
		if err := os.Remove(m.Path); err != nil {
			return fmt.Errorf("%s: remove torn member: %w", m.Name, err)
		}
		m.Path = ""
		return nil
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("%s: unpack: %w", m.Name, err)
	}
	if err := m.identify(ctx); err != nil {
		return err
	}
	what, err := sniff(m.Path, plainName)
	if err != nil {
		return fmt.Errorf("%s: look at content: %w", m.Name, err)
	}
	m.Format, m.Encoding, m.Refused = what.format, what.encoding, what.refused
	switch {
	case what.container != plain:
		m.Refused = noteNested
	case isTar(m.Path):
		m.Format, m.Encoding, m.Refused = "", "", noteTar
	}
	return nil
}

// markedReader remembers that it was reading, not writing, that failed.
type markedReader struct {
	in  io.Reader
	err error
}

func (r *markedReader) Read(p []byte) (int, error) {
	n, err := r.in.Read(p)
	if err != nil && err != io.EOF {
		r.err = err
	}
	return n, err
}

// isTar looks for the mark in the first block of a tar archive.
func isTar(file string) bool {
	f, err := os.Open(file)
	if err != nil {
		return false
	}
	defer f.Close()
	mark := make([]byte, 5)
	_, err = f.ReadAt(mark, 257)
	return err == nil && string(mark) == "ustar"
}

// unpackZip unpacks the files of a zip archive, by name.
func unpackZip(ctx context.Context, m Member, scratch string) ([]Member, error) {
	z, err := zip.OpenReader(m.Path)
	if err != nil {
		m.Refused = noteTornZip
		return []Member{m}, nil
	}
	defer z.Close()
	z.RegisterDecompressor(zip.Deflate, func(r io.Reader) io.ReadCloser { return flate.NewReader(r) })
	if len(z.File) > maxEntries {
		m.Refused = fmt.Sprintf(noteEntries, maxEntries)
		return []Member{m}, nil
	}
	var total int64
	for _, f := range z.File {
		if total += int64(min(f.UncompressedSize64, maxArchive+1)); total > maxArchive {
			m.Refused = fmt.Sprintf(noteTooLarge, maxArchive>>20)
			return []Member{m}, nil
		}
	}
	if tooDense(total, m.Bytes) {
		m.Refused = fmt.Sprintf(noteRatio, maxRatio)
		return []Member{m}, nil
	}
	members, err := unpackEntries(ctx, z.File, m, scratch)
	if err != nil {
		return nil, err
	}
	if len(members) == 0 {
		m.Refused = noteEmptyZip
		return []Member{m}, nil
	}
	slices.SortStableFunc(members, func(a, b Member) int { return strings.Compare(a.Name, b.Name) })
	return members, nil
}

func unpackEntries(ctx context.Context, files []*zip.File, archive Member, scratch string) ([]Member, error) {
	var members []Member
	seen := map[string]int{}
	left := int64(maxArchive)
	for _, f := range files {
		inside := entryName(f)
		if strings.HasSuffix(inside, "/") || passedOver(inside) {
			continue
		}
		m := Member{Name: archive.Name + "/" + printable(inside), Refused: entryRefused(f, inside)}
		if i, twice := seen[m.Name]; twice {
			members[i].Refused = noteSameName
			continue
		}
		if m.Refused == "" {
			if err := unpackEntry(ctx, f, &m, inside, min(left, maxMember), scratch); err != nil {
				return nil, err
			}
			left -= m.Bytes
		}
		seen[m.Name] = len(members)
		members = append(members, m)
	}
	return withMemos(members), nil
}

// withMemos gives the tables of DBF the files of their memos, which are then no
// members of their own.
func withMemos(members []Member) []Member {
	at := map[string]int{}
	for i, m := range members {
		at[m.Name] = i
	}
	taken := map[int]bool{}
	for i := range members {
		m := &members[i]
		if m.Format != "dbf" {
			continue
		}
		for _, ext := range memoNames {
			if j, ok := at[strings.TrimSuffix(m.Name, path.Ext(m.Name))+ext]; ok && members[j].Path != "" && m.Memo == "" {
				m.Memo, taken[j] = members[j].Path, true
			}
		}
	}
	var rest []Member
	for i, m := range members {
		if !taken[i] {
			rest = append(rest, m)
		}
	}
	return rest
}

func unpackEntry(ctx context.Context, f *zip.File, m *Member, inside string, limit int64, scratch string) error {
	in, err := f.Open()
	if errors.Is(err, zip.ErrAlgorithm) {
		m.Refused = noteMethod
		return nil
	}
	if err != nil {
		m.Refused = noteTornZip
		return nil
	}
	defer in.Close()
	bound := &limited{in: &contextReader{ctx, in}, packed: int64(f.CompressedSize64), limit: limit}
	return m.unpack(ctx, bound, inside, scratch)
}

// entryName is the name of an entry in UTF-8: Chinese Windows writes names in
// GB18030 without saying so.
func entryName(f *zip.File) string {
	if !f.NonUTF8 || utf8.ValidString(f.Name) {
		return f.Name
	}
	name, _ := gbTable().appendUTF8(nil, []byte(f.Name))
	return string(name)
}

// entryRefused says why an entry is not unpacked, "" where it may be.
func entryRefused(f *zip.File, name string) string {
	switch {
	case !safeName(name):
		return noteName
	case f.Flags&1 != 0:
		return notePassword
	case f.Mode()&zipNonRegular != 0:
		return noteLink
	case f.UncompressedSize64 > maxMember:
		return fmt.Sprintf(noteTooLarge, maxMember>>20)
	case tooDense(int64(f.UncompressedSize64), int64(f.CompressedSize64)):
		return fmt.Sprintf(noteRatio, maxRatio)
	}
	return ""
}

// passedOver are the names that editors, systems and transfers leave behind.
func passedOver(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(part, ".") && part != "." && part != ".." || part == "__MACOSX" {
			return true
		}
	}
	base := path.Base(name)
	return strings.HasPrefix(base, "~$") || strings.HasSuffix(base, ".part")
}

// safeName says that a path from an archive can be published and laid out on
// any system.
func safeName(name string) bool {
	if name == "" || len(name) > maxNameSize || !utf8.ValidString(name) || strings.HasPrefix(name, "/") ||
		strings.ContainsAny(name, `\:`) || strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError }) {
		return false
	}
	for part := range strings.SplitSeq(name, "/") {
		stem, _, _ := strings.Cut(part, ".")
		if part == "" || part == "." || part == ".." || reserved(stem) {
			return false
		}
	}
	return true
}

// reserved are the names of devices on Windows.
func reserved(stem string) bool {
	switch stem = strings.ToUpper(stem); stem {
	case "CON", "PRN", "AUX", "NUL":
		return true
	}
	return len(stem) == 4 && (strings.HasPrefix(stem, "COM") || strings.HasPrefix(stem, "LPT")) && stem[3] >= '1' && stem[3] <= '9'
}

// printable makes a refused name fit for a report.
func printable(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(name, "\uFFFD"))
	for len(name) > maxNameSize {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	return name
}
