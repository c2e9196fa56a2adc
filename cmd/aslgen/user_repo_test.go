package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/internal/built"
)

const moduleRoot = "../.."

// userRepo is the module of somebody who uses aslgen.
type userRepo struct {
	*testing.T
	dir string
}

// TestUserRepository does in a new module what the README tells its readers to do. It needs what this module needs in the
// module cache, and no more.
func TestUserRepository(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a module of its own")
	}
	u := newUserRepo(t)
	u.copy("run_job.asl.json", moduleRoot+"/example/ecsjobs/run_job.asl.json")
	u.copy("manage_job.asl.json", moduleRoot+"/example/ecsjobs/manage_job.asl.json")
	u.copy("config/price list.asl.json", "testdata/user/price_list.asl.json")
	u.copy("alone/price.asl.json", "testdata/user/price_list.asl.json")
	u.copy("report/write_report.asl.json", "testdata/user/write_report.asl.json")
	for name, text := range oddMachines {
		u.write("odd/"+name, text)
	}
	u.run("mod", "tidy")
	u.copy("go.sum", moduleRoot+"/go.sum") // with the sums again that the main.go files need, so no network is

	u.run("tool", "aslgen", "init", "run_job.asl.json")
	said := u.run("tool", "aslgen", "init", "manage_job.asl.json")
	u.appendTo("generate.go", regexp.MustCompile("//go:generate.*\n").FindString(said)) // as init asks
	u.run("tool", "aslgen", "init", "-name", "Price $5=Price", "config/price list.asl.json")
	u.run("tool", "aslgen", "init", "-package", "main", "alone/price.asl.json")
	u.run("tool", "aslgen", "init", "report/write_report.asl.json")
	u.write("kept/nap.asl.json", nap)
	u.copy("kept/manage_job.asl.json", moduleRoot+"/example/ecsjobs/manage_job.asl.json")
	u.run("tool", "aslgen", "init", "-engine", "durable", "kept/nap.asl.json")
	u.run("tool", "aslgen", "init", "-engine", "durable", "kept/manage_job.asl.json")
	u.write("odd/generate.go", "package odd\n\n//go:generate go tool aslgen -set Pause=1 *.asl.json\n")
	for name := range oddMachines {
		u.run("tool", "aslgen", "init", "-set", "Pause=1", "odd/"+name)
	}
	for _, name := range []string{"init/con.asl.json", "error/vendor.asl.json"} {
		u.write(name, odd)
		u.run("tool", "aslgen", "init", "-set", "Pause=1", name)
	}

	generated := []string{
		"run_job_asl.go", "manage_job_asl.go", "config/price_list_asl.go", "alone/price_asl.go", "report/write_report_asl.go",
	}
	before := u.read(generated...)
	for _, name := range generated {
		u.remove(name)
	}
	u.run("generate", "./...")
	if u.read(generated...) != before {
		t.Error("go generate writes other code than init")
	}
	u.run("mod", "tidy")
	u.run("build", "./...")
	u.run("vet", "./...")
	u.run("test", "./...")
	u.checkReplay()

	u.copy("cmd/fake/main.go", "testdata/user/fake.go")
	if got, want := u.run("run", "./cmd/fake"), "container: [one two]\nmachine: EssentialContainerExited 0\n"; got != want {
		t.Errorf("the machine against ECS on loopback\nhave %q\nwant %q", got, want)
	}
	u.checkMain()
	u.checkKept()
	u.checkGoVersion()
	u.checkGuard()
	u.checkStaleCode()
}

func newUserRepo(t *testing.T) *userRepo {
	t.Helper()
	root, err := filepath.Abs(moduleRoot)
	if err != nil {
		t.Fatal(err)
	}
	if err := built.FromSource(root); err != nil {
		t.Fatal(err)
	}
	const module = "github.com/r-seed-632eed22/aslgen"
	u := &userRepo{t, filepath.Join(t.TempDir(), "jobs")}
	u.copy("go.sum", moduleRoot+"/go.sum")
	u.run("mod", "init", "example.com/jobs")
	u.run("mod", "edit", "-go="+goVersion(t, moduleRoot+"/go.mod"),
		"-require="+module+"@v0.0.0", "-replace="+module+"="+root, "-tool="+toolPackage)
	return u
}

