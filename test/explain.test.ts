import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { policies } from '../policies/index.ts';
import { explanations } from '../src/explain/codes.ts';
import { explain, subjects } from '../src/explain/explain.ts';
import { specSchema } from '../src/spec/schema.ts';
import { allFields, fieldOf, keysOf } from '../src/spec/shape.ts';
import { perpetual } from './support/cli.ts';

describe('explain', () => {
  it('knows every code that the compiler emits, and no other', () => {
    const emitted = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.startsWith('explain'))
      .flatMap((file) => [
        ...readFileSync(`src/${file}`, 'utf8').matchAll(
          /'((?:yaml|spec|plan|catalog|cost|waiver|deploy|drift|preflight)\/[a-z-]+)'/g,
        ),
      ])
      .map(([, code]) => code as string);
    expect(Object.keys(explanations).sort()).toEqual([...new Set(emitted)].sort());
  });

  it('has an answer for everything it lists: codes, policies and keys', () => {
    for (const subject of subjects()) {
      const answer = explain(subject);
      expect(answer?.parts.length, subject).toBeGreaterThan(1);
      for (const [title, text] of answer?.parts ?? []) {
        expect(text, `${subject}: ${title}`).not.toBe('');
        if (!['meaning', 'example', 'wrong', 'right', 'default', 'source', 'changing'].includes(title))
          expect(text, `${subject}: ${title}`).not.toMatch(/\.$/);
      }
    }
    expect(subjects()).toEqual(expect.arrayContaining(policies.map(({ id }) => id)));
    expect(subjects()).toEqual(expect.arrayContaining([...allFields(specSchema)].map(({ path }) => path)));
  });

  it('says of every key what it means, takes, creates and costs, and what changing it does', () => {
    for (const { path, schema } of allFields(specSchema)) {
      const titles = explain(path)?.parts.map(([title]) => title);
      for (const title of ['meaning', keysOf(schema) ? 'keys' : 'expects', 'creates', 'decides', 'costs', 'changing'])
        expect(titles, path).toContain(title);
      expect(titles?.includes('default') || fieldOf(schema).optional, path).toBe(true);
    }
  });

  it('knows what an edit of a key costs and what it does to what is deployed', () => {
    const said = (path: string): Record<string, string> => Object.fromEntries(explain(path)?.parts ?? []);
    expect(said('cluster.nodePool.vmSize')).toMatchObject({ decides: 'ManagedCluster' });
    expect(said('cluster.nodePool.vmSize').costs).toContain('Nodes');
    expect(said('cluster.nodePool.maxPods').changing).toContain('Azure refuses to change: ManagedCluster');
    expect(said('storage.data.sizeGiB').costs).toContain('Data disk');
    expect(said('azure.region').changing).toContain('replaces: ');
    expect(said('budget.monthlyUsd')).toMatchObject({ costs: 'nothing: no item of the bill depends on it' });
    expect(said('usage.egressGb')).toMatchObject({
      creates: 'nothing by itself',
      changing: 'nothing that is deployed',
    });
  });

  it('is data, too', async () => {
    const { stdout } = await perpetual(['explain', 'cluster.nodePool.vmSize', '-f', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ formatVersion: 1, name: 'cluster.nodePool.vmSize' });
    expect(JSON.parse((await perpetual(['explain', '-f', 'json'])).stdout)).toEqual(subjects());
  });

  it('tells of the load balancer that AKS never uses', async () => {
    const { code, stdout } = await perpetual(['explain', 'network.expose']);
    expect(code).toBe(0);
    expect(stdout).toContain('One declared beside it is never used by AKS');
  });

  it.each([
    [['explain', 'cluster.pools[3].vmSize'], 0, 'cluster.pools[].vmSize'],
    [['explain', 'sku-below-system-minimum'], 0, 'none: Azure itself refuses it'],
    [['explain', 'spec/wrong-type'], 0, 'kubernetesVersion: "1.35"'],
    [['explain'], 0, 'yaml/syntax'],
    [['explain', 'cluster.nodePool.vmSze'], 2, 'did you mean "cluster.nodePool.vmSize"'],
    [['explain', 'a', 'b'], 2, '"b" is a second one'],
  ])('%j exits with %i', async (args, code, text) => {
    const result = await perpetual(args);
    expect(result.code).toBe(code);
    expect(result.stdout + result.stderr).toContain(text);
  });
});
