package decode

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Unpack tells what a file is and gives the members to read: the file itself,
// or what is packed in it, unpacked into scratch, by name. Name is the file as
// published. What is hostile, torn or of a format that is not read comes as a
// Refused member; the error is our own trouble only.
func Unpack(ctx context.Context, file, name, scratch string) ([]Member, error) {
	m := Member{Name: name, Path: file}
	info, err := os.Stat(file)
	if err != nil {
		return nil, fmt.Errorf("%s: stat: %w", name, err)
	}
	if !info.Mode().IsRegular() {
		m.Refused = "这不是普通文件（可能是目录、管道或设备），不予读取"
		return []Member{m}, nil
	}
	if err := m.identify(ctx); err != nil {
		if errors.Is(err, fs.ErrPermission) {
			m.Refused = "没有读取这个文件的权限；请检查文件权限"
			return []Member{m}, nil
		}
		return nil, err
	}
	what, err := sniff(file, name)
	if err != nil {
		return nil, fmt.Errorf("%s: look at content: %w", name, err)
	}
	switch what.container {
	case gzipped:
		return unpackGzip(ctx, m, scratch)
	case zipped:
		return unpackZip(ctx, m, scratch)
	}
	m.Format, m.Encoding, m.Refused = what.format, what.encoding, what.refused
	return []Member{m}, nil
}

// identify measures and hashes the bytes of a member.
func (m *Member) identify(ctx context.Context) error {
	f, err := os.Open(m.Path)
	if err != nil {
		return fmt.Errorf("%s: open: %w", m.Name, err)
	}
	defer f.Close()
	hash := sha256.New()
	m.Bytes, err = io.CopyBuffer(struct{ io.Writer }{hash}, struct{ io.Reader }{&contextReader{ctx, f}}, make([]byte, 1<<20))
	if err != nil {
		return fmt.Errorf("%s: read: %w", m.Name, err)
	}
	m.SHA256 = hex.EncodeToString(hash.Sum(nil))
	return nil
}

// contextReader stops reading when the context is done.
type contextReader struct {
	ctx context.Context
	in  io.Reader
}

func (r *contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.in.Read(p)
}
