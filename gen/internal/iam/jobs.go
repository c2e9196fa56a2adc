package iam

import (
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
)

// need is what a call of an optimized integration needs (Step Functions Developer Guide, the IAM pages of the services).
type need struct {
	actions string // of IAM, in words; "" is the service's own name and the action's
	// what the call works on: the parameter that names it, its kind for a person, its service in ARNs, and what stands before it
	// and behind it there. Without a parameter that is everything.
	parameter, what, service, prefix, suffix string

	waits string // what .sync needs besides, in words
	rule  string // of the events by which .sync learns of the end; "" if it asks
	role  string // the parameter with the role that is passed on, and to whom
	to    string
}

// needs are those of the integrations that need nothing beyond such a row.
var needs = map[string]need{
	"athena:startQueryExecution": {actions: "athena:StartQueryExecution athena:GetDataCatalog", waits: "athena:StopQueryExecution athena:GetQueryExecution"},
	"bedrock:createModelCustomizationJob": {
		waits: "bedrock:GetModelCustomizationJob bedrock:StopModelCustomizationJob", role: "RoleArn", to: "bedrock.amazonaws.com",
	},
	"codebuild:startBuild": {
		parameter: "ProjectName", what: "project", service: "codebuild", prefix: "project/",
		waits: "codebuild:StopBuild codebuild:BatchGetBuilds codebuild:BatchGetReports", rule: "StepFunctionsGetEventForCodeBuildStartBuildRule",
	},
	"codebuild:startBuildBatch": {
		parameter: "ProjectName", what: "project", service: "codebuild", prefix: "project/",
		waits: "codebuild:StopBuildBatch codebuild:BatchGetBuildBatches", rule: "StepFunctionsGetEventForCodeBuildStartBuildBatchRule",
	},
	"databrew:startJobRun": {
		parameter: "Name", what: "job", service: "databrew", prefix: "job/", waits: "databrew:ListJobRuns databrew:StopJobRun",
	},
	"eks:createCluster":        {waits: "eks:DescribeCluster eks:DeleteCluster", role: "RoleArn", to: "eks.amazonaws.com"},
	"eks:createFargateProfile": {waits: "eks:DescribeFargateProfile", role: "PodExecutionRoleArn", to: "eks-fargate-pods.amazonaws.com"},
	"eks:createNodegroup": {
		actions: "ec2:DescribeSubnets eks:CreateNodegroup iam:GetRole iam:ListAttachedRolePolicies",
		waits:   "eks:DescribeNodegroup eks:DeleteNodegroup", role: "NodeRole", to: "eks.amazonaws.com",
	},
	"eks:deleteCluster": {parameter: "Name", what: "cluster", service: "eks", prefix: "cluster/", waits: "eks:DescribeCluster"},
	"eks:deleteFargateProfile": {
		parameter: "ClusterName", what: "cluster", service: "eks", prefix: "fargateprofile/", suffix: "/*", waits: "eks:DescribeFargateProfile",
	},
	"eks:deleteNodegroup": {
		parameter: "ClusterName", what: "cluster", service: "eks", prefix: "nodegroup/", suffix: "/*", waits: "eks:DescribeNodegroup",
	},
	"elasticmapreduce:addStep": {
		actions: "elasticmapreduce:AddJobFlowSteps", parameter: "ClusterId", what: "cluster", service: "elasticmapreduce", prefix: "cluster/",
		waits: "elasticmapreduce:DescribeStep elasticmapreduce:CancelSteps", rule: "StepFunctionsGetEventForEMRAddJobFlowStepsRule",
	},
	"elasticmapreduce:cancelStep": {
		actions: "elasticmapreduce:CancelSteps", parameter: "ClusterId", what: "cluster", service: "elasticmapreduce", prefix: "cluster/",
	},
	"elasticmapreduce:createCluster": {
		actions: "elasticmapreduce:RunJobFlow", waits: "elasticmapreduce:DescribeCluster elasticmapreduce:TerminateJobFlows",
		rule: "StepFunctionsGetEventForEMRRunJobFlowRule", role: "ServiceRole", to: "elasticmapreduce.amazonaws.com",
	},
	"elasticmapreduce:modifyInstanceFleetByName": {
		actions:   "elasticmapreduce:ModifyInstanceFleet elasticmapreduce:ListInstanceFleets",
		parameter: "ClusterId", what: "cluster", service: "elasticmapreduce", prefix: "cluster/",
	},
	"elasticmapreduce:modifyInstanceGroupByName": {actions: "elasticmapreduce:ModifyInstanceGroups elasticmapreduce:ListInstanceGroups"},
	"elasticmapreduce:setClusterTerminationProtection": {
		actions: "elasticmapreduce:SetTerminationProtection", parameter: "ClusterId", what: "cluster", service: "elasticmapreduce", prefix: "cluster/",
	},
	"elasticmapreduce:terminateCluster": {
		actions: "elasticmapreduce:TerminateJobFlows", parameter: "ClusterId", what: "cluster", service: "elasticmapreduce", prefix: "cluster/",
		waits: "elasticmapreduce:DescribeCluster", rule: "StepFunctionsGetEventForEMRTerminateJobFlowsRule",
	},
	"emr-containers:deleteVirtualCluster": {
		parameter: "Id", what: "virtual cluster", service: "emr-containers", prefix: "/virtualclusters/", waits: "emr-containers:DescribeVirtualCluster",
	},
	"emr-containers:startJobRun": {
		parameter: "VirtualClusterId", what: "virtual cluster", service: "emr-containers", prefix: "/virtualclusters/",
		waits: "emr-containers:DescribeJobRun emr-containers:CancelJobRun",
	},
	"emr-serverless:cancelJobRun": {
		parameter: "ApplicationId", what: "application", service: "emr-serverless", prefix: "/applications/", suffix: "/jobruns/*",
		waits: "emr-serverless:GetJobRun", rule: "StepFunctionsGetEventsForEMRServerlessJobRule",
	},
	"emr-serverless:createApplication": {
		waits: "emr-serverless:GetApplication emr-serverless:DeleteApplication", rule: "StepFunctionsGetEventsForEMRServerlessApplicationRule",
	},
	"emr-serverless:deleteApplication": application("emr-serverless:GetApplication"),
	"emr-serverless:startApplication":  application("emr-serverless:GetApplication emr-serverless:StopApplication"),
	"emr-serverless:startJobRun": {
		parameter: "ApplicationId", what: "application", service: "emr-serverless", prefix: "/applications/",
		waits: "emr-serverless:GetJobRun emr-serverless:CancelJobRun", rule: "StepFunctionsGetEventsForEMRServerlessJobRule",
		role: "ExecutionRoleArn", to: "emr-serverless.amazonaws.com",
	},
	"emr-serverless:stopApplication": application("emr-serverless:GetApplication"),
	"mediaconvert:createJob":         {waits: "mediaconvert:GetJob mediaconvert:CancelJob", role: "Role", to: "mediaconvert.amazonaws.com"},
	"sagemaker:createEndpoint": {
		parameter: "EndpointName", what: "endpoint", service: "sagemaker", prefix: "endpoint/",
	},
	"sagemaker:createHyperParameterTuningJob": sageMakerJob("HyperParameterTuningJob", "hyper-parameter-tuning-job/", "Tuning"),
	"sagemaker:createLabelingJob":             sageMakerJob("LabelingJob", "labeling-job/", "Labeling"),
	"sagemaker:createModel": {
		parameter: "ModelName", what: "model", service: "sagemaker", prefix: "model/", role: "ExecutionRoleArn", to: "sagemaker.amazonaws.com",
	},
	"sagemaker:createProcessingJob": sageMakerJob("ProcessingJob", "processing-job/", "Processing"),
	"sagemaker:createTrainingJob":   sageMakerJob("TrainingJob", "training-job/", "Training"),
	"sagemaker:createTransformJob":  sageMakerJob("TransformJob", "transform-job/", "Transform"),
}

