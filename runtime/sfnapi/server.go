package sfnapi

import (
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// Limits of the server. A worker sends one small request and waits for an answer that takes no time.
const (
	headerTime      = 5 * time.Second
	requestTime     = 30 * time.Second
	idleTime        = time.Minute
	longestHeader   = 32 << 10 // bytes
	mostConnections = 4096
)

// NewServer returns a server at a TCP address for [http.Server.ListenAndServe], whose requests [NewHandler] answers. An
// address without a host, such as ":8083", is on the loopback interface; "0.0.0.0:8083" is on all. Slow and idle
// connections are closed, and so is the 4,097th at a time.
//
//	server := sfnapi.NewServer("0.0.0.0:8083", engine)
//	go server.ListenAndServe()
//	defer server.Close()
func NewServer(addr string, tasks asl.Callbacks) *http.Server {
	if addr == "" {
		addr = ":http" // as net/http has it
	}
	if host, port, err := net.SplitHostPort(addr); err == nil && host == "" {
		addr = net.JoinHostPort("127.0.0.1", port)
	}
	return newServer(addr, NewHandler(tasks))
}

// NewAPIServer is [NewServer] for [NewAPIHandler]. Whoever reaches it can start and stop executions, so an address that is not on the
// loopback interface needs a secret ([WithSecret]) or keys ([WithKeys]); without one it is an error. Beyond the loopback interface serve it
// with [http.Server.ListenAndServeTLS], or behind what does that: the secret is as readable as the requests.
func NewAPIServer(addr string, k Keeper, options ...APIOption) (*http.Server, error) {
	s := NewServer(addr, k)
	host, _, err := net.SplitHostPort(s.Addr)
	if err != nil {
		return nil, fmt.Errorf("sfnapi: %w", err)
	}
	a := newAPI(k, options)
	if ip := net.ParseIP(host); a.admission.open() && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("sfnapi: %s is reached from other hosts, so it needs a secret or keys", s.Addr)
	}
	if s.Handler = a; !a.admission.open() {
		s.Handler = admitted{a, &a.admission, make(chan struct{}, mostLarge)}
	}
	s.WriteTimeout = syncTime
	return s, nil
}

// syncTime is how long an answer may take: that of StartSyncExecution waits for the execution.
const syncTime = 6 * time.Minute

func newServer(addr string, h http.Handler) *http.Server {
	return &http.Server{
		Addr: addr, Handler: h,
		ReadHeaderTimeout: headerTime, ReadTimeout: requestTime, WriteTimeout: requestTime, IdleTimeout: idleTime,
		MaxHeaderBytes: longestHeader, ConnState: limitConnections(mostConnections),
	}
}

// limitConnections returns a function that closes connections over so many at a time.
func limitConnections(most int64) func(net.Conn, http.ConnState) {
	var open atomic.Int64
	return func(c net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			if open.Add(1) > most {
				c.Close() // the server then sees the end of what the client has sent
			}
		case http.StateClosed, http.StateHijacked:
			open.Add(-1)
		}
	}
}
