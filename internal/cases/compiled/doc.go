// Package compiled has the machines of testdata, compiled, and registers them with package runner. Its other files are written by
//
//	go test ./cmd/internal/batch -run TestCases -update
package compiled
