import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../src/compile.ts';
import { cloudOf, engineNote, newProject, noEngine, type Project } from '../support/engine.ts';
import { today } from '../support/specs.ts';

const { plan } = compile('specs/dev/perpetual-node.yaml', readFileSync('specs/dev/perpetual-node.yaml', 'utf8'), {
  today,
});

/** A program that registers a plan as ours does, with a table of former names of its own. */
const program = `
import { readFileSync } from 'node:fs';
import { deploy } from '${join(process.cwd(), 'src/pulumi/deploy.ts')}';

const { plan, former } = JSON.parse(readFileSync('renamed.json', 'utf8'));
export default (await deploy(plan, new Map(), undefined, former)).given;
`;

describe.skipIf(noEngine)(`a resource that gets another name in the plan${engineNote}`, () => {
  let project: Project;
  beforeAll(async () => {
    project = await newProject('dev');
    project.write('Pulumi.yaml', 'name: perpetual\nruntime: nodejs\nmain: renamed.mjs\n');
    project.write('renamed.mjs', program);
  });
  afterAll(() => project?.close());

  /** As it would be called with the names of another release. */
  const run = (verb: string[], names: Record<string, string>, former: Record<string, string[]>) => {
    const text = Object.entries(names).reduce(
      (whole, [from, to]) => whole.replaceAll(`"${from}"`, `"${to}"`),
      JSON.stringify(plan),
    );
    project.write('renamed.json', JSON.stringify({ plan: JSON.parse(text), former }));
    return project.pulumi([...verb, '--stack', 'dev']);
  };

  it('is the same resource still, and neither replaced nor made a second time', async () => {
    const old = await run(
      ['up', '--yes', '--skip-preview'],
      { 'virtual-network': 'network', 'public-ip': 'address' },
      {},
    );
    expect(old.code, old.output).toBe(0);
    const before = cloudOf(project);

    const unknown = await run(['preview'], {}, {});
    expect(unknown.output).toMatch(/azure-native:network:PublicIPAddress +address +delete/);

    const former = { 'virtual-network': ['network'], 'public-ip': ['first-address', 'address'] };
    const known = await run(['up', '--yes', '--skip-preview', '--expect-no-changes'], {}, former);
    expect(known.code, known.output).toBe(0);
    expect(cloudOf(project)).toEqual(before);
    const later = await run(['preview', '--expect-no-changes'], {}, {});
    expect(later.code, later.output).toBe(0);
  });
});
