import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policies } from '../../policies/index.ts';
import { planOf } from '../../src/testing.ts';
import { perpetual } from '../support/cli.ts';
import { startPack } from '../support/pack.ts';
import { leastSpec, today } from '../support/specs.ts';

/** A policy as somebody writes it who has the package, in TypeScript or not. */
const registry = `
import { definePolicy } from 'perpetual-node';

export default definePolicy({
  id: 'image-registry-foreign',
  title: 'images come from a registry of ours',
  why: 'nobody here watches what others put into theirs',
  fix: 'copy the image and name the copy',
  source: 'https://example.org/rules#images',
  levels: { production: 'mandatory', development: 'advisory' },
  waivable: true,
  settings: {
    registries: { type: 'strings', description: 'where images may come from', default: { production: ['ghcr.io'], development: ['ghcr.io', 'docker.io'] } },
  },
  resource: {
    *'kubernetes:apps/v1:StatefulSet'({ inputs }, { settings }) {
      const images = (inputs.spec?.template?.spec?.containers ?? []).map(({ image }) => image);
      for (const [index, image] of images.entries())
        if (typeof image === 'string' && !settings.registries.includes(image.split('/')[0]))
          yield { input: \`spec.template.spec.containers[\${index}].image\`, message: \`"\${image}" is not from \${settings.registries.join(' or ')}\` };
    },
  },
});
`;
const program = `resources:
  - type: kubernetes:apps/v1:StatefulSet
    name: node
    inputs:
      metadata: { namespace: ipfs }
      spec:
        selector: { matchLabels: { app: node } }
        template:
          metadata: { labels: { app: node } }
          spec:
            containers:
              - { name: node, image: quay.io/ipfs/kubo:v0.42.0 } #! image-registry-foreign
`;

