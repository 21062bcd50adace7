import { changeRules } from '../catalog/changes.ts';
import type { Diagnostic, Severity } from '../diagnostic.ts';
import { labelAt, specPathOf } from '../locate.ts';
import type { Resource } from '../plan.ts';
import { ofType } from '../policy/references.ts';
import { object } from '../views.ts';
import { nameIn } from './beside/home.ts';
import type { Added } from './beside/question.ts';
import { type Consequences, consequencesBy, type Judge } from './consequences.ts';
import { compareWithPromise, type Difference, type There } from './promise.ts';

/** A resource that is not what was promised, for programs; one that nobody promised has its name and type in Azure. */
export type Drifted = {
  name: string;
  type: string;
  kind: 'gone' | 'changed' | 'added';
  differences: Difference[];
  /** Azure's, of what was added. */
  id?: string;
};

/** More of one resource are only counted: they have one cause. */
const shown = 3;

type Found = { drifted: Drifted; finding: Diagnostic };

/** Every broken promise of a spec and all that was added beside it, the gravest first, at the line that makes it or would. */
export function driftOf(
  by: Judge,
  there: ReadonlyMap<string, There>,
  beside: readonly Added[] = [],
): { drifted: Drifted[]; findings: Diagnostic[] } {
  const promised = by.compiled.plan?.resources ?? [];
  const consequences = consequencesBy(by);
  const walls = beside.flatMap(({ as }) => (as?.type === 'azure-native:network:NetworkSecurityGroup' ? as : []));
  const broken = promised.flatMap((resource): Found[] => {
    // Providers are the engine's own.
    if (resource.type.startsWith('pulumi:')) return [];
    const { now: read, ...rest } = there.get(resource.name) ?? {};
    const now = read && withoutPools(resource, read, promised);
    const others = (replacement: readonly Resource[]): Resource[] => [
      ...promised.flatMap((each) => (each === resource ? replacement : [each])),
      // A group of rules counts where it was put on something.
      ...(resource.type === 'azure-native:network:Subnet' ? walls : []),
    ];
    if (!now) {
      const drifted: Drifted = { ...about(resource), kind: 'gone', differences: [] };
      return [{ drifted, finding: gone(by, resource, consequences(others([]))) }];
    }
    const { differences, inputs } = compareWithPromise(resource, { now, ...rest });
    if (differences.length === 0 && JSON.stringify(inputs) === JSON.stringify(resource.inputs)) return [];
    const meant = consequences(others([{ ...resource, inputs }]));
    // What was added beside the promise counts by what comes of it.
    if (differences.length === 0 && !isFelt(meant)) return [];
    const drifted: Drifted = { ...about(resource), kind: 'changed', differences };
    return [{ drifted, finding: changed(by, resource, differences, meant) }];
  });
  const added = beside.map((each): Found => {
    const { id, type, as } = each;
    const drifted: Drifted = { name: nameIn(id), type, id, kind: 'added', differences: [] };
    return { drifted, finding: addedFinding(by, each, as && consequences([...promised, as])) };
  });
  const grave = [...broken, ...added].toSorted((a, b) => rank(a.finding) - rank(b.finding));
  return { drifted: grave.map(({ drifted }) => drifted), findings: grave.map(({ finding }) => finding) };
}

/** A cluster is read with all of its pools, those included that are promised as resources of their own. */
function withoutPools({ type }: Resource, now: There['now'], promised: readonly Resource[]): There['now'] {
  if (type !== 'azure-native:containerservice:ManagedCluster' || !Array.isArray(now?.agentPoolProfiles)) return now;
  const own = ofType(promised, 'azure-native:containerservice:AgentPool').map(({ inputs }) => inputs.agentPoolName);
  return { ...now, agentPoolProfiles: now.agentPoolProfiles.filter((pool) => !own.includes(object(pool).name)) };
}

const about = ({ name, type }: Resource) => ({ name, type });

/** By consequence, the gravest first, and how grave it is. */
const codes: Readonly<Record<string, Severity>> = {
  'drift/exposed': 'error',
  'drift/rights': 'error',
  'drift/gone': 'error',
  'drift/forbidden': 'error',
  'drift/cost': 'warning',
  'drift/added': 'warning',
  'drift/changed': 'warning',
};
const rank = ({ code }: Diagnostic): number => Object.keys(codes).indexOf(code);

const isFelt = ({ opened, widened, violated, moreUsd }: Consequences): boolean =>
  opened.length + widened.length + violated.length > 0 || moreUsd !== 0;

