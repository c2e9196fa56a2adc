package asltest

// ReadMockConfig reads the test cases of a file, for tests of what is wrong with one.
var ReadMockConfig = readMockConfig
