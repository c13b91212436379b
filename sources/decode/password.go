package decode

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/xuri/excelize/v2"
)

const (
	noteWrongPassword = "这是设有打开密码的 Excel 工作簿，doudi.yaml 里 password 给出的密码打不开它；请核对密码，或去掉密码后另存为 .xlsx 再放入"
	noteUnknownLock   = "这是设有打开密码的 Excel 工作簿，加密方式无法识别或文件已损坏；请去掉密码后另存为 .xlsx 再放入"
)

// Locked says that the member is a workbook that asks for a password.
func (m *Member) Locked() bool { return m.Refused == noteEncrypted }

// Unlock opens a locked workbook with a password: its plain bytes are laid into
// scratch, to be read like any other; size and hash stay those of the file that
// came. Where that is not possible the member says why. The error is ours.
func Unlock(ctx context.Context, m *Member, password, scratch string) error {
	if m.Bytes > maxListedBytes {
		m.Refused = fmt.Sprintf(noteTooBig, fmt.Sprintf("超过 %d MB", maxListedBytes>>20))
		return nil
	}
	f, err := os.Open(m.Path)
	if err != nil {
		return fmt.Errorf("%s: open: %w", m.Name, err)
	}
	defer f.Close()
	locked, err := io.ReadAll(&contextReader{ctx, f})
	if err != nil {
		return fmt.Errorf("%s: read: %w", m.Name, err)
	}
	open, note := decrypt(locked, password)
	if note != "" {
		m.Refused = note
		return nil
	}
	out, err := os.CreateTemp(scratch, "unlocked-*")
	if err != nil {
		return fmt.Errorf("%s: unlock: %w", m.Name, err)
	}
	defer out.Close()
	if _, err := out.Write(open); err != nil {
		return fmt.Errorf("%s: unlock: %w", m.Name, err)
	}
	m.Path, m.Refused = out.Name(), ""
	return nil
}

// decrypt gives the plain workbook, or a note. The library bounds how often a
// password is hashed; chains that go in circles are refused before it. A wrong password is told by what
// comes out, which is then no zip.
func decrypt(locked []byte, password string) (open []byte, note string) {
	if _, err := openCompound(locked); err != nil {
		return nil, noteUnknownLock
	}
	defer func() {
		if recover() != nil { // the library takes lengths out of the file on trust
			open, note = nil, noteUnknownLock
		}
	}()
	open, err := excelize.Decrypt(locked, &excelize.Options{Password: password})
	if err != nil || !bytes.HasPrefix(open, []byte("PK\x03\x04")) {
		return nil, noteWrongPassword
	}
	return open, ""
}
