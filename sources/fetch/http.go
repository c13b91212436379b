package fetch

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"

	"golang.org/x/net/html"
)

// web is a server of HTTP.
type web struct {
	client *http.Client
	source Source
}

// newTransport gives the bytes as they lie on the server, and their number.
func newTransport() *http.Transport {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableCompression = true
	transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	return transport
}

func dialHTTP(s Source) (remote, error) {
	return &web{source: s, client: &http.Client{Transport: newTransport(), CheckRedirect: func(to *http.Request, via []*http.Request) error {
		if to.URL.Scheme != s.URL.Scheme || to.URL.Host != s.URL.Host {
			return permanent("服务器把请求转到了另一个地址（%s://%s），请在 from 里写明最终的地址", to.URL.Scheme, to.URL.Host)
		}
		if len(via) > 5 {
			return permanent("服务器转了太多次")
		}
		return nil
	}}}, nil
}

// ask sends one request; the answer's status is one of want.
func (w *web) ask(ctx context.Context, method, at string, header http.Header, want ...int) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, at, nil)
	if err != nil {
		return nil, permanent("地址写得不对")
	}
	for name, values := range header {
		req.Header[name] = values
	}
	switch user := w.source.URL.User; {
	case user != nil && user.Username() != "":
		password, given := user.Password()
		if !given {
			password = w.source.Password
		}
		req.SetBasicAuth(user.Username(), password)
	case w.source.Password != "":
		req.Header.Set("Authorization", "Bearer "+w.source.Password)
	}
	resp, err := w.client.Do(req)
	if err != nil {
		return nil, err
	}
	for _, status := range want {
		if resp.StatusCode == status {
			return resp, nil
		}
	}
	resp.Body.Close()
	switch status := resp.StatusCode; {
	case status == http.StatusUnauthorized || status == http.StatusForbidden || status == http.StatusProxyAuthRequired:
		return nil, permanent("服务器不让取（HTTP %d），请检查用户名和密码", status)
	case status == http.StatusNotFound || status == http.StatusGone:
		return nil, permanent("服务器上没有这个文件（HTTP %d）", status)
	case status == http.StatusMethodNotAllowed || status == http.StatusNotImplemented:
		return nil, errNoSuchMethod
	case status >= 500 || status == http.StatusTooManyRequests || status == http.StatusRequestTimeout:
		return nil, fmt.Errorf("服务器出错（HTTP %d）", status)
	default:
		return nil, permanent("服务器的回答不是文件（HTTP %d）", status)
	}
}

var errNoSuchMethod = errors.New("服务器不支持这种请求")

func (w *web) list(ctx context.Context) ([]Item, error) {
	at := *w.source.URL
	at.User, at.Fragment = nil, ""
	if w.source.Pick != "" {
		return w.index(ctx, &at)
	}
	item, err := w.look(ctx, Item{Name: path.Base(at.Path), at: at.String()})
	if err != nil {
		return nil, err
	}
	items := []Item{item}
	for _, name := range besides(at.Path) {
		beside := at
		beside.Path, beside.RawPath = name, ""
		resp, err := w.ask(ctx, http.MethodHead, beside.String(), nil, http.StatusOK)
		var broken *url.Error
		if errors.As(err, &broken) && !lasting(err) {
			return nil, err // what could not be asked for may be there
		}
		if err != nil {
			continue // most senders lay nothing beside a file
		}
		resp.Body.Close()
		if !isPage(resp.Header) { // some servers answer everything with a page
			item := itemOf(resp, path.Base(name), beside.String())
			item.guessed = true
			items = append(items, item)
		}
	}
	return items, nil
}

// index reads the links of a page; what pick does not want is not asked for.
func (w *web) index(ctx context.Context, at *url.URL) ([]Item, error) {
	resp, err := w.ask(ctx, http.MethodGet, at.String(), nil, http.StatusOK)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	links, asks, err := linksOf(io.LimitReader(resp.Body, 64<<20), resp.Request.URL)
	if err != nil {
		return nil, err
	}
	var items []Item
	var picked []int
	for _, link := range links {
		name := path.Base(link.Path)
		if strings.HasSuffix(link.Path, "/") {
			continue
		}
		if ok, _ := path.Match(w.source.Pick, name); ok && !isBeside(name) && unsafe(name) == "" {
			picked = append(picked, len(items))
		}
		items = append(items, Item{Name: name, Size: -1, at: link.String()})
	}
	if len(picked) > DefaultLimits.Files { // each costs a question
		return nil, permanent("索引页上符合 pick 的文件有 %d 个，超过上限 %d，请用 pick 收窄", len(picked), DefaultLimits.Files)
	}
	if len(picked) == 0 && asks {
		return nil, permanent(loginWords)
	}
	for _, i := range picked {
		if items[i], err = w.look(ctx, items[i]); err != nil {
			return nil, &fileError{items[i].Name, err}
		}
	}
	return items, nil
}

