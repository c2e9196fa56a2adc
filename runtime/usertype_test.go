package runtime_test

import (
	"crypto/x509"
	"go/build"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/gen/gotypes"
	asl "github.com/r-seed-632eed22/aslgen/runtime"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
)

// What the compiler sees of a type sums up to what the running program sees; another type is another sum.
func TestTypeOf(t *testing.T) {
	packages, err := gotypes.Load(t.Context(), ".", nil, "crypto/x509", "go/build", "net/http", "time", "github.com/r-seed-632eed22/aslgen/runtime/clock")
	if err != nil {
		t.Fatal(err)
	}
	engine := memory.NewDriven(time.Unix(0, 0))
	for _, c := range []struct {
		path, name string
		is         func(sum string) asl.UserType
	}{
		{"net/http", "Request", asl.TypeOf[http.Request]},
		{"net/http", "Header", asl.TypeOf[http.Header]},
		{"net/http", "Handler", asl.TypeOf[http.Handler]},
		{"net/http", "Cookie", asl.TypeOf[http.Cookie]},
		{"go/build", "Package", asl.TypeOf[build.Package]},
		{"crypto/x509", "Certificate", asl.TypeOf[x509.Certificate]},
		{"time", "Time", asl.TypeOf[time.Time]},
		{"time", "Month", asl.TypeOf[time.Month]},
		{"github.com/r-seed-632eed22/aslgen/runtime/clock", "Driven", asl.TypeOf[clock.Driven]},
	} {
		sum := packages.Sum(c.path, c.name)
		d := asl.Definition{Name: "M", StartAt: "A", States: []asl.State{&asl.Succeed{Name: "A"}}, Types: []asl.UserType{c.is(sum)}}
		if _, err := asl.NewMachine[asl.Value, asl.Value](engine, d); err != nil || sum == "" {
			t.Errorf("%s.%s: %v", c.path, c.name, err)
		}
		d.Types[0] = c.is(sum[1:])
		if _, err := asl.NewMachine[asl.Value, asl.Value](engine, d); err == nil || !strings.HasSuffix(err.Error(), "run go generate") {
			t.Errorf("%s.%s with another sum: %v", c.path, c.name, err)
		}
	}
}
