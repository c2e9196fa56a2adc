package sfnapi

import (
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"net"
	"net/http"
	"sync/atomic"
	"time"
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
	return &http.Server{
		Addr: addr, Handler: NewHandler(tasks),
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
