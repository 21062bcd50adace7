import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { parse } from 'yaml';
import { git } from './repository.ts';

/**
 * Runs the steps of a workflow in their order as GitHub's runner does: its own expressions, a folder of its own for every
 * job, outputs, summaries and artifacts as files. Actions that install or log in are left out, because it is all here.
 */
export type Run = {
  /** What is checked out, and from where. */
  remote: string;
  ref: string;
  github?: Record<string, unknown>;
  inputs?: Record<string, string>;
  /** Variables of the repository, and of its environments by their names. */
  vars?: Record<string, string>;
  environments?: Record<string, { vars?: Record<string, string>; secrets?: Record<string, string> }>;
  /** What every process inherits besides. */
  env?: Record<string, string>;
};

export type JobRun = {
  name: string;
  /** `success`, `failure` or `skipped`. */
  result: string;
  environment: string | undefined;
  summary: string;
  log: string;
  steps: string[];
};

type Step = {
  name?: string;
  id?: string;
  if?: string;
  uses?: string;
  with?: Record<string, unknown>;
  run?: string;
  shell?: string;
  env?: Record<string, unknown>;
  'working-directory'?: string;
  'continue-on-error'?: boolean;
};
type Job = {
  needs?: string | string[];
  if?: string;
  strategy?: { matrix?: Record<string, unknown> };
  environment?: string | { name: string; url?: string };
  env?: Record<string, unknown>;
  outputs?: Record<string, string>;
  steps: Step[];
};
type Contexts = Record<string, unknown>;

export async function runWorkflow(file: string, run: Run): Promise<JobRun[]> {
  const { jobs } = parse(readFileSync(file, 'utf8')) as { jobs: Record<string, Job> };
  const artifacts = mkdtempSync(join(tmpdir(), 'perpetual-artifacts-'));
  const needs: Record<string, { result: string; outputs: Record<string, string> }> = {};
  const runs: JobRun[] = [];
  for (const [id, job] of Object.entries(jobs)) {
    const wanted = [job.needs ?? []].flat();
    const known: Contexts = { github: run.github ?? {}, inputs: run.inputs ?? {}, vars: run.vars ?? {}, needs };
    const results = wanted.map((each) => needs[each]?.result);
    if (!holds(job.if, known, results)) {
      needs[id] = { result: 'skipped', outputs: {} };
      runs.push({ name: id, result: 'skipped', environment: undefined, summary: '', log: '', steps: [] });
      continue;
    }
    const matrices = combinations(filled(job.strategy?.matrix ?? {}, known) as Record<string, unknown>);
    const own: { run: JobRun; outputs: Record<string, string> }[] = [];
    for (const matrix of matrices) own.push(await runJob(id, job, run, { ...known, matrix }, artifacts));
    runs.push(...own.map((each) => each.run));
    const isWhole = own.every((each) => each.run.result === 'success');
    needs[id] = { result: isWhole ? 'success' : 'failure', outputs: own.at(-1)?.outputs ?? {} };
  }
  return runs;
}

async function runJob(id: string, job: Job, run: Run, known: Contexts, artifacts: string) {
  const named = typeof job.environment === 'object' ? job.environment.name : job.environment;
  const environment = named === undefined ? undefined : String(filled(named, known));
  const settings = run.environments?.[environment ?? ''] ?? {};
  const folder = mkdtempSync(join(tmpdir(), 'perpetual-job-'));
  const workspace = join(folder, 'workspace');
  const files = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary') };
  for (const file of Object.values(files)) writeFileSync(file, '');
  mkdirSync(workspace);
  const steps: Record<string, { outputs: Record<string, string> }> = {};
  const vars = { ...run.vars, ...settings.vars };
  const contexts: Contexts = { ...known, vars, secrets: settings.secrets ?? {}, steps };
  const env = { ...run.env, ...files, ...texts(filled(job.env ?? {}, contexts)) };
  const jobRun: JobRun = { name: id, result: 'success', environment, summary: '', log: '', steps: [] };
  for (const step of job.steps) {
    if (!holds(step.if, contexts, [jobRun.result], workspace)) continue;
    const name = step.name ?? step.uses ?? step.run ?? '';
    jobRun.steps.push(name);
    const before = readFileSync(files.GITHUB_OUTPUT, 'utf8');
    const { code, output } = step.uses
      ? useAction(step.uses, texts(filled(step.with ?? {}, contexts)), run, workspace, artifacts)
      : await shell(step, workspace, { ...env, ...texts(filled(step.env ?? {}, contexts)) }, contexts);
    jobRun.log += output;
    if (step.id) steps[step.id] = { outputs: pairs(readFileSync(files.GITHUB_OUTPUT, 'utf8').slice(before.length)) };
    if (code !== 0 && step['continue-on-error'] !== true) jobRun.result = 'failure';
  }
  // The command renames a whole file into its place.
  jobRun.summary = readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8');
  return { run: jobRun, outputs: texts(filled(job.outputs ?? {}, contexts)) };
}

