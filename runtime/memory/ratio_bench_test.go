package memory_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// processorTime is what this process has used so far.
func processorTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Skip(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// flows are the ways to run the flow of ten states, from JSON to JSON.
func flows(b *testing.B) map[string]func(text []byte) ([]byte, error) {
	m := newMachine(b, memory.New(), "Start", table.Definition{States: orderStates()})
	return map[string]func(text []byte) ([]byte, error){
		"by-hand": handWritten,
		"Run": func(text []byte) ([]byte, error) {
			input, err := value.Parse(text)
			if err != nil {
				return nil, err
			}
			output, err := m.Run(b.Context(), input)
			return output.AppendJSON(nil), err
		},
		"Start": func(text []byte) ([]byte, error) {
			input, err := value.Parse(text)
			if err != nil {
				return nil, err
			}
			e, err := m.StartDocument(b.Context(), input)
			if err != nil {
				return nil, err
			}
			output, err := e.Running().Wait(b.Context())
			return output.AppendJSON(nil), err
		},
	}
}

var flowSizes = []struct {
	name          string
	bytes, rounds int
}{{"100B", 0, 3000}, {"2KB", 2_000, 1000}, {"200KB", 200_000, 20}}

// BenchmarkRatio has a machine and the same flow by hand take turns, and reports the median of the ratios of their processor time, that of the
// garbage collector included.
func BenchmarkRatio(b *testing.B) {
	for _, size := range flowSizes {
		b.Run(size.name, func(b *testing.B) {
			text, all := orderText(size.bytes), flows(b)
			measure := func(run func([]byte) ([]byte, error)) float64 {
				from := processorTime(b)
				for range size.rounds {
					if output, err := run(text); err != nil || string(output) != orderOutput {
						b.Fatal(string(output), err)
					}
				}
				return float64(processorTime(b)-from) / float64(size.rounds)
			}
			ratios := map[string][]float64{}
			for b.Loop() {
				byHand := measure(all["by-hand"])
				for _, way := range []string{"Run", "Start"} {
					ratios[way] = append(ratios[way], measure(all[way])/byHand)
				}
			}
			for way, r := range ratios {
				slices.Sort(r)
				b.ReportMetric(r[len(r)/2], way+"/by-hand")
			}
		})
	}
}

// BenchmarkPeer runs the flow on aws-local-stepfunctions under node too, after as many rounds to warm up, and reports how many times the
// processor time of Run that takes. It needs node and npm, and installs the peer once in the user's cache.
func BenchmarkPeer(b *testing.B) {
	dir := installPeer(b)
	definition, err := os.ReadFile(filepath.Join("testdata", "order.asl.json"))
	if err != nil {
		b.Fatal(err)
	}
	for _, size := range flowSizes {
		b.Run(size.name, func(b *testing.B) {
			text, run := orderText(size.bytes), flows(b)["Run"]
			question, err := json.Marshal(map[string]any{"definition": string(definition), "input": string(text), "output": orderOutput, "rounds": max(size.rounds/5, 10)})
			if err != nil {
				b.Fatal(err)
			}
			once := func() {
				if _, err := run(text); err != nil {
					b.Fatal(err)
				}
			}
			for range size.rounds {
				once()
			}
			from, rounds := processorTime(b), 0
			for b.Loop() {
				for range size.rounds {
					once()
				}
				rounds += size.rounds
			}
			ours := float64(processorTime(b)-from) / float64(rounds)
			peer := exec.Command("node", "--input-type=module", "-e", peerScript)
			peer.Dir, peer.Stdin, peer.Stderr = dir, bytes.NewReader(question), os.Stderr
			answer, err := peer.Output()
			if err != nil {
				b.Fatal(err)
			}
			var theirs float64
			if err := json.Unmarshal(answer, &theirs); err != nil {
				b.Fatalf("%v: %s", err, answer)
			}
			b.ReportMetric(ours, "cpu-ns/op")
			b.ReportMetric(theirs, "peer-cpu-ns/op")
			b.ReportMetric(theirs/ours, "times-faster")
		})
	}
}

const peerPackage = "aws-local-stepfunctions@3.0.0"

func installPeer(b *testing.B) (dir string) {
	b.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		b.Skip("node is not here")
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		b.Skip(err)
	}
	dir = filepath.Join(cache, "aslgen-test", peerPackage)
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "aws-local-stepfunctions")); err == nil {
		return dir
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		b.Skip(err)
	}
	if out, err := exec.Command("npm", "install", "--prefix", dir, "--no-audit", "--no-fund", peerPackage).CombinedOutput(); err != nil {
		b.Skipf("npm cannot install %s: %v\n%s", peerPackage, err, out)
	}
	return dir
}

// peerScript prints the nanoseconds of processor time that a run takes.
const peerScript = `
import { StateMachine } from 'aws-local-stepfunctions';
import { readFileSync } from 'fs';
const q = JSON.parse(readFileSync(0, 'utf8'));
const machine = new StateMachine(JSON.parse(q.definition));
async function once() {
	const output = JSON.stringify(await machine.run(JSON.parse(q.input)).result);
	if (output !== q.output) throw new Error(output);
}
for (let i = 0; i < q.rounds; i++) await once();
const from = process.cpuUsage();
for (let i = 0; i < q.rounds; i++) await once();
const used = process.cpuUsage(from);
console.log((used.user + used.system) * 1000 / q.rounds);
`

// TestOrder holds the definition that the peer runs to the states that are run here.
func TestOrder(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "order.asl.json"))
	if err != nil {
		t.Fatal(err)
	}
	definition, err := value.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, s := range orderStates() {
		switch s := s.(type) {
		case *table.Pass:
			want = append(want, s.Name+" "+s.Next)
		case *table.Choice:
			want = append(want, s.Name+" "+s.Choices[0].Next)
		}
	}
	for name, s := range definition.Get("States").Members() {
		next, _ := s.Get("Next").AsString()
		if rules := s.Get("Choices"); rules.Len() > 0 {
			next, _ = rules.At(0).Get("Next").AsString()
		}
		got = append(got, name+" "+next)
	}
	if !slices.Equal(want, got) {
		t.Errorf("the states are %v", fmt.Sprint(got))
	}
}
