package main

import (
	"context"
	"io"
	"regexp"

	"github.com/r-seed-632eed22/aslgen/gen"
	"github.com/r-seed-632eed22/aslgen/internal/placeholder"
)

const iamHelp = `Usage: aslgen iam [flags] FILE...

Prints the IAM policy document that the role of the machines needs: what their calls take, and no more. Where the machine
does not say what a call works on, the policy allows any of its kind, and a note on standard error says so. Placeholders
such as ${Table} stay as they are. With -container it prints the policy of the containers and workers that report back.
`

var (
	regionName    = regexp.MustCompile(`^[a-z]+(-[a-z]+)+-[0-9]+$`)
	accountNumber = regexp.MustCompile(`^[0-9]{12}$`)
	roleARN       = regexp.MustCompile(`^arn:aws[a-z-]*:iam::([0-9]{12}|\*):role/.+$`)
)

// matches reports whether a text is what it should be, or has a placeholder, for which the deployment puts something.
func matches(form *regexp.Regexp, text string) bool {
	return form.MatchString(text) || placeholder.Has(text)
}

func permissions(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	f := newFlags("aslgen iam", iamHelp)
	c := newConfig()
	f.values(c)
	var o gen.PermissionOptions
	f.Func("region", "`name` of the region (without it: any)", func(s string) error {
		o.Region = s
		return want(matches(regionName, s), "a region is called as eu-central-1 is")
	})
	f.Func("account", "`number` of the account (without it: any)", func(s string) error {
		o.Account = s
		return want(matches(accountNumber, s), "the number of an account has 12 digits")
	})
	f.StringVar(&o.StateMachine, "state-machine", "", "`name` of the state machine at AWS (without it: any)")
	f.Func("pass-role", "`ARN` of a role of the ECS task definitions; may be given several times (without it: any)", func(s string) error {
		o.PassRoles = append(o.PassRoles, s)
		return want(matches(roleARN, s), "the ARN of a role is written arn:aws:iam::111111111111:role/NAME")
	})
	f.BoolVar(&o.Worker, "container", false, "print the policy that containers with a task token, and the workers of activities, need")
	patterns, err := f.parse(args, stdout)
	if err != nil {
		return err
	}
	if c.Files, err = expand(patterns); err != nil {
		return err
	}
	policy, found, err := gen.Permissions(ctx, gen.OS, *c, o)
	if err != nil {
		return err
	}
	if err := report(found, stderr); err != nil {
		return err
	}
	_, err = stdout.Write(policy)
	return err
}
