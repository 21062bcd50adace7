import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { policies as builtIn } from '../../policies/index.ts';
import { type CatalogChoice, isFrozen } from '../catalog/copy.ts';
import { type Compiled, compile } from '../compile.ts';
import { counts, type Diagnostic } from '../diagnostic.ts';
import { readText } from '../files.ts';
import { type Pinned, pinnedAt } from '../lock.ts';
import { defaultConfig, type PolicyConfig, type Promotion } from '../policy/config.ts';
import { ownFolder, ownPolicies } from '../policy/own.ts';
import type { Policy } from '../policy/policy.ts';
import { readConfig } from '../policy/read-config.ts';
import { find } from '../spec/node.ts';
import { Source } from '../spec/source.ts';
import { unpacked } from './handed.ts';

/** A spec compiled with the owners' policy settings and by the catalog they pinned, and what is wrong with those. */
export type JudgedSpec = {
  compiled: Compiled;
  config: PolicyConfig;
  catalog: CatalogChoice;
  /** About the files beside the spec, which are `besides`. */
  diagnosticsBesides: Diagnostic[];
  besides: Source[];
  /** Given as an object: its text is ours, and nobody has seen its lines. */
  isData?: boolean;
};

/** The project's root: the nearest folder with a Pulumi.yaml, else where the search starts. */
export function projectRoot(from: string): string {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'Pulumi.yaml'))) return folder;
    if (folder === dirname(folder)) return resolve(from);
  }
}

/** The root of the project whose program this is; the engine says where it found it. */
export const programRoot = (): string => projectRoot(process.env.PULUMI_NODEJS_ROOT_DIRECTORY ?? process.cwd());

/** The clock of whatever the engine starts. */
export const today = (): string => process.env.PERPETUAL_AS_OF ?? new Date().toISOString().slice(0, 10);

export const specFileOf = (root: string, stack: string): string => join(root, 'specs', stack, 'perpetual-node.yaml');

/** The catalog for what lies in a folder; the engine's processes have no flags, only an environment. */
export const pinnedIn = (root: string, file = 'Pulumi.yaml'): Pinned =>
  pinnedAt(join(root, file), isFrozen(process.env), new Map(), (path) => within(root, path));

/** Holds the text that stands in for the stack's spec, as when an earlier one is deployed again. */
export const insteadVariable = 'PERPETUAL_SPEC_INSTEAD';

const insteadOf = (): string | undefined => unpacked(process.env[insteadVariable]);

/** Has a stack a spec of ours? */
export const isStackOfOurs = (root: string, stack: string): boolean =>
  stack !== '' && (insteadOf() !== undefined || existsSync(specFileOf(root, stack)));

/** The spec a stack is deployed from. */
export function compileStack(root: string, stack: string, instead = insteadOf()): JudgedSpec {
  const file = specFileOf(root, stack);
  return compileText(root, within(root, file), instead ?? readText(file));
}

export function compileFile(root: string, file: string): JudgedSpec {
  const path = resolve(root, file);
  return compileText(root, within(root, path), readText(path));
}

export function compileText(root: string, file: string, text: string): JudgedSpec {
  const { policies, config, diagnostics, source } = ownersOf(root);
  const lock = pinnedIn(root, file);
  return {
    compiled: compile(file, text, { today: today(), config, policies, catalog: lock.catalog }),
    config,
    catalog: lock.catalog,
    diagnosticsBesides: [...diagnostics, ...lock.diagnostics],
    besides: [source, lock.source].filter((each) => each !== undefined),
  };
}

/** What the owners of a project decide: their policies beside ours, their settings for all of them, and what comes from where. */
type Owners = {
  policies: readonly Policy[];
  config: PolicyConfig;
  promotions: ReadonlyMap<string, Promotion>;
  diagnostics: readonly Diagnostic[];
  source?: Source;
};

const owners = new Map<string, Owners>();

export function ownersOf(root: string): Owners {
  const known = owners.get(root) ?? readOwners(root);
  owners.set(root, known);
  return known;
}

function readOwners(root: string): Owners {
  const policies = [...builtIn, ...ownPolicies(ownFolder(root, undefined), builtIn)];
  const file = join(root, 'policies', 'config.yaml');
  if (!existsSync(file)) return { policies, config: defaultConfig, promotions: new Map(), diagnostics: [] };
  const source = new Source(within(root, file), readText(file));
  return { policies, ...readConfig(source, policies), source };
}

/** Paths are shown from the root, whatever folder the engine starts a process in. */
const within = (root: string, file: string): string => relative(root, file).split(sep).join('/');

export function positionIn(source: Source, offset: number): string {
  const { line, column } = source.position(offset);
  return `${source.file}:${line}:${column}`;
}

/** What keeps a spec from being deployed, a line each: its own errors, and the policies it violates. */
export function errorsOf(judged: JudgedSpec): { faults: string[]; violations: string[] } {
  const errors = [...judged.diagnosticsBesides, ...judged.compiled.diagnostics].filter(
    (diagnostic) => diagnostic.severity === 'error' && counts(diagnostic),
  );
  const lines = (isPolicy: boolean) =>
    errors.filter(({ level }) => (level !== undefined) === isPolicy).map((error) => oneLine(judged, error));
  return { faults: lines(false), violations: lines(true) };
}

/** One line for a finding, as it appears among the engine's own messages. */
function oneLine(judged: JudgedSpec, { code, message, path, labels: [{ file, range }], help }: Diagnostic): string {
  const { compiled, besides, isData } = judged;
  const beside = besides.find((source) => source.file === file);
  const source = beside ?? compiled.loaded.source;
  const place =
    isData && !beside ? `${file}: ${path === '' ? '' : `${path}: `}` : `${positionIn(source, range.start)}: `;
  return `${place}${code}: ${message}${help ? ` (fix: ${help})` : ''}`;
}

/** Data has no lines: there the path alone says where. */
export function placeOf({ compiled: { loaded }, isData }: JudgedSpec, path: string): string {
  return isData
    ? `${loaded.source.file}: `
    : `${positionIn(loaded.source, find(loaded.root, path)?.node.range.start ?? 0)}: `;
}
