#!/usr/bin/env bash
# Lets GitHub deploy to Azure, without a secret of Azure. Every step can be repeated.
# Needs az (az login) and gh (gh auth login), and these variables:
#   PULUMI_CONFIG_PASSPHRASE
#   IPFS_PRIVATE_KEY
#   NODE_GITHUB_TOKEN
set -euo pipefail
: "${PULUMI_CONFIG_PASSPHRASE:?is not set}"
: "${IPFS_PRIVATE_KEY:?is not set}"
: "${NODE_GITHUB_TOKEN:?is not set}"

# the number of the owner
OWNER_ID=$(gh api repos/example/node --jq .owner.id)

# the number of the repository
REPOSITORY_ID=$(gh api repos/example/node --jq .id)

# a group for the state and the identities
az group create --name perpetual-deploy-rg --location eastus --output none --subscription 11111111-2222-3333-4444-555555555555

# a storage account for the state, without keys
az storage account create --name perpetualstfe9b32b1 --resource-group perpetual-deploy-rg --location eastus --sku Standard_LRS --kind StorageV2 --https-only true --min-tls-version TLS1_2 --allow-blob-public-access false --allow-shared-key-access false --output none --subscription 11111111-2222-3333-4444-555555555555

# every version of the state is kept for 30 days
az storage account blob-service-properties update --account-name perpetualstfe9b32b1 --resource-group perpetual-deploy-rg --enable-versioning true --enable-delete-retention true --delete-retention-days 30 --output none --subscription 11111111-2222-3333-4444-555555555555

# the container of the state
az storage container-rm create --storage-account perpetualstfe9b32b1 --resource-group perpetual-deploy-rg --name states --output none --subscription 11111111-2222-3333-4444-555555555555

# Microsoft.Compute is registered
az provider register --namespace Microsoft.Compute --wait --subscription 11111111-2222-3333-4444-555555555555

# Microsoft.ContainerService is registered
az provider register --namespace Microsoft.ContainerService --wait --subscription 11111111-2222-3333-4444-555555555555

# Microsoft.KeyVault is registered
az provider register --namespace Microsoft.KeyVault --wait --subscription 11111111-2222-3333-4444-555555555555

# Microsoft.ManagedIdentity is registered
az provider register --namespace Microsoft.ManagedIdentity --wait --subscription 11111111-2222-3333-4444-555555555555

# Microsoft.Network is registered
az provider register --namespace Microsoft.Network --wait --subscription 11111111-2222-3333-4444-555555555555

# the identity perpetual-dev-deploy-id
az identity create --name perpetual-dev-deploy-id --resource-group perpetual-deploy-rg --location eastus --output none --subscription 11111111-2222-3333-4444-555555555555

# the principalId of perpetual-dev-deploy-id
DEV_DEPLOY_PRINCIPAL_ID=$(az identity show --name perpetual-dev-deploy-id --resource-group perpetual-deploy-rg --query principalId --output tsv --subscription 11111111-2222-3333-4444-555555555555)

# the clientId of perpetual-dev-deploy-id
DEV_DEPLOY_CLIENT_ID=$(az identity show --name perpetual-dev-deploy-id --resource-group perpetual-deploy-rg --query clientId --output tsv --subscription 11111111-2222-3333-4444-555555555555)

# the tenantId of perpetual-dev-deploy-id
DEV_DEPLOY_TENANT_ID=$(az identity show --name perpetual-dev-deploy-id --resource-group perpetual-deploy-rg --query tenantId --output tsv --subscription 11111111-2222-3333-4444-555555555555)

# GitHub's repo:example/node:environment:dev may act as perpetual-dev-deploy-id
az identity federated-credential create --name github --identity-name perpetual-dev-deploy-id --resource-group perpetual-deploy-rg --issuer https://token.actions.githubusercontent.com --subject repo:example/node:environment:dev --audiences api://AzureADTokenExchange --output none --subscription 11111111-2222-3333-4444-555555555555

# GitHub's repo:example@${OWNER_ID}/node@${REPOSITORY_ID}:environment:dev may act as perpetual-dev-deploy-id
az identity federated-credential create --name github-numbered --identity-name perpetual-dev-deploy-id --resource-group perpetual-deploy-rg --issuer https://token.actions.githubusercontent.com --subject "repo:example@${OWNER_ID}/node@${REPOSITORY_ID}:environment:dev" --audiences api://AzureADTokenExchange --output none --subscription 11111111-2222-3333-4444-555555555555

