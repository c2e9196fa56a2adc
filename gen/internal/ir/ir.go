// Package ir is the Go program that package emit prints: every name is chosen and every type is known. It knows Go and no
// ASL.
package ir

// File is one generated file.
type File struct {
	Package string
	Source  string            // base name of what it was generated from
	Embeds  bool              // a declaration has a go:embed directive
	Imports map[string]string // names of packages that are not called as their path ends, by that
	Decls   []Decl

	// What the declarations are made of, for whoever writes code that uses them.
	Tasks      []Task    // the fields of Tasks, in order
	Config     []Setting // the fields of Config, in order
	InputAlias bool      // the input's type is an alias: it has no fields of its own
}

// Task is a field of Tasks.
type Task struct {
	Field           string
	Type            Named
	State, Resource string // what it is called for; Resource is "" if it holds objects
	Wired           bool   // a client makes the call
	Answers         string // the member of the result that it answers with, "" if it answers with all of it
}

// Setting is a field of Config.
type Setting struct {
	Field, Placeholder string
	Type               Type
	Enum               string // a value of it, if it is an enumeration
}

// Decl is a declaration: *Consts, *Struct, *Alias, *Defined, *Var or *Func. Doc is its comment, a paragraph a line; a line that
// begins with a tab is kept as it is.
type Decl interface{ isDecl() }

// Consts is a group of constants.
type Consts struct {
	Doc   string
	Items []Const
}

// Const is one of them.
type Const struct {
	Name  string // or _
	Value Expr
}

// Struct is a struct type.
type Struct struct {
	Name, Doc string
	Fields    []Field
}

// Field is a field of a struct.
type Field struct {
	Name    string
	Doc     string // comment above it
	Type    Type
	Tags    []Tag
	Comment string // comment behind it
}

// Tag is a part of a field's tag.
type Tag struct{ Key, Value string }

// Alias is an alias of a type.
type Alias struct {
	Name, Doc string
	Type      Type
}

// Defined is a type of its own that is made like another one, without the methods.
type Defined struct {
	Name, Doc string
	Type      Type
}

// Var is a variable. Directive, such as a go:embed, stands right above it.
type Var struct {
	Name, Doc, Directive string
	Type                 Type
	Value                Expr // nil if it has none
}

// Func is a function, or a method if it has a Receiver, whose body is one return statement.
type Func struct {
	Name, Doc string
	Receiver  *Param
	Params    []Param
	Results   []Type
	Sets      []Set // in order, before it returns
	Return    Expr
}

// Set gives X a value.
type Set struct{ X, Value Expr }

// Param is a parameter. A variadic one has Variadic set and the type of an element.
type Param struct {
	Name     string
	Type     Type
	Variadic bool
}

func (*Consts) isDecl()  {}
func (*Struct) isDecl()  {}
func (*Alias) isDecl()   {}
func (*Defined) isDecl() {}
func (*Var) isDecl()     {}
func (*Func) isDecl()    {}

// Type is a Go type: Named, Pointer, Slice or Map.
type Type interface{ isType() }

type (
	// Named is a declared type. Package "" is the file's own, or none.
	Named struct {
		Package, Name string
		Args          []Type
	}
	// Pointer is a pointer type.
	Pointer struct{ Elem Type }
	// Slice is a slice type.
	Slice struct{ Elem Type }
	// Map is a map type with strings for keys.
	Map struct{ Elem Type }
)

func (Named) isType()   {}
func (Pointer) isType() {}
func (Slice) isType()   {}
func (Map) isType()     {}

// Expr is a Go expression.
type Expr interface{ isExpr() }

type (
	// Text is a string literal.
	Text struct{ Value string }
	// RawText is a string literal that is written in back quotes where that is possible.
	RawText struct{ Value string }
	// Number is a numeric literal, as it is written in Go.
	Number struct{ Text string }
	// Name is an identifier, with type arguments if it is that of a generic function. Package "" is the file's own, or none.
	Name struct {
		Package, Name string
		Args          []Type
	}
	// Select is X.Name.
	Select struct {
		X    Expr
		Name string
	}
	// Binary is X Operator Y.
	Binary struct {
		X        Expr
		Operator string
		Y        Expr
	}
	// Call is a call. Lines writes each argument on a line of its own; Spread adds ... to the last one.
	Call struct {
		Func   Expr
		Args   []Expr
		Lines  bool
		Spread bool
	}
	// Convert is X converted to a type.
	Convert struct {
		Type Type
		X    Expr
	}
	// Composite is a composite literal. A nil Type is left out, as inside a slice's literal. Addr takes its address.
	Composite struct {
		Type  Type
		Addr  bool
		Elems []Elem
		Lines bool // each element on a line of its own
	}
	// Elem is an element of a composite literal; Key "" is none.
	Elem struct {
		Key   string
		Value Expr
	}
)

func (Text) isExpr()      {}
func (RawText) isExpr()   {}
func (Number) isExpr()    {}
func (Name) isExpr()      {}
func (Select) isExpr()    {}
func (Binary) isExpr()    {}
func (Call) isExpr()      {}
func (Convert) isExpr()   {}
func (Composite) isExpr() {}
