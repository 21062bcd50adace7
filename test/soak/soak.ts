import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CloudState } from '../stand-in/cloud.ts';
import type { Outcome } from '../support/cli.ts';
import { cloudOf, killTree, newProject, type Project } from '../support/engine.ts';
import { departures, leaksIn, textsOf } from '../support/invariants.ts';
import { type Edit, editOf, secrets } from './edits.ts';

import { type Mishap, mishapOf } from './mishaps.ts';
import { type Chance, chanceOf } from './random.ts';

const environment = 'prod';
/** A budget that most edits do not break. */
export const firstSpec = readFileSync('specs/prod/perpetual-node.yaml', 'utf8').replace(
  'monthlyUsd: 140',
  'monthlyUsd: 900',
);
const contents = 'what the node has stored';
/** What whoever deploys does at most before it is a finding that it does not work. */
const mostRuns = 4;

/** What became of one edit. */
export type Step = {
  edit: Pick<Edit, 'path' | 'value'>;
  mishap?: string;
  /** Did it come to pass, or was there nothing for it to strike? */
  struck: boolean;
  /** `taken` by Azure, `refused` before anything changed, `undone` because Azure refuses it. */
  end: 'taken' | 'refused' | 'undone';
  /** Exit codes of `up`, with what was done in between. */
  runs: (number | string | null)[];
  seconds: number;
  /** What must never be; nothing in a good run. */
  wrong: string[];
  /** What was said, where something is wrong. */
  said?: string[];
};

/** Deploys one random edit of a spec after the other while things go wrong, and looks at all there is after each. */
export async function soak(
  { seed, edits, lookEvery = 10 }: { seed: number; edits: number; lookEvery?: number },
  tell: (step: Step, index: number) => void,
): Promise<Step[]> {
  const chance = chanceOf(seed);
  const project = await newProject();
  const soaked = new Soak(project);
  try {
    await soaked.begin();
    const steps: Step[] = [];
    for (let index = 0; index < edits; index++) {
      const step = await soaked.step(chance, (index + 1) % lookEvery === 0 || index + 1 === edits);
      steps.push(step);
      tell(step, index);
    }
    return steps;
  } finally {
    project.close();
  }
}

/** What may go in a soak where it is allowed by name; nobody gives away the data, the address or the cluster. */
const expendable = /^(workspace|log-storage|log-container|pool-.*)$/;

/** What was refused unless it is allowed, if all of that is expendable. */
function allowedBy({ stdout }: Outcome): string[] {
  const names = [...stdout.matchAll(/--allow (\S+)/g)].map(([, name]) => name as string);
  return names.every((name) => expendable.test(name)) ? names : [];
}

class Soak {
  readonly #project: Project;
  /** The last spec that was deployed as a whole. */
  #good = firstSpec;
  #said: string[] = [];
  #runs: Step['runs'] = [];
  #disk = '';
  /** What was wrong before is not said again. */
  readonly #known = new Set<string>();

  constructor(project: Project) {
    this.#project = project;
  }