# the role that deploying dev takes
if [ -n "$(az role definition list --name 'perpetual deploy perpetual dev' --query '[].name' --output tsv --subscription 11111111-2222-3333-4444-555555555555)" ]; then
  az role definition update --role-definition '{"Name":"perpetual deploy perpetual dev","IsCustom":true,"Description":"What perpetual needs to deploy this environment","Actions":["*/read","Microsoft.Authorization/roleAssignments/delete","Microsoft.Authorization/roleAssignments/write","Microsoft.Compute/disks/delete","Microsoft.Compute/disks/write","Microsoft.ContainerService/managedClusters/delete","Microsoft.ContainerService/managedClusters/listClusterUserCredential/action","Microsoft.ContainerService/managedClusters/write","Microsoft.ManagedIdentity/userAssignedIdentities/assign/action","Microsoft.ManagedIdentity/userAssignedIdentities/delete","Microsoft.ManagedIdentity/userAssignedIdentities/write","Microsoft.Network/networkSecurityGroups/delete","Microsoft.Network/networkSecurityGroups/join/action","Microsoft.Network/networkSecurityGroups/write","Microsoft.Network/publicIPAddresses/delete","Microsoft.Network/publicIPAddresses/join/action","Microsoft.Network/publicIPAddresses/write","Microsoft.Network/virtualNetworks/delete","Microsoft.Network/virtualNetworks/subnets/delete","Microsoft.Network/virtualNetworks/subnets/join/action","Microsoft.Network/virtualNetworks/subnets/write","Microsoft.Network/virtualNetworks/write","Microsoft.OperationalInsights/workspaces/sharedKeys/action","Microsoft.Resources/subscriptions/resourceGroups/delete","Microsoft.Resources/subscriptions/resourceGroups/write"],"AssignableScopes":["/subscriptions/11111111-2222-3333-4444-555555555555"]}' --output none --subscription 11111111-2222-3333-4444-555555555555
else
  az role definition create --role-definition '{"Name":"perpetual deploy perpetual dev","IsCustom":true,"Description":"What perpetual needs to deploy this environment","Actions":["*/read","Microsoft.Authorization/roleAssignments/delete","Microsoft.Authorization/roleAssignments/write","Microsoft.Compute/disks/delete","Microsoft.Compute/disks/write","Microsoft.ContainerService/managedClusters/delete","Microsoft.ContainerService/managedClusters/listClusterUserCredential/action","Microsoft.ContainerService/managedClusters/write","Microsoft.ManagedIdentity/userAssignedIdentities/assign/action","Microsoft.ManagedIdentity/userAssignedIdentities/delete","Microsoft.ManagedIdentity/userAssignedIdentities/write","Microsoft.Network/networkSecurityGroups/delete","Microsoft.Network/networkSecurityGroups/join/action","Microsoft.Network/networkSecurityGroups/write","Microsoft.Network/publicIPAddresses/delete","Microsoft.Network/publicIPAddresses/join/action","Microsoft.Network/publicIPAddresses/write","Microsoft.Network/virtualNetworks/delete","Microsoft.Network/virtualNetworks/subnets/delete","Microsoft.Network/virtualNetworks/subnets/join/action","Microsoft.Network/virtualNetworks/subnets/write","Microsoft.Network/virtualNetworks/write","Microsoft.OperationalInsights/workspaces/sharedKeys/action","Microsoft.Resources/subscriptions/resourceGroups/delete","Microsoft.Resources/subscriptions/resourceGroups/write"],"AssignableScopes":["/subscriptions/11111111-2222-3333-4444-555555555555"]}' --output none --subscription 11111111-2222-3333-4444-555555555555
fi

# an assignment with other limits goes
if ! [ -n "$(az role assignment list --assignee "${DEV_DEPLOY_PRINCIPAL_ID}" --role 'perpetual deploy perpetual dev' --scope /subscriptions/11111111-2222-3333-4444-555555555555 --query '[?condition==`"((!(ActionMatches{'\''Microsoft.Authorization/roleAssignments/write'\''})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {4d97b98b-1d4f-4787-a291-c67834d212e7, b24988ac-6180-42a0-ab88-20f7382dd24c})) AND ((!(ActionMatches{'\''Microsoft.Authorization/roleAssignments/delete'\''})) OR (@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {4d97b98b-1d4f-4787-a291-c67834d212e7, b24988ac-6180-42a0-ab88-20f7382dd24c}))"`].id' --output tsv --subscription 11111111-2222-3333-4444-555555555555)" ]; then
  az role assignment delete --assignee "${DEV_DEPLOY_PRINCIPAL_ID}" --role 'perpetual deploy perpetual dev' --scope /subscriptions/11111111-2222-3333-4444-555555555555 --yes --subscription 11111111-2222-3333-4444-555555555555 ||
  echo 'left out: there is none' >&2
