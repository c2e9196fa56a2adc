package sfnapi_test

import (
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/sfnapi"
)

// Without a host only this machine reaches the server, and no client holds a connection for as long as it likes.
func TestNewServer(t *testing.T) {
	for given, want := range map[string]string{
		":8083": "127.0.0.1:8083", "0.0.0.0:8083": "0.0.0.0:8083", "[::1]:80": "[::1]:80", "localhost:http": "localhost:http",
	} {
		s := sfnapi.NewServer(given, &recorder{})
		if s.Addr != want {
			t.Errorf("%q listens at %q, want %q", given, s.Addr, want)
		}
		if s.ReadHeaderTimeout == 0 || s.ReadTimeout == 0 || s.WriteTimeout == 0 || s.IdleTimeout == 0 || s.MaxHeaderBytes == 0 {
			t.Errorf("%+v has no limits", s)
		}
	}
}
