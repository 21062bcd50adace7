import { isIP } from 'node:net';
import type { NetworkSecurityGroupArgs, SecurityRuleArgs } from '@pulumi/azure-native/network/index.js';
import type { Held } from '../cloud.ts';
import type { Resolved } from '../provider.ts';
import { lastPart } from './arm-path.ts';
import { type AzureError, badRequest } from './error.ts';
import { names } from './names.ts';
import { define } from './resource-type.ts';
import type { World } from './world.ts';

type Rule = NonNullable<Resolved<NetworkSecurityGroupArgs>['securityRules']>[number];

const ruleType = 'azure-native:network:SecurityRule';

/** https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#security-rules */
export const networkSecurityGroup = define<NetworkSecurityGroupArgs>({
  path: '{group}/Microsoft.Network/networkSecurityGroups/{networkSecurityGroupName}',
  name: names.network,
  check({ world, id, inputs }) {
    const rules = inputs.securityRules ?? [];
    for (const rule of rules) {
      if (!rule.name || !names.network.pattern.test(rule.name)) throw names.network.refuse(String(rule.name));
      checkRule(rule, `${id}/securityRules/${rule.name}`);
    }
    for (const [index, rule] of rules.entries()) checkConflicts(rule, rules.slice(0, index), id);
    if (rules.length > 1000)
      throw badRequest('NetworkSecurityGroupRuleLimitReached', `Cannot create more than 1000 rules in ${id}.`);
    // Inline rules replace the list, so rules written one by one and inline rules delete each other.
    for (const rule of rules) checkConflicts(rule, rulesIn(world, id), id);
  },
  outputs: ({ id, inputs }) => ({
    provisioningState: 'Succeeded',
    defaultSecurityRules: defaultRules.map((rule) => ({ ...rule, id: `${id}/defaultSecurityRules/${rule.name}` })),
    securityRules: (inputs.securityRules ?? []).map((rule) => ({
      provisioningState: 'Succeeded',
      ...rule,
      id: `${id}/securityRules/${rule.name}`,
    })),
  }),
  deletable(world, group) {
    const user = world
      .all('azure-native:network:Subnet')
      .find(({ inputs }) => idIn(inputs.networkSecurityGroup) === group.id.toLowerCase());
    if (!user) return;
    throw badRequest(
      'InUseNetworkSecurityGroupCannotBeDeleted',
      `Network security group ${group.id} cannot be deleted because it is in use by the following resources: ${user.id}. In order to delete the network security group, remove the association with the resource(s).`,
    );
  },
});

export const securityRule = define<SecurityRuleArgs>({
  path: '{group}/Microsoft.Network/networkSecurityGroups/{networkSecurityGroupName}/securityRules/{securityRuleName}',
  name: names.network,
  check({ world, id, name, inputs }) {
    const group = world.get(id.slice(0, id.lastIndexOf('/securityRules/')));
    checkRule(inputs, id);
    const { securityRules: inline = [] } = (group?.inputs ?? {}) as Resolved<NetworkSecurityGroupArgs>;
    const others = rulesIn(world, group?.id ?? '').filter((rule) => rule.name !== name);
    checkConflicts({ ...inputs, name }, [...inline, ...others], group?.id ?? '');
  },
  outputs: () => ({ provisioningState: 'Succeeded' }),
});

function rulesIn(world: World, groupId: string): Rule[] {
  return world
    .below(groupId)
    .filter((held: Held) => held.type === ruleType)
    .map((held) => ({ ...held.inputs, name: lastPart(held.id) }) as Rule);
}

const idIn = (reference: unknown): string => String((reference as { id?: string } | undefined)?.id ?? '').toLowerCase();

function checkConflicts(rule: Rule, earlier: readonly Rule[], groupId: string): void {
  const same = earlier.find((other) => other.name?.toLowerCase() === rule.name?.toLowerCase());
  if (same) throw badRequest('InvalidRequestFormat', `Security rule name ${rule.name} is used twice in ${groupId}.`);
  const rival = earlier.find(
    (other) => other.priority === rule.priority && other.direction.toLowerCase() === rule.direction.toLowerCase(),
  );
  if (rival)
    throw badRequest(
      'SecurityRuleConflict',
      `Security rule ${rival.name} conflicts with rule ${rule.name}. Rules cannot have the same Priority and Direction.`,
    );
}

function checkRule(rule: Omit<Rule, 'name'>, id: string): void {
  const { priority } = rule;
  if (priority === undefined || !Number.isInteger(priority) || priority < 100 || priority > 4096) {
    throw badRequest(
      'SecurityRuleInvalidPriority',
      `Security rule has invalid Priority. Value provided: ${priority ?? 0} Allowed range 100-4096.`,
    );
  }
  if ((rule.description ?? '').length > 140)
    throw badRequest('InvalidRequestFormat', `The description of security rule ${id} exceeds 140 characters.`);
  for (const port of either(id, 'SourcePortRange', rule.sourcePortRange, rule.sourcePortRanges)) checkPort(port, id);
  for (const port of either(id, 'DestinationPortRange', rule.destinationPortRange, rule.destinationPortRanges))
    checkPort(port, id);
  checkAddresses(
    id,
    'Source',
    rule.sourceAddressPrefix,
    rule.sourceAddressPrefixes,
    rule.sourceApplicationSecurityGroups,
  );
  checkAddresses(
    id,
    'Destination',
    rule.destinationAddressPrefix,
    rule.destinationAddressPrefixes,
    rule.destinationApplicationSecurityGroups,
  );
}

