package gotypes_test

import (
	"crypto/x509"
	"go/build"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/gen/internal/gotypes"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
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
		is         func(sum string) table.UserType
	}{
		{"net/http", "Request", table.TypeOf[http.Request]},
		{"net/http", "Header", table.TypeOf[http.Header]},
		{"net/http", "Handler", table.TypeOf[http.Handler]},
		{"net/http", "Cookie", table.TypeOf[http.Cookie]},
		{"go/build", "Package", table.TypeOf[build.Package]},
		{"crypto/x509", "Certificate", table.TypeOf[x509.Certificate]},
		{"time", "Time", table.TypeOf[time.Time]},
		{"time", "Month", table.TypeOf[time.Month]},
		{"github.com/r-seed-632eed22/aslgen/runtime/clock", "Driven", table.TypeOf[clock.Driven]},
	} {
		sum := packages.Sum(c.path, c.name)
		d := table.Definition{Name: "M", StartAt: "A", States: []table.State{&table.Succeed{Name: "A"}}, Types: []table.UserType{c.is(sum)}}
		if _, err := table.NewMachine[asl.Value, asl.Value](engine, d); err != nil || sum == "" {
			t.Errorf("%s.%s: %v", c.path, c.name, err)
		}
		d.Types[0] = c.is(sum[1:])
		if _, err := table.NewMachine[asl.Value, asl.Value](engine, d); err == nil || !strings.HasSuffix(err.Error(), "run go generate") {
			t.Errorf("%s.%s with another sum: %v", c.path, c.name, err)
		}
	}
}
