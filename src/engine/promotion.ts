import type { Diagnostic } from '../diagnostic.ts';
import { UsageError } from '../files.ts';
import { labelAt } from '../locate.ts';
import type { DeployedSpec } from '../pulumi/deployed-spec.ts';
import { ownersOf } from '../pulumi/stack-spec.ts';
import type { LoadedSpec } from '../spec/load.ts';
import type { Session } from './session.ts';
import { baseOf } from './target.ts';

const path = 'node.image';

/**
 * What keeps an environment from getting an image whose owners want it to be live elsewhere first. `running` is what is
 * deployed here: with the image it has already an environment may be changed in every other way.
 */
export async function notLiveYet(
  session: Session,
  environment: string,
  loaded: LoadedSpec,
  running: DeployedSpec | undefined,
): Promise<Diagnostic | undefined> {
  const { root } = session;
  const promotion = ownersOf(root).promotions.get(environment);
  const image = imageIn(loaded);
  if (!promotion?.requireLive || image === undefined || imageIn(baseOf(root, running)?.loaded) === image)
    return undefined;
  const { from } = promotion;
  const live = imageIn(baseOf(root, await deployedIn(session, from))?.loaded);
  if (live === image) return undefined;
  return {
    code: 'deploy/not-live',
    severity: 'error',
    message: `"${environment}" may only get an image that is live in "${from}"`,
    path,
    labels: [labelAt(loaded, path, live === undefined ? `nothing is live in ${from}` : `live there is ${live}`)],
    help: `"perpetual up ${from}" with it first, or "perpetual promote ${from} ${environment}" for what is live`,
  };
}

/** The spec that was last deployed as a whole; undefined where nothing ever was. */
export async function deployedIn({ open }: Session, environment: string): Promise<DeployedSpec | undefined> {
  try {
    return (await open(environment, 'refuse')).held.deployed;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    if (error.exitCode === 6) return undefined;
    throw new UsageError(
      `the image has to be live in "${environment}", which can't be known: ${error.message}`,
      error.exitCode,
    );
  }
}

const imageIn = (loaded: LoadedSpec | undefined): string | undefined => {
  const image: unknown = loaded?.spec?.node?.image;
  return typeof image === 'string' ? image : undefined;
};
