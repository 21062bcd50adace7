import { type AzureError, badRequest, invalidParameter } from './error.ts';

/** What Azure takes as a name, checked on the final name, autonamed ones included, and how it refuses others. */
export type NameRule = { pattern: RegExp; refuse(name: string): AzureError };

const rule = (pattern: RegExp, refuse: (name: string) => AzureError): NameRule => ({ pattern, refuse });

// Lengths and characters: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
// and the `pattern`s of the ARM API definitions.

const invalidName =
  (what: string) =>
  (name: string): AzureError =>
    badRequest('InvalidResourceName', `Resource name ${name} is invalid. ${what}`);

const network = (min: number, max: number): NameRule =>
  rule(
    new RegExp(`^(?=.{${min},${max}}$)[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?$`),
    invalidName(
      `The name can be up to ${max} characters long. It must begin with a word character, and it must end with a word character or with '_'. The name may contain word characters or '.', '-', '_'.`,
    ),
  );

const entity = (parameter: string, pattern: RegExp): NameRule =>
  rule(pattern, (name) =>
    invalidParameter(
      parameter,
      `The entity name '${name}' is invalid according to its validation rule: ${pattern.source}.`,
    ),
  );

export const names = {
  resourceGroup: rule(/^(?=.{1,90}$)[\p{L}\p{N}_().-]*[\p{L}\p{N}_()-]$/u, (name) =>
    badRequest(
      'InvalidResourceGroup',
      `The provided resource group name '${name}' has more than 90 characters, ends with '.', or has invalid characters. The name can only be a letter, digit, '-', '.', '(', ')' or '_'.`,
    ),
  ),
  virtualNetwork: network(2, 64),
  network: network(1, 80),
  disk: entity('disk.name', /^(?=.{1,80}$)[A-Za-z0-9][\w.-]*$/),
  cluster: entity('resourceName', /^[a-zA-Z0-9]$|^[a-zA-Z0-9][-_a-zA-Z0-9]{0,61}[a-zA-Z0-9]$/),
  agentPool: entity('agentPoolProfile.name', /^[a-z][a-z0-9]{0,11}$/),
  maintenance: entity('configName', /^(default|aksManagedAutoUpgradeSchedule|aksManagedNodeOSUpgradeSchedule)$/),
  vault: rule(/^(?=.{3,24}$)[A-Za-z](?:-?[A-Za-z0-9])*$/, (name) =>
    badRequest(
      'VaultNameNotValid',
      `The vault name '${name}' is invalid. A vault's name must be between 3-24 alphanumeric characters. The name must begin with a letter, end with a letter or digit, and not contain consecutive hyphens.`,
    ),
  ),
  secret: entity('secretName', /^[0-9a-zA-Z-]{1,127}$/),
  identity: rule(
    /^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$/,
    invalidName("It must have 3 to 128 characters: letters, digits, '-' and '_', and begin with a letter or digit."),
  ),
  federatedCredential: rule(
    /^[a-zA-Z0-9][a-zA-Z0-9-_]{2,119}$/,
    invalidName("It must have 3 to 120 characters: letters, digits, '-' and '_', and begin with a letter or digit."),
  ),
  roleAssignment: rule(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, (name) =>
    badRequest(
      'InvalidRoleAssignmentId',
      `The role assignment ID '${name}' is not valid. The role assignment ID must be a GUID.`,
    ),
  ),
  lock: rule(
    /^(?=.{1,90}$)[A-Za-z0-9().\-_]*[A-Za-z0-9()\-_]$/,
    invalidName("It must have 1 to 90 characters and not end with '.'."),
  ),
  storageAccount: rule(/^[a-z0-9]{3,24}$/, (name) =>
    badRequest(
      'AccountNameInvalid',
      `${name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.`,
    ),
  ),
  blobContainer: rule(/^(?=.{3,63}$)[a-z0-9](?:-?[a-z0-9])*$/, (name) =>
    badRequest('ContainerOperationFailure', `The specified resource name '${name}' contains invalid characters.`),
  ),
  registry: entity('registryName', /^[a-zA-Z0-9]{5,50}$/),
  workspace: entity('workspaceName', /^(?=.{4,63}$)[A-Za-z0-9][A-Za-z0-9-]+[A-Za-z0-9]$/),
  // https://learn.microsoft.com/azure/dns/dns-zones-records: 2 to 34 labels; `@` is the apex, `*` any name
  dnsZone: rule(/^(?=.{1,253}$)([a-z0-9_-]{1,63}\.){1,33}[a-z0-9_-]{1,63}$/i, (name) =>
    badRequest('BadRequest', `The zone name '${name}' is invalid.`),
  ),
  recordSet: rule(/^(?=.{1,253}$)(@|(\*|[a-z0-9_-]{1,63})(\.[a-z0-9_-]{1,63})*)$/i, (name) =>
    badRequest('BadRequest', `The domain name '${name}' is invalid.`),
  ),
  // hashicorp/terraform-provider-azurerm, `internal/services/dataprotection`
  backupVault: rule(/^[-a-zA-Z0-9]{2,50}$/, invalidName('It must have 2 to 50 letters, digits and hyphens.')),
  backupPolicy: rule(/^[-a-zA-Z0-9]{3,150}$/, invalidName('It must have 3 to 150 letters, digits and hyphens.')),
  backupInstance: rule(/^[-_a-zA-Z0-9]{3,150}$/, invalidName("It must have 3 to 150 letters, digits, '-' and '_'.")),
  // The API definitions of blob services and management policies know one name.
  onlyOne: rule(/^default$/, invalidName("There is only one, and it is called 'default'.")),
  // azure-cli, `aks/addonconfiguration.py`: at most 64 characters, a letter or digit at the end
  dataCollectionRule: rule(
    /^(?=.{1,64}$)[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/,
    invalidName("It must have 1 to 64 letters, digits, '.', '_' and '-', and begin and end with a letter or digit."),
  ),
  workbook: rule(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, (name) =>
    badRequest('BadRequest', `The workbook name '${name}' is not a GUID.`),
  ),
  workflow: rule(
    /^[A-Za-z0-9_.()-]{1,43}$/,
    invalidName("It must have 1 to 43 letters, digits, '-', '_', '.', '(' and ')'."),
  ),
  alert: rule(
    /^(?=.{1,260}$)[^<>*%&:\\?+/#{}]+$/,
    invalidName('It must have 1 to 260 characters and none of < > * % & : \\ ? + / # { }.'),
  ),
  budget: rule(/^[-_a-zA-Z0-9]{1,63}$/, (name) =>
    badRequest(
      '400',
      `Invalid budget name: ${name}. Budget name should be 1 to 63 letters, digits, hyphens and underscores.`,
    ),
  ),
} satisfies Record<string, NameRule>;
