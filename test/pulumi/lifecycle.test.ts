import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordOf } from '../../src/pulumi/deployed-spec.ts';
import { Source } from '../../src/spec/source.ts';
import { engineNote, newProject, noEngine, type Project } from '../support/engine.ts';

describe.skipIf(noEngine)(`from nothing to nothing on the real engine${engineNote}`, () => {
  let project: Project;
  beforeAll(async () => {
    project = await newProject('dev');
  });
  afterAll(() => project?.close());
  const run = (...args: string[]) => project.pulumi([...args, '--stack', 'dev']);

  it('creates specs/dev with the pack beside it', async () => {
    const { code, output } = await run('up', '--yes', '--policy-pack', 'policies');
    expect(code, output).toBe(0);
    expect(output).toMatch(/✅ perpetual@v/);
    expect(output).not.toContain('Undefined value');
  });

  it('gives to others what it has, the way in as a secret', async () => {
    const shown = await run('stack', 'output', '--json');
    expect(JSON.parse(shown.output)).toEqual({
      clusterName: 'perpetual-dev-aks',
      imageRepository: 'docker.io/ipfs/kubo',
      kubeconfig: '[secret]',
      publicAddress: expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/),
      resourceGroupName: 'perpetual-dev-rg',
      spec: recordOf(
        new Source('specs/dev/perpetual-node.yaml', readFileSync('specs/dev/perpetual-node.yaml', 'utf8')),
      ),
    });
    const secret = await run('stack', 'output', 'kubeconfig', '--show-secrets');
    expect(secret.output).toContain('perpetual-dev-aks');
  });

  it('has nothing to change the second time', async () => {
    const { code, output } = await run('preview', '--policy-pack', 'policies', '--expect-no-changes');
    expect(code, output).toBe(0);
  });

  it('takes an edit in place', async () => {
    const spec = readFileSync(join(project.root, 'specs/dev/perpetual-node.yaml'), 'utf8');
    project.writeSpec(
      'dev',
      spec
        .replace('sizeGiB: 4', 'sizeGiB: 8')
        .replace('count: 1', 'count: 2, autoscale: { min: 2, max: 3 }')
        .replace(
          /^cluster:\n/m,
          `cluster:\n  imageCleanerHours: 168\n  pools: [{ name: two }, { name: three, labels: { role: a } }]\n`,
        )
        .replace(
          'monthlyUsd: 110',
          'monthlyUsd: 600, start: 2026-11-01, alerts: [{ atPercent: 80, emails: [a@example.org] }]',
        ),
    );
    const { code, output } = await run('up', '--yes');
    expect(code, output).toBe(0);
    expect(output).not.toContain('replace');
    expect(output).toMatch(/~ \d+ updated/);
    const again = await run('preview', '--policy-pack', 'policies', '--expect-no-changes');
    expect(again.code, again.output).toBe(0);
  });

  it('makes another budget for another start, which Azure refuses to change', async () => {
    const spec = readFileSync(join(project.root, 'specs/dev/perpetual-node.yaml'), 'utf8');
    project.writeSpec('dev', spec.replace('start: 2026-11-01', 'start: 2026-12-01'));
    const { code, output } = await run('up', '--yes');
    expect(code, output).toBe(0);
    expect(output).toMatch(/1 replaced/);
  });

  it('refuses to shrink the disk, as Azure does', async () => {
    const spec = readFileSync(join(project.root, 'specs/dev/perpetual-node.yaml'), 'utf8');
    project.writeSpec('dev', spec.replace('sizeGiB: 8', 'sizeGiB: 4'));
    const { code, output } = await run('up', '--yes');
    expect(code).not.toBe(0);
    expect(output).toContain('diskSizeGB');
    project.writeSpec('dev', spec);
  });

  it('fills another disk from the first one, moves the node to it and leaves the first where it is', async () => {
    const spec = readFileSync(join(project.root, 'specs/dev/perpetual-node.yaml'), 'utf8');
    const disks = () => {
      const { resources } = JSON.parse(readFileSync(join(project.root, 'cloud.json'), 'utf8'));
      return Object.keys(resources).filter((id) => /\/disks\/[^/]+$/i.test(id));
    };
    const [first] = disks();
    project.writeSpec('dev', spec.replace('sizeGiB: 8', `sizeGiB: 16, restoreFrom: ${first}`));
    const { code, output } = await run('up', '--yes');
    expect(code, output).toBe(0);
    expect(disks()).toHaveLength(2);
    expect(disks()).toContain(first);
    const again = await run('preview', '--expect-no-changes');
    expect(again.code, again.output).toBe(0);
  });

  it('goes away and leaves nothing', async () => {
    const { code, output } = await run('destroy', '--yes');
    expect(code, output).toBe(0);
    const cloud = JSON.parse(readFileSync(join(project.root, 'cloud.json'), 'utf8'));
    expect({ resources: cloud.resources, objects: cloud.objects }).toEqual({ resources: {}, objects: {} });
  });
});
