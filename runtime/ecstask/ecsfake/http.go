package ecsfake

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/smithy-go"

	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Operation is the name of an operation of the service.
type Operation string

// The operations that a [Server] knows.
const (
	RunTask                Operation = "RunTask"
	DescribeTasks          Operation = "DescribeTasks"
	StopTask               Operation = "StopTask"
	RegisterTaskDefinition Operation = "RegisterTaskDefinition"
)

const (
	targetPrefix = "AmazonEC2ContainerServiceV20141113."
	contentType  = "application/x-amz-json-1.1"
	maxRequest   = 1 << 20 // bytes
)

// apiError is an API exception.
type apiError struct {
	code    string
	message string
	details []value.Member
}

func (e *apiError) Error() string { return e.code + ": " + e.message }

func exception(code, format string, arguments ...any) error {
	return &apiError{code: code, message: fmt.Sprintf(format, arguments...)}
}

// invalid is the exception for a parameter that is not as the service wants it.
func invalid(format string, arguments ...any) error {
	return exception("InvalidParameterException", format, arguments...)
}

var serverFaults = []string{"ServerException", "InternalFailure", "InternalError", "InternalServerError"}

func (e *apiError) status() int {
	switch {
	case slices.Contains(serverFaults, e.code):
		return http.StatusInternalServerError
	case e.code == "ServiceUnavailable" || e.code == "ServiceUnavailableException":
		return http.StatusServiceUnavailable
	}
	return http.StatusBadRequest
}

func (e *apiError) body() value.Value {
	members := []value.Member{
		value.Field("__type", value.String(e.code)),
		value.Field("message", value.String(e.message)),
	}
	return value.Object(append(members, e.details...)...)
}

// errCut says that the connection is to be cut.
var errCut = errors.New("ecsfake: the connection is cut")

// ServeHTTP answers one call.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer, err := s.serve(w, r)
	if errors.Is(err, errCut) {
		panic(http.ErrAbortHandler) // how net/http has a handler cut the connection
	}
	status := http.StatusOK
	if e := (*apiError)(nil); errors.As(err, &e) {
		answer, status = e.body(), e.status()
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("X-Amzn-RequestId", s.requestID())
	w.Header().Set("Date", s.clock.Now().UTC().Format(http.TimeFormat)) // part of results: on a driven clock the same every time
	w.WriteHeader(status)
	w.Write(answer.AppendJSON(nil))
}

// serve returns the answer, an *apiError, or errCut.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) (value.Value, error) {
	if !s.isHost(r.Host) {
		return value.Value{}, exception("AccessDeniedException", "The Host %q is not that of this endpoint.", r.Host)
	}
	name, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), targetPrefix)
	perform := operations[Operation(name)]
	if !ok || perform == nil || r.Method != http.MethodPost {
		return value.Value{}, exception("UnknownOperationException", "no operation for %s with X-Amz-Target %q",
			r.Method, r.Header.Get("X-Amz-Target"))
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		return value.Value{}, exception("SerializationException", "%v", err)
	}
	input, err := value.Parse(body)
	if err != nil {
		return value.Value{}, exception("SerializationException", "%v", err)
	}
	return s.perform(&call{Call: Call{Operation: Operation(name), Input: input}}, perform)
}

// isHost reports whether a request is for this server. A browser whose page has a name that was made to lead here says that
// name; it could have commands run otherwise, since nothing is authenticated.
func (s *Server) isHost(host string) bool {
	if s.listener == nil {
		return true // who serves it knows what it is called
	}
	address := s.listener.Addr().String()
	_, port, _ := net.SplitHostPort(address)
	return host == address || host == net.JoinHostPort("localhost", port)
}

// call is a call that is being answered.
type call struct {
	Call
	fault Fault
}

// operations do what is asked for, with the server locked. They ask for the fault of the call themselves, with
// [Server.suffer], since only they know what the call concerns.
var operations = map[Operation]func(*Server, *call) (value.Value, error){
	RunTask:                (*Server).runTask,
	DescribeTasks:          (*Server).describeTasks,
	StopTask:               (*Server).stopTask,
	RegisterTaskDefinition: (*Server).registerTaskDefinition,
}

func (s *Server) perform(c *call, operation func(*Server, *call) (value.Value, error)) (value.Value, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return value.Value{}, errCut
	}
	c.Time = s.clock.Now()
	answer, err := operation(s, c)
	if c.fault.loseAnswer {
		answer, err = value.Value{}, errCut
	}
	if e := (*apiError)(nil); errors.As(err, &e) {
		c.Exception = e.code
	}
	c.Lost = errors.Is(err, errCut)
	s.note(c.Call)
	return answer, err
}

// decode reads the input of a call.
func (c *call) decode(into smithy.Serializable) error {
	if err := awsshape.Wire.Decode(c.Input, into); err != nil {
		return exception("SerializationException", "%v", err)
	}
	return nil
}

// requestID does not draw on the server's random numbers, so that they do not depend on how often somebody polls.
func (s *Server) requestID() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	return fmt.Sprintf("00000000-0000-4000-8000-%012d", s.requests)
}