// application is what a call needs that works on an application of EMR Serverless.
func application(waits string) need {
	return need{
		parameter: "ApplicationId", what: "application", service: "emr-serverless", prefix: "/applications/",
		waits: waits, rule: "StepFunctionsGetEventsForEMRServerlessApplicationRule",
	}
}

// sageMakerJob is what a job of SageMaker needs.
func sageMakerJob(kind, prefix, events string) need {
	p := need{
		parameter: kind + "Name", what: "job", service: "sagemaker", prefix: prefix, waits: "sagemaker:Describe" + kind + " sagemaker:Stop" + kind,
		rule: "StepFunctionsGetEventsForSageMaker" + events + "JobsRule", role: "RoleArn", to: "sagemaker.amazonaws.com",
	}
	if kind == "TransformJob" { // it takes the model's role
		p.role = ""
	}
	return p
}

// integration allows a call of an integration that needs no more than its row, or the permission of its name.
func (c *call) integration(r catalog.Resource) {
	if r.Service == "eks" && (r.Action == "call" || r.Action == "runJob") {
		c.warnf(c.at, diag.NoPermission, "%s:%s needs what the cluster itself grants the role: no policy allows it", r.Service, r.Action)
		return
	}
	p, known := needs[r.Service+":"+r.Action]
	actions := p.actions
	if actions == "" {
		actions = r.Service + ":" + pascal(r.Action)
	}
	on := "*"
	if p.parameter != "" {
		on = c.resource(c.argument(p.parameter), p.what, p.service, p.prefix) + p.suffix
	} else {
		c.warnf(c.at, diag.WidePermission, "what %s:%s works on is not known here: the policy allows it on everything", r.Service, r.Action)
	}
	c.allow(actions, on)
	if p.role != "" {
		c.passRole(c.argument(p.role), p.to)
	}
	if r.Pattern != catalog.SyncPattern {
		return
	}
	switch {
	case !known:
		c.warnf(c.at, diag.NoPermission, "what waiting for %s:%s needs is not known here: the policy lacks it", r.Service, r.Action)
	case on != "*" && strings.HasPrefix(p.prefix, "/") && p.suffix == "": // what is waited for is below it
		c.allow(p.waits, on, on+"/*")
	case p.waits != "":
		c.allow(p.waits, on)
	}
	if p.rule != "" {
		c.events(p.rule)
	}
}

// passRole allows to pass on the role of a parameter.
func (c *call) passRole(role argument, to string) {
	switch {
	case role.known:
		c.passRoles(to, role.text)
	case role.given:
		c.wide(role, "role")
		c.passRoles(to, c.anyRole())
	}
}
