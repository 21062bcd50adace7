import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { compile } from '../compile.ts';
import { Cancelled, Interrupt } from '../engine/interrupt.ts';
import { display, UsageError } from '../files.ts';
import { type Answers, ignored, isInstalled, type Place, placeOf, projectFiles, specPath } from '../init/project.ts';
import type { NewFile } from '../init/templates.ts';
import { addLines, writeNew } from '../init/write-new.ts';
import { pretty } from '../report/pretty.ts';
import { exitCode, judgeSpecs, specOptions } from './judge-specs.ts';
import { type Arguments, type Command, dateOf, type Streams } from './options.ts';
import { outputOptions, useColor } from './outputs.ts';

/** What is asked for at a terminal when it is not given, with what is taken where nothing is answered. */
const questions = {
  environment: 'the environment',
  name: 'the name of the service',
  region: 'the Azure region',
  subscription: 'the subscription, as "az account show --query id" prints it',
  owner: 'the e-mail address of who answers for it; may be empty',
} as const;
type Asked = keyof typeof questions;

export const initCommand: Command = {
  name: 'init',
  positional: '[DIR]',
  describe: 'write a spec with what belongs to it, and say what it costs; no file that is there is overwritten',
  options: {
    name: { type: 'string', describe: 'the name of the service; default the name of the folder' },
    environment: { type: 'string', alias: 'e', describe: 'the environment; default dev', placeholder: 'NAME' },
    stage: {
      type: 'string',
      describe: 'how strictly it is judged; default development for dev, else production',
      choices: ['production', 'development'],
    },
    region: { type: 'string', describe: 'the Azure region; default eastus', placeholder: 'REGION' },
    subscription: { type: 'string', describe: 'the subscription to deploy to', placeholder: 'ID' },
    owner: { type: 'string', describe: 'who answers for it and is told when it gets dear', placeholder: 'EMAIL' },
    budget: {
      type: 'string',
      describe: 'the limit of the monthly bill; default a tenth more than it',
      placeholder: 'USD',
    },
    image: { type: 'string', describe: 'the image of the node; default docker.io/ipfs/kubo' },
    'as-of': specOptions['as-of'],
    frozen: specOptions.frozen,
    color: outputOptions([]).color,
  },
  run,
};

async function run(args: Arguments, streams: Streams): Promise<number> {
  const [folder = '.', second] = args.positional;
  if (second !== undefined) throw new UsageError(`"init" takes one folder, and "${second}" is a second one`);
  const place = placeOf(folder);
  const answers = await answersOf(args, place, streams);
  if (!answers) {
    streams.stderr.write('perpetual: cancelled, and nothing was written\n');
    return 8;
  }
  const today = dateOf(args.values['as-of'], streams.env);
  const files = projectFiles(place, withBudget(place, answers, args.values.budget, today), today);
  const present = files.filter(({ path }) => existsSync(path));
  const spec = files.find(({ path }) => path === specPath(place, answers.environment)) as NewFile;
  if (present.includes(spec))
    throw new UsageError(
      `"${display(spec.path)}" is there, and nothing was written: "--environment" names another one for another spec`,
    );
  const report = await judgeSpecs(
    { positional: ['-'], values: { ...args.values, 'stdin-filename': spec.path } },
    { ...streams, stdin: Readable.from([Buffer.from(spec.text)]) },
  );
  const code = exitCode(report.diagnostics, 'error');
  const drawn = await pretty(report, { color: useColor(args.values.color, streams), quiet: code !== 0 });
  if (code !== 0) {
    streams.stdout.write(drawn);
    streams.stderr.write('perpetual: nothing was written, because the spec would be wrong\n');
    return code;
  }
  const missing = files.filter((file) => !present.includes(file));
  writeNew(missing);
  const added = addLines(join(place.folder, '.gitignore'), ignored);
  streams.stdout.write(`${written(place, missing, present, added)}\n${drawn}\n${next(place, answers.environment)}`);
  return 0;
}

function written(
  place: Place,
  files: readonly NewFile[],
  present: readonly NewFile[],
  added: readonly string[],
): string {
  const list = (all: readonly string[]): string => all.map((each) => `  ${each}\n`).join('');
  const ignore = added.length > 0 ? [`${display(join(place.folder, '.gitignore'))}: ${added.join(', ')}`] : [];
  const left =
    present.length > 0 ? `there already, and left as they are:\n${list(present.map(({ path }) => display(path)))}` : '';
  return `written:\n${list([...files.map(({ path }) => display(path)), ...ignore])}${left}`;
}

function next(place: Place, environment: string): string {
  const steps = [...(isInstalled(place) ? [] : ['npm install']), 'perpetual check', `perpetual preview ${environment}`];
  return `next: ${steps.join(', ')}\n`;
}

/** What the command line says, then who sits at the terminal, then what is usual; undefined when they gave up. */
async function answersOf(
  { values }: Arguments,
  place: Place,
  streams: Streams,
): Promise<Omit<Answers, 'budgetUsd'> | undefined> {
  const given = (key: string): string | undefined => (values[key] === undefined ? undefined : String(values[key]));
  const usual: Partial<Record<Asked, string>> = { environment: 'dev', name: nameFrom(place.folder), region: 'eastus' };
  const said: Partial<Record<Asked, string>> = {};
  const open = (Object.keys(questions) as Asked[]).filter((key) => given(key) === undefined);
  const { ask, canAsk } = await import('../engine/ask.ts');
  if (canAsk(streams)) {
    const interrupt = new Interrupt(() => {});
    try {
      for (const key of open) {
        const offer = usual[key] === undefined ? '' : ` [${usual[key]}]`;
        said[key] = (await ask(streams, interrupt, `${questions[key]}${offer}: `)) || undefined;
      }
    } catch (error) {
      if (error instanceof Cancelled) return undefined;
      throw error;
    } finally {
      interrupt.close();
    }
  }
  const answer = (key: Asked): string | undefined => given(key) ?? said[key] ?? usual[key];
  const subscription = answer('subscription');
  if (subscription === undefined)
    throw new UsageError('"init" needs "--subscription ID", as "az account show --query id --output tsv" prints it');
  const environment = answer('environment') as string;
  return {
    ...{ environment, subscription, owner: answer('owner') },
    name: answer('name') as string,
    region: answer('region') as string,
    stage: given('stage') ?? (environment === 'dev' ? 'development' : 'production'),
    image: given('image') ?? 'docker.io/ipfs/kubo:v0.42.0',
  };
}

/** A budget that the spec keeps with some room, unless one is given. */
function withBudget(place: Place, answers: Omit<Answers, 'budgetUsd'>, given: unknown, today: string): Answers {
  if (given !== undefined) {
    if (!/^\d+(\.\d+)?$/.test(String(given)))
      throw new UsageError(`"${given}" is not an amount for "--budget"; expected USD a month, such as 140`);
    return { ...answers, budgetUsd: Number(given) };
  }
  const path = specPath(place, answers.environment);
  const file = projectFiles(place, { ...answers, budgetUsd: 1 }, today).find((each) => each.path === path);
  const { bill } = compile(path, file?.text ?? '', { today });
  return { ...answers, budgetUsd: Math.max(Math.ceil(((bill?.monthlyUsd ?? 0) * 1.1) / 10) * 10, 10) };
}

/** What a folder is called, as far as a service can be called like it. */
function nameFrom(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 24)
    .replace(/-+$/, '');
  return name.length >= 2 ? name : 'perpetual';
}
