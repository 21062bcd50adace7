import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineNote, marks, newProject, noEngine, type Project } from '../support/engine.ts';

const dev = readFileSync('specs/dev/perpetual-node.yaml', 'utf8');
const prod = readFileSync('specs/prod/perpetual-node.yaml', 'utf8');

describe.skipIf(noEngine)(`several environments${engineNote}`, () => {
  let project: Project;
  beforeAll(async () => {
    project = await newProject();
  });
  afterAll(() => project?.close());

  it('are deployed side by side, and the failure of one hides no other', async () => {
    project.writeSpec('prod', prod.replace('eastus', 'eastsu'));
    const { code, stdout } = await project.perpetual(['up', 'dev', 'prod', '--yes', '--json']);
    expect(code).toBe(1);
    const { environments } = JSON.parse(stdout);
    expect(
      environments.map(({ environment, exitCode }: Record<string, unknown>) => ({ environment, exitCode })),
    ).toEqual([
      { environment: 'dev', exitCode: 0 },
      { environment: 'prod', exitCode: 1 },
    ]);
    expect(environments[0].done.counts.create).toBe(28);
    expect(environments[1].problems[0]).toContain('spec/unknown-region');
    project.writeSpec('prod', prod);
    const both = await project.perpetual(['preview', 'prod', 'dev'], { env: marks });
    expect(both.code, both.stderr).toBe(0);
    expect(both.stdout).toMatch(/^prod: 37 to create\n[\s\S]*\n\ndev: no changes, 28 unchanged\n/);
  });

  it('fail with what failed, and keep what the last whole deployment was made from', async () => {
    const specOf = async () => JSON.parse((await project.perpetual(['outputs', 'dev', '--json'])).stdout).spec;
    const before = await specOf();
    project.writeSpec('dev', dev.replace('sizeGiB: 4', 'sizeGiB: 8'));
    const fault = {
      on: 'update',
      type: 'azure-native:compute:Disk',
      code: 'ScopeLocked',
      status: 409,
      message: 'no',
    };
    const { code, stdout } = await project.perpetual(['up', 'dev', '--yes'], {
      env: { PERPETUAL_STANDIN_FAULTS: JSON.stringify([fault]) },
    });
    expect(code).toBe(4);
    expect(stdout).toContain(`
dev: failed, nothing changed

error[deploy/failed]: "data-disk" failed: a lock protects it
  --> specs/dev/perpetual-node.yaml:25:3
   |
25 |   data: { sizeGiB: 8, sku: Premium_LRS }
   |   ^^^^
   |
   = why:  Azure says: Status=409 Code="ScopeLocked" Message="no"
   = fix:  whoever set the lock may remove it
`);
    expect(await specOf()).toEqual(before);
  });

  it('are named one by one, because none is deployed by accident', async () => {
    const cases: [string[], number, string][] = [
      [['up', '--yes'], 2, 'name an environment; known: dev, prod'],
      [['preview', 'prd'], 6, 'there is no environment "prd"; did you mean "prod"?; known: dev, prod'],
      [['destroy', 'dev', 'prod', '--yes'], 2, '"destroy" takes one environment at a time'],
      [['outputs', 'staging'], 6, '"staging" is not deployed: .perpetual/state has no such stack'],
      [['preview', '../dev'], 2, '"../dev" is no name of an environment'],
      [['preview', 'dev', '--jobs', '0'], 2, '"--jobs" takes a number from 1 to 99, and "0" is none'],
    ];
    for (const [args, code, message] of cases)
      expect(await project.perpetual(args)).toEqual({ code, stdout: '', stderr: `perpetual: ${message}\n` });
  });
});