function gone(by: Judge, resource: Resource, meant: Consequences): Diagnostic {
  const { lost } = changeRules(resource.type);
  return at(by, resource, [''], {
    code: meant.opened.length > 0 ? 'drift/exposed' : 'drift/gone',
    message: `"${resource.name}" is gone${openedBy(meant)}`,
    why: [...(lost !== undefined ? [`lost with it: ${lost}`] : []), ...otherwise(meant)],
  });
}

function changed(by: Judge, resource: Resource, differences: readonly Difference[], meant: Consequences): Diagnostic {
  const said = differences.slice(0, shown).map(sentence);
  const more = differences.length > shown ? [`${differences.length - shown} more differ`] : [];
  const what = [...said, ...more].join('; ') || 'something was added beside what was promised';
  const inputs = differences.map(({ kind, input }) => (kind === 'added' ? '' : input));
  return at(by, resource, inputs.length > 0 ? inputs : [''], {
    code:
      meant.opened.length > 0
        ? 'drift/exposed'
        : meant.widened.length > 0
          ? 'drift/rights'
          : meant.violated.length > 0
            ? 'drift/forbidden'
            : meant.moreUsd !== 0
              ? 'drift/cost'
              : 'drift/changed',
    message: `"${resource.name}" is not as promised: ${what}${openedBy(meant)}`,
    why: otherwise(meant),
  });
}

function addedFinding(by: Judge, added: Added, meant: Consequences | undefined): Diagnostic {
  const { id, type, code, message, why, away, at: name, path } = added;
  const { loaded, plan, environment } = by.compiled;
  const where = path ?? plan?.resources.find((each) => each.name === name)?.origin ?? '';
  // Only a right is known as a whole: of the rest a policy would find what nobody has asked about.
  const violated = code === 'drift/rights' ? (meant?.violated ?? []) : [];
  const told = [...why, ...(meant ? otherwise({ ...meant, violated }) : [])];
  return {
    ...{ code, severity: codes[code] as Severity, message, path: where, labels: [labelAt(loaded, where)] },
    ...(told.length > 0 && { why: told.join('; ') }),
    help: `"${away}" takes it away, which "perpetual up ${environment}" does not; what is to stay belongs into the spec`,
    resource: { type, name: id, path: '' },
  };
}

const openedBy = ({ opened, widened }: Consequences): string =>
  [
    ...opened.map(({ from, to }) => `${from} can reach ${to}`),
    ...widened.map(({ who, may, on }) => `${who} may ${may} on ${on}`),
  ]
    .map((each) => `; now ${each}`)
    .join('');

const otherwise = ({ violated, moreUsd }: Consequences): string[] => [
  ...violated.map(({ policy, message }) => `${policy}: ${message}`),
  ...(moreUsd !== 0 ? [`${moreUsd > 0 ? '+' : ''}${moreUsd.toFixed(2)} USD/month`] : []),
];

function sentence({ kind, what, promised, now }: Difference): string {
  if (kind === 'added') return `${what} was added`;
  const [was, is] = [promised, now].map(wordOf);
  if (kind === 'removed') return `${what} is gone${was === undefined ? '' : `, and was ${was}`}`;
  return `${what} is ${is ?? 'another one'}${was === undefined ? '' : ` instead of ${was}`}`;
}

/** What fits into a line. */
function wordOf(value: unknown): string | undefined {
  const word = value === undefined ? undefined : JSON.stringify(value);
  return word !== undefined && word.length <= 60 ? word : undefined;
}

/** Everything is named after these: they promise nothing in particular. */
const everywhere = ['azure.subscription', 'metadata.name', 'metadata.environment'];

/** The key that promises an input; what was added to a list nobody promised, and it stands at what the resource is there for. */
function promising({ compiled: { loaded } }: Judge, resource: Resource, input: string): string {
  const path = input === '' ? resource.origin : specPathOf(loaded, resource, input);
  return everywhere.includes(path) ? resource.origin : path;
}

function at(
  by: Judge,
  resource: Resource,
  inputs: readonly string[],
  { code, message, why }: { code: string; message: string; why: string[] },
): Diagnostic {
  const { loaded, environment } = by.compiled;
  const [first = '', ...others] = [...new Set(inputs.map((input) => promising(by, resource, input)))];
  return {
    code,
    severity: codes[code] as Severity,
    message,
    path: first,
    labels: [labelAt(loaded, first), ...others.slice(0, shown - 1).map((path) => labelAt(loaded, path, 'and here'))],
    ...(why.length > 0 && { why: why.join('; ') }),
    help: `"perpetual up ${environment} -- --refresh" puts it back; what is to stay belongs into the spec`,
    resource: { type: resource.type, name: resource.name, path: inputs[0] ?? '' },
  };
}
