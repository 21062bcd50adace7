import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Cancelled } from '../engine/interrupt.ts';
import { display, UsageError } from '../files.ts';
import { ignored, isInstalled, type Place, placeOf, projectFiles, specPath } from '../init/project.ts';
import type { NewFile } from '../init/templates.ts';
import { addLines, writeNew } from '../init/write-new.ts';
import { pretty } from '../report/pretty.ts';
import { answersFor } from './init-answers.ts';
import { exitCode, judgeSpecs, specOptions } from './judge-specs.ts';
import { type Arguments, type Command, dateOf, type Streams } from './options.ts';
import { outputOptions, useColor } from './outputs.ts';

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
  try {
    return await write(args, place, streams);
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
    streams.stderr.write('perpetual: cancelled, and nothing was written\n');
    return 8;
  }
}

/** Judges the spec before anything is written: one that is wrong is not worth a project. */
async function write(args: Arguments, place: Place, streams: Streams): Promise<number> {
  const today = dateOf(args.values['as-of'], streams.env);
  const answers = await answersFor(args, place, streams, today);
  const files = projectFiles(place, answers, today);
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
  const added = writeNew(missing, () => addLines(join(place.folder, '.gitignore'), ignored));
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
