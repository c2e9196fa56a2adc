// Package shape is what the compiler knows of the type of a value: that of the parameter it feeds, or none at all.
package shape

// Kind is a kind of type.
type Kind uint8

// The kinds. Document is any JSON: nothing more is known.
const (
	Document Kind = iota
	String
	Integer // of Bits bits
	Boolean
	Enum   // a string of which only some values are legal
	List   // of Elem
	Struct // with Members
	Union  // with exactly one of Members
	Float  // a number
)

// Type is a type. A nil *Type is a Document.
type Type struct {
	Kind    Kind
	Bits    int   // 32 or 64
	Elem    *Type // of a List
	Members []Member
	// Package and Name are the Go type of an Enum, a Struct or a Union.
	Package, Name string
	// Constants are the legal values of an Enum and the Go constants that stand for them, in the order of the SDK.
	Constants []Constant
	// Pointer says that a Go field or element of the type holds a pointer to it.
	Pointer bool
}

// Member is a member of a Struct, by its name in Amazon States Language, or one of a Union.
type Member struct {
	Name     string
	GoName   string // of the Go field; "" is Name
	Type     *Type
	Required bool
	Wrapper  string // of a Union: the Go type whose field Value holds the member
}

// Constant is a value of an Enum.
type Constant struct{ Value, Name string }

// Member returns the member with the name, nil if there is none.
func (t *Type) Member(name string) *Member {
	for i := range t.Members {
		if t.Members[i].Name == name {
			return &t.Members[i]
		}
	}
	return nil
}

// MemberNames returns the names of the members.
func (t *Type) MemberNames() []string {
	names := make([]string, len(t.Members))
	for i, m := range t.Members {
		names[i] = m.Name
	}
	return names
}

// Values returns the legal values of an Enum.
func (t *Type) Values() []string {
	values := make([]string, len(t.Constants))
	for i, c := range t.Constants {
		values[i] = c.Value
	}
	return values
}

// Describe names the JSON that a value of the type is written as.
func (t *Type) Describe() string {
	if t == nil {
		return "any value"
	}
	return [...]string{"any value", "a string", "an integer", "a boolean", "a string", "an array", "an object", "an object", "a number"}[t.Kind]
}
