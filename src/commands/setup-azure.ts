import { type Compiled, compile } from '../compile.ts';
import { expressionsIn } from '../expr.ts';
import { UsageError } from '../files.ts';
import { applySteps } from '../setup/apply.ts';
import { setupScript } from '../setup/script.ts';
import type { Environment, Repository } from '../setup/step.ts';
import { setupSteps } from '../setup/steps.ts';
import { remoteOf } from './git.ts';
import { inputsOf } from './inputs.ts';
import { type Arguments, asOfOption, type Command, dateOf, manyOf, type Streams } from './options.ts';

export const setupAzureCommand: Command = {
  name: 'setup azure',
  positional: '[SPEC...]',
  describe:
    'print what lets GitHub deploy the specs to Azure without a secret of Azure: identities, least rights, where the state is kept, environments',
  options: {
    apply: { type: 'boolean', describe: 'run it with az and gh instead; can be repeated' },
    repo: {
      type: 'string',
      describe: 'the repository on GitHub; default that of git\'s "origin"',
      placeholder: 'OWNER/NAME',
    },
    reviewer: {
      type: 'string',
      describe: 'somebody on GitHub without whom nothing goes to production',
      repeatable: true,
      placeholder: 'LOGIN',
    },
    'as-of': asOfOption,
  },
  run,
};

async function run(args: Arguments, streams: Streams): Promise<number> {
  const { values } = args;
  const repository = repositoryOf(
    values.repo === undefined ? remoteOf('origin') : String(values.repo),
    values.repo !== undefined,
  );
  const reviewers = manyOf(values.reviewer);
  if (reviewers.length > 6) throw new UsageError('GitHub takes six reviewers at most');
  const today = dateOf(values['as-of'], streams.env);
  const compiled: Compiled[] = [];
  for await (const { file, text } of inputsOf(args, streams)) compiled.push(compile(file, text, { today }));
  const wrong = compiled.find((each) => !each.complete || !each.plan);
  if (wrong)
    throw new UsageError(
      `what ${wrong.loaded.source.file} needs can't be known: "perpetual check" says what is wrong with it`,
      1,
    );
  const steps = setupSteps(environmentsOf(compiled), repository, reviewers);
  if (values.apply !== true) {
    streams.stdout.write(setupScript(steps));
    return 0;
  }
  await applySteps(steps, streams.env, (title, done, why) =>
    streams.stderr.write(`${done}: ${title}${why === undefined ? '' : ` (${why})`}\n`),
  );
  return 0;
}

function environmentsOf(specs: readonly Compiled[]): Environment[] {
  return specs.flatMap(({ environment, stage, plan, loaded: { spec } }) =>
    environment === undefined || !plan || !spec
      ? []
      : [
          {
            name: environment,
            // As the workflows have it.
            github: environment === 'prod' ? 'production' : environment,
            isProduction: stage === 'production',
            node: spec.metadata.name,
            subscription: spec.azure.subscription,
            region: spec.azure.region,
            resources: plan.resources,
            secrets: secretVariables(plan.resources),
          },
        ],
  );
}

const secretVariables = (resources: unknown): string[] => {
  const references = [...expressionsIn(resources)].flatMap(({ $ }) => ('secret' in $ ? [$.secret] : []));
  return [...new Set(references.filter((each) => each.startsWith('env:')).map((each) => each.slice(4)))].sort();
};

function repositoryOf(given: string | undefined, isNamed: boolean): Repository {
  const [, owner, name] = /(?:^|github\.com[/:])([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(given ?? '') ?? [];
  if (owner !== undefined && name !== undefined) return { owner, name };
  throw new UsageError(
    isNamed
      ? `"${given}" is no repository of GitHub; expected OWNER/NAME`
      : 'git\'s "origin" is not on GitHub; name the repository with "--repo OWNER/NAME"',
  );
}
