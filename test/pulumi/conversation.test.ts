import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Resource } from '../../src/plan.ts';
import { packVariable } from '../../src/pulumi/pack-marker.ts';
import { type Conversation, comparable, readConversation, replayProgram } from '../support/conversation.ts';
import { engineNote, newProject, noEngine } from '../support/engine.ts';
import { expectGolden } from '../support/golden.ts';
import { type Pack, startPack } from '../support/pack.ts';

const prod = readFileSync('specs/prod/perpetual-node.yaml', 'utf8');
const secrets = { IPFS_PRIVATE_KEY: 'recorded-secret-1', NODE_GITHUB_TOKEN: 'recorded-secret-2' };
const cases = {
  dev: { stack: 'dev', spec: readFileSync('specs/dev/perpetual-node.yaml', 'utf8') },
  prod: { stack: 'prod', spec: prod },
  violating: {
    stack: 'prod',
    spec: prod
      .replace('api: { from: [cluster] }', 'api: { from: [internet] }')
      .replace('monthlyUsd: 140', 'monthlyUsd: 50'),
  },
};
const golden = (name: string): string => `test/goldens/conversations/${name}.json`;

describe.skipIf(noEngine)(`the engine's conversation is the recorded one${engineNote}`, () => {
  it.each(Object.entries(cases))('%s', async (name, { stack, spec }) => {
    const project = await newProject(stack);
    try {
      project.writeSpec(stack, spec);
      const log = join(project.root, 'grpc.json');
      await project.pulumi(['preview', '--stack', stack, '--policy-pack', 'policies'], {
        PULUMI_DEBUG_GRPC: log,
        // Program and pack start side by side: the recording must not depend on which is first.
        [packVariable]: 'attached',
        ...secrets,
      });
      const conversation = readConversation(log);
      // Every secret goes to the engine wrapped as one, and comes back in no message.
      const openly = JSON.stringify(conversation.registered.map(({ request }) => request)).replace(
        /\{"4dabf18193072939515e22adb298388d":"[0-9a-f]+","value":"(?:[^"\\]|\\.)*"\}/g,
        '',
      );
      const said = JSON.stringify(
        [...conversation.analyzed, conversation.analyzedStack].map(({ response }) => response),
      );
      for (const secret of Object.values(secrets)) expect(openly + said).not.toContain(secret);
      const text = `${JSON.stringify(conversation, null, 1)}\n`.replaceAll(project.root, '<project>');
      expectGolden(golden(name), text);
    } finally {
      project.close();
    }
  });
});

/** What a resource was recorded to depend on. */
function usedBy({ analyzedStack }: Conversation, urn: unknown): string[] {
  type Recorded = { urn: string; propertyDependencies?: Record<string, { urns: string[] }> };
  const resources = analyzedStack.request.resources as Recorded[];
  const { propertyDependencies = {} } = resources.find((each) => each.urn === urn) ?? {};
  return Object.values(propertyDependencies).flatMap(({ urns }) =>
    urns.map((each) => each.split('::').at(-1) as string),
  );
}

describe('without the engine', () => {
  const recorded = (name: string): Conversation => JSON.parse(readFileSync(golden(name), 'utf8'));

  const replay = async (name: keyof typeof cases) => {
    const { stack, spec } = cases[name];
    const root = mkdtempSync(join(tmpdir(), 'perpetual-replay-'));
    for (const file of ['Pulumi.yaml', 'package.json']) cpSync(file, join(root, file));
    for (const folder of ['dist', 'node_modules']) symlinkSync(join(process.cwd(), folder), join(root, folder));
    mkdirSync(join(root, 'specs', stack), { recursive: true });
    writeFileSync(join(root, 'specs', stack, 'perpetual-node.yaml'), spec);
    try {
      return await replayProgram(root, stack, recorded(name), secrets);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  };

  it.each(Object.keys(cases) as (keyof typeof cases)[])('the program of %s says what was recorded', async (name) => {
    // The note of a running pack, as one stood beside the program that was recorded.
    const note = join(tmpdir(), `perpetual-pack-${process.pid}`);
    writeFileSync(note, String(process.pid));
    try {
      const { registered, output } = await replay(name);
      expect(registered.map(comparable), output).toEqual(
        recorded(name).registered.map(({ request }) => comparable(request)),
      );
      expect(output).not.toContain('perpetual refuses');
    } finally {
      rmSync(note);
    }
  });

  it('the program of violating refuses by itself when nobody judges beside it, and registers nothing', async () => {
    const { registered, output } = await replay('violating');
    expect(output).toContain('perpetual refuses to deploy: a policy is violated');
    expect(registered.map(({ type }) => type)).toEqual(['pulumi:pulumi:Stack']);
  });

  it.each(Object.entries(cases))('the pack judges %s as recorded', async (name, { stack, spec }) => {
    const conversation = recorded(name);
    const pack: Pack = await startPack({ stack, specs: { [stack]: spec } });
    try {
      const said = await pack.analyze(
        conversation.analyzed.map(
          ({ request }) =>
            ({
              type: request.type,
              name: request.name,
              inputs: request.properties ?? {},
              options: { dependsOn: usedBy(conversation, request.urn) },
              origin: '',
              trace: {},
            }) as unknown as Resource,
        ),
      );
      type Diagnostic = { policyName: string; message: string; enforcementLevel?: string };
      const expected = [
        ...conversation.analyzed.map(({ response }) => response),
        conversation.analyzedStack.response,
      ].flatMap(({ diagnostics = [] }) => diagnostics as Diagnostic[]);
      expect(said.map(({ policy, message, level }) => `${level} ${policy}: ${message}`).sort()).toEqual(
        expected
          .map(
            ({ policyName, message, enforcementLevel }) =>
              `${(enforcementLevel ?? 'ADVISORY').toLowerCase()} ${policyName}: ${message}`,
          )
          .sort(),
      );
      expect(expected.length > 0).toBe(name === 'violating');
    } finally {
      pack.close();
    }
  });

  it('has a recording of every case', () => {
    for (const name of Object.keys(cases)) expect(existsSync(golden(name))).toBe(true);
  });
});
