import { readFileSync } from 'node:fs';
import type { EngineEvent } from '@pulumi/pulumi/automation/index.js';
import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../src/engine/outcome.ts';
import { exitCodeOf, type Result } from '../../src/engine/result.ts';
import { documentOf, doneSummary, planSummary } from '../../src/engine/summary.ts';
import { expectGolden } from '../support/golden.ts';

/** What the engine said of previews and updates of this project's specs, without what is never read. */
const recorded = (name: string): EngineEvent[] =>
  readFileSync(`test/fixtures/events/${name}.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as EngineEvent);

const resultOf = (fields: Partial<Result>): Result => ({
  ...{ environment: 'prod', verb: 'preview', exitCode: 0, problems: [] },
  ...fields,
});

describe('what the engine said', () => {
  const plans = ['replaced', 'violating', 'unforeseen', 'protected', 'refreshed'];

  it('becomes a summary for people', async () => {
    const money = { beforeUsd: 95.31, afterUsd: 96.51, partial: false };
    const texts = await Promise.all(
      plans.map(
        async (name) =>
          `${name}\n\n${await planSummary(resultOf({ planned: outcomeOf(recorded(name)), ...(name === 'refreshed' ? { verb: 'refresh' as const } : { money }) }))}`,
      ),
    );
    const failed = await doneSummary(resultOf({ done: outcomeOf(recorded('failed'), { done: true }), exitCode: 4 }));
    expectGolden('test/goldens/summaries.txt', [...texts, `failed\n\n${failed}`].join('\n'));
  });

  it('says of a way back that failed what is left', async () => {
    const change = (name: string) => ({ kind: 'update' as const, type: 'a:b:C', name, inputs: [] });
    const outcome = outcomeOf([]);
    const rollback = resultOf({
      ...{ verb: 'rollback', exitCode: 4, notes: ['a note'] },
      planned: { ...outcome, changes: [change('cluster'), change('node')] },
      done: { ...outcome, changes: [change('cluster')], failures: [{ resource: 'node', message: 'no' }] },
    });
    const failed = resultOf({ verb: 'up', exitCode: 4, done: { ...outcome, changes: [change('node')] }, rollback });
    expect(await doneSummary(failed)).toBe(
      `prod: failed, 1 updated

prod: rolling back failed, 1 updated
  not back yet: node
  a note
  error: node: no
`,
    );
    const [{ exitCode, rollback: told }] = JSON.parse(documentOf([failed], '2026-11-22')).environments;
    expect([exitCode, told.exitCode, told.notes]).toEqual([4, 4, ['a note']]);
  });

  it('is counted by resource, however many steps one takes', () => {
    const { changes, unchanged, failures } = outcomeOf(recorded('replaced'));
    expect(new Set(changes.map(({ name }) => name)).size).toBe(changes.length);
    expect(changes.every(({ kind }) => kind === 'replace')).toBe(true);
    expect(changes.length + unchanged).toBe(28);
    expect(failures).toEqual([]);
    expect(changes.find(({ name }) => name === 'cluster')).toMatchObject({
      inputs: ['resourceGroupName'],
      lost: expect.stringContaining('the cluster with everything in it'),
    });
    // The disk is left where it is, so nothing is lost with it.
    expect(changes.find(({ name }) => name === 'data-disk')).toMatchObject({ stays: true });
    expect(changes.find(({ name }) => name === 'data-disk')).not.toHaveProperty('lost');
  });

  it('is the same for programs, and holds nothing of the debugging output', () => {
    const results = plans.map((name) => resultOf({ planned: outcomeOf(recorded(name)) }));
    const text = documentOf(results, '2026-11-22');
    expect(text).not.toContain('marker-of-a-secret');
    const { formatVersion, environments } = JSON.parse(text);
    expect(formatVersion).toBe(1);
    expect(environments[1].planned.policies).toEqual([
      {
        policy: 'nsg-open-admin-api',
        level: 'mandatory',
        resource: 'network-security-group',
        message: expect.stringMatching(/^the admin RPC .* at specs\/prod\/perpetual-node\.yaml:25:19 /),
      },
    ]);
    expect(environments[2].planned.uncertain).toBeGreaterThan(0);
    expect(environments[4].planned.counts).toMatchObject({ delete: 3, unchanged: 25 });
  });

  it('is what was finished, when it was done', () => {
    const { changes, failures } = outcomeOf(recorded('failed'), { done: true });
    expect(changes).toEqual([]);
    expect(failures.map(({ resource }) => resource)).toContain('data-disk');
  });

  it('passes through what takes secrets out', () => {
    const { policies, failures } = outcomeOf(recorded('violating'), {
      redact: (text) => text.replaceAll('internet', '[secret]'),
    });
    expect(JSON.stringify({ policies, failures })).not.toContain('internet');
  });
});

describe('a summary', () => {
  const nothing = {
    changes: [],
    unchanged: 3,
    uncertain: 0,
    unneeded: 0,
    policies: [],
    packs: {},
    failures: [],
    warnings: [],
  };

  it('says where the money is not known', async () => {
    const money = { beforeUsd: null, afterUsd: 94.71, partial: true };
    expect(await planSummary(resultOf({ planned: nothing, money }))).toBe(
      'prod: no changes, 3 unchanged\n  unknown -> 94.71 USD/month, without what has no price\n',
    );
  });

  it('says why nothing was done', async () => {
    expect(await planSummary(resultOf({ problems: ['a', 'b'] }))).toBe(
      'prod: nothing was previewed\n  error: a\n  error: b\n',
    );
    expect(await doneSummary(resultOf({ problems: ['a'] }))).toBe('prod: not done\n  error: a\n');
    expect(await doneSummary(resultOf({ done: nothing }))).toBe('prod: nothing changed\n');
    expect(await doneSummary(resultOf({ done: nothing, exitCode: 8 }))).toBe('prod: cancelled, nothing changed\n');
  });

  it('of several ends with the code that says most', () => {
    const codeOf = (...codes: number[]) => exitCodeOf(codes.map((exitCode) => resultOf({ exitCode })));
    expect(codeOf(0, 0)).toBe(0);
    expect(codeOf(0, 5, 1)).toBe(1);
    expect(codeOf(5, 7)).toBe(5);
    expect(codeOf(1, 4, 5)).toBe(4);
    expect(codeOf(4, 8)).toBe(8);
  });
});
