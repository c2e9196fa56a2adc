package awsaction

// Changes are the actions that differ from their operations.
var Changes = changes
