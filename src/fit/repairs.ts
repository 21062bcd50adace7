import type { Diagnostic } from '../diagnostic.ts';
import { merged, type Value } from '../edit/change.ts';
import { find, toPlain } from '../spec/node.ts';
import { parsePath } from '../spec/path.ts';
import type { Spec } from '../spec/schema.ts';
import { type Option, weightOf } from './lever.ts';
import { nodeOptions } from './levers/pools.ts';
import type { Trial, Trials } from './trial.ts';

/** What a policy asks for before anything can be saved. */
export type Repair = Option & { policy: string; what: string };

/** For each violated policy the cheapest change that ends it; `left` are those nothing here can mend. */
export function repairsOf(trials: Trials, today: string): { repairs: Repair[]; left: Diagnostic[] } {
  const repairs: Repair[] = [];
  const left: Diagnostic[] = [];
  for (let now: Trial = trials.base; ; ) {
    const fault = now.faults.find((each) => !left.some((other) => isSame(each, other)));
    if (!fault) return { repairs, left };
    const tried = optionsFor(fault, trials, today).flatMap((option) => {
      const trial = trials.of(merged(now.changes, option.changes));
      return trial && mends(trial, now, fault) ? [{ option, trial }] : [];
    });
    tried.sort(
      (a, b) => weightOf(a.option.changes) - weightOf(b.option.changes) || a.trial.totalUsd - b.trial.totalUsd,
    );
    const [best] = tried;
    if (best) {
      const what = best.option.changes.flatMap(({ loses }) => loses ?? []).join('; ');
      // Not given up for money: it has no weight.
      const changes = best.option.changes.map(({ path, to }) => ({ path, to }));
      repairs.push({ changes, policy: fault.code, what });
      now = best.trial;
    } else left.push(fault);
  }
}

const isSame = (a: Diagnostic, b: Diagnostic): boolean => a.code === b.code && a.path === b.path;

/** Fewer faults, and none that was not there; indices may have moved, so they are counted and not compared. */
const mends = (trial: Trial, before: Trial, fault: Diagnostic): boolean => {
  const count = ({ faults }: Trial, code: string): number => faults.filter((each) => each.code === code).length;
  return (
    count(trial, fault.code) < count(before, fault.code) &&
    trial.faults.every(({ code }) => count(trial, code) <= count(before, code))
  );
};

function optionsFor(fault: Diagnostic, { base }: Trials, today: string): Option[] {
  const { loaded } = base.compiled;
  const spec = loaded.spec as Spec;
  const [, pool, index] = /^cluster\.(nodePool|pools\[(\d+)\])\.vmSize$/.exec(fault.path) ?? [];
  if (pool !== undefined) {
    const found = index === undefined ? spec.cluster.nodePool : spec.cluster.pools[Number(index)];
    const mode = index === undefined ? 'System' : spec.cluster.pools[Number(index)]?.mode;
    return found && mode ? nodeOptions({ spec, today }, found, `cluster.${pool}`, mode, true) : [];
  }
  const [, endpoint] = /^network\.expose\.(swarm|gateway|api)\.from\b/.exec(fault.path) ?? [];
  if (endpoint !== undefined) {
    const { from } = spec.network.expose[endpoint as 'swarm' | 'gateway' | 'api'];
    const last = parsePath(fault.path).at(-1);
    const left = from.filter((_, at) => typeof last === 'number' && at !== last);
    const to = left.length > 0 ? left : ['cluster'];
    const gone = typeof last === 'number' ? from[last] : from.join(', ');
    const loses = `no way in to the ${endpoint === 'api' ? 'admin RPC' : endpoint} from "${gone}"`;
    return [{ changes: [{ path: `network.expose.${endpoint}.from`, to, loses }] }];
  }
  return [...suggested(fault, base), ...withoutItem(fault, base)];
}

/** The values the finding itself offers. */
function suggested({ fixes = [], path }: Diagnostic, { compiled }: Trial): Option[] {
  const node = find(compiled.loaded.root, path)?.node;
  if (node?.kind !== 'scalar') return [];
  return fixes.flatMap(({ edits }): Option[] => {
    const [edit] = edits;
    // Only what stands in the place of the value.
    if (edits.length !== 1 || edit?.range.start !== node.range.start || edit.range.end !== node.range.end) return [];
    const to: Value = edit.newText.replace(/^"(.*)"$/, '$1');
    return [{ changes: [{ path, to, loses: `"${to}" in place of "${node.source}"` }] }];
  });
}

/** A rule or a grant that is not allowed can go; nothing else is taken away unasked. */
function withoutItem({ path }: Diagnostic, { compiled }: Trial): Option[] {
  const [item] = /^(network\.rules|secrets\.vault\.access)\[\d+\]/.exec(path) ?? [];
  if (item === undefined) return [];
  const node = find(compiled.loaded.root, item)?.node;
  const plain = node && (toPlain(node) as { name?: unknown } | null);
  const name = typeof plain === 'object' && typeof plain?.name === 'string' ? ` ("${plain.name}")` : '';
  return [{ changes: [{ path: item, to: undefined, loses: `${item}${name} is gone`, weight: 1 }] }];
}
