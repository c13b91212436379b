package lineage

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"
)

// Place is where events go: to the end of a file, a line an event, or to a
// server.
type Place struct {
	File   string   // absolute
	URL    *url.URL // where there is no file
	Secret string   // sent as a bearer token; "" for none
}

// limit is how long a server may take.
const limit = 10 * time.Second

// Send hands an event over, once. The error shows neither address nor secret.
func (p Place) Send(ctx context.Context, e Event) error {
	data, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if p.File != "" {
		f, err := os.OpenFile(p.File, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		_, err = f.Write(append(data, '\n'))
		return errors.Join(err, f.Close())
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.URL.String(), bytes.NewReader(data))
	if err != nil {
		return errors.New("the address cannot be asked")
	}
	request.Header.Set("Content-Type", "application/json")
	if p.Secret != "" {
		request.Header.Set("Authorization", "Bearer "+p.Secret)
	}
	client := http.Client{
		Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Do(request)
	if err != nil {
		var wrapped *url.Error // its text has the address
		if errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		var named *net.DNSError
		if errors.As(err, &named) {
			err = errors.New("no such host")
		}
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(response.Body, 64<<10)); err != nil {
		return err
	}
	if response.StatusCode/100 != 2 {
		return fmt.Errorf("the server answers %d", response.StatusCode)
	}
	return nil
}
