package fetch

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// share is a mounted share, or any folder or file of this machine.
type share struct{ path string }

func dialFile(s Source) (remote, error) { return share{filepath.Clean(s.URL.Path)}, nil }

func (s share) list(context.Context) ([]Item, error) {
	info, err := os.Stat(s.path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		items := []Item{s.item(s.path, info)}
		for _, beside := range besides(s.path) {
			info, err := os.Stat(beside)
			if err == nil {
				items = append(items, s.item(beside, info))
			} else if !lasting(err) {
				return nil, err // what could not be asked for may be there
			}
		}
		return items, nil
	}
	entries, err := os.ReadDir(s.path)
	if err != nil {
		return nil, err
	}
	home, err := filepath.EvalSymlinks(s.path)
	if err != nil {
		return nil, err
	}
	items := make([]Item, 0, len(entries))
	for _, e := range entries {
		at := filepath.Join(s.path, e.Name())
		info, err := os.Stat(at)
		if err != nil {
			items = append(items, Item{Name: e.Name(), at: at, odd: "是一个指向不存在之处的链接，或没有读取的权限"})
			continue
		}
		item := s.item(at, info)
		if real, err := filepath.EvalSymlinks(at); err != nil || filepath.Dir(real) != home {
			// Whoever may write into the share must not choose among this machine's files.
			item.odd = "是一个指向别处的链接，请放入文件本身"
		}
		items = append(items, item)
	}
	return items, nil
}

func (share) item(at string, info fs.FileInfo) Item {
	i := Item{Name: filepath.Base(at), Size: info.Size(), Time: info.ModTime(), at: at, folder: info.IsDir()}
	if !info.IsDir() && !info.Mode().IsRegular() {
		i.odd = "是管道或设备，不是文件"
	}
	return i
}

func (s share) look(_ context.Context, item Item) (Item, error) {
	info, err := os.Stat(item.at)
	if err != nil {
		return Item{}, err
	}
	return s.item(item.at, info), nil
}

func (share) open(_ context.Context, item Item, from int64) (io.ReadCloser, int64, error) {
	f, err := os.Open(item.at)
	if err != nil {
		return nil, 0, err
	}
	if _, err := f.Seek(from, io.SeekStart); err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, from, nil
}

func (share) close() {}

// besides are the names under which a sender lays what it says of one file.
func besides(at string) []string {
	stem := at[:len(at)-len(filepath.Ext(at))]
	names := []string{at + ".sha256", at + ".md5", at + ".ok"}
	if stem != at {
		names = append(names, stem+".sha256", stem+".md5", stem+".ok")
	}
	return names
}
