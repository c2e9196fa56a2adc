package catalog

// HTTPCall is how package httptask makes the effect of a task that calls an HTTP endpoint.
type HTTPCall struct {
	Method        string // of its Client
	Given, Result string // its types; the result of a task that waits has none
	Does          string // for a person
}

// httpCalls are those tasks, by what their Resources end in (A1, P1, D6).
var httpCalls = map[string]*HTTPCall{
	"apigateway:invoke.":                 {"InvokeAPI", "APIRequest", "Response", "calls an API of Amazon API Gateway"},
	"apigateway:invoke.waitForTaskToken": {"SendAPI", "APIRequest", "", "calls an API of Amazon API Gateway and waits until the task token comes back"},
	"eks:call.":                          {"CallKubernetes", "KubernetesRequest", "KubernetesResponse", "calls the Kubernetes API of a cluster of Amazon EKS"},
	"eks:runJob.":                        {"RunJob", "KubernetesJob", "KubernetesResponse", "creates a job of Kubernetes and does not wait for it"},
	"eks:runJob.sync":                    {"RunJobSync", "KubernetesJob", "", "runs a job of Kubernetes and waits for its end"},
	"http:invoke.":                       {"Invoke", "Request", "Response", "calls an HTTPS endpoint"},
}

// HTTP returns how package httptask makes the effect of a task, nil if it makes none.
func (r Resource) HTTP() *HTTPCall { return httpCalls[r.Service+":"+r.Action+"."+r.Pattern] }
