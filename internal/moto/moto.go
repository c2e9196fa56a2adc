// Package moto starts moto, a simulation of AWS in Python, for tests. It runs no containers and no functions.
package moto

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// Start starts a server until the test has ended, and returns its URL. It skips the test where Python has no moto.
func Start(t testing.TB) (url string) {
	t.Helper()
	if err := exec.CommandContext(t.Context(), "python3", "-c", "import moto.server").Run(); err != nil {
		t.Skip("Python has no moto with a server: pip install 'moto[server]'")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0") // whose port is free a moment later
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	_, port, _ := net.SplitHostPort(address)
	server := exec.CommandContext(t.Context(), "python3", "-m", "moto.server", "-H", "127.0.0.1", "-p", port)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait() })
	url = "http://" + address
	for began := time.Now(); ; {
		if err = Post(t.Context(), url, "/moto-api/config", `{"batch": {"use_docker": false}, "lambda": {"use_docker": false}}`); err == nil {
			return url
		}
		if time.Since(began) > time.Minute {
			t.Fatalf("moto does not answer: %v", err)
		}
	}
}

// Post posts to the API of a server that says how it behaves.
func Post(ctx context.Context, url, path, body string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		return fmt.Errorf("%s: %s", path, answer.Status)
	}
	return nil
}
