import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planOf } from '../../src/testing.ts';
import { engineNote, newProject, noEngine, type Project } from '../support/engine.ts';
import { today } from '../support/specs.ts';

const dev = readFileSync('specs/dev/perpetual-node.yaml', 'utf8');
const planned = planOf(dev, { today }).resources.length;

/** Two nodes in one stack, from a file and from text; only one of them is asked for anything. */
const program = `
import { readFileSync } from 'node:fs';
import { PerpetualNode } from './dist/pulumi.js';

const text = readFileSync('specs/dev/perpetual-node.yaml', 'utf8').replace('environment: dev', 'environment: two');
export const { kubeconfig, publicAddress } = new PerpetualNode('one', { spec: 'specs/dev/perpetual-node.yaml' });
new PerpetualNode('two', { spec: text });
`;

describe.skipIf(noEngine)(`nodes in a program, on the real engine${engineNote}`, () => {
  let project: Project;
  beforeAll(async () => {
    project = await newProject('any');
    writeFileSync(join(project.root, 'Pulumi.yaml'), 'name: perpetual\nruntime: nodejs\nmain: index.js\n');
    writeFileSync(join(project.root, 'index.js'), program);
  });
  afterAll(() => project?.close());
  const run = (...args: string[]) => project.pulumi([...args, '--stack', 'any']);

  it.each([
    ['a fault', ['eastus', 'eastsu'], 'specs/dev/perpetual-node.yaml:11:11: spec/unknown-region'],
    ['a violation', ['monthlyUsd: 110', 'monthlyUsd: 20'], 'specs/dev/perpetual-node.yaml:26:23: cost-over-budget'],
  ] as const)('refuses %s in one clear message, before anything exists', async (_, [right, wrong], place) => {
    project.writeSpec('dev', dev.replace(right, wrong));
    for (const args of [['preview'], ['up', '--yes', '--skip-preview']]) {
      const { code, output } = await run(...args);
      expect(code).not.toBe(0);
      expect(output).toContain('perpetual refuses to deploy: ');
      expect(output).toContain(place);
      expect(output).not.toMatch(/\n\s+at .*\.js:\d+/);
    }
    expect(existsSync(join(project.root, 'cloud.json'))).toBe(false);
  });

  it('are judged in a preview by the pack beside them, each by its own spec: the place, the level, the waiver', async () => {
    const open = dev.replace('swarm: { from: [internet] }', 'gateway: { from: [internet] }');
    const preview = async (spec: string): Promise<string> => {
      project.writeSpec('dev', spec);
      const { output } = await run('preview', '--policy-pack', 'policies');
      return output;
    };
    const lenient = await preview(open);
    expect(lenient).toContain('[advisory]  spec-advisory');
    expect(lenient).toMatch(/nsg-open-gateway: .* at specs\/dev\/perpetual-node\.yaml:19:\d+ /);
    const strict = await preview(`${open}policies: { levels: { nsg-open-gateway: mandatory } }\n`);
    expect(strict).toMatch(/\[mandatory\].* {2}nsg-open-gateway/);
    expect(strict).not.toContain('perpetual refuses to deploy');
    const waiver = '{ policy: nsg-open-gateway, reason: a trial, owner: ada@example.org, expires: 2026-12-01 }';
    expect(await preview(`${open}policies: { waivers: [${waiver}] }\n`)).toContain('[advisory]  waived');
  });

  it('creates them side by side with the pack beside them, and has nothing to change the second time', async () => {
    project.writeSpec('dev', dev);
    const { code, output } = await run('up', '--yes', '--policy-pack', 'policies');
    expect(code, output).toBe(0);
    expect(output).toContain(`+ ${2 * (planned + 1)} created`);
    expect(output).toMatch(/✅ perpetual@v/);
    const again = await run('preview', '--policy-pack', 'policies', '--expect-no-changes');
    expect(again.code, again.output).toBe(0);
  });

  it('gives the outputs of one to others, and keeps no spec in the state', async () => {
    const shown = await run('stack', 'output', '--json');
    expect(JSON.parse(shown.output)).toEqual({ kubeconfig: '[secret]', publicAddress: expect.any(String) });
    const { output } = await run('stack', 'export');
    const components = (JSON.parse(output).deployment.resources as { type: string; inputs?: object }[]).filter(
      ({ type }) => type === 'perpetual:index:PerpetualNode',
    );
    expect(components.map(({ inputs }) => inputs ?? {})).toEqual([{}, {}]);
  });

  it('goes away and leaves nothing', async () => {
    const { code, output } = await run('destroy', '--yes');
    expect(code, output).toBe(0);
    const cloud = JSON.parse(readFileSync(join(project.root, 'cloud.json'), 'utf8'));
    expect({ resources: cloud.resources, objects: cloud.objects }).toEqual({ resources: {}, objects: {} });
  });
});
