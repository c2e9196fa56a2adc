module github.com/r-seed-632eed22/aslgen/internal/sqlitebench

go 1.26.0

require (
	github.com/mattn/go-sqlite3 v1.14.53
	github.com/r-seed-632eed22/aslgen v0.0.0
)

require (
	github.com/aws/smithy-go v1.28.8 // indirect
	github.com/go-json-experiment/json v0.0.0-20260820222146-c27c302e5fc3 // indirect
)

replace github.com/r-seed-632eed22/aslgen => ../..