const root = mkdtempSync(join(tmpdir(), 'perpetual-own-'));
const write = (path: string, text: string): void => {
  mkdirSync(join(root, dirname(path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
const run = (args: string[], cwd = root) => perpetual(args, { cwd });

beforeAll(() => {
  mkdirSync(join(root, 'node_modules'));
  symlinkSync(process.cwd(), join(root, 'node_modules', 'perpetual-node'));
  write('specs/prod/perpetual-node.yaml', leastSpec);
  write('rules/image-registry-foreign.mjs', registry);
  write('rules/README.md', 'not a policy\n');
  write('rules/fixtures/image-registry-foreign/program.yaml', program);
  write(
    'rules/fixtures/image-registry-foreign/invalid.yaml',
    leastSpec.replace(/(kubo.*)/, '$1 #! image-registry-foreign'),
  );
  write('rules/fixtures/image-registry-foreign/valid.yaml', leastSpec.replace('docker.io', 'ghcr.io'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('policies of the user', () => {
  it('judge a spec like ours: the line, the level, the reason', async () => {
    const { code, stdout } = await run(['check', '--policies', 'rules']);
    expect(code).toBe(5);
    expect(stdout).toContain('error[image-registry-foreign]: "docker.io/ipfs/kubo:v0.42.0" is not from ghcr.io');
    expect(stdout).toContain('--> specs/prod/perpetual-node.yaml:12:10');
    expect(stdout).toContain('= why:  nobody here watches what others put into theirs');
  });

  it('are those that package.json names, as well', async () => {
    write('package.json', '{ "perpetual": { "policies": "rules" } }');
    try {
      expect((await run(['check'])).code).toBe(5);
      expect((await run(['check', '../prod'], join(root, 'specs', 'prod'))).code).toBe(5);
    } finally {
      rmSync(join(root, 'package.json'));
    }
    expect((await run(['check'])).code).toBe(0);
  });

  it('are never named by a spec', async () => {
    write('specs/prod/perpetual-node.yaml', `${leastSpec}policies: { policies: rules }\n`);
    const { code, stdout } = await run(['check']);
    write('specs/prod/perpetual-node.yaml', leastSpec);
    expect([code, stdout]).toEqual([1, expect.stringContaining('spec/unknown-key')]);
  });

  it("have levels and settings in the owners' file, and waivers in the spec", async () => {
    const config = (text: string) => write('policies/config.yaml', `policies:\n  image-registry-foreign: ${text}\n`);
    try {
      config('{ production: advisory }');
      expect((await run(['check', '--policies', 'rules'])).stdout).toContain('warning[image-registry-foreign]');
      config('{ registries: [docker.io] }');
      expect((await run(['check', '--policies', 'rules'])).code).toBe(0);
      config('{ registries: docker.io }');
      expect((await run(['check', '--policies', 'rules'])).stdout).toContain('--> policies/config.yaml:2:41');
      // Without the policy nobody knows of it.
      expect((await run(['check'])).stdout).toContain('there is no policy "image-registry-foreign"');
    } finally {
      rmSync(join(root, 'policies'), { recursive: true });
    }
    const waiver =
      'policies: { waivers: [{ policy: image-registry-foreign, reason: the copy is under way, owner: ada@example.org, expires: 2026-12-01 }] }\n';
    write('specs/prod/perpetual-node.yaml', leastSpec + waiver);
    const { code, stdout } = await run(['check', '--policies', 'rules']);
    write('specs/prod/perpetual-node.yaml', leastSpec);
    expect([code, stdout]).toEqual([0, expect.stringContaining('waived error[image-registry-foreign]')]);
  });

  it('are listed among ours', async () => {
    const { stdout } = await run(['policy', 'list', '--policies', 'rules', '--format', 'json']);
    const listed = JSON.parse(stdout).policies as { id: string; own: boolean }[];
    expect(listed.length).toBe(policies.length + 1);
    expect(listed.find(({ own }) => own)).toMatchObject({
      id: 'image-registry-foreign',
      levels: { production: 'mandatory', development: 'advisory' },
      settings: [{ name: 'registries', values: { production: ['ghcr.io'], development: ['ghcr.io', 'docker.io'] } }],
    });
  });

  it('are tested here and in the pack by the fixtures beside them', async () => {
    const { code, stdout } = await run(['policy', 'test', '--policies', 'rules']);
    expect(stdout).toMatch(/^ok {5}image-registry-foreign\n\n1 fixture, 0 failed/);
    expect(code).toBe(0);
  });

  it('fail their test where a mark or a line is wrong', async () => {
    write('rules/fixtures/image-registry-foreign/program.yaml', program.replace('quay.io', 'ghcr.io'));
    const { code, stdout } = await run(['policy', 'test', 'rules/fixtures', '--policies', 'rules']);
    write('rules/fixtures/image-registry-foreign/program.yaml', program);
    expect(stdout).toContain('failed image-registry-foreign');
    expect(stdout).toContain('program.yaml:12: image-registry-foreign is marked and not found');
    expect(code).toBe(7);
  });

  it('run in the pack of the project, at their levels and settings', async () => {
    const pack = await startPack({
      stack: 'prod',
      specs: { prod: leastSpec },
      policies: join(root, 'rules'),
      config: 'policies: { image-registry-foreign: { registries: [ghcr.io, quay.io] } }\n',
    });
    try {
      const { resources } = planOf(leastSpec, { today });
      expect(await pack.analyze(resources)).toEqual([
        {
          policy: 'image-registry-foreign',
          level: 'mandatory',
          resource: 'node',
          message: expect.stringContaining(
            '"docker.io/ipfs/kubo:v0.42.0" is not from ghcr.io or quay.io [spec.template.spec.containers[0].image] at specs/prod/perpetual-node.yaml:12:10 (node.image)',
          ),
        },
      ]);
      const config = { 'image-registry-foreign': { registries: ['docker.io'] } };
      expect(await pack.analyze(resources, { config })).toEqual([]);
    } finally {
      pack.close();
    }
  });
});

describe('what is wrong with a policy is one line with its file, and exit code 2', () => {
  const policy = (text: string): string => registry.replace("id: 'image-registry-foreign'", text);
  it.each([
    ['export default {;', 'can\'t load the policy "bad/bad.mjs": '],
    ["import 'no-such-package';", "can't load the policy \"bad/bad.mjs\": Cannot find package 'no-such-package'"],
    ['throw new Error("no\\nway");', 'can\'t load the policy "bad/bad.mjs": no'],
    ['await 0; export default {};', 'can\'t load the policy "bad/bad.mjs": '],
    ['export default 7;', '"bad/bad.mjs" is not a policy: it has no default export that definePolicy made'],
    ['export default {};', '"bad/bad.mjs" is not a policy: "id" must be words of small letters'],
    [policy("id: 'nsg-open-ssh'"), '"bad/bad.mjs" has the id "nsg-open-ssh", which the package has already'],
    [policy("id: 'all'"), '"bad/bad.mjs" is not a policy: the id "all" is taken'],
    [registry.replace('waivable: true', 'waivable: false'), "what can't be waived must be mandatory in both stages"],
    [registry.replace("'advisory'", "'strict'"), '"levels.development" must be one of mandatory, advisory, disabled'],
    [registry.replace("type: 'strings'", "type: 'list'"), '"settings.registries.type" must be one of'],
    [registry.replace("['ghcr.io']", "'ghcr.io'"), '"settings.registries.default.production" must be a list of texts'],
    [registry.replace('registries:', 'waivable:'), 'a setting can\'t be called "waivable"'],
    [registry.replace('resource:', 'resources:'), 'it judges nothing: it needs "resource" or "plan"'],
    [
      registry.replace('inputs.spec?.template?.spec?.containers ?? []', 'inputs.no.such'),
      'the policy "bad/bad.mjs" fails: Cannot read properties of undefined',
    ],
    [registry.replace(/message: /, 'text: '), 'the policy "bad/bad.mjs" fails: its finding 0 has no message'],
  ])('%#', async (text, message) => {
    write('bad/bad.mjs', text);
    const { code, stdout, stderr } = await run(['check', '--policies', 'bad']);
    expect(stderr).toMatch(/^perpetual: [^\n]+\n$/);
    expect(stderr).toContain(message);
    expect([code, stdout]).toEqual([2, '']);
  });

  it.each([
    [['check', '--policies', 'nowhere'], 'can\'t read the policies in "nowhere": there is no such file'],
    [['policy', 'test', 'nowhere'], 'can\'t read the fixtures in "nowhere"'],
    [['policy', 'test'], 'there are no fixtures in test/fixtures/policies'],
    [['policy', 'test', 'rules/fixtures'], 'there is no policy "image-registry-foreign" for the fixtures'],
    [['policy'], '"policy" says nothing alone; expected one of policy list, policy test'],
    [['policy', 'lst'], 'there is no command "policy lst"; did you mean "policy list"?'],
  ])('%j', async (args, message) => {
    const { code, stderr } = await run(args);
    expect(stderr).toContain(message);
    expect([code, stderr.split('\n').length]).toEqual([2, 2]);
  });

  it.each([
    ['{ "perpetual": ', 'can\'t read "package.json": it is not JSON'],
    ['{ "perpetual": { "policies": 7 } }', '"perpetual.policies" in "package.json" is not the path of a folder'],
  ])('%s', async (text, message) => {
    write('package.json', text);
    const { code, stderr } = await run(['check']);
    rmSync(join(root, 'package.json'));
    expect([code, stderr]).toEqual([2, `perpetual: ${message}\n`]);
  });
});
