import { compile, type Plan, positionOf, type Resource, type Severity, type Spec, type Token } from './index.ts';

/** For the tests of other packages, whatever runs them: nothing here belongs to a test framework, nothing loads Pulumi. */
export { type Mocks, mocks, type Registered } from './testing/mocks.ts';

export type Given = {
  /** The day to judge by, `YYYY-MM-DD`, so that a test says the same every day. */
  today: string;
  /** What the spec is called in messages. */
  file?: string;
};

/** A finding as a test wants it. An object that stands for a spec has lines, too: those of its JSON. */
export type Found = {
  code: string;
  severity: Severity;
  message: string;
  /** The key of the spec, as in `cluster.nodePool.vmSize`. */
  path: string;
  line: number;
  column: number;
};

/** Everything there is to say about a spec, in the order of its lines; what a waiver accepts is left out. */
export function findingsOf(spec: Spec | string, { today, file = 'perpetual-node.yaml' }: Given): Found[] {
  const compiled = compile(file, spec, { today });
  return compiled.diagnostics
    .filter(({ waived }) => waived === undefined)
    .map((diagnostic) => {
      const { code, severity, message, path } = diagnostic;
      return { code, severity, message, path, ...positionOf(compiled, diagnostic) };
    });
}

/** Throws with every error of the spec, one a line. */
export function expectNoErrors(spec: Spec | string, given: Given): void {
  const errors = findingsOf(spec, given).filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  const lines = errors.map(({ code, message, path, line, column }) => `${line}:${column} ${path}: ${code}: ${message}`);
  throw new Error([`${given.file ?? 'the spec'} has errors`, ...lines].join('\n  '));
}

/** The plan of a spec that has no errors. */
export function planOf(spec: Spec | string, given: Given): Plan {
  expectNoErrors(spec, given);
  return compile(given.file ?? '', spec, given).plan as Plan;
}

/** The plan's resources of one type, in the order in which they are created. */
export function resourcesOf<T extends Token>({ resources }: Plan, type: T): (Resource & { type: T })[] {
  return resources.filter((resource): resource is Resource & { type: T } => resource.type === type);
}
