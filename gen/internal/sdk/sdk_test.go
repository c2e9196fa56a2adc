package sdk

import (
	"path/filepath"
	"testing"
)

// The modules of this module are among those of its own tests.
func TestFind(t *testing.T) {
	modules := In(".")
	if err := modules.Find(t.Context(), "sfn", "s3", "nosuch"); err != nil {
		t.Fatal(err)
	}
	if modules.Service("nosuch") != nil || modules.Service("sfn") == nil {
		t.Fatal(modules.services)
	}
	s := modules.Service("s3")
	if s.ID != "S3" || s.Path != Prefix+"s3" {
		t.Error(s.ID, s.Path)
	}
	o, err := s.Operation("PutObject")
	if err != nil || o.Input.Members["Bucket"] == nil || o.Input.Members["Nothing"] != nil || o.Input.Unions() != nil {
		t.Error(o, err)
	}
	if o, err = s.Operation("PutNothing"); o != nil || err != nil {
		t.Error(o, err)
	}
}

func TestNoModule(t *testing.T) {
	modules := In(t.TempDir())
	if err := modules.Find(t.Context(), "sfn"); err != nil || modules.Service("sfn") != nil {
		t.Error(modules, err)
	}
}

func TestUnions(t *testing.T) {
	s, err := open(Prefix+"shelf", filepath.Join("testdata", "shelf"))
	if err != nil || s.ID != "Shelf Service" {
		t.Fatal(s, err)
	}
	o, err := s.Operation("PutItem")
	if err != nil {
		t.Fatal(err)
	}
	unions := o.Input.Unions()
	if len(unions) != 1 || unions[0].Union != "AttributeValue" || len(unions[0].Wrappers) != 2 || unions[0].Members["M"].Elem != unions[0] || unions[0].Members["X"] != nil {
		t.Errorf("%+v", unions)
	}
	if o.Input.Members["Item"].Elem != unions[0] || o.Input.Members["hidden"] != nil {
		t.Errorf("%+v", o.Input)
	}
}
