import { type CatalogChoice, underCatalog } from '../catalog/copy.ts';
import type { Compiled } from '../compile.ts';
import { billOf, cents } from '../cost/bill.ts';
import { usageOf } from '../cost/usage.ts';
import { compareReaches, type Reach, reachesOf } from '../diff/exposure.ts';
import { type Grant, grantsOf } from '../diff/rights.ts';
import type { Resource } from '../plan.ts';
import { levelOf, type PolicyConfig } from '../policy/config.ts';
import type { Policy } from '../policy/policy.ts';
import { judge, policyContext, type Verdict } from '../policy/run.ts';

/** What it means that a resource is not what was promised. */
export type Consequences = {
  opened: Reach[];
  widened: Grant[];
  violated: { policy: string; message: string }[];
  /** What a month costs more, or less. */
  moreUsd: number;
};

/** What judges the spec judges what is there: the same policies, levels and prices. */
export type Judge = {
  compiled: Compiled;
  policies: readonly Policy[];
  config: PolicyConfig;
  catalog: CatalogChoice;
  today: string;
};

type Judged = { reaches: Reach[]; grants: Grant[]; verdicts: Verdict[]; monthlyUsd: number };

/** Compares sets of resources with those of the spec; the spec's own are judged once. */
export function consequencesBy(by: Judge): (resources: readonly Resource[]) => Consequences {
  const promised = judged(by, by.compiled.plan?.resources ?? []);
  const known = new Set(promised.verdicts.map(keyOf));
  const granted = new Set(promised.grants.map((grant) => JSON.stringify(grant)));
  return (resources) => {
    const there = judged(by, resources);
    return {
      opened: compareReaches(promised.reaches, there.reaches).opened,
      widened: there.grants.filter((grant) => !granted.has(JSON.stringify(grant))),
      violated: there.verdicts
        .filter((verdict) => !known.has(keyOf(verdict)) && isForbidden(by, verdict))
        .map(({ policy, finding }) => ({ policy: policy.id, message: finding.message })),
      moreUsd: cents(there.monthlyUsd - promised.monthlyUsd),
    };
  };
}

function judged({ compiled, policies, config, catalog, today }: Judge, resources: readonly Resource[]): Judged {
  return underCatalog(catalog, () => {
    const { spec } = compiled.loaded;
    const bill = billOf(resources, usageOf(spec), compiled.complete);
    const context = policyContext(resources, bill, compiled.stage, undefined, today);
    return {
      reaches: reachesOf(resources),
      grants: grantsOf(resources),
      verdicts: judge(policies, context, config),
      monthlyUsd: bill.monthlyUsd,
    };
  });
}

const keyOf = ({ policy, finding: { resource, input, message } }: Verdict): string =>
  JSON.stringify([policy.id, resource, input, message]);

const isForbidden = ({ compiled: { stage }, config }: Judge, { policy }: Verdict): boolean =>
  levelOf(policy, stage, config).inForce === 'mandatory';
