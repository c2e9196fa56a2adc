package gen

import (
	"context"
	"io/fs"
	"path/filepath"

	"github.com/r-seed-632eed22/aslgen/gen/internal/lower"
	"github.com/r-seed-632eed22/aslgen/gen/internal/sdk"
)

// modules looks up what the tasks of a machine call in the AWS SDK for Go, as the generated code can import it. Vet has no use for it.
func (g *generation) modules(ctx context.Context, t *typed) (*sdk.Modules, error) {
	if g.vet {
		return nil, nil
	}
	folder := filepath.Dir(t.output)
	if g.sdk[folder] == nil {
		g.sdk[folder] = sdk.In(folder)
	}
	return g.sdk[folder], g.sdk[folder].Find(ctx, lower.Services(t.inferred.Machine)...)
}

// MissingModules returns the modules of the AWS SDK for Go that the tasks of a single machine call, and that its generated code cannot
// import yet. A machine with an error has none.
func MissingModules(ctx context.Context, files fs.FS, c Config) (paths []string, err error) {
	g := newGeneration(files, c)
	name, err := g.only()
	if err != nil || name == "" {
		return nil, err
	}
	t, err := g.typed(ctx, name)
	if err != nil || t == nil {
		return nil, err
	}
	modules, err := g.modules(ctx, t)
	if err != nil {
		return nil, err
	}
	for _, name := range lower.Services(t.inferred.Machine) {
		if modules.Service(name) == nil {
			paths = append(paths, sdk.Prefix+name)
		}
	}
	return paths, nil
}