fi

# the identity has the role, and may give others only the roles of dev
if ! [ -n "$(az role assignment list --assignee "${DEV_DEPLOY_PRINCIPAL_ID}" --role 'perpetual deploy perpetual dev' --scope /subscriptions/11111111-2222-3333-4444-555555555555 --query '[?condition==`"((!(ActionMatches{'\''Microsoft.Authorization/roleAssignments/write'\''})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {4d97b98b-1d4f-4787-a291-c67834d212e7, b24988ac-6180-42a0-ab88-20f7382dd24c})) AND ((!(ActionMatches{'\''Microsoft.Authorization/roleAssignments/delete'\''})) OR (@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {4d97b98b-1d4f-4787-a291-c67834d212e7, b24988ac-6180-42a0-ab88-20f7382dd24c}))"`].id' --output tsv --subscription 11111111-2222-3333-4444-555555555555)" ]; then
  az role assignment create --assignee-object-id "${DEV_DEPLOY_PRINCIPAL_ID}" --assignee-principal-type ServicePrincipal --role 'perpetual deploy perpetual dev' --scope /subscriptions/11111111-2222-3333-4444-555555555555 --condition '((!(ActionMatches{'\''Microsoft.Authorization/roleAssignments/write'\''})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {4d97b98b-1d4f-4787-a291-c67834d212e7, b24988ac-6180-42a0-ab88-20f7382dd24c})) AND ((!(ActionMatches{'\''Microsoft.Authorization/roleAssignments/delete'\''})) OR (@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {4d97b98b-1d4f-4787-a291-c67834d212e7, b24988ac-6180-42a0-ab88-20f7382dd24c}))' --condition-version 2.0 --output none --subscription 11111111-2222-3333-4444-555555555555
fi

# and may write the state
if ! [ -n "$(az role assignment list --assignee "${DEV_DEPLOY_PRINCIPAL_ID}" --role 'Storage Blob Data Contributor' --scope /subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/perpetual-deploy-rg/providers/Microsoft.Storage/storageAccounts/perpetualstfe9b32b1/blobServices/default/containers/states --query '[].id' --output tsv --subscription 11111111-2222-3333-4444-555555555555)" ]; then
  az role assignment create --assignee-object-id "${DEV_DEPLOY_PRINCIPAL_ID}" --assignee-principal-type ServicePrincipal --role 'Storage Blob Data Contributor' --scope /subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/perpetual-deploy-rg/providers/Microsoft.Storage/storageAccounts/perpetualstfe9b32b1/blobServices/default/containers/states --output none --subscription 11111111-2222-3333-4444-555555555555
fi

# the environment dev
printf %s '{}' | gh api --method PUT repos/example/node/environments/dev --input - --silent

# dev knows AZURE_CLIENT_ID
gh variable set AZURE_CLIENT_ID --repo example/node --env dev --body "${DEV_DEPLOY_CLIENT_ID}"

# dev knows AZURE_TENANT_ID
gh variable set AZURE_TENANT_ID --repo example/node --env dev --body "${DEV_DEPLOY_TENANT_ID}"

# dev knows AZURE_SUBSCRIPTION_ID
gh variable set AZURE_SUBSCRIPTION_ID --repo example/node --env dev --body 11111111-2222-3333-4444-555555555555

# dev knows PULUMI_BACKEND_URL
gh variable set PULUMI_BACKEND_URL --repo example/node --env dev --body 'azblob://states?storage_account=perpetualstfe9b32b1'

# dev has the secret PULUMI_CONFIG_PASSPHRASE
printf %s "$PULUMI_CONFIG_PASSPHRASE" | gh secret set PULUMI_CONFIG_PASSPHRASE --repo example/node --env dev

# the identity perpetual-dev-preview-id
az identity create --name perpetual-dev-preview-id --resource-group perpetual-deploy-rg --location eastus --output none --subscription 11111111-2222-3333-4444-555555555555

# the principalId of perpetual-dev-preview-id
DEV_PREVIEW_PRINCIPAL_ID=$(az identity show --name perpetual-dev-preview-id --resource-group perpetual-deploy-rg --query principalId --output tsv --subscription 11111111-2222-3333-4444-555555555555)

# the clientId of perpetual-dev-preview-id
DEV_PREVIEW_CLIENT_ID=$(az identity show --name perpetual-dev-preview-id --resource-group perpetual-deploy-rg --query clientId --output tsv --subscription 11111111-2222-3333-4444-555555555555)

# the tenantId of perpetual-dev-preview-id
DEV_PREVIEW_TENANT_ID=$(az identity show --name perpetual-dev-preview-id --resource-group perpetual-deploy-rg --query tenantId --output tsv --subscription 11111111-2222-3333-4444-555555555555)

