import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comparePlans } from '../../src/changes/compare.ts';
import { compile } from '../../src/compile.ts';
import type { ResourceChange } from '../../src/engine/outcome.ts';
import type { Plan } from '../../src/plan.ts';
import { cloudOf, engineNote, marks, newProject, noEngine, type Project } from '../support/engine.ts';
import { today } from '../support/specs.ts';

const file = 'specs/prod/perpetual-node.yaml';
const prod = readFileSync(file, 'utf8').replace('sizeGiB: 8', 'sizeGiB: 16');

const [items = ''] = /^ {2}items:\n(?: {4}.*\n)+/m.exec(prod) ?? [];

const planOf = (text: string): Plan => compile(file, text, { today }).plan as Plan;
const edited = (from: string, to: string): string => {
  expect(prod).toContain(from);
  return prod.replaceAll(from, to);
};
type Finding = { code: string; path: string; help: string; resource: { name: string } };

describe.skipIf(noEngine)(`an edit of what is deployed${engineNote}`, () => {
  let project: Project;
  beforeAll(async () => {
    project = await newProject();
    project.writeSpec('prod', prod);
    const { code, stdout, stderr } = await project.perpetual(['up', 'prod', '--yes'], { env: marks });
    expect(code, stdout + stderr).toBe(0);
  });
  afterAll(() => project?.close());

  async function preview(text: string, ...more: string[]) {
    project.writeSpec('prod', text);
    const { code, stdout, stderr } = await project.perpetual(['preview', 'prod', '--json', ...more], { env: marks });
    expect(stderr).not.toContain('marker-of-a-secret');
    const [{ planned, findings }] = JSON.parse(stdout).environments;
    return { code, changes: planned.changes as ResourceChange[], findings: findings as Finding[] };
  }

  it.each([
    ['the name', 'name: perpetual', 'name: another', ['plan/replaces public-ip metadata.name']],
    ['the networks', '10.20.', '10.40.', ['plan/refused-change subnet network.subnet']],
    ['the region', 'region: eastus', 'region: westeurope', ['plan/replaces resource-group azure.region']],
    ['what is exposed', 'swarm: { from: [internet] }', 'swarm: { from: [203.0.113.0/24] }', []],
    ['the size of the disk', 'sizeGiB: 16', 'sizeGiB: 32', []],
    [
      'the size of the disk, to less',
      'sizeGiB: 16',
      'sizeGiB: 8',
      ['plan/refused-change data-disk storage.data.sizeGiB'],
    ],
    ['the secrets', items, '', ['plan/deletes vault secrets.store']],
  ])('of %s loses what a check says it loses', async (_, from, to, expected) => {
    const text = edited(from, to);
    const { changes, findings, code } = await preview(text);
    const namesOf = (all: readonly { kind: string; name: string }[], ...kinds: string[]): string[] =>
      all
        .filter(({ kind }) => kinds.includes(kind))
        .map(({ name }) => name)
        .sort();
    const byPlans = comparePlans(planOf(prod), planOf(text));
    expect(namesOf(changes, 'replace')).toEqual(namesOf(byPlans, 'replaced'));
    expect(namesOf(changes, 'delete')).toEqual(namesOf(byPlans, 'deleted'));
    expect(findings.map(({ code: each, resource, path }) => `${each} ${resource.name} ${path}`)).toEqual(
      expect.arrayContaining(expected),
    );
    if (expected.length === 0) expect(findings).toEqual([]);
    expect(code).toBe(findings.length > 0 ? 1 : 0);
  });

  it('is refused at its line before anything is done, and done when what goes is named', async () => {
    const before = cloudOf(project);
    project.writeSpec('prod', edited(items, ''));
    const refused = await project.perpetual(['up', 'prod', '--yes'], { env: marks });
    expect(refused.code, refused.stderr).toBe(1);
    const [, finding] = refused.stdout.split('\n\n');
    expect(finding).toMatch(
      /^error\[plan\/deletes\]: the edit deletes "vault"\n +--> specs\/prod\/perpetual-node\.yaml:33:10\n/,
    );
    expect(finding).toContain('fix:  put the value back, or allow it by name: --allow vault\n');
    expect(cloudOf(project)).toEqual(before);
    const { code, stdout, stderr } = await project.perpetual(['up', 'prod', '--yes', '--allow', 'vault'], {
      env: marks,
    });
    expect(code, stdout + stderr).toBe(0);
    expect(Object.keys(cloudOf(project).deletedVaults)).toHaveLength(1);
  });
});
