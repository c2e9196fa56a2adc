package services

import (
	"os"
	"path/filepath"
	"testing"
)

// A machine over Amazon EMR, EMR Serverless and EKS runs with the SDK's clients, against services that the test has, and with mocks. Its tests
// are written against the code that is generated for it.
func TestClusters(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles services of the AWS SDK")
	}
	f := newFolder(t)
	read := func(name string) []byte {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	f.generate("Clusters", read("clusters.asl.json"))
	f.write("clusters_test.go", string(read("clusters_test.go")))
	f.test()
}
