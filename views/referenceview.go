package views

import "strings"

// ReferencePath is the description of the API for people.
const ReferencePath = "/docs/api"

// ReferenceView is what the API is, as its own description says.
type ReferenceView struct {
	Base     string // the address that calls begin with
	SpecURL  string // of the description for programs
	Groups   []ReferenceGroup
	Objects  []ReferenceObject
	Failures []ReferenceFailure
}

// ReferenceGroup is operations about one thing.
type ReferenceGroup struct {
	Name       string
	Operations []ReferenceOperation
}

// ReferenceOperation is one call.
type ReferenceOperation struct {
	ID, Method, Path string
	Summary, Words   string
	Asks             []ReferenceField // of the address and the headers
	Body             []ReferenceField // of the body, if any
	Answers          []ReferenceAnswer
	Example          string // a command line
}

// ReferenceAnswer is one answer that is no failure.
type ReferenceAnswer struct {
	Status string
	Words  string
	Object string // its name among the objects, "" for none
}

// ReferenceField is one thing that is sent or answered.
type ReferenceField struct {
	Name, Place, Type string
	Object            string // the name of the object that its type is
	Required          bool
	Words             string
}

// ReferenceObject is one kind of JSON object.
type ReferenceObject struct {
	Name   string
	Fields []ReferenceField
}

// longType is from how many characters on a type is broken into lines.
const longType = 30

// ReferenceFailure is one code of a problem.
type ReferenceFailure struct {
	Code, Title, Next string
	Status            string
}

func (g ReferenceGroup) title() string { return strings.ToUpper(g.Name[:1]) + g.Name[1:] }

func operationID(id string) string { return "op-" + id }

func objectID(name string) string { return "object-" + name }

func codeID(code string) string { return "code-" + code }

// place is where a field goes, where that is not the body.
func (f ReferenceField) place() string {
	switch f.Place {
	case "":
		return ""
	case "query":
		return "in the address"
	case "path":
		return "in the path"
	}
	return f.Place
}
