import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../src/compile.ts';
import { engineNote, newProject, noEngine, type Project } from '../support/engine.ts';
import { today } from '../support/specs.ts';

const dev = readFileSync('specs/dev/perpetual-node.yaml', 'utf8');
const planned = compile('specs/dev/perpetual-node.yaml', dev, { today }).plan?.resources ?? [];

describe.skipIf(noEngine)(`the real engine${engineNote}`, () => {
  let project: Project;
  beforeAll(async () => {
    project = await newProject('dev');
  });
  afterAll(() => project?.close());

  const preview = (...more: string[]) => project.pulumi(['preview', '--stack', 'dev', ...more]);
  const withPack = ['--policy-pack', 'policies'];

  it('shows the plan of specs/dev, with the pack satisfied', async () => {
    project.writeSpec('dev', dev);
    const { code, output } = await preview(...withPack);
    expect(code, output).toBe(0);
    for (const { type, name } of planned) expect(output).toContain(`${type} ${name} create`);
    expect(output).toContain(`+ ${planned.length + 1} to create`);
    expect(output).toMatch(/✅ perpetual@v/);
  });

  const violations = {
    'nsg-open-admin-api': {
      spec: dev.replace('swarm: { from: [internet] }', 'api: { from: [internet] }'),
      place: ':19:19',
    },
    'sku-below-system-minimum': {
      spec: dev.replace('Standard_D2as_v5', 'Standard_B1ms').replace('memory: 2Gi', 'memory: 1Gi'),
      place: ':14:23',
    },
    'cost-over-budget': { spec: dev.replace('monthlyUsd: 110', 'monthlyUsd: 20'), place: ':26:23' },
    'keyvault-broad-permissions': {
      spec: `${dev.replace('stage: development', 'stage: production')}secrets:\n  vault: { access: [{ principal: 11111111-2222-3333-4444-555555555555, role: Owner }] }\n`,
      place: ':28:78',
    },
  };

  it.each(Object.entries(violations))(
    'names %s in the preview, through the pack, at its line',
    async (id, { spec, place }) => {
      project.writeSpec('dev', spec);
      const { code, output } = await preview(...withPack);
      expect(code).not.toBe(0);
      expect(output).toMatch(new RegExp(`\\[mandatory\\].*  ${id}`));
      expect(output).toContain(`specs/dev/perpetual-node.yaml${place}`);
      expect(output).not.toContain('perpetual refuses to deploy');
    },
  );

  it.each(Object.entries(violations))(
    'refuses %s without a pack, before anything exists',
    async (id, { spec, place }) => {
      project.writeSpec('dev', spec);
      for (const args of [['preview'], ['up', '--yes'], ['up', '--yes', '--skip-preview']]) {
        const { code, output } = await project.pulumi([...args, '--stack', 'dev']);
        expect(code).not.toBe(0);
        expect(output).toContain('perpetual refuses to deploy: a policy is violated');
        expect(output).toContain(`specs/dev/perpetual-node.yaml${place}: ${id}`);
      }
      const { output } = await project.pulumi(['stack', '--stack', 'dev', '--show-urns']);
      expect(output).not.toContain('azure-native:');
      const cloud = join(project.root, 'cloud.json');
      expect(existsSync(cloud) ? readFileSync(cloud, 'utf8') : '').not.toMatch(/resourceGroups/);
    },
  );

  it("judges by the user's own policies, in TypeScript too, and takes settings on its command line", async () => {
    const policy = (id: string, most: string) => `
import { definePolicy } from 'perpetual-node';

export default definePolicy({
  id: '${id}',
  title: 'there are only so many resources',
  why: 'somebody has to know them all',
  fix: 'declare fewer',
  source: 'https://example.org/rules',
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  settings: { most: { type: 'number', description: 'how many', default: { production: ${most}, development: ${most} } } },
  *plan({ resources, settings }) {
    if (resources.length > settings.most) yield { message: \`\${resources.length} of at most \${settings.most} resources\` };
  },
});
`;
    const manifest = readFileSync(join(project.root, 'package.json'), 'utf8');
    project.write('package.json', JSON.stringify({ ...JSON.parse(manifest), perpetual: { policies: 'rules' } }));
    mkdirSync(join(project.root, 'rules'));
    project.write('rules/too-many.ts', policy('too-many', '3'));
    project.write('rules/far-too-many.mjs', policy('far-too-many', '9'));
    project.write('settings.json', JSON.stringify({ 'too-many': { most: 500 }, 'far-too-many': { most: '9' } }));
    project.write('right.json', JSON.stringify({ 'too-many': { most: 500 }, 'far-too-many': { most: 501 } }));
    try {
      project.writeSpec('dev', dev);
      const { code, output } = await preview(...withPack);
      expect(code).not.toBe(0);
      expect(output).toMatch(/\[mandatory\].* {2}too-many/);
      expect(output).toMatch(/\[mandatory\].* {2}far-too-many/);
      expect(output).toMatch(/\d+ of at most 3 resources; fix: declare fewer/);
      const wrong = await preview(...withPack, '--policy-pack-config', 'settings.json');
      expect(wrong.output).toContain('far-too-many');
      expect(wrong.code).not.toBe(0);
      const right = await preview(...withPack, '--policy-pack-config', 'right.json');
      expect(right.output).not.toContain('too-many');
    } finally {
      project.write('package.json', manifest);
    }
  });

  it.each([
    ['a fault of the spec', dev.replace('eastus', 'eastsu'), 'the spec has errors', 'spec/unknown-region'],
    [
      'a spec of another environment',
      dev.replace('environment: dev', 'environment: prod'),
      'the stack is "dev" and the spec is for "prod"',
      '',
    ],
    [
      'a secret that is missing',
      `${dev}secrets: { items: [{ name: a, from: env:NO_SUCH_SECRET }] }\n`,
      'a secret is missing',
      ': secrets.items[0].from: the environment variable NO_SUCH_SECRET is not set',
    ],
  ])('refuses %s in one clear message', async (_, spec, reason, detail) => {
    project.writeSpec('dev', spec);
    const { code, output } = await preview(...withPack);
    expect(code).not.toBe(0);
    expect(output).toContain(`perpetual refuses to deploy: ${reason}`);
    expect(output).toContain(detail);
    expect(output).not.toMatch(/\n\s+at .*\.js:\d+/);
  });

  it('refuses a login into another subscription', async () => {
    project.writeSpec('dev', dev);
    const elsewhere = { ARM_SUBSCRIPTION_ID: '99999999-2222-3333-4444-555555555555' };
    const { code, output } = await project.pulumi(['up', '--yes', '--stack', 'dev'], elsewhere);
    expect(code).not.toBe(0);
    expect(output).toContain('perpetual refuses to deploy: specs/dev/perpetual-node.yaml:10:17: the login is for the');
  });
});
