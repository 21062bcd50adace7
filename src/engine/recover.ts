import type { Plan, Resource } from '../plan.ts';
import { recoveryVariable } from '../pulumi/recovery.ts';
import { EngineError } from './command.ts';
import { nameOf, type Outcome } from './outcome.ts';
import type { Followed } from './result.ts';
import type { Opened } from './session.ts';
import { type Held, type State, stateOf, type Unfinished } from './state.ts';
import type { Target } from './target.ts';

const vaultType = 'azure-native:keyvault:Vault';
const clusterType = 'azure-native:containerservice:ManagedCluster';
const secretType = 'azure-native:keyvault:Secret';

/** What the providers say of something that they were to make; with its id. */
const alreadyThere =
  /cannot create already existing resource ['"]([^'"]+)['"]|resource "([^"]+)" was not successfully created by the Kubernetes API server: .* already exists/;

type Update = (urns: string[]) => Promise<Followed>;

/** What Azure has of this environment and the stack has not, in words, and how the stack gets it. */
type Unknown = { name: string; found: string; take: (update: Update) => Promise<Followed | undefined> };

/** What kept an update from going on, as far as it is something that is there and only has to be taken in. */
export async function unknownToStack(target: Target, opened: Opened, { failures }: Outcome): Promise<Unknown[]> {
  const plan = target.compiled.plan?.resources ?? [];
  const vault = plan.find(({ type }) => type === vaultType)?.name;
  const unknown: Unknown[] = [];
  for (const { resource: name, message } of failures) {
    if (name !== undefined && name === vault && /already exists in deleted state/.test(message))
      unknown.push({
        name,
        found: `Azure keeps "${name}" as deleted; it is brought back with its secrets`,
        take: (update) => recover(target, opened, name, update),
      });
    const [, inAzure, inCluster] = alreadyThere.exec(message) ?? [];
    const id = inAzure ?? inCluster;
    if (id === undefined || name === undefined) continue;
    const { resources, unfinished } = await stateNow(opened);
    const planned = plan.find((each) => each.name === name);
    const begun = unfinished.find(({ urn }) => nameOf(urn) === name);
    if (begun)
      unknown.push({
        name,
        found: `"${name}" was made by a run that could not say so; it is taken in`,
        take: () => takeIn(opened, begun, id),
      });
    // As when the provider ended before it could tell, or a secret that the spec had no more and has again.
    else if (planned && isOwn(id, resources))
      unknown.push({
        name,
        found: `"${name}" is there already, in what belongs to this environment; it is taken in`,
        take: () => adopt(opened, resources, planned, id),
      });
  }
  return unknown;
}

/**
 * What a killed run was making and neither the stack nor the spec has: nobody will ever ask for it again, and Azure may
 * have it.
 */
export const abandoned = ({ resources, unfinished }: State, plan: Plan): string[] =>
  unfinished
    .map(({ urn }) => nameOf(urn))
    .filter((name) => ![...resources, ...plan.resources].some((each) => each.name === name))
    .map((name) => `"${name}" was being made when a run was killed, and the spec has it no more: delete it in Azure`);

/** After an update as a whole nothing is being made any more. All at once, because others may wait to be taken in before. */
export async function forgetUnfinished({ ask }: Opened, { unfinished }: State): Promise<void> {
  // A flag before the verb: what is passed on to an update is not for this. Nothing is read back but what it is about.
  const targets = unfinished.flatMap(({ urn }) => ['--target', urn]);
  await ask('--color=never', 'refresh', '--clear-pending-creates', ...targets, '--skip-preview', '--yes');
}

/** Below something that this stack has made, as its resource group: nobody else's stands there. The cluster is all its own. */
function isOwn(id: string, resources: readonly Held[]): boolean {
  if (!id.startsWith('/')) return resources.some(({ type }) => type === clusterType);
  const below = id.toLowerCase();
  return resources.some((each) => each.id?.startsWith('/') && below.startsWith(`${each.id.toLowerCase()}/`));
}

/** What runs have changed since the stack was opened is in it. */
const stateNow = async ({ ask }: Opened): Promise<State> => stateOf(await ask('stack', 'export'));

/** A resource whose making began in this stack and was never heard of again. */
async function takeIn({ ask }: Opened, { urn, type, provider }: Unfinished, id: string): Promise<undefined> {
  await ask('import', type, nameOf(urn), id, ...by(provider), ...quietly);
}

const quietly = ['--protect=false', '--generate-code=false', '--skip-preview', '--yes'];
const by = (provider: string | undefined): string[] =>
  provider === undefined ? [] : ['--provider', `${nameOf(provider)}=${provider}`];

/**
 * Brings a deleted vault back. Azure gives it back as it was, with its secrets, so the engine is told of those: then all
 * is as if it had never been away, and the next update sets what differs. `update` runs the engine on some URNs only.
 */
async function recover(
  { compiled: { plan } }: Target,
  opened: Opened,
  vault: string,
  update: Update,
): Promise<Followed> {
  const [any] = (await stateNow(opened)).resources;
  const [stack = '', project = ''] = any?.urn.split('::') ?? [];
  opened.env[recoveryVariable] = '1';
  const followed = await update([`${stack}::${project}::${vaultType}::${vault}`]);
  delete opened.env[recoveryVariable];
  if (followed.exitCode !== 0) return followed;

  const { resources } = await stateNow(opened);
  for (const secret of plan?.resources ?? [])
    if (secret.type === secretType)
      await adopt(opened, resources, secret, `${idOf(resources, vault)}/secrets/${secret.inputs.secretName}`);
  return followed;
}

const idOf = (resources: readonly Held[], name: string): string | undefined =>
  resources.find((each) => each.name === name)?.id;

/** Puts what exists into the stack; what is not there is made like any other, and says itself why it can't be. */
async function adopt(
  { ask }: Opened,
  resources: readonly Held[],
  { type, name }: Pick<Resource, 'type' | 'name'>,
  id: string,
): Promise<undefined> {
  const provider = resources.find((each) => each.type === `pulumi:providers:${type.split(':')[0]}`);
  try {
    await ask('import', type, name, id, ...by(provider?.urn), ...quietly);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
  }
  return undefined;
}