type Done = { code: number; output: string };

function useAction(
  action: string,
  options: Record<string, string>,
  { remote, ref }: Run,
  workspace: string,
  artifacts: string,
): Done {
  const [name = ''] = action.split('@');
  const place = join(artifacts, options.name ?? '');
  const path = join(workspace, options.path ?? '');
  if (name === 'actions/checkout') {
    git(workspace, 'init', '--quiet');
    git(
      workspace,
      'fetch',
      '--quiet',
      ...(options['fetch-depth'] === '0' ? [] : ['--depth', options['fetch-depth'] ?? '1']),
      `file://${remote}`,
      ref,
    );
    git(workspace, 'checkout', '--quiet', 'FETCH_HEAD');
    for (const each of ['dist', 'node_modules']) symlinkSync(resolve(each), join(workspace, each));
  } else if (name === 'actions/upload-artifact') {
    if (!existsSync(path)) return { code: 1, output: `no ${options.path}\n` };
    cpSync(path, place, { recursive: true });
  } else if (name === 'actions/download-artifact') cpSync(place, path, { recursive: true });
  else if (!['./.github/actions/perpetual', 'github/codeql-action/upload-sarif'].includes(name))
    return { code: 1, output: `the runner knows no ${name}\n` };
  return { code: 0, output: '' };
}

async function shell(step: Step, workspace: string, env: Record<string, string>, contexts: Contexts): Promise<Done> {
  const script = join(mkdtempSync(join(tmpdir(), 'perpetual-step-')), 'script.sh');
  writeFileSync(script, String(filled(step.run ?? '', contexts)));
  // https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
  const flags = step.shell === 'bash' ? ['--noprofile', '--norc', '-eo', 'pipefail'] : ['-e'];
  const child = spawn('bash', [...flags, script], {
    cwd: join(workspace, String(filled(step['working-directory'] ?? '.', contexts))),
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  });
  const closed = new Promise<number>((done) => child.on('close', (code) => done(code ?? 1)));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { code, output: stdout + stderr };
}

/** Does a condition hold? Without one, and without a word on the state of what came before, that must have gone well. */
function holds(
  condition: string | undefined,
  contexts: Contexts,
  before: readonly (string | undefined)[],
  workspace = '.',
): boolean {
  const [failed, skipped] = [before.includes('failure'), before.includes('skipped')];
  const text = String(condition ?? '')
    .trim()
    .replace(/^\$\{\{([\s\S]*)\}\}$/, '$1');
  const says = /\b(?:cancelled|failure|success|always)\(\)/.test(text);
  if (!says && (failed || skipped)) return false;
  if (text === '') return true;
  const functions = {
    cancelled: () => new data.BooleanData(false),
    failure: () => new data.BooleanData(failed),
    success: () => new data.BooleanData(!failed && !skipped),
    always: () => new data.BooleanData(true),
    hashFiles: (path: data.ExpressionData) =>
      new data.StringData(existsSync(join(workspace, path.coerceString())) ? 'some' : ''),
  };
  const value = evaluated(text, contexts, functions);
  return value.kind === data.Kind.Boolean ? value.coerceString() === 'true' : value.coerceString() !== '';
}

type Functions = Record<string, (...args: data.ExpressionData[]) => data.ExpressionData>;

function evaluated(expression: string, contexts: Contexts, functions: Functions = {}): data.ExpressionData {
  const infos = Object.entries(functions).map(([name, call]) => ({ name, minArgs: 0, maxArgs: 9, call }));
  const tree = new Parser(new Lexer(expression).lex().tokens, Object.keys(contexts), infos).parse();
  const context = JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary;
  return new Evaluator(tree, context, new Map(infos.map((info) => [info.name.toLowerCase(), info]))).evaluate();
}

/** A value with its expressions evaluated; one that is nothing else keeps its kind. */
function filled(value: unknown, contexts: Contexts): unknown {
  if (Array.isArray(value)) return value.map((each) => filled(each, contexts));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(each, contexts)]));
  if (typeof value !== 'string') return value;
  const [, whole] = /^\$\{\{((?:(?!\}\}).)*)\}\}$/.exec(value.trim()) ?? [];
  if (whole !== undefined) return JSON.parse(JSON.stringify(evaluated(whole, contexts), data.replacer));
  return value.replace(/\$\{\{((?:(?!\}\}).)*)\}\}/g, (_, each: string) => evaluated(each, contexts).coerceString());
}

const texts = (values: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values as object).map(([key, value]) => [key, value === null ? '' : String(value)]),
  );

const pairs = (output: string): Record<string, string> =>
  Object.fromEntries(
    output
      .split('\n')
      .filter(Boolean)
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );

function combinations(matrix: Record<string, unknown>): Record<string, unknown>[] {
  return Object.entries(matrix).reduce<Record<string, unknown>[]>(
    (all, [key, values]) => all.flatMap((each) => (values as unknown[]).map((value) => ({ ...each, [key]: value }))),
    [{}],
  );
}
