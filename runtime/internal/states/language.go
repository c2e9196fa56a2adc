package states

// QueryLanguage is the language that a state's expressions are written in.
type QueryLanguage string

// JSONata is the query language of states whose expressions stand between {% and %}. The default, "", is JSONPath.
const JSONata QueryLanguage = "JSONata"
