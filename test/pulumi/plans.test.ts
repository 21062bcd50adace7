import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloudOf, engineNote, newProject, noEngine, type Project } from '../support/engine.ts';

const dev = readFileSync('specs/dev/perpetual-node.yaml', 'utf8');

describe.skipIf(noEngine)(`a plan that is kept, and deployed later${engineNote}`, () => {
  let project: Project;
  let shown: string;
  const plan = () => project.perpetual(['preview', 'dev', '--save-plan', 'plans']);
  const deploy = (...more: string[]) => project.perpetual(['up', '--yes', '--plan', 'plans', ...more]);
  beforeAll(async () => {
    project = await newProject();
    const { code, stdout, stderr } = await plan();
    expect(code, stdout + stderr).toBe(0);
    shown = stdout;
  });
  afterAll(() => project?.close());

  it('is one file for its owner, and nothing was done', () => {
    expect(readdirSync(join(project.root, 'plans'))).toEqual(['dev.json']);
    expect(statSync(join(project.root, 'plans/dev.json')).mode & 0o777).toBe(0o600);
    expect(existsSync(join(project.root, 'cloud.json'))).toBe(false);
  });

  it('is refused for another spec, without a plan, with a file that is none, and as a plan of another environment', async () => {
    project.writeSpec('dev', `${dev}# later\n`);
    const later = await deploy('dev');
    expect({ code: later.code, stdout: later.stdout }).toEqual({
      code: 1,
      stdout: expect.stringMatching(
        /^dev: nothing was previewed\n {2}error: specs\/dev\/perpetual-node\.yaml is not the spec that was planned \(sha256 [0-9a-f]{64}\): "perpetual preview dev --save-plan plans" plans it anew\n$/,
      ),
    });
    project.writeSpec('dev', dev);

    const other = await deploy('prod');
    expect({ code: other.code, stdout: other.stdout }).toEqual({
      code: 2,
      stdout: expect.stringContaining('error: "plans" has no plan of "prod": can\'t read "plans/prod.json"'),
    });
    const text = readFileSync(join(project.root, 'plans/dev.json'), 'utf8');
    for (const [content, problem] of [
      [text, '"plans/prod.json" is a plan of "dev", not of "prod"'],
      ['{}', '"plans/prod.json" is no plan that "perpetual preview --save-plan" wrote'],
      ['null', '"plans/prod.json" is no plan that "perpetual preview --save-plan" wrote'],
      [text.slice(0, -9), '"plans/prod.json" is no plan: it is not JSON'],
    ] as const) {
      writeFileSync(join(project.root, 'plans/prod.json'), content);
      const { code, stdout } = await deploy('prod');
      expect({ code, stdout }).toEqual({ code: 2, stdout: `prod: nothing was previewed\n  error: ${problem}\n` });
    }
    const allowing = await deploy('dev', '--allow', 'vault');
    expect({ code: allowing.code, stderr: allowing.stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('"--allow" is for the preview'),
    });
    expect(existsSync(join(project.root, 'cloud.json'))).toBe(false);
  });

  it('is shown again and deployed as it is, once', async () => {
    const { code, stdout, stderr } = await deploy('dev');
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toBe(`${shown}\ndev: 28 created\n`);
    expect(stderr).not.toContain('previewing');
    const again = await deploy('dev');
    expect({ code: again.code, stdout: again.stdout }).toEqual({
      code: 1,
      stdout: expect.stringContaining('error: "dev" was deployed since it was planned: '),
    });
  });

  it('ends where more turns out to be needed than was planned', async () => {
    project.writeSpec('dev', dev.replace('sizeGiB: 4', 'sizeGiB: 8'));
    expect((await plan()).code).toBe(0);
    const cloud = cloudOf(project);
    for (const id of Object.keys(cloud.resources)) if (/networkSecurityGroups/i.test(id)) delete cloud.resources[id];
    writeFileSync(join(project.root, 'cloud.json'), JSON.stringify(cloud));
    expect((await project.perpetual(['refresh', 'dev', '--yes'])).code).toBe(0);
    const { code, stdout } = await deploy('dev');
    expect(code).toBe(4);
    expect(stdout).toContain('the update would have gone beyond what the preview showed and was stopped there');
    expect(Object.keys(cloudOf(project).resources).filter((id) => /networkSecurityGroups/i.test(id))).toEqual([]);
  });

  it('is gone when the next preview is none that may be deployed', async () => {
    project.writeSpec('dev', dev.replace('eastus', 'eastsu'));
    expect((await plan()).code).toBe(1);
    expect(readdirSync(join(project.root, 'plans'))).toEqual(['prod.json']);
  });
});
