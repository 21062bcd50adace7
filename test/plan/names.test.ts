import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/plan.ts';
import { compileText } from '../support/specs.ts';

const kubernetesName = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const network = /^[a-zA-Z0-9]([\w.-]{0,78}\w)?$/;
const alert = /^[^<>*%&:\\?+/#{}]{1,260}$/;

/**
 * What Azure takes for the name of each type: azure-resource-manager/management/resource-name-rules and Azure's own
 * type definitions. Types of the plan that are not here have no name of their own.
 */
const limits: Record<string, [key: string, limit: RegExp]> = {
  'azure-native:applicationinsights:Workbook': ['resourceName', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/],
  'azure-native:compute:Disk': ['diskName', /^[a-zA-Z0-9]([\w.-]{0,78}\w)?$/],
  'azure-native:consumption:Budget': ['budgetName', /^[-_a-zA-Z0-9]{1,63}$/],
  'azure-native:containerregistry:Registry': ['registryName', /^[a-zA-Z0-9]{5,50}$/],
  'azure-native:containerservice:AgentPool': ['agentPoolName', /^[a-z][a-z0-9]{0,11}$/],
  'azure-native:containerservice:ManagedCluster': ['resourceName', /^[a-zA-Z0-9][-_a-zA-Z0-9]{0,61}[a-zA-Z0-9]$/],
  'azure-native:dataprotection:BackupInstance': ['backupInstanceName', /^[a-zA-Z0-9]([\w.-]{0,78}\w)?$/],
  'azure-native:dataprotection:BackupPolicy': ['backupPolicyName', /^[A-Za-z][-A-Za-z0-9]{2,149}$/],
  'azure-native:dataprotection:BackupVault': ['vaultName', /^[A-Za-z][-A-Za-z0-9]{1,49}$/],
  'azure-native:keyvault:Secret': ['secretName', /^[a-zA-Z0-9-]{1,127}$/],
  'azure-native:keyvault:Vault': ['vaultName', /^(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/],
  'azure-native:logic:Workflow': ['workflowName', /^[\w.()-]{1,79}[\w()-]$/],
  'azure-native:managedidentity:FederatedIdentityCredential': [
    'federatedIdentityCredentialResourceName',
    /^[a-zA-Z0-9][\w-]{2,119}$/,
  ],
  'azure-native:managedidentity:UserAssignedIdentity': ['resourceName', /^[a-zA-Z0-9][\w-]{2,127}$/],
  'azure-native:monitor:ActionGroup': ['actionGroupName', alert],
  'azure-native:monitor:DataCollectionRule': ['dataCollectionRuleName', /^[a-zA-Z0-9][\w.-]{0,62}[a-zA-Z0-9]$/],
  'azure-native:monitor:MetricAlert': ['ruleName', alert],
  'azure-native:monitor:ScheduledQueryRule': ['ruleName', alert],
  'azure-native:network:NetworkSecurityGroup': ['networkSecurityGroupName', network],
  'azure-native:network:PublicIPAddress': ['publicIpAddressName', network],
  'azure-native:network:VirtualNetwork': ['virtualNetworkName', /^[a-zA-Z0-9][\w.-]{0,62}\w$/],
  'azure-native:operationalinsights:Workspace': ['workspaceName', /^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/],
  'azure-native:resources:ResourceGroup': ['resourceGroupName', /^[\w.()-]{0,89}[\w()-]$/],
  'azure-native:storage:BlobContainer': ['containerName', /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/],
  'azure-native:storage:StorageAccount': ['accountName', /^[a-z0-9]{3,24}$/],
};

const letter = fc.constantFrom(...'abcxyz');
const inner = fc.constantFrom('a', 'z', '0', '9', '-b', '-7');
/** Names as the spec takes them, as often as not as long as they may be. */
const name = (length: number) =>
  fc
    .tuple(letter, fc.array(inner, { minLength: 1, maxLength: length, size: 'max' }))
    .map(([first, rest]) => (first + rest.join('')).slice(0, length).replace(/-$/, ''))
    .filter((text) => text.length > 1);

const fixtures = ['everything', 'everything-else'].map((each) =>
  readFileSync(`test/fixtures/specs/${each}.yaml`, 'utf8'),
);

describe('names', () => {
  it.each(fixtures.map((text) => [text.split('\n')[0], text] as const))(
    'are within their limits, whatever the service is called (%s)',
    (_, text) => {
      fc.assert(
        fc.property(name(24), name(12), fc.option(name(74)), (service, environment, group) => {
          const plan = planOf(text, service, environment, group);
          for (const { type, name: logical, inputs } of plan.resources) {
            const [key, limit] = limits[type] ?? [];
            if (key && limit) expect(inputs[key], `${logical}.${key}`).toMatch(limit);
            const metadata = inputs.metadata as { name?: unknown } | undefined;
            if (typeof metadata?.name === 'string') expect(metadata.name, logical).toMatch(kubernetesName);
          }
          const find = (logical: string) => plan.resources.find((each) => each.name === logical)?.inputs;
          expect(find('cluster')?.dnsPrefix).toMatch(/^[a-zA-Z\d][-a-zA-Z\d]{0,52}[a-zA-Z\d]$/);
          expect(find('cluster')?.nodeResourceGroup).toMatch(/^[\w().-]{1,80}$/);
          const short = find('action-group')?.groupShortName;
          if (short !== undefined) expect(short).toMatch(/^.{1,12}$/);
        }),
        { numRuns: 60 },
      );
    },
  );

  it('are different for every subscription and environment where all of Azure shares them', () => {
    const text = fixtures[0] as string;
    const shared = (plan: Plan) =>
      plan.resources.flatMap(({ type, inputs }) =>
        /StorageAccount|:Vault$/.test(type) ? [inputs.accountName ?? inputs.vaultName] : [],
      );
    const all = [
      planOf(text, 'perpetual', 'everything', null),
      planOf(text, 'perpetual', 'other', null),
      planOf(text.replace('11111111', '22222222'), 'perpetual', 'everything', null),
    ].flatMap(shared);
    expect(new Set(all).size).toBe(6);
  });
});

function planOf(text: string, service: string, environment: string, group: string | null): Plan {
  const named = text
    .replace('name: perpetual\n', `name: ${service}\n`)
    .replace(/environment: \w+\n/, `environment: ${environment}\n`)
    .replace(/ {2}resourceGroup: archive-rg\n/, group === null ? '' : `  resourceGroup: ${group}\n`);
  const { plan, diagnostics } = compileText(named, 'x.yaml');
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return plan as Plan;
}
