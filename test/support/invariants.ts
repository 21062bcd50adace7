import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { isExpr } from '../../src/expr.ts';
import type { Plan } from '../../src/plan.ts';
import type { CloudState } from '../stand-in/cloud.ts';
import { isObject } from '../stand-in/values.ts';
import { cloudOf, type Project } from './engine.ts';
import { compileText } from './specs.ts';

/**
 * How what is deployed departs from a spec: the state of its plan, and Azure of the state. Read from the files, because
 * asking the engine takes as long as a deployment.
 */
export function departures(project: Project, environment: string, text: string): string[] {
  const file = join(project.root, `.perpetual/state/.pulumi/stacks/perpetual/${environment}.json`);
  const checkpoint: Checkpoint = JSON.parse(readFileSync(file, 'utf8')).checkpoint.latest;
  const { plan } = compileText(text, `specs/${environment}/perpetual-node.yaml`);
  if (!plan) return ['the spec has no plan'];
  return [...departuresOf(plan, text, checkpoint), ...orphansOf(cloudOf(project), checkpoint)];
}

/** A stack as the engine keeps it in its file. */
export type Checkpoint = {
  pending_operations?: unknown[];
  resources?: {
    urn: string;
    type: string;
    id?: string;
    inputs?: Record<string, unknown>;
    outputs?: Record<string, unknown>;
    delete?: boolean;
    initErrors?: string[];
  }[];
};

/** How the state departs from what the spec says: resources, literal inputs, the spec itself, anything unfinished. */
export function departuresOf(
  plan: Plan,
  text: string,
  { pending_operations = [], resources = [] }: Checkpoint,
): string[] {
  const stack = resources.find(({ type }) => type === 'pulumi:pulumi:Stack');
  const held = new Map(
    resources
      .filter(({ urn, type }) => urn !== stack?.urn && !/^pulumi:providers:(azure-native|kubernetes)$/.test(type))
      .map((each) => [each.urn.split('::').slice(2).join('::'), each]),
  );
  const planned = plan.resources.filter(({ type }) => !type.startsWith('pulumi:'));
  const keyOf = ({ type, name }: { type: string; name: string }): string => `${type}::${name}`;
  const known = new Set(planned.map(keyOf));
  const sha256 = createHash('sha256').update(text).digest('hex');
  const { sha256: recorded } = (stack?.outputs?.spec ?? {}) as { sha256?: string };
  return [
    ...(recorded === sha256 ? [] : ['the stack remembers another spec']),
    ...pending_operations.map((each) => `unfinished: ${JSON.stringify(each).slice(0, 200)}`),
    ...resources.flatMap(({ urn, delete: isDoomed, initErrors = [] }) => [
      ...(isDoomed ? [`still to be deleted: ${urn}`] : []),
      ...initErrors.map((error) => `not up: ${urn}: ${error}`),
    ]),
    ...[...held.keys()].filter((key) => !known.has(key)).map((key) => `in the state and not in the plan: ${key}`),
    ...planned.flatMap((resource) => {
      const found = held.get(keyOf(resource));
      return found
        ? differing(resource.inputs, found.inputs, keyOf(resource))
        : [`in the plan and not in the state: ${keyOf(resource)}`];
    }),
  ];
}

/** Literal values of the plan that the state does not have; what depends on others, or is secret, stays out. */
function differing(planned: unknown, held: unknown, path: string): string[] {
  if (isExpr(planned) || (isObject(held) && 'ciphertext' in held)) return [];
  if (Array.isArray(planned) && Array.isArray(held) && planned.length === held.length)
    return planned.flatMap((item, index) => differing(item, held[index], `${path}[${index}]`));
  if (isObject(planned) && isObject(held))
    return Object.entries(planned)
      .filter(([, value]) => value !== undefined)
      .flatMap(([key, value]) => differing(value, held[key], `${path}.${key}`));
  return isDeepStrictEqual(planned, held)
    ? []
    : [`${path} is ${JSON.stringify(held)} in the state, not ${JSON.stringify(planned)}`];
}

/** What Azure makes by itself along with something else. */
const ofAzure = [
  /\/providers\/microsoft\.storage\/storageaccounts\/[^/]+\/blobservices\/default$/,
  /\/resourcegroups\/[^/]*-nodes\b/,
  /\/resourcegroups\/mc_/,
  /\/snapshots\/azurebackup_[^/]+$/,
];

/**
 * What is in Azure or in the cluster and in no state, and the other way round. Disks may be left behind, because data is in
 * them, and secrets that the spec has no more: their vault keeps them.
 */
export function orphansOf({ resources: inAzure, objects }: CloudState, { resources = [] }: Checkpoint): string[] {
  const own = resources.filter(({ type, id }) => id !== undefined && !type.startsWith('pulumi:'));
  const inState = own
    .filter(({ type }) => type.startsWith('azure-native:'))
    .map(({ id }) => (id as string).toLowerCase());
  const azure = Object.keys(inAzure);
  const isKept = (id: string): boolean => {
    const [, vault] = /^(.*\/vaults\/[^/]+)\/secrets\/[^/]+$/.exec(id) ?? [];
    return vault === undefined ? /\/disks\/[^/]+$/.test(id) : inState.includes(vault);
  };
  const orphans = azure.filter(
    (id) => !inState.includes(id) && !ofAzure.some((pattern) => pattern.test(id)) && !isKept(id),
  );
  const inCluster = Object.values(objects).flatMap((held) => Object.keys(held));
  const objectOf = ({ inputs = {}, id = '' }: (typeof own)[number]): string =>
    `${inputs.apiVersion}/${inputs.kind}/${id.includes('/') ? id.split('/')[0] : ''}/${id.split('/').at(-1)}`;
  const known = own.filter(({ type }) => type.startsWith('kubernetes:')).map(objectOf);
  return [
    ...orphans.map((id) => `in Azure and not in the state: ${id}`),
    ...inState.filter((id) => !azure.includes(id)).map((id) => `in the state and not in Azure: ${id}`),
    ...inCluster.filter((key) => !known.includes(key)).map((key) => `in the cluster and not in the state: ${key}`),
    ...known.filter((key) => !inCluster.includes(key)).map((key) => `in the state and not in the cluster: ${key}`),
  ];
}

/** Every file that was written below a folder, but for the cloud itself, which has the secrets by its nature. */
export const textsOf = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isSymbolicLink() || entry.name.startsWith('cloud.json')) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? textsOf(path) : [`${path}\n${readFileSync(path, 'latin1')}`];
  });

/** Where a secret is to be seen: the first line of each text that has one, as it is or as Kubernetes writes it. */
export const leaksIn = (texts: readonly string[], secrets: readonly string[]): string[] =>
  secrets.flatMap((secret) =>
    [secret, Buffer.from(secret).toString('base64')].flatMap((form) =>
      texts.filter((text) => text.includes(form)).map((text) => `a secret is in ${text.split('\n')[0]}`),
    ),
  );
