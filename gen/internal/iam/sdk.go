package iam

import (
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/internal/awsmodel"
)

// sdkPrefixes are the services that policies call otherwise than their requests are signed for.
var sdkPrefixes = map[string]string{
	"cloudwatch": "cloudwatch", "iotdataplane": "iot", "resourcegroupstaggingapi": "tag",
}

// sdkPrefix returns what policies call a service of the AWS SDK integration, "" if that is not known.
func sdkPrefix(service string) string {
	if prefix := sdkPrefixes[service]; prefix != "" {
		return prefix
	}
	if s := awsmodel.Load(service); s != nil {
		return s.Signing
	}
	return ""
}

// sdkActions are the calls whose permission has another name.
var sdkActions = map[string]string{
	"lambda:invoke": "lambda:InvokeFunction", "s3:listObjects": "s3:ListBucket", "s3:listObjectsV2": "s3:ListBucket",
	"s3:headBucket": "s3:ListBucket", "s3:headObject": "s3:GetObject", "s3:copyObject": "s3:PutObject",
	"s3:deleteObjects": "s3:DeleteObject", "s3:listBuckets": "s3:ListAllMyBuckets", "s3:createMultipartUpload": "s3:PutObject",
}

// sdkResources say what calls of a service work on.
var sdkResources = map[string]func(c *call, action string) string{
	"dynamodb": func(c *call, _ string) string {
		return c.resource(c.argument("TableName"), "table", "dynamodb", "table/")
	},
	"lambda": func(c *call, _ string) string {
		return c.resource(c.argument("FunctionName"), "function", "lambda", "function:")
	},
	"s3": func(c *call, action string) string {
		if key := c.freeText("Key"); key.given && strings.HasSuffix(action, "Object") {
			if !key.known {
				c.wide(key, "object")
				key.text = "*"
			}
			return c.bucket() + "/" + key.text
		}
		if strings.HasSuffix(action, "Objects") && action != "listObjects" {
			return c.bucket() + "/*"
		}
		return c.bucket()
	},
	"secretsmanager": func(c *call, _ string) string {
		secret := c.argument("SecretId")
		arn := c.resource(secret, "secret", "secretsmanager", "secret:")
		if secret.known && !strings.HasPrefix(secret.text, "arn:") {
			arn += "-??????" // the service's own suffix
		}
		return arn
	},
	"sns": func(c *call, _ string) string { return c.resource(c.argument("TopicArn"), "topic", "sns", "") },
	"sqs": func(c *call, _ string) string { return c.queue() },
	"ssm": func(c *call, _ string) string {
		name := c.argument("Name")
		name.text = strings.TrimPrefix(name.text, "/")
		return c.resource(name, "parameter", "ssm", "parameter/")
	},
}

// sdk allows a call through the AWS SDK integration.
func (c *call) sdk(r catalog.Resource) {
	service, action, _ := strings.Cut(r.Action, ":")
	if r.Action == "ecs:runTask" {
		c.runTask(r)
		return
	}
	if service == "sfn" && strings.HasPrefix(action, "sendTask") {
		c.allow("states:"+pascal(action), c.arn("states", "stateMachine:*"))
		return
	}
	permission := sdkActions[r.Action]
	if permission == "" {
		prefix := sdkPrefix(service)
		if prefix == "" || strings.HasPrefix(service, "apigateway") { // which has actions of HTTP's methods
			c.warnf(c.at, diag.NoPermission, "which action %s needs is not known here: the policy lacks it", r.Action)
			return
		}
		permission = prefix + ":" + pascal(action)
	}
	if of := sdkResources[service]; of != nil {
		c.allow(permission, of(c, action))
		return
	}
	c.warnf(c.at, diag.WidePermission, "what %s works on is not known here: the policy allows it on everything", r.Action)
	c.allow(permission, "*")
}
