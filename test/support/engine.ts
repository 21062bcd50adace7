import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { CloudState, Held } from '../stand-in/cloud.ts';
import type { Properties } from '../stand-in/provider.ts';
import type { Outcome } from './cli.ts';

/** Is the Pulumi engine on PATH? `PERPETUAL_REQUIRE_ENGINE=1` makes its absence a failure instead of a skip. */
const hasEngine = spawnSync('pulumi', ['version'], { stdio: 'ignore' }).status === 0;
if (!hasEngine && process.env.PERPETUAL_REQUIRE_ENGINE === '1')
  throw new Error('PERPETUAL_REQUIRE_ENGINE is set and pulumi is not on PATH');

/** For `describe.skipIf`: the reason stands in the name of what is skipped. */
export const noEngine = !hasEngine;
export const engineNote = hasEngine ? '' : ' (skipped: pulumi is not on PATH)';

export type Run = { code: number | null; output: string };

/** A project of its own, with a copy of the specs and the policies of this one, and a stack kept in a folder. */
export type Project = {
  root: string;
  /** What tells either where the state of `pulumi` is kept. */
  backend: Readonly<Record<string, string>>;
  /** The built command line in this project, with the state where it is kept by default. */
  perpetual(args: readonly string[], options?: { env?: Record<string, string>; watch?: Watch }): Promise<Outcome>;
  pulumi(args: readonly string[], env?: Record<string, string>): Promise<Run>;
  writeSpec(environment: string, text: string): void;
  /** A file beside the specs, as one that a secret refers to. */
  write(path: string, text: string): void;
  close(): void;
};

/** Values of the secrets of specs/prod that are found wherever they leak. */
export const marks = { IPFS_PRIVATE_KEY: 'marker-of-a-secret-1', NODE_GITHUB_TOKEN: 'marker-of-a-secret-2' };

/** All that exists in the stand-in's cloud. */
export const cloudOf = ({ root }: Project) => JSON.parse(readFileSync(join(root, 'cloud.json'), 'utf8'));

/** Changes what is in Azure as somebody does in the portal, and nobody is told. `undefined` deletes it. */
export function byHand({ root }: Project, type: string, edit: (inputs: Properties) => Properties | undefined): void {
  const file = join(root, 'cloud.json');
  const cloud: CloudState = JSON.parse(readFileSync(file, 'utf8'));
  for (const [id, held] of Object.entries(cloud.resources)) {
    if (held.type !== type) continue;
    const changed = edit(held.inputs);
    if (changed === undefined) {
      delete cloud.resources[id];
      // What is made in its place is another one.
      cloud.generations[id] = (cloud.generations[id] ?? 0) + 1;
    } else cloud.resources[id] = { ...held, inputs: changed, outputs: { ...held.outputs, ...changed } };
  }
  writeFileSync(file, JSON.stringify(cloud));
}

/** Makes something in Azure that no stack knows of. */
export function addByHand({ root }: Project, held: Held): void {
  const file = join(root, 'cloud.json');
  const cloud: CloudState = JSON.parse(readFileSync(file, 'utf8'));
  cloud.resources[held.id.toLowerCase()] = held;
  writeFileSync(file, JSON.stringify(cloud));
}

export const eventsIn = ({ root }: Project, file: string): Record<string, unknown>[] =>
  readFileSync(join(root, file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** Sees each line of standard error as it comes, with the process that said it. */
type Watch = (line: string, child: ChildProcess) => void;

/** Ends a process and all that it has started, as a machine does that is lost: nobody is told. */
export function killTree(pid: number): void {
  const pairs = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  const below = (parent: number): number[] =>
    pairs.flatMap(([child, of]) => (of === parent ? [child, ...below(child)] : []));
  for (const each of [pid, ...below(pid)])
    try {
      process.kill(each, 'SIGKILL');
    } catch (error) {
      // Some end by themselves when the one above them has.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
}

/** Without a stack none is made: the verbs make their own. */
export async function newProject(stack?: string): Promise<Project> {
  const root = mkdtempSync(join(tmpdir(), 'perpetual-engine-'));
  const here = process.cwd();
  for (const name of ['Pulumi.yaml', 'package.json', 'specs'])
    cpSync(join(here, name), join(root, name), { recursive: true });
  mkdirSync(join(root, 'policies'));
  for (const name of ['config.yaml', 'package.json', 'PulumiPolicy.yaml'])
    cpSync(join(here, 'policies', name), join(root, 'policies', name));
  for (const name of ['dist', 'node_modules']) symlinkSync(join(here, name), join(root, name));
  mkdirSync(join(root, 'state'));

  const { FORCE_COLOR: _, NODE_OPTIONS: __, ...inherited } = process.env;
  const backend = { PULUMI_BACKEND_URL: `file://${join(root, 'state')}`, PULUMI_CONFIG_PASSPHRASE: 'test' };
  const pulumi = async (args: readonly string[], env: Record<string, string> = {}): Promise<Run> => {
    const child = spawn('pulumi', [...args, '--non-interactive', '--color', 'never'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...inherited,
        // The stand-ins for the providers, and the Node.js that runs them.
        PATH: [join(here, 'test', 'stand-in', 'bin'), join(here, 'node_modules', '.bin'), inherited.PATH].join(':'),
        PULUMI_HOME: join(root, 'home'),
        ...backend,
        PULUMI_SKIP_UPDATE_CHECK: 'true',
        PERPETUAL_STANDIN_CLOUD: join(root, 'cloud.json'),
        ...env,
      },
    });
    const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
    return { code, output: stdout + stderr };
  };
  const perpetual: Project['perpetual'] = async (args, { env = {}, watch } = {}) => {
    const { CI: _, PULUMI_BACKEND_URL: __, PULUMI_ACCESS_TOKEN: ___, ...own } = inherited;
    const child = spawn(join(here, 'node_modules', '.bin', 'node'), [join(here, 'bin', 'perpetual.js'), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...own,
        PATH: [join(here, 'test', 'stand-in', 'bin'), join(here, 'node_modules', '.bin'), own.PATH].join(':'),
        PULUMI_HOME: join(root, 'home'),
        PERPETUAL_STANDIN_CLOUD: join(root, 'cloud.json'),
        ...env,
      },
    });
    if (watch) createInterface({ input: child.stderr }).on('line', (line) => watch(line, child));
    const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
    return { code, stdout, stderr };
  };
  const created = stack === undefined ? undefined : await pulumi(['stack', 'init', stack]);
  if (created && created.code !== 0) throw new Error(created.output);
  return {
    root,
    backend,
    perpetual,
    pulumi,
    writeSpec: (environment, content) => {
      mkdirSync(join(root, 'specs', environment), { recursive: true });
      writeFileSync(join(root, 'specs', environment, 'perpetual-node.yaml'), content);
    },
    write: (path, content) => writeFileSync(join(root, path), content),
    close: () => rmSync(root, { recursive: true, force: true }),
  };
}
