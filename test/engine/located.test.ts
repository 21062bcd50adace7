import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { failed, refusals } from '../../src/engine/located.ts';
import type { Outcome } from '../../src/engine/outcome.ts';
import type { Held } from '../../src/engine/state.ts';
import { documentOf, doneSummary } from '../../src/engine/summary.ts';
import { type Target, targetOf } from '../../src/engine/target.ts';
import { compileText } from '../support/specs.ts';

const text = readFileSync('specs/prod/perpetual-node.yaml', 'utf8');
const target = (changed = text): Target => ({
  ...targetOf('.', 'prod', { IPFS_PRIVATE_KEY: 'a', NODE_GITHUB_TOKEN: 'b' }),
  compiled: compileText(changed),
});
const outcome = (fields: Partial<Outcome>): Outcome => ({
  ...{ changes: [], unchanged: 0, uncertain: 0, unneeded: 0, policies: [], packs: {}, failures: [], warnings: [] },
  ...fields,
});
const type = (name: string): string => target().compiled.plan?.resources.find((each) => each.name === name)?.type ?? '';

describe('what failed', () => {
  it.each([
    ['cluster', 'Status=400 Code="QuotaExceeded" Message="left: 2"', 'cluster.nodePool.vmSize', /vCPUs of this family/],
    ['node', '1 error:\n\t* [ImagePullBackOff] Back-off pulling image', 'node.image', /the image can't be pulled/],
    ['data-disk', 'Status=500 Code="SomethingElse"', 'storage.data', /^"data-disk" failed$/],
    ['kubernetes', 'connection refused', 'cluster', /can't be reached from here/],
  ])('is said at the line that %s is there for: %s', (resource, message, path, said) => {
    const [found, ...others] = failed(target(), { failures: [{ resource, message }] });
    expect(others).toEqual([]);
    expect(found).toMatchObject({ code: 'deploy/failed', path, message: expect.stringMatching(said) });
    expect(found?.why).toMatch(/^(Azure|Kubernetes|the engine) says: [^\n]+$/);
    expect(found?.help).toBeTruthy();
  });

  it('stays a message where nothing of the spec caused it, and is said once', async () => {
    const failures = [
      { resource: 'cluster', message: 'Status=409 Code="ScopeLocked" Message="x"' },
      { resource: 'what-was-there-before', message: 'Code="ScopeLocked"' },
      { message: 'the program ended' },
      { resource: 'node', message: 'resource violates plan: properties changed' },
    ];
    const findings = failed(target(), { failures });
    expect(findings.map(({ resource }) => resource?.name)).toEqual(['cluster']);
    const { source } = target().compiled.loaded;
    const result = {
      ...{ environment: 'prod', verb: 'up' as const, exitCode: 4, problems: [], done: outcome({ failures }) },
      ...{ findings, source },
    };
    const shown = await doneSummary(result);
    expect(shown.match(/ScopeLocked/g)).toHaveLength(2);
    expect(shown).toContain('  error: what-was-there-before: Code="ScopeLocked"\n');
    const [environment] = JSON.parse(documentOf([result], '2026-11-22')).environments;
    expect(environment.findings).toEqual([
      expect.objectContaining({
        code: 'deploy/failed',
        file: 'specs/prod/perpetual-node.yaml',
        environment: 'prod',
        range: { start: { line: 14, column: 1 }, end: expect.anything() },
      }),
    ]);
    expect(environment.done.failures).toHaveLength(4);
  });
});

describe('what a failed update has left', () => {
  const base = target().compiled;
  const held = (name: string, inputs: Record<string, unknown>): Held => ({
    ...{ urn: '', name, type: type(name), isProtected: false, stays: false, inputs },
  });
  const said = (...there: Held[]) =>
    refusals(target(), { base, held: there }, outcome({}), []).map(({ message, path }) => [message, path]);

  it.each<[string, Held, unknown[]]>([
    [
      'a disk that has grown',
      held('data-disk', { diskSizeGB: 16, tags: { else: 'b' }, zones: ['3'] }),
      ['"data-disk" can\'t shrink from 16 to 8', 'storage.data.sizeGiB'],
    ],
    [
      'a volume that has grown',
      held('data-volume', { spec: { capacity: { storage: '16Gi' } } }),
      ['"data-volume" can\'t shrink from 16Gi to 8Gi', 'storage.data.sizeGiB'],
    ],
  ])('does not go back, whatever spec was deployed before: %s', (_, there, expected) => {
    expect(said(there)).toEqual([expected]);
  });

  it('is said once, and nothing of what is as it was or smaller', () => {
    expect(
      said(held('data-disk', { diskSizeGB: 16 }), held('data-volume', { spec: { capacity: { storage: '16Gi' } } })),
    ).toHaveLength(1);
    expect(said(held('data-disk', { diskSizeGB: 8 }), held('cluster', { kubernetesVersion: '1.34' }))).toEqual([]);
    expect(said({ ...held('data-disk', { diskSizeGB: 16 }), type: 'another:type' })).toEqual([]);
  });
});

describe('what the engine would replace', () => {
  const base = target().compiled;
  const change = (name: string, inputs: string[], kind: 'replace' | 'delete' = 'replace') => ({
    ...{ kind, type: type(name), name, inputs },
  });

  it('is refused at the line that causes it, whatever a comparison says', () => {
    const edited = target(text.replace('name: perpetual', 'name: another'));
    const said = (...changes: Outcome['changes']) =>
      refusals(edited, { base, held: [] }, outcome({ changes }), []).map(({ code, resource, path }) => [
        code,
        resource?.name,
        path,
      ]);
    expect(said(change('vault', ['vaultName']))).toEqual([['plan/replaces', 'vault', 'metadata.name']]);
    expect(said(change('vault', ['vaultName']), change('cluster', ['location']))).toHaveLength(1);
    // It goes without any edit: somebody asked the engine to, or it is not there as it was.
    expect(said(change('cluster', ['location']))).toEqual([['plan/replaces', 'cluster', 'cluster']]);
    expect(said(change('data-claim', ['metadata.name']), change('subnet', [], 'delete'))).toEqual([]);
    expect(said()).toEqual([]);
  });

  it('is refused when nobody knows what was deployed before', () => {
    const none = { base: undefined, held: [] };
    const found = refusals(target(), none, outcome({ changes: [change('public-ip', ['location'])] }), []);
    expect(found.map(({ resource }) => resource?.name)).toEqual(['public-ip']);
  });

  it('goes when it is named', () => {
    const changes = [change('vault', [], 'delete'), change('public-ip', ['sku'])];
    const named = (...allowed: string[]) => refusals(target(), { base, held: [] }, outcome({ changes }), allowed);
    expect(named()).toHaveLength(2);
    expect(named('vault').map(({ resource }) => resource?.name)).toEqual(['public-ip']);
    expect(named('vault', 'public-ip')).toEqual([]);
  });
});