  async begin(): Promise<void> {
    this.#project.writeSpec(environment, this.#good);
    const { code, stdout, stderr } = await this.#up();
    if (code !== 0) throw new Error(`the first deployment ended with ${code}: ${stdout}${stderr}`);
    this.#changeCloud((cloud) => {
      this.#disk = Object.keys(cloud.resources).find((id) => /\/disks\/[^/]+$/.test(id)) as string;
      cloud.contents[this.#disk] = contents;
    });
  }

  async step(chance: Chance, isLookedAt: boolean): Promise<Step> {
    const { text, ...edit } = editOf(this.#good, chance);
    const mishap = mishapOf(chance);
    const started = Date.now();
    this.#said = [];
    this.#runs = [];
    this.#changeCloud((cloud) => {
      cloud.struck = {};
    });
    const before = cloudOf(this.#project);
    this.#project.writeSpec(environment, text);
    let first = await this.#up(mishap);
    const risks = allowedBy(first);
    if (first.code === 1 && risks.length > 0 && chance.happens(1 / 2)) first = await this.#up(mishap, risks);
    const after: CloudState = cloudOf(this.#project);
    const struck = mishap?.strike
      ? [8, null].includes(first.code)
      : Object.values(after.struck).some((times) => times > 0);
    const wrong: string[] = [];
    let end: Step['end'] = 'taken';
    if ([1, 2, 3, 5].includes(first.code ?? 0)) {
      end = 'refused';
      if (JSON.stringify({ ...after, struck: {} }) !== JSON.stringify({ ...before, struck: {} }))
        wrong.push(`it was refused with ${first.code}, and something had changed`);
      this.#project.writeSpec(environment, this.#good);
    } else if (first.code === 0 || (await this.#convergesTo(text))) {
      this.#good = text;
    } else {
      end = 'undone';
      if (!(await this.#convergesTo(this.#good))) wrong.push('neither the edit nor the last good spec can be deployed');
    }
    if (!mishap && this.#runs[0] === 4 && end === 'taken') wrong.push('it failed, and nothing had gone wrong');
    wrong.push(...(await this.#wrong(isLookedAt)).filter((each) => !this.#known.has(each)));
    for (const each of wrong) this.#known.add(each);
    return {
      ...{ edit, struck, end, runs: this.#runs, seconds: Math.round((Date.now() - started) / 1000), wrong },
      ...(mishap && { mishap: mishap.name }),
      ...(wrong.length > 0 && { said: this.#said }),
    };
  }

  /** What must hold after every step. */
  async #wrong(isLookedAt: boolean): Promise<string[]> {
    const { root } = this.#project;
    const cloud: CloudState = cloudOf(this.#project);
    const wrong = [
      ...departures(this.#project, environment, this.#good),
      ...leaksIn([...this.#said, ...textsOf(root)], Object.values(secrets)),
      ...(cloud.contents[this.#disk] === contents ? [] : ['the data disk is not what it was']),
    ];
    if (!isLookedAt) return wrong;
    // All is read back from the cloud, which takes as long as a deployment.
    const args = ['preview', environment, '--expect-no-changes', '--', '--refresh'];
    const { code, stdout } = await this.#project.perpetual(args, { env: { ...secrets } });
    return code === 0 ? wrong : [...wrong, `a preview after reading all back ends with ${code}: ${stdout}`];
  }

  /** As an operator does: run it again, and do what it says. */
  async #convergesTo(text: string): Promise<boolean> {
    this.#project.writeSpec(environment, text);
    let risks: string[] = [];
    for (let run = 0; run < mostRuns; run++) {
      const outcome = await this.#up({}, risks);
      const { code, stdout, stderr } = outcome;
      if (code === 0) return true;
      risks = [...risks, ...allowedBy(outcome)];
      if (!/"perpetual cancel prod" frees/.test(stdout + stderr)) continue;
      this.#runs.push('cancel');
      await this.#project.perpetual(['cancel', environment]);
    }
    return false;
  }

  async #up({ faults = [], strike }: Omit<Mishap, 'name'> = {}, risks: readonly string[] = []): Promise<Outcome> {
    let isStruck = false;
    const allowed = risks.flatMap((name) => ['--allow', name]);
    const outcome = await this.#project.perpetual(['up', environment, '--yes', ...allowed], {
      env: { ...secrets, PERPETUAL_STANDIN_FAULTS: JSON.stringify(faults) },
      watch: (line, child) => {
        if (isStruck || !strike?.at.test(line)) return;
        isStruck = true;
        if (strike.how === 'interrupt') child.kill('SIGINT');
        else killTree(child.pid as number);
      },
    });
    this.#runs.push(outcome.code);
    this.#said.push(`up: ${outcome.code}\n${outcome.stdout}${outcome.stderr}`);
    return outcome;
  }

  #changeCloud(change: (cloud: CloudState) => void): void {
    const cloud: CloudState = cloudOf(this.#project);
    change(cloud);
    writeFileSync(join(this.#project.root, 'cloud.json'), JSON.stringify(cloud));
  }
}