# GitHub's repo:example/node:environment:dev-preview may act as perpetual-dev-preview-id
az identity federated-credential create --name github --identity-name perpetual-dev-preview-id --resource-group perpetual-deploy-rg --issuer https://token.actions.githubusercontent.com --subject repo:example/node:environment:dev-preview --audiences api://AzureADTokenExchange --output none --subscription 11111111-2222-3333-4444-555555555555

# GitHub's repo:example@${OWNER_ID}/node@${REPOSITORY_ID}:environment:dev-preview may act as perpetual-dev-preview-id
az identity federated-credential create --name github-numbered --identity-name perpetual-dev-preview-id --resource-group perpetual-deploy-rg --issuer https://token.actions.githubusercontent.com --subject "repo:example@${OWNER_ID}/node@${REPOSITORY_ID}:environment:dev-preview" --audiences api://AzureADTokenExchange --output none --subscription 11111111-2222-3333-4444-555555555555

# perpetual-dev-preview-id has the role Reader
if ! [ -n "$(az role assignment list --assignee "${DEV_PREVIEW_PRINCIPAL_ID}" --role Reader --scope /subscriptions/11111111-2222-3333-4444-555555555555 --query '[].id' --output tsv --subscription 11111111-2222-3333-4444-555555555555)" ]; then
  az role assignment create --assignee-object-id "${DEV_PREVIEW_PRINCIPAL_ID}" --assignee-principal-type ServicePrincipal --role Reader --scope /subscriptions/11111111-2222-3333-4444-555555555555 --output none --subscription 11111111-2222-3333-4444-555555555555
fi

# perpetual-dev-preview-id has the role Azure Kubernetes Service Cluster User Role
if ! [ -n "$(az role assignment list --assignee "${DEV_PREVIEW_PRINCIPAL_ID}" --role 'Azure Kubernetes Service Cluster User Role' --scope /subscriptions/11111111-2222-3333-4444-555555555555 --query '[].id' --output tsv --subscription 11111111-2222-3333-4444-555555555555)" ]; then
  az role assignment create --assignee-object-id "${DEV_PREVIEW_PRINCIPAL_ID}" --assignee-principal-type ServicePrincipal --role 'Azure Kubernetes Service Cluster User Role' --scope /subscriptions/11111111-2222-3333-4444-555555555555 --output none --subscription 11111111-2222-3333-4444-555555555555
fi

# and may read the state
if ! [ -n "$(az role assignment list --assignee "${DEV_PREVIEW_PRINCIPAL_ID}" --role 'Storage Blob Data Reader' --scope /subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/perpetual-deploy-rg/providers/Microsoft.Storage/storageAccounts/perpetualstfe9b32b1/blobServices/default/containers/states --query '[].id' --output tsv --subscription 11111111-2222-3333-4444-555555555555)" ]; then
  az role assignment create --assignee-object-id "${DEV_PREVIEW_PRINCIPAL_ID}" --assignee-principal-type ServicePrincipal --role 'Storage Blob Data Reader' --scope /subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/perpetual-deploy-rg/providers/Microsoft.Storage/storageAccounts/perpetualstfe9b32b1/blobServices/default/containers/states --output none --subscription 11111111-2222-3333-4444-555555555555
fi

# the environment dev-preview
printf %s '{}' | gh api --method PUT repos/example/node/environments/dev-preview --input - --silent

# dev-preview knows AZURE_CLIENT_ID
gh variable set AZURE_CLIENT_ID --repo example/node --env dev-preview --body "${DEV_PREVIEW_CLIENT_ID}"

# dev-preview knows AZURE_TENANT_ID
gh variable set AZURE_TENANT_ID --repo example/node --env dev-preview --body "${DEV_PREVIEW_TENANT_ID}"

# dev-preview knows AZURE_SUBSCRIPTION_ID
gh variable set AZURE_SUBSCRIPTION_ID --repo example/node --env dev-preview --body 11111111-2222-3333-4444-555555555555

# dev-preview knows PULUMI_BACKEND_URL
gh variable set PULUMI_BACKEND_URL --repo example/node --env dev-preview --body 'azblob://states?storage_account=perpetualstfe9b32b1'

# dev-preview has the secret PULUMI_CONFIG_PASSPHRASE
printf %s "$PULUMI_CONFIG_PASSPHRASE" | gh secret set PULUMI_CONFIG_PASSPHRASE --repo example/node --env dev-preview

