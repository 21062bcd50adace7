import { basename } from 'node:path';
import { compile } from '../compile.ts';
import { ask, canAsk } from '../engine/ask.ts';
import { Interrupt } from '../engine/interrupt.ts';
import { UsageError } from '../files.ts';
import { type Answers, type Place, projectFiles, specPath } from '../init/project.ts';
import type { Arguments, Streams } from './options.ts';

/** What is asked for at a terminal when it is not given, with what is taken where nothing is answered. */
const questions = {
  environment: 'the environment',
  name: 'the name of the service',
  region: 'the Azure region',
  subscription: 'the subscription, as "az account show --query id" prints it',
  owner: 'the e-mail address of who answers for it; may be empty',
} as const;
type Asked = keyof typeof questions;

/** What the command line says, then who sits at the terminal, then what is usual. */
export async function answersFor(
  { values }: Arguments,
  place: Place,
  streams: Streams,
  today: string,
): Promise<Answers> {
  const given = (key: string): string | undefined => (values[key] === undefined ? undefined : String(values[key]));
  const usual: Partial<Record<Asked, string>> = { environment: 'dev', name: nameFrom(place.folder), region: 'eastus' };
  const open = (Object.keys(questions) as Asked[]).filter((key) => given(key) === undefined);
  const said = await asked(open, usual, streams);
  const answer = (key: Asked): string | undefined => given(key) ?? said[key] ?? usual[key];
  const subscription = answer('subscription');
  if (subscription === undefined)
    throw new UsageError('"init" needs "--subscription ID", as "az account show --query id --output tsv" prints it');
  const environment = answer('environment') as string;
  const answers = {
    ...{ environment, subscription, owner: answer('owner') },
    name: answer('name') as string,
    region: answer('region') as string,
    stage: given('stage') ?? (environment === 'dev' ? 'development' : 'production'),
    image: given('image') ?? 'docker.io/ipfs/kubo:v0.42.0',
  };
  return { ...answers, budgetUsd: amountOf(given('budget')) ?? usualBudget(place, answers, today) };
}

/** The answers of who sits at the terminal; none where nobody does. */
async function asked(
  keys: readonly Asked[],
  usual: Partial<Record<Asked, string>>,
  streams: Streams,
): Promise<Partial<Record<Asked, string>>> {
  if (!canAsk(streams)) return {};
  const said: Partial<Record<Asked, string>> = {};
  const interrupt = new Interrupt(() => {});
  try {
    for (const key of keys) {
      const offer = usual[key] === undefined ? '' : ` [${usual[key]}]`;
      const answer = await ask(streams, interrupt, `${questions[key]}${offer}: `);
      if (answer !== '') said[key] = answer;
    }
    return said;
  } finally {
    interrupt.close();
  }
}

function amountOf(given: string | undefined): number | undefined {
  if (given !== undefined && !/^\d+(\.\d+)?$/.test(given))
    throw new UsageError(`"${given}" is not an amount for "--budget"; expected USD a month, such as 140`);
  return given === undefined ? undefined : Number(given);
}

/** One that the spec keeps with some room. */
function usualBudget(place: Place, answers: Omit<Answers, 'budgetUsd'>, today: string): number {
  const path = specPath(place, answers.environment);
  const file = projectFiles(place, { ...answers, budgetUsd: 1 }, today).find((each) => each.path === path);
  const { bill } = compile(path, file?.text ?? '', { today });
  return Math.max(Math.ceil(((bill?.monthlyUsd ?? 0) * 1.1) / 10) * 10, 10);
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
