import { tokenOf } from '../../catalog/permissions.ts';
import { free } from '../../cost/bill.ts';
import type { Resource, Token } from '../../plan.ts';
import { shellWord } from '../../shell-word.ts';
import { isPresent, items, object, text } from '../../views.ts';
import { nameIn } from './home.ts';
import { type Added, type Asking, inGroups, minuteOf, planned, type Question, type Seen } from './question.ts';

/** What Azure's list does not say, and its price or what it opens depends on; by the version of its interface. */
const details: Readonly<Record<string, string>> = {
  // https://learn.microsoft.com/rest/api/compute/disks/get
  'azure-native:compute:Disk': '2024-03-02',
  // https://learn.microsoft.com/rest/api/virtualnetwork/network-security-groups/get
  'azure-native:network:NetworkSecurityGroup': '2024-05-01',
  // https://learn.microsoft.com/rest/api/virtualnetwork/public-ip-addresses/get
  'azure-native:network:PublicIPAddress': '2024-05-01',
};

/** The bill of these needs no more than is asked for; that of others depends on what is done with them. */
const priced = ['azure-native:compute:Disk', 'azure-native:network:PublicIPAddress'];

/** What Azure's services make by themselves, as far as it is not managed by something that says so. */
const automatic: readonly RegExp[] = [
  // https://learn.microsoft.com/azure/azure-monitor/alerts/proactive-failure-diagnostics
  /^microsoft\.alertsmanagement\/smartdetectoralertrules\//,
  /^microsoft\.insights\/actiongroups\/application insights smart detection$/,
  // https://learn.microsoft.com/azure/network-watcher/network-watcher-create
  /^microsoft\.network\/networkwatchers\//,
  // https://learn.microsoft.com/azure/event-grid/system-topics
  /^microsoft\.eventgrid\/systemtopics\//,
  // https://learn.microsoft.com/azure/backup/disk-backup-faq
  /^microsoft\.compute\/(snapshots|restorepointcollections)\/azurebackup_/,
  // The interface of a private endpoint comes with it.
  /^microsoft\.network\/networkinterfaces\/.+\.nic\.[0-9a-f-]{36}$/,
  /^microsoft\.(operationsmanagement|security|policyinsights|advisor|guestconfiguration|maintenance)\//,
];

/** Tags of disks, snapshots, addresses and load balancers that a cluster makes for what runs in it. */
const kubernetesTag = /^(k8s-azure-|kubernetes\.io-|aks-managed-)/;

/**
 * What is in the environment's groups, and neither the stack nor Azure made?
 * https://learn.microsoft.com/rest/api/resources/resources/list-by-resource-group
 */
export const resourcesAdded: Question = (asking) => {
  const list = { what: 'resources', path: '/resources', version: '2021-04-01', query: { $expand: 'createdTime' } };
  return inGroups(asking, list, (item, group) => {
    const [id, type] = [text(item.id), text(item.type)];
    if (id === undefined || type === undefined || asking.home.isOurs(id, type)) return {};
    return isMadeByItself(id, type, item) ? {} : looked(asking, group, { id, type, item });
  });
};

function isMadeByItself(id: string, type: string, { tags, managedBy }: Record<string, unknown>): boolean {
  const key = `${type}/${nameIn(id)}`.toLowerCase();
  return (
    // What is below another one came with it, and is its own business.
    type.split('/').length > 2 ||
    automatic.some((each) => each.test(key)) ||
    Object.keys(object(tags)).some((tag) => kubernetesTag.test(tag)) ||
    (isPresent(managedBy) && managedBy !== '')
  );
}

type Listed = { id: string; type: string; item: Record<string, unknown> };

async function looked({ arm, home }: Asking, group: string, { id, type, item }: Listed): Promise<Seen> {
  const token = tokenOf(type);
  const version = token === undefined ? undefined : details[token];
  const detail = version === undefined ? undefined : await arm.get(id, version);
  // It went away while it was looked at.
  if (detail?.is === 'absent') return {};
  const as = token === undefined ? undefined : known(token, id, item, detail?.is === 'there' ? detail.value : {});
  const when = text(item.createdTime);
  const hasPrice = token !== undefined && (token in free || (priced.includes(token) && detail?.is !== 'unknown'));
  const added: Added = {
    ...{ id, type, code: 'drift/added', at: home.place(group).name },
    message: `"${nameIn(id)}" (${type}) is in "${nameIn(group)}", and nobody promised it`,
    why: [...(when === undefined ? [] : [`made on ${minuteOf(when)}`]), ...(hasPrice ? [] : ['not priced'])],
    away: `az resource delete --ids ${shellWord(id)}`,
    ...(as && { as }),
  };
  const unanswered = detail?.is === 'unknown' ? [{ what: `"${nameIn(id)}"`, because: detail.because }] : [];
  return { added: [added], unanswered };
}

/** In the shape in which a plan would have it, as far as the models look. */
function known(token: string, id: string, listed: Record<string, unknown>, detail: unknown): Resource | undefined {
  const { properties } = object(detail);
  const { securityRules, diskSizeGB, publicIPAddressVersion } = object(properties);
  const ofType: Record<string, Record<string, unknown>> = {
    'azure-native:compute:Disk': { diskSizeGB },
    'azure-native:network:PublicIPAddress': { publicIPAddressVersion },
    'azure-native:network:NetworkSecurityGroup': {
      networkSecurityGroupName: nameIn(id),
      securityRules: items(securityRules).map((rule) => ({ ...object(rule), ...object(object(rule).properties) })),
    },
  };
  const inputs = ofType[token];
  if (!inputs) return undefined;
  const { location, sku } = listed;
  return planned(token as Token, id, { location, sku, ...inputs });
}