# the identity perpetual-prod-deploy-id
az identity create --name perpetual-prod-deploy-id --resource-group perpetual-deploy-rg --location eastus --output none --subscription 11111111-2222-3333-4444-555555555555

# the principalId of perpetual-prod-deploy-id
PROD_DEPLOY_PRINCIPAL_ID=$(az identity show --name perpetual-prod-deploy-id --resource-group perpetual-deploy-rg --query principalId --output tsv --subscription 11111111-2222-3333-4444-555555555555)

# the clientId of perpetual-prod-deploy-id
PROD_DEPLOY_CLIENT_ID=$(az identity show --name perpetual-prod-deploy-id --resource-group perpetual-deploy-rg --query clientId --output tsv --subscription 11111111-2222-3333-4444-555555555555)

# the tenantId of perpetual-prod-deploy-id
PROD_DEPLOY_TENANT_ID=$(az identity show --name perpetual-prod-deploy-id --resource-group perpetual-deploy-rg --query tenantId --output tsv --subscription 11111111-2222-3333-4444-555555555555)

# GitHub's repo:example/node:environment:production may act as perpetual-prod-deploy-id
az identity federated-credential create --name github --identity-name perpetual-prod-deploy-id --resource-group perpetual-deploy-rg --issuer https://token.actions.githubusercontent.com --subject repo:example/node:environment:production --audiences api://AzureADTokenExchange --output none --subscription 11111111-2222-3333-4444-555555555555

# GitHub's repo:example@${OWNER_ID}/node@${REPOSITORY_ID}:environment:production may act as perpetual-prod-deploy-id
az identity federated-credential create --name github-numbered --identity-name perpetual-prod-deploy-id --resource-group perpetual-deploy-rg --issuer https://token.actions.githubusercontent.com --subject "repo:example@${OWNER_ID}/node@${REPOSITORY_ID}:environment:production" --audiences api://AzureADTokenExchange --output none --subscription 11111111-2222-3333-4444-555555555555

# the role that deploying prod takes
if [ -n "$(az role definition list --name 'perpetual deploy perpetual prod' --query '[].name' --output tsv --subscription 11111111-2222-3333-4444-555555555555)" ]; then
  az role definition update --role-definition '{"Name":"perpetual deploy perpetual prod","IsCustom":true,"Description":"What perpetual needs to deploy this environment","Actions":["*/read","Microsoft.Authorization/roleAssignments/delete","Microsoft.Authorization/roleAssignments/write","Microsoft.Compute/disks/delete","Microsoft.Compute/disks/write","Microsoft.ContainerService/managedClusters/delete","Microsoft.ContainerService/managedClusters/listClusterUserCredential/action","Microsoft.ContainerService/managedClusters/write","Microsoft.KeyVault/vaults/accessPolicies/write","Microsoft.KeyVault/vaults/delete","Microsoft.KeyVault/vaults/secrets/delete","Microsoft.KeyVault/vaults/secrets/write","Microsoft.KeyVault/vaults/write","Microsoft.ManagedIdentity/userAssignedIdentities/assign/action","Microsoft.ManagedIdentity/userAssignedIdentities/delete","Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/delete","Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write","Microsoft.ManagedIdentity/userAssignedIdentities/write","Microsoft.Network/networkSecurityGroups/delete","Microsoft.Network/networkSecurityGroups/join/action","Microsoft.Network/networkSecurityGroups/write","Microsoft.Network/publicIPAddresses/delete","Microsoft.Network/publicIPAddresses/join/action","Microsoft.Network/publicIPAddresses/write","Microsoft.Network/virtualNetworks/delete","Microsoft.Network/virtualNetworks/subnets/delete","Microsoft.Network/virtualNetworks/subnets/join/action","Microsoft.Network/virtualNetworks/subnets/joinViaServiceEndpoint/action","Microsoft.Network/virtualNetworks/subnets/write","Microsoft.Network/virtualNetworks/write","Microsoft.OperationalInsights/workspaces/sharedKeys/action","Microsoft.Resources/subscriptions/resourceGroups/delete","Microsoft.Resources/subscriptions/resourceGroups/write"],"AssignableScopes":["/subscriptions/11111111-2222-3333-4444-555555555555"]}' --output none --subscription 11111111-2222-3333-4444-555555555555