// linksOf are the links of a page to the same server, each once, in order, and
// whether the page asks for a password.
func linksOf(page io.Reader, at *url.URL) (links []*url.URL, asks bool, err error) {
	seen := map[string]bool{}
	tokens := html.NewTokenizer(page)
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			if err := tokens.Err(); err != io.EOF {
				return nil, false, err
			}
			return links, asks, nil
		case html.StartTagToken, html.SelfClosingTagToken:
			tag, more := tokens.TagName()
			for name := string(tag); more && (name == "a" || name == "input"); {
				var key, value []byte
				key, value, more = tokens.TagAttr()
				asks = asks || name == "input" && string(key) == "type" && strings.EqualFold(string(value), "password")
				if name != "a" || string(key) != "href" {
					continue
				}
				to, err := at.Parse(strings.TrimSpace(string(value)))
				if err != nil || to.Scheme != at.Scheme || to.Host != at.Host {
					continue
				}
				to.Fragment, to.User = "", nil
				if text := to.String(); !seen[text] && to.Path != at.Path {
					seen[text] = true
					links = append(links, to)
				}
			}
		}
	}
}

const loginWords = "服务器给的是网页而不是文件，可能是登录页，请检查用户名和密码"

func (w *web) look(ctx context.Context, item Item) (Item, error) {
	resp, err := w.ask(ctx, http.MethodHead, item.at, nil, http.StatusOK)
	if errors.Is(err, errNoSuchMethod) {
		resp, err = w.ask(ctx, http.MethodGet, item.at, nil, http.StatusOK)
	}
	if err != nil {
		return Item{}, err
	}
	resp.Body.Close()
	return itemOf(resp, item.Name, item.at), nil
}

func itemOf(resp *http.Response, name, at string) Item {
	i := Item{Name: name, Size: resp.ContentLength, Tag: resp.Header.Get("ETag"), at: at}
	if when, err := http.ParseTime(resp.Header.Get("Last-Modified")); err == nil {
		i.Time = when
	}
	return i
}

func (w *web) open(ctx context.Context, item Item, from int64) (io.ReadCloser, int64, error) {
	header := http.Header{}
	if from > 0 {
		header.Set("Range", fmt.Sprintf("bytes=%d-", from))
		switch {
		case item.Tag != "" && !strings.HasPrefix(item.Tag, "W/"):
			header.Set("If-Range", item.Tag)
		case !item.Time.IsZero():
			header.Set("If-Range", item.Time.UTC().Format(http.TimeFormat))
		default:
			from = 0
			header.Del("Range")
		}
	}
	resp, err := w.ask(ctx, http.MethodGet, item.at, header, http.StatusOK, http.StatusPartialContent)
	if err != nil {
		return nil, 0, err
	}
	if resp.StatusCode == http.StatusPartialContent {
		var at int64
		if _, err := fmt.Sscanf(resp.Header.Get("Content-Range"), "bytes %d-", &at); err != nil || from == 0 || at != from {
			resp.Body.Close()
			return nil, 0, permanent("服务器续传的位置不对")
		}
		return resp.Body, from, nil
	}
	if item.Size >= 0 && resp.ContentLength >= 0 && resp.ContentLength != item.Size {
		resp.Body.Close()
		return nil, 0, permanent(changedWords)
	}
	body := bufio.NewReaderSize(resp.Body, 64<<10)
	if isBeside(item.Name) {
		return readCloser{body, resp.Body}, 0, nil
	}
	// What is there to read decides, not what the server calls it.
	head, err := body.Peek(4 << 10)
	if err != nil && err != io.EOF {
		resp.Body.Close()
		return nil, 0, err
	}
	if loginPage(item.Name, head) {
		resp.Body.Close()
		return nil, 0, permanent(loginWords)
	}
	return readCloser{body, resp.Body}, 0, nil
}

type readCloser struct {
	io.Reader
	io.Closer
}

func isPage(h http.Header) bool {
	return strings.HasPrefix(strings.ToLower(h.Get("Content-Type")), "text/html")
}

// loginPage says whether a file begins as a web page although its name is not
// one's. Tables in HTML named .xls are common; a page that asks for a password
// is none.
func loginPage(name string, head []byte) bool {
	if !strings.HasPrefix(http.DetectContentType(head), "text/html") {
		return false
	}
	switch strings.ToLower(path.Ext(name)) {
	case ".htm", ".html", ".xls":
		text := strings.ToLower(string(head))
		return strings.Contains(text, "<form") || strings.Contains(text, "password")
	}
	return true
}

func (w *web) close() { w.client.CloseIdleConnections() }