// checkMain runs a main.go that init has written: it says what it takes and, before anything begins, what it lacks.
func (u *userRepo) checkMain() {
	u.Helper()
	for _, name := range []string{"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"} {
		u.Setenv(name, "")
	}
	u.Setenv("AWS_CONFIG_FILE", os.DevNull)
	for _, c := range []struct {
		arguments []string
		want      string
	}{
		{[]string{"-log", "yaml"}, "-log is text or json, not \"yaml\"\nexit status 2\n"},
		{[]string{"x"}, "\"x\" is no flag: -h lists them\nexit status 2\n"},
		{nil, "no AWS region is known: AWS_REGION gives it\nexit status 2\n"},
	} {
		if said := u.fail(append([]string{"run", "./cmd/manage-job"}, c.arguments...)...); said != c.want {
			u.Errorf("main.go %q says %q, want %q", c.arguments, said, c.want)
		}
	}
	help := u.run("run", "./cmd/manage-job", "-h")
	for _, want := range []string{"Exit codes: 0 it succeeded", "AWS_REGION", "-input", "-name", "-log", "127.0.0.1:8083"} {
		if !strings.Contains(help, want) {
			u.Errorf("the help of main.go has not %s:\n%s", want, help)
		}
	}
}

// checkGoVersion holds what the README says about Go against the module that has just been built: its go directive is the
// language that its generated code is compiled as.
func (u *userRepo) checkGoVersion() {
	u.Helper()
	readme, err := os.ReadFile(moduleRoot + "/README.md")
	if err != nil {
		u.Fatal(err)
	}
	needs := regexp.MustCompile(`needs Go (1\.\d+) `).FindSubmatch(readme)
	if needs == nil {
		u.Fatal("the README does not say which Go is needed")
	}
	if built := goVersion(u.T, filepath.Join(u.dir, "go.mod")); !strings.HasPrefix(built+".", string(needs[1])+".") {
		u.Errorf("the README says Go %s, the module is built as %s", needs[1], built)
	}
}

// checkGuard makes generated code too old for the runtime, and then too young: it does not compile, and the comment above
// the line that the compiler names says what to do.
func (u *userRepo) checkGuard() {
	u.Helper()
	for _, c := range []struct{ line, instead, advice string }{
		{`EnforceVersion\(\d+ - table.MinVersion\)`, "EnforceVersion(0 - table.MinVersion)", "run go generate"},
		{`EnforceVersion\(table.MaxVersion - \d+\)`, "EnforceVersion(table.MaxVersion - 1000)", "go get"},
	} {
		good := u.read("run_job_asl.go")
		bad := regexp.MustCompile(c.line).ReplaceAllString(good, c.instead)
		u.write("run_job_asl.go", bad)
		said := u.fail("build", ".")
		u.write("run_job_asl.go", good)

		before, _, _ := strings.Cut(bad, c.instead)
		place := "./run_job_asl.go:" + line(before) + ":"
		comment := before[strings.LastIndex(before, "// If the first line"):]
		if !strings.Contains(said, place) || !strings.Contains(comment, c.advice) {
			u.Errorf("the build says\n%s\nnot %s, where the comment is\n%s", said, place, comment)
		}
	}
}

// oddMachines are files by their names that are no plain JSON, or whose names Go does not take as they are.
var oddMachines = map[string]string{
	"pause.asl.json":       odd,
	"mark.asl.json":        "\uFEFF" + odd,
	"größe [1].asl.json":   odd,
	"日本.asl.json":          odd,
	"job_windows.asl.json": odd,
	"job_linux.asl.json":   odd,
}

const odd = `{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": ${Pause}, "End": true}}}`

// checkStaleCode edits a machine without generating its code again: no machine can be made of it.
func (u *userRepo) checkStaleCode() {
	u.Helper()
	u.write("run_job.asl.json", strings.Replace(u.read("run_job.asl.json"), "cluster-arn", "other-arn", 1))
	if said := u.fail("test", "."); !strings.Contains(said, "run go generate") {
		u.Errorf("the test of a machine that was edited says\n%s", said)
	}
	for name, text := range oddMachines {
		u.write("odd/"+name, strings.Replace(text, `"End": true`, `"Comment": "edited", "End": true`, 1))
	}
	if said := u.fail("test", "./odd"); strings.Count(said, "run go generate") != len(oddMachines) {
		u.Errorf("the tests of odd machines that were edited say\n%s", said)
	}
}
