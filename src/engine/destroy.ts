import { object } from '../views.ts';
import { follow, type Result, type Work } from './result.ts';
import type { Opened, Session } from './session.ts';
import type { Held, State } from './state.ts';
import { redactorOf } from './target.ts';

const group = 'azure-native:resources:ResourceGroup';
const vault = 'azure-native:keyvault:Vault';
/** Azure's own default: https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview */
const keptDays = 90;

/** What is there to be destroyed, in lines for people: what is protected, what is lost with it, what stays. */
export function destruction(environment: string, resources: readonly Held[]): string {
  const groups = resources.filter(({ type }) => type === group).map(({ inputs }) => inputs.resourceGroupName);
  // Azure deletes a group with everything in it, also with what the engine would leave there.
  const goesWithGroup = ({ inputs }: Held): boolean => groups.includes(inputs.resourceGroupName);
  const lines = resources.flatMap((resource) => [
    ...(resource.isProtected ? [`protected: ${resource.name}${lossOf(resource)}`] : []),
    ...(resource.stays && !goesWithVault(resource)
      ? [`${goesWithGroup(resource) ? 'deleted with its resource group' : 'stays in Azure'}: ${resource.name}`]
      : []),
    ...(resource.type === vault ? [softDeleted(resource)] : []),
  ]);
  return [`${environment}: ${resources.length} to delete`, ...lines.map((line) => `  ${line}`)]
    .map((line) => `${line}\n`)
    .join('');
}

const lossOf = ({ lost, stays }: Held): string => (lost && !stays ? `; lost with it: ${lost}` : '');

const goesWithVault = ({ type }: Held): boolean => type === 'azure-native:keyvault:Secret';

function softDeleted({ inputs: { properties, vaultName } }: Held): string {
  const days = object(properties).softDeleteRetentionInDays;
  return `stays as deleted for ${typeof days === 'number' ? days : keptDays} days: the vault "${vaultName}" with its secrets; nobody else can have its name before it is recovered or purged`;
}

/** Destroys everything, what is protected included: whoever calls has asked for each of it by name. */
export async function destroyAll(
  session: Session,
  work: Work,
  environment: string,
  { stack }: Opened,
  { deployed }: State,
): Promise<Result> {
  session.requireRoom();
  const redact = redactorOf(session.root, deployed, session.env);
  const { outcome, exitCode, problems } = await follow(
    work,
    { environment, verb: 'destroy', users: new Map(), redact, done: true },
    (onEvent) => stack.destroy({ onEvent, color: 'never' }),
  );
  return { environment, verb: 'destroy', exitCode, done: outcome, problems };
}
