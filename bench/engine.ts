import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Resource } from '../src/plan.ts';
import { usersByName } from '../src/policy/references.ts';
import { secondsOf } from '../test/stand-in/latency.ts';
import { newProject } from '../test/support/engine.ts';
import { median } from './time.ts';

const environment = 'prod';
const secrets = { IPFS_PRIVATE_KEY: 'a', NODE_GITHUB_TOKEN: 'b' };

/** Of the times that Azure takes: enough to wait for, and more than the engine needs for itself. */
const latency = 0.05;

/** How long `up` takes from the first operation to the last, in times of the longest chain of resources that need each other. */
export async function makespan(resources: readonly Resource[]): Promise<number> {
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
    return (Math.max(...times) - Math.min(...times)) / 1000 / (criticalPath(resources) * latency);
  } finally {
    project.close();
  }
}

/** Seconds of the longest chain, by the times of the stand-in. */
function criticalPath(resources: readonly Resource[]): number {
  const users = usersByName(resources);
  const ends = new Map<string, number>();
  let longest = 0;
  // In the order of a plan whatever is needed comes first.
  for (const { name, type, options } of resources) {
    const begins = Math.max(
      ends.get(name) ?? 0,
      options.provider === undefined ? 0 : (ends.get(options.provider) ?? 0),
    );
    const end = begins + secondsOf('create', type);
    longest = Math.max(longest, end);
    ends.set(name, end);
    for (const user of users.get(name) ?? []) ends.set(user.name, Math.max(ends.get(user.name) ?? 0, end));
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
    await ours();
    await engines();
    const ratios: number[] = [];
    for (let run = 0; run < runs; run++) ratios.push((await ours()) / (await engines()));
    return median(ratios);
  } finally {
    project.close();
  }
}