else
  az role definition create --role-definition '{"Name":"perpetual deploy perpetual prod","IsCustom":true,"Description":"What perpetual needs to deploy this environment","Actions":["*/read","Microsoft.Authorization/roleAssignments/delete","Microsoft.Authorization/roleAssignments/write","Microsoft.Compute/disks/delete","Microsoft.Compute/disks/write","Microsoft.ContainerService/managedClusters/delete","Microsoft.ContainerService/managedClusters/listClusterUserCredential/action","Microsoft.ContainerService/managedClusters/write","Microsoft.KeyVault/vaults/accessPolicies/write","Microsoft.KeyVault/vaults/delete","Microsoft.KeyVault/vaults/secrets/delete","Microsoft.KeyVault/vaults/secrets/write","Microsoft.KeyVault/vaults/write","Microsoft.ManagedIdentity/userAssignedIdentities/assign/action","Microsoft.ManagedIdentity/userAssignedIdentities/delete","Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/delete","Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write","Microsoft.ManagedIdentity/userAssignedIdentities/write","Microsoft.Network/networkSecurityGroups/delete","Microsoft.Network/networkSecurityGroups/join/action","Microsoft.Network/networkSecurityGroups/write","Microsoft.Network/publicIPAddresses/delete","Microsoft.Network/publicIPAddresses/join/action","Microsoft.Network/publicIPAddresses/write","Microsoft.Network/virtualNetworks/delete","Microsoft.Network/virtualNetworks/subnets/delete","Microsoft.Network/virtualNetworks/subnets/join/action","Microsoft.Network/virtualNetworks/subnets/joinViaServiceEndpoint/action","Microsoft.Network/virtualNetworks/subnets/write","Microsoft.Network/virtualNetworks/write","Microsoft.OperationalInsights/workspaces/sharedKeys/action","Microsoft.Resources/subscriptions/resourceGroups/delete","Microsoft.Resources/subscriptions/resourceGroups/write"],"AssignableScopes":["/subscriptions/11111111-2222-3333-4444-555555555555"]}' --output none --subscription 11111111-2222-3333-4444-555555555555
fi

# an assignment with other limits goes
if ! [ -n "$(az role assignment list --assignee "${PROD_DEPLOY_PRINCIPAL_ID}" --role 'perpetual deploy perpetual prod' --scope /subscriptions/11111111-2222-3333-4444-555555555555 --query '[?condition==`"((!(ActionMatches{'\''Microsoft.Authorization/roleAssignments/write'\''})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {4633458b-17de-408a-b874-0445c86b69e6, 4d97b98b-1d4f-4787-a291-c67834d212e7, b24988ac-6180-42a0-ab88-20f7382dd24c})) AND ((!(ActionMatches{'\''Microsoft.Authorization/roleAssignments/delete'\''})) OR (@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {4633458b-17de-408a-b874-0445c86b69e6, 4d97b98b-1d4f-4787-a291-c67834d212e7, b24988ac-6180-42a0-ab88-20f7382dd24c}))"`].id' --output tsv --subscription 11111111-2222-3333-4444-555555555555)" ]; then
  az role assignment delete --assignee "${PROD_DEPLOY_PRINCIPAL_ID}" --role 'perpetual deploy perpetual prod' --scope /subscriptions/11111111-2222-3333-4444-555555555555 --yes --subscription 11111111-2222-3333-4444-555555555555 ||
  echo 'left out: there is none' >&2
fi

# the identity has the role, and may give others only the roles of prod
if ! [ -n "$(az role assignment list --assignee "${PROD_DEPLOY_PRINCIPAL_ID}" --role 'perpetual deploy perpetual prod' --scope /subscriptions/11111111-2222-3333-4444-555555555555 --query '[?condition==`"((!(ActionMatches{'\''Microsoft.Authorization/roleAssignments/write'\''})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {4633458b-17de-408a-b874-0445c86b69e6, 4d97b98b-1d4f-4787-a291-c67834d212e7, b24988ac-6180-42a0-ab88-20f7382dd24c})) AND ((!(ActionMatches{'\''Microsoft.Authorization/roleAssignments/delete'\''})) OR (@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {4633458b-17de-408a-b874-0445c86b69e6, 4d97b98b-1d4f-4787-a291-c67834d212e7, b24988ac-6180-42a0-ab88-20f7382dd24c}))"`].id' --output tsv --subscription 11111111-2222-3333-4444-555555555555)" ]; then
  az role assignment create --assignee-object-id "${PROD_DEPLOY_PRINCIPAL_ID}" --assignee-principal-type ServicePrincipal --role 'perpetual deploy perpetual prod' --scope /subscriptions/11111111-2222-3333-4444-555555555555 --condition '((!(ActionMatches{'\''Microsoft.Authorization/roleAssignments/write'\''})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {4633458b-17de-408a-b874-0445c86b69e6, 4d97b98b-1d4f-4787-a291-c67834d212e7, b24988ac-6180-42a0-ab88-20f7382dd24c})) AND ((!(ActionMatches{'\''Microsoft.Authorization/roleAssignments/delete'\''})) OR (@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {4633458b-17de-408a-b874-0445c86b69e6, 4d97b98b-1d4f-4787-a291-c67834d212e7, b24988ac-6180-42a0-ab88-20f7382dd24c}))' --condition-version 2.0 --output none --subscription 11111111-2222-3333-4444-555555555555
