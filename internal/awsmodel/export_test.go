package awsmodel

// Reload reads a model once more.
func Reload(service string) *Service {
	loaded.Delete(service)
	return Load(service)
}
