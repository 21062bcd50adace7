import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { display, readText, UsageError, writePrivate, writeWhole } from '../files.ts';
import { object } from '../views.ts';
import { notLiveYet } from './promotion.ts';
import type { Result } from './result.ts';
import type { Session } from './session.ts';
import { targetOf } from './target.ts';
import { isReady, type Ready, unprotecting } from './update.ts';

/** What a preview showed, what it was shown of, and what the engine is held to: the last in the engine's own words. */
type Kept = {
  formatVersion: 1;
  environment: string;
  shown: Required<Pick<Result, 'planned' | 'spec' | 'money'>>;
  engine: string;
  /** The engine's settings of the stack. With a passphrase they hold the salt, without which nobody else reads the secrets. */
  settings?: string;
};

/** Room for what the engine is held to, readable by its owner only and gone afterwards. */
export async function withPlans<T>(work: (planOf: (environment: string) => string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'perpetual-plan-'));
  try {
    return await work((environment) => join(folder, `${environment}.json`));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const fileOf = (folder: string, environment: string): string => join(folder, `${environment}.json`);
const settingsOf = (root: string, environment: string): string => join(root, `Pulumi.${environment}.yaml`);

/**
 * Keeps what was previewed, to be read now and deployed later, one file for an environment. The engine has encrypted the
 * secrets of its part. What must not be deployed is not kept, and takes with it what was kept before.
 */
export function keepPlan({ root }: Session, folder: string, result: Result | Ready): void {
  const file = fileOf(folder, result.environment);
  if (!isReady(result)) {
    rmSync(file, { force: true });
    return;
  }
  const { environment, planned, spec, money, plan } = result;
  if (!spec || !money) throw new Error('a preview that went well knows its spec and its price');
  const kept: Kept = {
    ...{ formatVersion: 1, environment, shown: { planned, spec, money } },
    engine: readText(plan),
    ...(existsSync(settingsOf(root, environment)) && { settings: readText(settingsOf(root, environment)) }),
  };
  writePrivate(file, `${JSON.stringify(kept)}\n`);
}

/**
 * What was kept, ready to be done without a new preview; `plan` is where the engine finds its part. Refused unless
 * everything is as it was then: the spec to its last letter, and what is deployed.
 */
export async function readPlan(
  session: Session,
  environment: string,
  { folder, plan }: { folder: string; plan: string },
): Promise<Result | Ready> {
  const { shown, engine, settings } = keptIn(folder, environment);
  const target = targetOf(session.root, environment, session.env);
  const { exitCode, problems, spec, compiled } = target;
  if (exitCode > 0) return { environment, verb: 'up', exitCode, problems };
  const anew = `"perpetual preview ${environment} --save-plan ${folder}" plans it anew`;
  if (spec.sha256 !== shown.spec.sha256)
    throw new UsageError(`${spec.file} is not the spec that was planned (sha256 ${shown.spec.sha256}): ${anew}`, 1);
  // As on another machine, where the engine would make itself others.
  const own = settingsOf(session.root, environment);
  if (settings !== undefined && !existsSync(own)) writeWhole(own, settings);
  const opened = await session.open(environment, 'create');
  const { deployed } = opened.held;
  if (deployed?.sha256 !== shown.spec.deployedSha256)
    throw new UsageError(`"${environment}" was deployed since it was planned: ${anew}`, 1);
  const { source } = compiled.loaded;
  const early = await notLiveYet(session, environment, compiled.loaded, deployed);
  if (early) return { environment, verb: 'up', exitCode: 1, findings: [early], source, problems: [] };
  writePrivate(plan, engine);
  opened.flags.push(unprotecting);
  return {
    ...{ environment, verb: 'up', exitCode: 0, problems: [], findings: [] },
    ...{ ...shown, source, opened, target, plan, instead: undefined },
  };
}

function keptIn(folder: string, environment: string): Kept {
  const file = fileOf(folder, environment);
  let kept: Partial<Kept>;
  try {
    kept = JSON.parse(readText(file));
  } catch (error) {
    if (error instanceof UsageError)
      throw new UsageError(`"${display(folder)}" has no plan of "${environment}": ${error.message}`);
    throw new UsageError(`"${display(file)}" is no plan: it is not JSON`);
  }
  const shown = object(kept?.shown);
  if (
    kept?.formatVersion !== 1 ||
    !['planned', 'spec', 'money'].every((key) => key in shown) ||
    typeof kept.engine !== 'string'
  )
    throw new UsageError(`"${display(file)}" is no plan that "perpetual preview --save-plan" wrote`);
  if (kept.environment !== environment)
    throw new UsageError(`"${display(file)}" is a plan of "${kept.environment}", not of "${environment}"`);
  return kept as Kept;
}
