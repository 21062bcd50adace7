import { changeRules } from '../catalog/changes.ts';
import { UsageError } from '../files.ts';
import type { Plan } from '../plan.ts';
import type { DeployedSpec } from '../pulumi/deployed-spec.ts';
import { items, object, text } from '../views.ts';
import type { ResourceChange } from './outcome.ts';
import type { Result, Work } from './result.ts';
import type { Opened, Session } from './session.ts';
import { baseOf } from './target.ts';
import { isReady, preview, type Ready, update } from './update.ts';

/** A spec to go back to, and how people know it. */
export type Earlier = { text: string; name: string; commit?: string };

type Run = { kind: string; result: string; message: string };

/**
 * The last good spec that a stack keeps: the one deployed before an update that did not come to its end, else the one
 * before that which is deployed.
 */
export async function lastGood(environment: string, { held, ask }: Opened): Promise<Earlier> {
  const { kept, unfinished } = held;
  const { deployed, earlier } = kept;
  const printed = deployed ? await ask('stack', 'history', '--json', '--page-size', '20') : '';
  const runs = (printed.trim() === '' ? [] : JSON.parse(printed)) as Run[];
  const isCutOff = deployed !== undefined && (unfinished.length > 0 || isOfAnother(runs, deployed));
  const [good] = isCutOff ? [deployed] : earlier;
  if (!good)
    throw new UsageError(
      `the stack of "${environment}" keeps no spec from before: "--to COMMIT" takes the one that git has`,
    );
  return { text: good.text, name: isCutOff ? 'what was there before the update that failed' : 'what was there before' };
}

/** Was another spec tried after the one that is deployed? What an update says in the history ends with the spec's sum. */
function isOfAnother(runs: readonly Run[], { sha256 }: DeployedSpec): boolean {
  const last = runs.find(({ kind }) => kind === 'update');
  const tried = / sha256:([0-9a-f]{64})$/.exec(last?.message ?? '')?.[1];
  return tried === undefined ? last?.result === 'failed' : tried !== sha256;
}

/** What going back would do; the same preview, with the same gates, as that of any deployment. */
export async function previewRollback(
  session: Session,
  work: Work,
  environment: string,
  { to, plan, allowed }: { to: Earlier; plan: string; allowed: readonly string[] },
): Promise<Result | Ready> {
  const { text: instead, name, commit } = to;
  const result = await preview(session, work, environment, { verb: 'rollback', plan, allowed, instead });
  const returnsTo = {
    name,
    ...(commit !== undefined && { commit }),
    ...(result.spec && { sha256: result.spec.sha256 }),
  };
  const head = isReady(result) ? result.target.compiled.plan : undefined;
  const base = isReady(result) ? baseOf(session.root, result.opened.held.deployed)?.plan : undefined;
  const notes = [...notBack(result.planned?.changes ?? []), ...imageNote(base, head)];
  return { ...result, returnsTo, notes };
}

/** Has nothing in it, or gets it back by itself: what runs on a pool moves, and a vault is brought back with its secrets. */
const comesBack = ['azure-native:containerservice:AgentPool', 'azure-native:keyvault:Vault'];

/** What is made anew is empty, whatever was in it when the earlier spec was deployed. */
const notBack = (changes: readonly ResourceChange[]): string[] =>
  changes.flatMap(({ kind, type, name }) => {
    const { lost } = changeRules(type);
    return kind === 'create' && lost !== undefined && !comesBack.includes(type)
      ? [`"${name}" comes back as a new one; what does not: ${lost}`]
      : [];
  });

/** The disk is not rolled back with the image that wrote on it. */
function imageNote(base: Plan | undefined, head: Plan | undefined): string[] {
  const [from, to] = [base, head].map(imageOf);
  return from !== undefined && to !== undefined && from !== to
    ? [`the data disk stays as "${from}" has left it, and "${to}" must be able to read that`]
    : [];
}

function imageOf(plan: Plan | undefined): string | undefined {
  const node = plan?.resources.find(({ name }) => name === 'node');
  const pod = object(object(object(node?.inputs.spec).template).spec);
  return text(object(items(pod.containers)[0]).image);
}

/**
 * Returns an environment to what it was deployed from before an update that failed part-way. What that update has made
 * may go again: nobody has put anything into it.
 */
export async function returnToLastGood(
  session: Session,
  work: Work,
  { environment, opened, plan, spec }: Ready,
  { done }: Result,
): Promise<Result> {
  const { deployed } = opened.held;
  const nothing = (problem: string): Result => ({
    ...{ environment, verb: 'rollback', exitCode: 4, problems: [`there is nothing to return to: ${problem}`] },
  });
  if (!deployed) return nothing(`"${environment}" was never deployed as a whole`);
  if (deployed.sha256 === spec?.sha256) return nothing('what failed is the last good spec itself');
  const to = { text: deployed.text, name: 'what was there before' };
  const made =
    done?.changes.filter(({ kind }) => kind === 'create' || kind === 'replace').map(({ name }) => name) ?? [];
  const ready = await previewRollback(session, work, environment, { to, plan, allowed: made });
  if (isReady(ready)) return update(session, work, ready);
  const left = `what the failed update has made stays as it is, and the next "perpetual up ${environment}" goes on from there`;
  return { ...ready, problems: [...ready.problems, left] };
}