fi

# and may write the state
if ! [ -n "$(az role assignment list --assignee "${PROD_DEPLOY_PRINCIPAL_ID}" --role 'Storage Blob Data Contributor' --scope /subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/perpetual-deploy-rg/providers/Microsoft.Storage/storageAccounts/perpetualstfe9b32b1/blobServices/default/containers/states --query '[].id' --output tsv --subscription 11111111-2222-3333-4444-555555555555)" ]; then
  az role assignment create --assignee-object-id "${PROD_DEPLOY_PRINCIPAL_ID}" --assignee-principal-type ServicePrincipal --role 'Storage Blob Data Contributor' --scope /subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/perpetual-deploy-rg/providers/Microsoft.Storage/storageAccounts/perpetualstfe9b32b1/blobServices/default/containers/states --output none --subscription 11111111-2222-3333-4444-555555555555
fi

# production takes deployments from protected branches only
printf %s '{"deployment_branch_policy":{"protected_branches":true,"custom_branch_policies":false}}' | gh api --method PUT repos/example/node/environments/production --input - --silent

# the number of ada
REVIEWER_ADA=$(gh api users/ada --jq .id)

# production waits five minutes, and for a reviewer
printf %s "{\"wait_timer\":5,\"reviewers\":[{\"type\":\"User\",\"id\":${REVIEWER_ADA}}],\"deployment_branch_policy\":{\"protected_branches\":true,\"custom_branch_policies\":false}}" | gh api --method PUT repos/example/node/environments/production --input - --silent ||
  echo 'left out: reviewers and timers need a public repository or GitHub Enterprise' >&2

# production knows AZURE_CLIENT_ID
gh variable set AZURE_CLIENT_ID --repo example/node --env production --body "${PROD_DEPLOY_CLIENT_ID}"

# production knows AZURE_TENANT_ID
gh variable set AZURE_TENANT_ID --repo example/node --env production --body "${PROD_DEPLOY_TENANT_ID}"

# production knows AZURE_SUBSCRIPTION_ID
gh variable set AZURE_SUBSCRIPTION_ID --repo example/node --env production --body 11111111-2222-3333-4444-555555555555

# production knows PULUMI_BACKEND_URL
gh variable set PULUMI_BACKEND_URL --repo example/node --env production --body 'azblob://states?storage_account=perpetualstfe9b32b1'

# production has the secret PULUMI_CONFIG_PASSPHRASE
printf %s "$PULUMI_CONFIG_PASSPHRASE" | gh secret set PULUMI_CONFIG_PASSPHRASE --repo example/node --env production

# production has the secret IPFS_PRIVATE_KEY
printf %s "$IPFS_PRIVATE_KEY" | gh secret set IPFS_PRIVATE_KEY --repo example/node --env production

# production has the secret NODE_GITHUB_TOKEN
printf %s "$NODE_GITHUB_TOKEN" | gh secret set NODE_GITHUB_TOKEN --repo example/node --env production

# the identity perpetual-prod-preview-id
az identity create --name perpetual-prod-preview-id --resource-group perpetual-deploy-rg --location eastus --output none --subscription 11111111-2222-3333-4444-555555555555

# the principalId of perpetual-prod-preview-id
PROD_PREVIEW_PRINCIPAL_ID=$(az identity show --name perpetual-prod-preview-id --resource-group perpetual-deploy-rg --query principalId --output tsv --subscription 11111111-2222-3333-4444-555555555555)

# the clientId of perpetual-prod-preview-id
PROD_PREVIEW_CLIENT_ID=$(az identity show --name perpetual-prod-preview-id --resource-group perpetual-deploy-rg --query clientId --output tsv --subscription 11111111-2222-3333-4444-555555555555)

# the tenantId of perpetual-prod-preview-id
PROD_PREVIEW_TENANT_ID=$(az identity show --name perpetual-prod-preview-id --resource-group perpetual-deploy-rg --query tenantId --output tsv --subscription 11111111-2222-3333-4444-555555555555)

# GitHub's repo:example/node:environment:prod-preview may act as perpetual-prod-preview-id
az identity federated-credential create --name github --identity-name perpetual-prod-preview-id --resource-group perpetual-deploy-rg --issuer https://token.actions.githubusercontent.com --subject repo:example/node:environment:prod-preview --audiences api://AzureADTokenExchange --output none --subscription 11111111-2222-3333-4444-555555555555

