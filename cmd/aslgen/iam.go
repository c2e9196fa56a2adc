package main

import (
	"context"
	"io"

	"github.com/r-seed-632eed22/aslgen/gen"
)

const iamHelp = `Usage: aslgen iam [flags] FILE...

Prints the IAM policy document that the role of the machines needs: what their calls take, and no more. Where the machine
does not say what a call works on, the policy allows any of its kind, and a note on standard error says so. Placeholders
such as ${Table} stay as they are. With -container it prints the policy of the containers and workers that report back.
`

func permissions(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	f := newFlags("aslgen iam", iamHelp)
	c := newConfig()
	f.values(c)
	var o gen.PermissionOptions
	f.StringVar(&o.Region, "region", "", "`name` of the region (without it: any)")
	f.StringVar(&o.Account, "account", "", "`number` of the account (without it: any)")
	f.StringVar(&o.StateMachine, "state-machine", "", "`name` of the state machine at AWS (without it: any)")
	f.Func("pass-role", "`ARN` of a role of the ECS task definitions; may be given several times (without it: any)", func(s string) error {
		o.PassRoles = append(o.PassRoles, s)
		return nil
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
