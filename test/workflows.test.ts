import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectFiles } from '../src/init/project.ts';
import { actionlint, faultsOf } from './support/actionlint.ts';
import { today } from './support/specs.ts';

const folder = '.github/workflows';
const own = existsSync(folder)
  ? readdirSync(folder).map((name) => ({ path: name, text: readFileSync(join(folder, name), 'utf8') }))
  : [];
const writtenFor = (project: string) =>
  projectFiles(
    { folder: project, repository: '/repository' },
    {
      ...{ name: 'perpetual', environment: 'dev', stage: 'development', region: 'eastus', budgetUsd: 100 },
      ...{ subscription: '11111111-2222-3333-4444-555555555555', image: 'docker.io/ipfs/kubo:v0.42.0' },
    },
    today,
  ).filter(({ path }) => path.includes(folder));

const workflows = [
  ...own.map(({ path, text }) => [`this repository's ${path}`, text]),
  ...writtenFor('/repository').map(({ path, text }) => [`${path} of a project`, text]),
  ...writtenFor('/repository/infra/node').map(({ path, text }) => [`${path} of a project in a folder`, text]),
] as [string, string][];

describe.skipIf(!actionlint)(
  `actionlint${actionlint ? '' : ' (is not on PATH, and Go is not here to build it)'}`,
  () => {
    it.each(workflows)('finds nothing wrong with %s', (_, text) => expect(faultsOf(text)).toBe(''));

    it('would find something', () => {
      expect(
        faultsOf('on: push\njobs: { a: { runs-on: ubuntu-24.04, steps: [{ if: github.nothing, run: "true" }] } }\n'),
      ).toContain('"nothing" is not defined');
    });
  },
);
