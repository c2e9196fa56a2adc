package catalog

import "strings"

// ecsActions are the actions of Amazon ECS that the AWS SDK integration has, as the SDK knows them.
var ecsActions = strings.Fields("associateGatewayWithCluster continueServiceDeployment createCapacityProvider createCluster createDaemon " +
	"createExpressGatewayService createGateway createService createTaskSet deleteAccountSetting deleteAttributes " +
	"deleteCapacityProvider deleteCluster deleteDaemon deleteDaemonTaskDefinition deleteExpressGatewayService " +
	"deleteGateway deleteService deleteTaskDefinitions deleteTaskSet deregisterContainerInstance " +
	"deregisterTaskDefinition describeCapacityProviders describeClusters describeContainerInstances describeDaemon " +
	"describeDaemonDeployments describeDaemonRevisions describeDaemonTaskDefinition describeExpressGatewayService " +
	"describeGateway describeGatewayResources describeGatewayRoute describeServiceDeployments " +
	"describeServiceRevisions describeServices describeTaskDefinition describeTaskSets describeTasks " +
	"disassociateGatewayFromCluster discoverPollEndpoint executeCommand getTaskProtection listAccountSettings " +
	"listAttributes listClusters listContainerInstances listDaemonDeployments listDaemonTaskDefinitions " +
	"listDaemons listGatewayClusterAssociations listGatewayRoutes listGateways listServiceDeployments listServices " +
	"listServicesByNamespace listTagsForResource listTaskDefinitionFamilies listTaskDefinitions listTasks " +
	"putAccountSetting putAccountSettingDefault putAttributes putClusterCapacityProviders " +
	"registerContainerInstance registerDaemonTaskDefinition registerTaskDefinition runTask startTask " +
	"stopServiceDeployment stopTask submitAttachmentStateChanges submitContainerStateChange submitTaskStateChange " +
	"tagResource untagResource updateCapacityProvider updateCluster updateClusterSettings updateContainerAgent " +
	"updateContainerInstancesState updateDaemon updateExpressGatewayService updateGateway updateService " +
	"updateServicePrimaryTaskSet updateTaskProtection updateTaskSet")

// ActionsOf returns the actions of a service that the AWS SDK integration has, nil if they are not known.
func ActionsOf(service string) []string {
	if service == "ecs" {
		return ecsActions
	}
	return nil
}
