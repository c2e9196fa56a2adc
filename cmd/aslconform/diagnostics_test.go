package main

import "testing"

// diagnosed is a row of a machine with a target that is not there, and AWS's diagnostics of it.
const diagnosed = `{"evidence": "verbatim", "type": "STANDARD", "definition": {"StartAt": "Pick", "States": {"Done": {"Type": "Succeed"}, "Pick": {"Type": "Choice", "Default": "Done",
	"Choices": [{"Variable": "$.a", "IsNull": true, "Next": "Done"}, {"Variable": "$.b", "IsNull": true, "Next": "Gone"}]}}},
"aws": {"accepted": false, "diagnostics": [
	{"severity": "ERROR", "code": "MISSING_TRANSITION_TARGET", "message": "Missing 'Next' target: Gone", "location": "/States/Pick/Choices[1]/Next"},
	{"severity": "WARNING", "code": "NO_PATH", "location": "/StartAt"}]}}`

// TestDiagnostics wants a finding to stand in the node that AWS names, for each error of AWS.
func TestDiagnostics(t *testing.T) {
	check(t, []changed{
		{name: "right", row: diagnosed},
		{"AWS accepts it", diagnosed, `"accepted": false`, `"accepted": true`, "refused"},
		{"another code", diagnosed, `"MISSING_TRANSITION_TARGET"`, `"SCHEMA_VALIDATION_FAILED"`, "awsCode"},
		{"above", diagnosed, `"/States/Pick/Choices[1]/Next"`, `"/States/Pick"`, ""},
		{"the whole", diagnosed, `"/States/Pick/Choices[1]/Next"`, `"/"`, ""},
		{"another element", diagnosed, `"/States/Pick/Choices[1]/Next"`, `"/States/Pick/Choices[0]/Next"`, "place"},
		{"another state", diagnosed, `"/States/Pick/Choices[1]/Next"`, `"/States/Done"`, "place"},
		{"nowhere", diagnosed, `"/States/Pick/Choices[1]/Next"`, `"/States/Gone"`, "place"},
		{"no such element", diagnosed, `"/States/Pick/Choices[1]/Next"`, `"/States/Pick/Choices[2]/Next"`, "place"},
		{"two errors, one of them found", diagnosed, `"WARNING"`, `"ERROR"`, "place"},
		{"no place", diagnosed, `, "location": "/States/Pick/Choices[1]/Next"`, ``, ""},
		{"a code without a place", diagnosed, `"MISSING_TRANSITION_TARGET", "message": "Missing 'Next' target: Gone", "location": "/States/Pick/Choices[1]/Next"`,
			`"MISSING_END_STATE"`, "awsCode"},
		{"not JSON", `{"evidence": "reported", "type": "STANDARD", "text": "{", "aws": {"accepted": false, "diagnostics": [{"code": "INVALID_JSON_DESCRIPTION", "severity": "ERROR"}]}}`, "", "", ""},
	})
}
