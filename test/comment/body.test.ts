import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commentBody, marker, type Picture } from '../../src/comment/body.ts';
import { diffSpecs, type SpecDiff } from '../../src/diff/diff.ts';
import { mermaid } from '../../src/graph/mermaid.ts';
import { reachGraph } from '../../src/graph/reach.ts';
import { prettyDiff } from '../../src/report/diff.ts';
import { expectGolden } from '../support/golden.ts';
import { compileText, leastSpec, withValue } from '../support/specs.ts';

const prod = readFileSync('specs/prod/perpetual-node.yaml', 'utf8');
const open = withValue(prod, ['network', 'expose', 'gateway', 'from'], ['internet']);
const head = compileText(open);
const edit = diffSpecs(compileText(prod), head);
const graph = reachGraph(head.plan?.resources ?? [], head.diagnostics, 'prod: who can reach what');
const picture: Picture = { environment: 'prod', mermaid: mermaid(graph) };
const reportOf = (diffs: readonly SpecDiff[]) => ({
  diffs,
  against: 'main',
  asOf: '2026-11-22',
  tool: { version: '0', catalog: '2026-11-22' },
});

/** An edit of many environments, each in its own way. */
const environments = (count: number): SpecDiff[] =>
  Array.from({ length: count }, (_, index) => {
    const text = leastSpec.replace('environment: prod', `environment: env-${index}`);
    const larger = withValue(text, ['storage', 'data', 'sizeGiB'], 8 + index);
    return diffSpecs(compileText(text), compileText(larger));
  });

describe('the comment', () => {
  it('of one edit', () => expectGolden('test/goldens/comment/one.md', commentBody(reportOf([edit]), [picture])));

  it('of 500 changes, and the whole of it for whoever asks', () => {
    const diffs = [edit, ...environments(500)];
    const body = commentBody(reportOf(diffs), [picture]);
    expectGolden('test/goldens/comment/many.md', body);
    expect(prettyDiff(reportOf(diffs), false).split('\n').length).toBeGreaterThan(2000);
  });

  it.each([0, 1, 2, 5, 20, 100])('of %i more environments stays under 4 kB and says what it leaves out', (count) => {
    const body = commentBody(reportOf([edit, ...environments(count)]), [picture]);
    expect(Buffer.byteLength(body)).toBeLessThan(4096);
    expect(body.startsWith(marker)).toBe(true);
    // Whatever is left out, what is folded is folded whole.
    expect(body.match(/<details>/g)?.length ?? 0).toBe(body.match(/<\/details>/g)?.length ?? 0);
    expect((body.match(/```/g)?.length ?? 0) % 2).toBe(0);
    expect(body).toContain('opened: the internet');
    if (count >= 20) expect(body).toContain('`perpetual diff --against main` shows all');
  });

  it('stays under 4 kB when names and values are long', () => {
    const long = 'ü'.repeat(400);
    const text = withValue(prod, ['metadata', 'tags'], { [long]: long, other: long });
    const body = commentBody(reportOf([diffSpecs(compileText(prod), compileText(text))]), []);
    expect(Buffer.byteLength(body)).toBeLessThan(4096);
  });

  it('calls nobody and closes nothing', () => {
    const text = withValue(prod, ['metadata', 'tags'], { note: '@ada </details> <!-- x --> `code` | cell' });
    const body = commentBody(reportOf([diffSpecs(compileText(prod), compileText(text))]), []);
    expect(body).not.toMatch(/@ada|(?<!\\)<!-- x/);
    expect(body.match(/<details>/g)?.length).toBe(body.match(/(?<!\\)<\/details\\?>/g)?.length);
  });
});