/** One of the singular and the plural field, never both; an empty list is none. */
function either(id: string, field: string, one: string | undefined, several: readonly string[] | undefined): string[] {
  if (one && several?.length) throw bothGiven(id, field);
  if (!one && !several?.length) throw noneGiven(id, field);
  return one ? [one] : [...(several ?? [])];
}

function checkAddresses(
  id: string,
  side: string,
  one: string | undefined,
  several: readonly string[] | undefined,
  groups: readonly unknown[] | undefined,
): void {
  const field = `${side}AddressPrefix`;
  if ([one, several?.length, groups?.length].filter(Boolean).length > 1) throw bothGiven(id, field);
  if (groups?.length) return;
  if (!one && several?.length && several.length > 4000)
    throw badRequest('InvalidRequestFormat', `${field}es of ${id} exceed 4000.`);
  for (const prefix of either(id, field, one, several)) {
    if (isAddress(prefix)) continue;
    const isWord = prefix === '*' || serviceTags.has((prefix.split('.')[0] ?? '').toLowerCase());
    if (isWord && one) continue;
    if (isWord) {
      throw badRequest(
        'SecurityRuleParameterContainsUnsupportedValue',
        `Security rule parameter ${field} for rule with Id ${id} cannot specify existing VIRTUALNETWORK, INTERNET, AZURELOADBALANCER, '*' or system tags. Unsupported value used: ${prefix}.`,
      );
    }
    throw badRequest(
      'SecurityRuleInvalidAddressPrefix',
      `Security rule ${id} has invalid Address prefix. Value provided: ${prefix}`,
    );
  }
}

function isAddress(text: string): boolean {
  const [base = '', bits, ...more] = text.split('/');
  const version = isIP(base);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

function checkPort(text: string, id: string): void {
  const [, low, high = low] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  if (text === '*' || (low !== undefined && Number(low) <= Number(high) && Number(high) <= 65535)) return;
  throw badRequest(
    'SecurityRuleInvalidPortRange',
    `Security rule ${id} has invalid Port range. Value provided: ${text}. Value should be an integer OR integer range with '-' delimiter. Valid range 0-65535.`,
  );
}

// The two codes below are not from a recorded answer; the wording is.
const bothGiven = (id: string, field: string): AzureError =>
  badRequest(
    'SecurityRuleParameterConflict',
    `Security rule with Id ${id} cannot specify both ${field} and its plural form or application security groups.`,
  );
const noneGiven = (id: string, field: string): AzureError =>
  badRequest(
    'SecurityRuleParameterMissing',
    `Required security rule parameters are missing for security rule with Id: ${id}. Security rule must specify ${field}s or ${field}.`,
  );

/** https://learn.microsoft.com/azure/virtual-network/service-tags-overview, without those of services that have no place here. */
const serviceTags = new Set(
  [
    'ActionGroup',
    'ApiManagement',
    'AppService',
    'AzureActiveDirectory',
    'AzureCloud',
    'AzureContainerRegistry',
    'AzureCosmosDB',
    'AzureFrontDoor',
    'AzureKeyVault',
    'AzureLoadBalancer',
    'AzureMonitor',
    'AzureResourceManager',
    'AzureTrafficManager',
    'EventHub',
    'GatewayManager',
    'Internet',
    'MicrosoftContainerRegistry',
    'ServiceBus',
    'Sql',
    'Storage',
    'VirtualNetwork',
  ].map((tag) => tag.toLowerCase()),
);

const defaultRules = (
  [
    ['AllowVnetInBound', 65000, 'Inbound', 'Allow', 'VirtualNetwork', 'VirtualNetwork'],
    ['AllowAzureLoadBalancerInBound', 65001, 'Inbound', 'Allow', 'AzureLoadBalancer', '*'],
    ['DenyAllInBound', 65500, 'Inbound', 'Deny', '*', '*'],
    ['AllowVnetOutBound', 65000, 'Outbound', 'Allow', 'VirtualNetwork', 'VirtualNetwork'],
    ['AllowInternetOutBound', 65001, 'Outbound', 'Allow', '*', 'Internet'],
    ['DenyAllOutBound', 65500, 'Outbound', 'Deny', '*', '*'],
  ] as const
).map(([name, priority, direction, access, sourceAddressPrefix, destinationAddressPrefix]) => ({
  name,
  priority,
  direction,
  access,
  sourceAddressPrefix,
  destinationAddressPrefix,
  protocol: '*',
  sourcePortRange: '*',
  destinationPortRange: '*',
  provisioningState: 'Succeeded',
}));
