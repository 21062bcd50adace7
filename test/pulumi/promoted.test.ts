import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineNote, marks, newProject, noEngine, type Project } from '../support/engine.ts';

const [dev, prod] = ['dev', 'prod'].map((each) => readFileSync(`specs/${each}/perpetual-node.yaml`, 'utf8')) as [
  string,
  string,
];
const [, projectName = ''] = /^name: (\S+)/m.exec(readFileSync('Pulumi.yaml', 'utf8')) ?? [];
const newer = dev.replace('kubo:v0.42.0', 'kubo:v0.43.0');

describe.skipIf(noEngine)(`an image that has to be live in dev first${engineNote}`, () => {
  let project: Project;
  beforeAll(async () => {
    project = await newProject();
    const config = readFileSync('policies/config.yaml', 'utf8');
    project.write('policies/config.yaml', `${config}promotion: { prod: { from: dev, requireLive: true } }\n`);
    project.writeSpec('dev', newer);
  });
  afterAll(() => project?.close());

  const prodNow = (): string => readFileSync(join(project.root, 'specs/prod/perpetual-node.yaml'), 'utf8');

  it('is neither promoted nor deployed before, and is both afterwards', async () => {
    // Nothing is deployed anywhere: neither by hand nor by promotion.
    const early = await project.perpetual(['promote', 'dev', 'prod']);
    expect(early, early.stderr).toMatchObject({ code: 1, stdout: expect.stringContaining('error[deploy/not-live]') });
    expect(early.stdout).toContain('nothing is live in dev');
    expect(prodNow()).toBe(prod);
    const byHand = await project.perpetual(['preview', 'prod'], { env: marks });
    expect(byHand).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^prod: nothing was previewed\n\nerror\[deploy\/not-live\]: /),
    });

    expect((await project.perpetual(['up', 'dev', '--yes'])).code).toBe(0);
    const old = await project.perpetual(['up', 'prod', '--yes', '--json'], { env: marks });
    expect(old.code).toBe(1);
    expect(JSON.parse(old.stdout).environments[0]).toMatchObject({
      exitCode: 1,
      findings: [{ code: 'deploy/not-live', path: 'node.image', note: 'live there is docker.io/ipfs/kubo:v0.43.0' }],
    });

    const promoted = await project.perpetual(['promote', 'dev', 'prod']);
    expect(promoted, promoted.stderr).toMatchObject({ code: 0 });
    expect(prodNow()).toBe(prod.replace('v0.42.0', 'v0.43.0'));
    const shown = await project.perpetual(['preview', 'prod'], { env: marks });
    expect(shown.code, shown.stdout + shown.stderr).toBe(0);
    expect(shown.stdout).toMatch(/^prod: 37 to create\n/);
  });

  it('is refused when nobody can tell what is live', async () => {
    const state = join(project.root, '.perpetual/state/.pulumi/stacks', projectName, 'dev.json');
    // With what the engine keeps besides, it would be put back.
    for (const file of [state, `${state}.bak`]) writeFileSync(file, '{ cut off');
    const { code, stderr, stdout } = await project.perpetual(['preview', 'prod'], { env: marks });
    expect(code).toBe(4);
    expect(stdout + stderr).toContain('the image has to be live in "dev", which can\'t be known: ');
  });
});