# GitHub's repo:example@${OWNER_ID}/node@${REPOSITORY_ID}:environment:prod-preview may act as perpetual-prod-preview-id
az identity federated-credential create --name github-numbered --identity-name perpetual-prod-preview-id --resource-group perpetual-deploy-rg --issuer https://token.actions.githubusercontent.com --subject "repo:example@${OWNER_ID}/node@${REPOSITORY_ID}:environment:prod-preview" --audiences api://AzureADTokenExchange --output none --subscription 11111111-2222-3333-4444-555555555555

# perpetual-prod-preview-id has the role Reader
if ! [ -n "$(az role assignment list --assignee "${PROD_PREVIEW_PRINCIPAL_ID}" --role Reader --scope /subscriptions/11111111-2222-3333-4444-555555555555 --query '[].id' --output tsv --subscription 11111111-2222-3333-4444-555555555555)" ]; then
  az role assignment create --assignee-object-id "${PROD_PREVIEW_PRINCIPAL_ID}" --assignee-principal-type ServicePrincipal --role Reader --scope /subscriptions/11111111-2222-3333-4444-555555555555 --output none --subscription 11111111-2222-3333-4444-555555555555
fi

# perpetual-prod-preview-id has the role Azure Kubernetes Service Cluster User Role
if ! [ -n "$(az role assignment list --assignee "${PROD_PREVIEW_PRINCIPAL_ID}" --role 'Azure Kubernetes Service Cluster User Role' --scope /subscriptions/11111111-2222-3333-4444-555555555555 --query '[].id' --output tsv --subscription 11111111-2222-3333-4444-555555555555)" ]; then
  az role assignment create --assignee-object-id "${PROD_PREVIEW_PRINCIPAL_ID}" --assignee-principal-type ServicePrincipal --role 'Azure Kubernetes Service Cluster User Role' --scope /subscriptions/11111111-2222-3333-4444-555555555555 --output none --subscription 11111111-2222-3333-4444-555555555555
fi

# and may read the state
if ! [ -n "$(az role assignment list --assignee "${PROD_PREVIEW_PRINCIPAL_ID}" --role 'Storage Blob Data Reader' --scope /subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/perpetual-deploy-rg/providers/Microsoft.Storage/storageAccounts/perpetualstfe9b32b1/blobServices/default/containers/states --query '[].id' --output tsv --subscription 11111111-2222-3333-4444-555555555555)" ]; then
  az role assignment create --assignee-object-id "${PROD_PREVIEW_PRINCIPAL_ID}" --assignee-principal-type ServicePrincipal --role 'Storage Blob Data Reader' --scope /subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/perpetual-deploy-rg/providers/Microsoft.Storage/storageAccounts/perpetualstfe9b32b1/blobServices/default/containers/states --output none --subscription 11111111-2222-3333-4444-555555555555
fi

# the environment prod-preview
printf %s '{}' | gh api --method PUT repos/example/node/environments/prod-preview --input - --silent

# prod-preview knows AZURE_CLIENT_ID
gh variable set AZURE_CLIENT_ID --repo example/node --env prod-preview --body "${PROD_PREVIEW_CLIENT_ID}"

# prod-preview knows AZURE_TENANT_ID
gh variable set AZURE_TENANT_ID --repo example/node --env prod-preview --body "${PROD_PREVIEW_TENANT_ID}"

# prod-preview knows AZURE_SUBSCRIPTION_ID
gh variable set AZURE_SUBSCRIPTION_ID --repo example/node --env prod-preview --body 11111111-2222-3333-4444-555555555555

# prod-preview knows PULUMI_BACKEND_URL
gh variable set PULUMI_BACKEND_URL --repo example/node --env prod-preview --body 'azblob://states?storage_account=perpetualstfe9b32b1'

# prod-preview has the secret PULUMI_CONFIG_PASSPHRASE
printf %s "$PULUMI_CONFIG_PASSPHRASE" | gh secret set PULUMI_CONFIG_PASSPHRASE --repo example/node --env prod-preview

# prod-preview has the secret IPFS_PRIVATE_KEY
printf %s "$IPFS_PRIVATE_KEY" | gh secret set IPFS_PRIVATE_KEY --repo example/node --env prod-preview

# prod-preview has the secret NODE_GITHUB_TOKEN
printf %s "$NODE_GITHUB_TOKEN" | gh secret set NODE_GITHUB_TOKEN --repo example/node --env prod-preview

# the workflows know that all is set up
gh variable set PULUMI_BACKEND_URL --repo example/node --body 'azblob://states?storage_account=perpetualstfe9b32b1'
