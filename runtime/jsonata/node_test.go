package jsonata_test

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// nodeScript answers each line, an expression with its input, with a line: the value, or the code of the error. Given a
// number of rounds it evaluates so many times and answers with the nanoseconds of processor time that one took.
const nodeScript = `
const jsonata = require("jsonata");
const lines = require("readline").createInterface({input: process.stdin});
const timed = async (expr, input, bindings, rounds) => {
  for (let i = 0; i < rounds; i++) await expr.evaluate(input, bindings);
  const start = process.cpuUsage();
  for (let i = 0; i < rounds; i++) await expr.evaluate(input, bindings);
  const used = process.cpuUsage(start);
  return (used.user + used.system) * 1000 / rounds;
};
// What takes too long, or calls itself too deep, fails with U1001.
const bound = expr => {
  const end = Date.now() + 1000;
  let depth = 0;
  const check = () => { if (depth > 400 || Date.now() > end) throw {code: "U1001"}; };
  expr.assign(Symbol.for("jsonata.__evaluate_entry"), () => { depth++; check(); });
  expr.assign(Symbol.for("jsonata.__evaluate_exit"), () => { depth--; check(); });
};
const answer = async line => {
  const q = JSON.parse(line);
  try {
    const expr = jsonata(q.expr);
    if (!q.rounds) bound(expr);
    else return {nanos: await timed(expr, q.input, q.bindings || {}, q.rounds)};
    const v = await expr.evaluate(q.input, q.bindings || {});
    if (v && (v._jsonata_lambda || v._jsonata_function) || typeof v === "function") return {function: true};
    return v === undefined ? {} : {value: v};
  } catch (e) {
    return {code: e.code || "", message: String(e.message)};
  }
};
(async () => {
  for await (const line of lines) {
    let out;
    try { out = JSON.stringify(await answer(line)); } catch (e) { out = JSON.stringify({code: "", message: String(e)}); }
    process.stdout.write(out + "\n");
  }
})();
`

type nodeQuestion struct {
	Expr     string          `json:"expr"`
	Input    json.RawMessage `json:"input,omitempty"`
	Bindings json.RawMessage `json:"bindings,omitempty"`
	Rounds   int             `json:"rounds,omitempty"`
}

type nodeAnswer struct {
	Value    json.RawMessage `json:"value"`
	Function bool            `json:"function"`
	Code     *string         `json:"code"`
	Message  string          `json:"message"`
	Nanos    float64         `json:"nanos"`
}

// node is the reference implementation, running.
type node struct {
	in  io.WriteCloser
	out *bufio.Reader
}

// startNode installs the reference implementation, unless an earlier run has, and starts it.
func startNode(t testing.TB) *node {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is not here")
	}
	dir := t.TempDir()
	if cache, err := os.UserCacheDir(); err == nil {
		dir = filepath.Join(cache, "aslgen-test", "jsonata-2.0.6")
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "jsonata")); err != nil {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Skip(err)
		}
		install := exec.Command("npm", "install", "--prefix", dir, "--no-audit", "--no-fund", "jsonata@2.0.6")
		if out, err := install.CombinedOutput(); err != nil {
			t.Skipf("npm cannot install the reference: %v\n%s", err, out)
		}
	}
	cmd := exec.Command("node", "-e", nodeScript)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TZ=UTC")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() {
		in.Close()
		_ = cmd.Wait()
	})
	return &node{in, bufio.NewReaderSize(out, 1<<20)}
}

func (n *node) ask(t testing.TB, q nodeQuestion) nodeAnswer {
	t.Helper()
	line, err := json.Marshal(q)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.in.Write(append(line, '\n')); err != nil {
		t.Fatal(err)
	}
	reply, err := n.out.ReadBytes('\n')
	if err != nil {
		t.Fatalf("%s: %v", q.Expr, err)
	}
	var a nodeAnswer
	if err := json.Unmarshal(reply, &a); err != nil {
		t.Fatalf("%s: %v in %s", q.Expr, err, reply)
	}
	return a
}
