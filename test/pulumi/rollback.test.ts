import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloudOf, engineNote, newProject, noEngine, type Project } from '../support/engine.ts';
import { git } from '../support/repository.ts';

const file = 'specs/dev/perpetual-node.yaml';
const first = readFileSync(file, 'utf8');
const second = first.replace('cpu: 500m', 'cpu: 600m');
/** A pod that never gets ready. */
const stuck = JSON.stringify([
  { on: 'update', type: 'kubernetes:apps/v1:StatefulSet', kind: 'partial', message: 'timed out waiting for the pod' },
]);

describe.skipIf(noEngine)(`an environment goes back${engineNote}`, () => {
  let project: Project;
  const run = (args: string[], env: Record<string, string> = {}) => project.perpetual(args, { env });
  /** What the pod of the node asks for, in the cluster itself. */
  const asked = (): unknown => {
    const [objects = {}] = Object.values(cloudOf(project).objects as Record<string, Record<string, never>>);
    const [pod] = Object.entries(objects).flatMap(([key, object]) =>
      /^apps\/v1\/StatefulSet/.test(key) ? [object] : [],
    );
    const { spec } = (pod as unknown as { spec: { template: { spec: { containers: { resources: object }[] } } } }).spec
      .template;
    return spec.containers[0]?.resources;
  };
  const kept = async () => JSON.parse((await run(['outputs', 'dev', '--json'])).stdout);
  beforeAll(async () => {
    project = await newProject();
    git(project.root, 'init', '--quiet', '--initial-branch=main');
    git(project.root, 'add', 'specs');
    git(project.root, 'commit', '--quiet', '--message=first');
    for (const text of [first, second]) {
      project.writeSpec('dev', text);
      const { code, stdout, stderr } = await run(['up', 'dev', '--yes']);
      expect(code, stdout + stderr).toBe(0);
    }
  });
  afterAll(() => project?.close());

  it('from a bad edit to what was there before, and says that the file has not', async () => {
    expect(asked()).toMatchObject({ requests: { cpu: '600m' } });
    expect((await kept()).earlierSpecs).toEqual([expect.objectContaining({ file, text: first })]);
    const commit = git(project.root, 'rev-parse', 'HEAD').slice(0, 12);
    const { code, stdout, stderr } = await run(['rollback', 'dev', '--yes']);
    expect(code, stdout + stderr).toBe(0);
    expect(stdout.replace(/sha256 [0-9a-f]{12}/, 'SUM')).toBe(
      `dev: 1 to update, 27 unchanged
  back to what was there before (commit ${commit}, SUM)
  update node: spec.template.spec.containers[0].resources.requests.cpu
  94.71 USD/month, as before
  policies: all satisfied (perpetual 0.1.0)

dev: rolled back, 1 updated, 27 unchanged
  ${file} is still another one, which the next "perpetual up dev" deploys: "git checkout ${commit} -- ${file}" brings it in line
`,
    );
    expect(asked()).toMatchObject({ requests: { cpu: '500m' } });
    const outputs = await kept();
    expect(outputs.spec.text).toBe(first);
    expect(outputs).not.toHaveProperty('earlierSpecs');
    const again = await run(['rollback', 'dev', '--yes']);
    expect({ code: again.code, stderr: again.stderr }).toEqual({
      code: 2,
      stderr: 'perpetual: the stack of "dev" keeps no spec from before: "--to COMMIT" takes the one that git has\n',
    });
  });

  it('by itself from an update that fails part-way, whose exit code stays', async () => {
    project.writeSpec('dev', second);
    const args = ['up', 'dev', '--yes', '--rollback-on-failure', '--json'];
    const { code, stdout, stderr } = await run(args, { PERPETUAL_STANDIN_FAULTS: stuck });
    expect(code, stdout + stderr).toBe(4);
    const [failed] = JSON.parse(stdout).environments;
    expect(failed).toMatchObject({ verb: 'up', exitCode: 4, findings: [{ code: 'deploy/failed' }] });
    expect(failed.rollback).toMatchObject({ verb: 'rollback', exitCode: 0, done: { counts: { update: 1 } } });
    expect(asked()).toMatchObject({ requests: { cpu: '500m' } });
    expect((await kept()).spec.text).toBe(first);
    const rest = await run(['rollback', 'dev', '--to', 'HEAD', '--yes']);
    expect(rest.code, rest.stdout).toBe(0);
    expect(rest.stdout).toContain('dev: no changes, 28 unchanged\n  back to "HEAD" (sha256 ');
  });

  it('not where Azure takes nothing back, and says of what is left how to go on', async () => {
    project.writeSpec('dev', second.replace('sizeGiB: 4', 'sizeGiB: 8'));
    const { code, stdout } = await run(['up', 'dev', '--yes', '--rollback-on-failure'], {
      PERPETUAL_STANDIN_FAULTS: stuck.replace('the pod', 'another pod'),
    });
    expect(code, stdout).toBe(4);
    expect(stdout).toContain('\ndev: failed, 3 updated');
    expect(stdout).toContain('\ndev: not rolled back\n  error: what the failed update has made stays as it is');
    expect(stdout).toContain(`error[plan/refused-change]: "data-disk" can't shrink from 8 to 4`);
    // By hand it is the same, and without a word it is meant to be the spec of before the failure.
    const refused = await run(['rollback', 'dev', '--yes']);
    expect(refused.code, refused.stdout).toBe(1);
    expect(refused.stdout).toContain('back to what was there before the update that failed (commit ');
    expect(refused.stdout).toContain(`"data-disk" can't shrink from 8 to 4`);
    const next = await run(['up', 'dev', '--yes']);
    expect(next.code, next.stdout).toBe(0);
    expect(asked()).toMatchObject({ requests: { cpu: '600m' } });
  });

  it('not to what never was, or is no spec', async () => {
    project.write('specs/dev/perpetual-node.yaml', 'kind: [');
    git(project.root, 'commit', '--quiet', '--all', '--message=broken');
    const broken = await run(['rollback', 'dev', '--to', 'HEAD', '--yes']);
    expect({ code: broken.code, stdout: broken.stdout }).toEqual({
      code: 1,
      stdout: expect.stringMatching(/^dev: nothing was previewed\n {2}back to "HEAD"\n {2}error: specs\/dev\//),
    });
    const stranger = await run(['rollback', 'dev', '--to', 'no-such', '--yes']);
    expect([stranger.code, stranger.stderr]).toEqual([2, expect.stringContaining('git knows no commit "no-such"')]);
    const absent = await run(['rollback', 'none', '--to', 'HEAD', '--yes']);
    expect([absent.code, absent.stderr]).toEqual([
      2,
      'perpetual: at "HEAD" there is no "specs/none/perpetual-node.yaml"\n',
    ]);
    const empty = await run(['rollback', 'prod', '--yes']);
    expect([empty.code, empty.stderr]).toEqual([6, expect.stringContaining('"prod" is not deployed')]);
  });

  it('nowhere when the first deployment fails', async () => {
    project.writeSpec('prod', first.replace('environment: dev', 'environment: prod'));
    const { code, stdout } = await run(['up', 'prod', '--yes', '--rollback-on-failure'], {
      PERPETUAL_STANDIN_FAULTS: JSON.stringify([
        { on: 'create', type: 'azure-native:network:VirtualNetwork', status: 400, code: 'InvalidRequestFormat' },
      ]),
    });
    expect(code, stdout).toBe(4);
    expect(stdout).toMatch(
      /\nprod: not rolled back\n {2}error: there is nothing to return to: "prod" was never deployed as a whole\n$/,
    );
    expect(
      readFileSync(join(project.root, '.perpetual/state/.pulumi/stacks/perpetual/prod.json'), 'utf8'),
    ).not.toContain('"spec"');
  });
});
