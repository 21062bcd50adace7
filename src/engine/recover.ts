import type { LocalWorkspace } from '@pulumi/pulumi/automation/index.js';
import { recoveryVariable } from '../pulumi/recovery.ts';
import { EngineError } from './command.ts';
import type { Outcome } from './outcome.ts';
import type { Followed } from './result.ts';
import type { Opened } from './session.ts';
import { type Held, stateOf } from './state.ts';
import type { Target } from './target.ts';

const vaultType = 'azure-native:keyvault:Vault';
const secretType = 'azure-native:keyvault:Secret';

/** The vault of the plan that Azure refuses because it keeps one of this name as deleted. */
export function keptVault({ compiled: { plan } }: Target, { failures }: Outcome): string | undefined {
  const vault = plan?.resources.find(({ type }) => type === vaultType)?.name;
  return failures.find(({ resource, message }) => resource === vault && /already exists in deleted state/.test(message))
    ?.resource;
}

/**
 * Brings a deleted vault back. Azure gives it back as it was, with its secrets, so the engine is told of those: then all
 * is as if it had never been away, and the next update sets what differs. `update` runs the engine on some URNs only.
 */
export async function recover(
  { compiled: { plan } }: Target,
  opened: Opened,
  vault: string,
  update: (urns: string[]) => Promise<Followed>,
): Promise<Followed> {
  const { envVars } = opened.stack.workspace as LocalWorkspace;
  const [any] = (await stateOf(opened)).resources;
  const [stack = '', project = ''] = any?.urn.split('::') ?? [];
  envVars[recoveryVariable] = '1';
  const followed = await update([`${stack}::${project}::${vaultType}::${vault}`]);
  delete envVars[recoveryVariable];
  if (followed.exitCode !== 0) return followed;

  const { resources } = await stateOf(opened);
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
  const by = provider ? ['--provider', `${provider.name}=${provider.urn}`] : [];
  try {
    await ask(
      'import',
      secretType,
      name,
      id,
      ...by,
      '--protect=false',
      '--generate-code=false',
      '--skip-preview',
      '--yes',
    );
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
  }
}
