import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Resource } from '../src/plan.ts';
import { usersByName } from '../src/policy/references.ts';
import { secondsOf } from '../test/stand-in/latency.ts';
import { type Conversation, replayProgram } from '../test/support/conversation.ts';
import { newProject } from '../test/support/engine.ts';
import { median } from './median.ts';

const environment = 'prod';
const secrets = { IPFS_PRIVATE_KEY: 'of the bench', NODE_GITHUB_TOKEN: 'of the bench' };

/** Of the time that Azure takes; the rest is extrapolated, because nobody waits seven minutes for a figure. */
const share = 0.05;

/** How long `up` works in Azure, in times of the longest chain of resources of which each needs the one before. */
export async function makespan(resources: readonly Resource[]): Promise<number> {
  const engineAlone = await secondsOfUp(0);
  const waiting = (await secondsOfUp(share)) - engineAlone;
  return (engineAlone + waiting / share) / criticalPath(resources);
}

/** From the first operation to the end of the last. */
async function secondsOfUp(latency: number): Promise<number> {
  const project = await newProject();
  try {
    const { code, stdout, stderr } = await project.perpetual(['up', environment, '--yes', '--events', 'events.jsonl'], {
      env: { ...secrets, PERPETUAL_STANDIN_LATENCY: String(latency) },
    });
    if (code !== 0) throw new Error(`"up" ended with ${code}: ${stdout}${stderr}`);
    const times = readFileSync(join(project.root, 'events.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { verb: string; event: string; time: string })
      .filter(({ verb, event }) => verb === 'up' && (event === 'started' || event === 'done'))
      .map(({ time }) => Date.parse(time));
    return (Math.max(...times) - Math.min(...times)) / 1000;
  } finally {
    project.close();
  }
}

function criticalPath(resources: readonly Resource[]): number {
  const users = usersByName(resources);
  const begins = new Map<string, number>();
  let longest = 0;
  // In the order of a plan whatever is needed comes first.
  for (const { name, type, options } of resources) {
    const provider = options.provider === undefined ? 0 : (begins.get(`after ${options.provider}`) ?? 0);
    // A provider is an entry of the state: nothing is made in Azure for it.
    const takes = type.startsWith('pulumi:') ? 0 : secondsOf('create', type);
    const end = Math.max(begins.get(name) ?? 0, provider) + takes;
    begins.set(`after ${name}`, end);
    longest = Math.max(longest, end);
    for (const user of users.get(name) ?? []) begins.set(user.name, Math.max(begins.get(user.name) ?? 0, end));
  }
  return longest;
}

/** Our preview in times of the engine's own, of the same program with the same policies, pair by pair. */
export async function previewRatio(runs: number): Promise<number> {
  const project = await newProject(environment);
  try {
    const once = async (run: () => Promise<{ code: number | null }>): Promise<number> => {
      const started = performance.now();
      const { code } = await run();
      if (code !== 0) throw new Error(`a preview ended with ${code}`);
      return performance.now() - started;
    };
    const ours = () =>
      once(() => project.perpetual(['preview', environment], { env: { ...secrets, ...project.backend } }));
    const engines = () =>
      once(() => project.pulumi(['preview', '--stack', environment, '--policy-pack', 'policies'], secrets));
    await ours(); // fills the compile cache
    const ratios: number[] = [];
    for (let run = 0; run < runs; run++) ratios.push((await ours()) / (await engines()));
    return median(ratios);
  } finally {
    project.close();
  }
}

/**
 * How long our program takes until it registers its first resource, in times of one that has no other resource. Both
 * wait for the SDK; only ours reads, prices and judges a spec before.
 */
export async function startRatio(runs: number): Promise<number> {
  const answers: Conversation = JSON.parse(readFileSync('test/goldens/conversations/prod.json', 'utf8'));
  const folder = mkdtempSync(join(tmpdir(), 'perpetual-bench-'));
  try {
    const empty = join(folder, 'empty.mjs');
    symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(
      empty,
      "import { Provider } from '@pulumi/azure-native/provider.js';\nnew Provider('azure', { environment: 'public' });\n",
    );
    const once = async (program: string): Promise<number> =>
      (await replayProgram(process.cwd(), environment, answers, secrets, program)).startedAfterMs;
    const ours = join(process.cwd(), 'dist', 'program.js');
    await once(ours); // fills the compile cache
    const ratios: number[] = [];
    for (let run = 0; run < runs; run++) ratios.push((await once(ours)) / (await once(empty)));
    return median(ratios);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
