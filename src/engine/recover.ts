import { recoveryVariable } from '../pulumi/recovery.ts';
import { EngineError } from './command.ts';
import { nameOf, type Outcome } from './outcome.ts';
import type { Followed } from './result.ts';
import type { Opened } from './session.ts';
import { type Held, type State, stateOf, type Unfinished } from './state.ts';
import type { Target } from './target.ts';

const vaultType = 'azure-native:keyvault:Vault';
const secretType = 'azure-native:keyvault:Secret';

/** What the providers say of something that they were to make; with its id. */
const alreadyThere =
  /cannot create already existing resource ['"]([^'"]+)['"]|resource "([^"]+)" was not successfully created by the Kubernetes API server: .* already exists/;

type Update = (urns: string[]) => Promise<Followed>;

/** What Azure has of this environment and the stack has not, in words, and how the stack gets it. */
type Unknown = { name: string; found: string; take: (update: Update) => Promise<Followed | undefined> };

/** What kept an update from going on, if it is something that is there and only has to be taken in. */
export async function unknownToStack(
  target: Target,
  opened: Opened,
  { failures }: Outcome,
): Promise<Unknown | undefined> {
  const vault = target.compiled.plan?.resources.find(({ type }) => type === vaultType)?.name;
  for (const { resource: name, message } of failures) {
    if (name !== undefined && name === vault && /already exists in deleted state/.test(message))
      return {
        name,
        found: `Azure keeps "${name}" as deleted; it is brought back with its secrets`,
        take: (update) => recover(target, opened, name, update),
      };
    const [, inAzure, inCluster] = alreadyThere.exec(message) ?? [];
    const id = inAzure ?? inCluster;
    const begun = id && (await stateNow(opened)).unfinished.find(({ urn }) => nameOf(urn) === name);
    if (id && begun && name !== undefined)
      return {
        name,
        found: `"${name}" was made by a run that was killed; it is taken in`,
        take: () => takeIn(opened, begun, id),
      };
  }
  return undefined;
}

/** What runs have changed since the stack was opened is in it. */
const stateNow = async ({ ask }: Opened): Promise<State> => stateOf(await ask('stack', 'export'));

/** A resource whose making began in this stack and was never heard of again. */
async function takeIn({ ask }: Opened, { urn, type, provider }: Unfinished, id: string): Promise<undefined> {
  await ask('import', type, nameOf(urn), id, ...by(provider), ...quietly);
  // Or it would be asked for again. A flag before the verb: what is passed on to an update is not for this.
  await ask('--color=never', 'refresh', '--clear-pending-creates', '--skip-preview', '--yes');
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
  for (const { type, name, inputs } of plan?.resources ?? [])
    if (type === secretType)
      await adopt(opened, resources, name, `${idOf(resources, vault)}/secrets/${inputs.secretName}`);
  return followed;
}

const idOf = (resources: readonly Held[], name: string): string | undefined =>
  resources.find((each) => each.name === name)?.id;

/** Puts what exists in Azure into the stack; what the vault did not have is made like any other, and says itself why it can't be. */
async function adopt({ ask }: Opened, resources: readonly Held[], name: string, id: string): Promise<void> {
  const provider = resources.find(({ type }) => type === 'pulumi:providers:azure-native');
  try {
    await ask('import', secretType, name, id, ...by(provider?.urn), ...quietly);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
  }
}
