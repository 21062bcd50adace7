import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { diffSpecs, type SpecDiff } from '../../src/diff/diff.ts';
import { jsonDiff, markdownDiff, prettyDiff } from '../../src/report/diff.ts';
import { expectGolden } from '../support/golden.ts';
import { compileText, leastSpec, withValue } from '../support/specs.ts';

const read = (file: string): string => readFileSync(file, 'utf8');
const everything = read('test/fixtures/specs/everything.yaml');
const prod = read('specs/prod/perpetual-node.yaml');
const texts: Record<string, string> = {
  least: leastSpec,
  dev: read('specs/dev/perpetual-node.yaml'),
  prod,
  everything,
  'everything else': read('test/fixtures/specs/everything-else.yaml'),
  'all keys': read('test/fixtures/specs/all-keys.yaml'),
  wrong: read('test/fixtures/specs/wrong.yaml'),
};

/** Each edit is one that a reviewer must hear of, and what he must hear. */
const edits: [
  name: string,
  base: string,
  path: (string | number)[],
  value: unknown,
  seen: (diff: SpecDiff) => unknown,
  is: unknown,
][] = [
  [
    'a larger node',
    prod,
    ['cluster', 'nodePool', 'vmSize'],
    'Standard_D4as_v5',
    ({ bill }) => bill.items.map(({ name }) => name),
    ['Nodes'],
  ],
  [
    'an open gateway',
    prod,
    ['network', 'expose', 'gateway', 'from'],
    ['internet'],
    ({ exposure }) => exposure,
    { opened: [{ from: 'the internet', to: 'perpetual-gateway 8080/TCP' }], closed: [] },
  ],
  [
    'a wider range',
    prod,
    ['network', 'expose', 'gateway', 'from'],
    ['203.0.0.0/16'],
    ({ exposure }) => exposure,
    { opened: [{ from: '203.0.0.0/16', to: 'perpetual-gateway 8080/TCP' }], closed: [] },
  ],
  [
    'a narrower range',
    prod,
    ['network', 'expose', 'gateway', 'from'],
    ['203.0.113.0/28'],
    ({ exposure }) => exposure,
    { opened: [], closed: [{ from: '203.0.113.0/24', to: 'perpetual-gateway 8080/TCP' }] },
  ],
  [
    'the same ranges in another order',
    withValue(prod, ['network', 'expose', 'gateway', 'from'], ['203.0.113.0/24', '198.51.100.0/24']),
    ['network', 'expose', 'gateway', 'from'],
    ['198.51.100.0/24', '203.0.113.0/24'],
    ({ exposure }) => exposure,
    { opened: [], closed: [] },
  ],
  [
    'a rule for remote desktop',
    prod,
    ['network', 'rules'],
    [
      {
        name: 'rdp',
        priority: 300,
        direction: 'Inbound',
        access: 'Allow',
        protocol: 'Tcp',
        sourceAddressPrefix: 'Internet',
        sourcePortRange: '*',
        destinationAddressPrefix: '*',
        destinationPortRange: '3389',
      },
    ],
    ({ exposure }) => exposure.opened,
    [{ from: 'the internet', to: 'nodes 3389/TCP' }],
  ],
  [
    'an API server for some',
    prod,
    ['cluster', 'api', 'authorizedIpRanges'],
    ['203.0.113.0/24'],
    ({ exposure }) => exposure,
    { opened: [], closed: [{ from: 'the internet', to: 'Kubernetes API of cluster 443/TCP' }] },
  ],
  [
    'an open vault',
    prod,
    ['secrets', 'vault', 'network'],
    { default: 'allow' },
    ({ exposure }) => exposure.opened,
    [{ from: 'the internet', to: 'Key Vault vault 443/TCP' }],
  ],
  [
    'one more secret',
    prod,
    ['secrets', 'items', 2],
    { name: 'another', from: 'env:ANOTHER' },
    ({ rights }) => rights,
    { widened: [{ who: 'workload-identity', may: 'Key Vault Secrets User', on: 'secret-another' }], narrowed: [] },
  ],
  [
    'a right for a person',
    prod,
    ['secrets', 'vault', 'access'],
    [{ principal: '22222222-2222-3333-4444-555555555555', role: 'Key Vault Secrets Officer', principalType: 'User' }],
    ({ rights }) => rights.widened,
    [{ who: '22222222-2222-3333-4444-555555555555', may: 'Key Vault Secrets Officer', on: 'vault' }],
  ],
  [
    'a smaller disk',
    prod,
    ['storage', 'data', 'sizeGiB'],
    4,
    ({ risks }) => risks.map(({ code, line }) => [code, line]),
    [['plan/refused-change', 31]],
  ],
  [
    'another region',
    prod,
    ['azure', 'region'],
    'westeurope',
    ({ resources }) =>
      resources
        .filter(({ kind }) => kind === 'replaced')
        .map(({ name }) => name)
        .includes('cluster'),
    true,
  ],
  [
    'a waiver',
    prod,
    ['policies'],
    {
      waivers: [
        { policy: 'sku-burstable-system-pool', reason: 'a trial', owner: 'ada@example.org', expires: '2027-01-31' },
      ],
    },
    ({ waivers }) => waivers.map(({ kind, policy, head }) => [kind, policy, head?.expires]),
    [['added', 'sku-burstable-system-pool', '2027-01-31']],
  ],
  [
    'a value that is not usable',
    prod,
    ['storage', 'data', 'sizeGiB'],
    'many',
    ({ incomplete, findings }) => [incomplete, findings.new.map(({ code }) => code)],
    [['head'], ['spec/wrong-type']],
  ],
  ['a key that says its default', leastSpec, ['storage', 'data', 'sku'], 'Premium_LRS', ({ kind }) => kind, 'same'],
];

const compiled = (text: string) => compileText(text);

describe('an edit', () => {
  it.each(edits)('%s', (_name, base, path, value, seen, is) => {
    expect(seen(diffSpecs(compiled(base), compiled(withValue(base, path, value))))).toEqual(is);
  });

  it.each(edits.filter(([, , , value]) => typeof value !== 'object'))(
    '%s names its field and both values',
    (_name, base, path, value) => {
      const { fields, kind } = diffSpecs(compiled(base), compiled(withValue(base, path, value)));
      if (kind === 'same') return expect(fields).toEqual([]);
      const [field] = fields;
      const from = path.reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], parse(base));
      expect(fields).toHaveLength(1);
      expect(field?.head?.path).toBe(path.join('.'));
      expect(field?.from).toEqual(from);
      // What is not usable is a fault of the head, and not shown as if it were a value.
      expect([value, undefined]).toContainEqual(field?.to);
      expect(base.split('\n')[(field?.base?.line ?? 0) - 1]).toContain(String(path.at(-1)));
    },
  );

  it('knows items by their name, whatever their order', () => {
    const items = parse(prod).secrets.items as unknown[];
    const turned = withValue(prod, ['secrets', 'items'], [...items].reverse());
    const { fields, resources } = diffSpecs(compiled(prod), compiled(turned));
    expect(fields).toEqual([]);
    expect(resources.filter(({ kind }) => kind !== 'updated')).toEqual([]);
  });

  it('shows no value that may be a secret', () => {
    const token = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;
    const leaking = withValue(prod, ['metadata', 'tags', 'note'], token);
    for (const [base, head] of [
      [prod, leaking],
      [leaking, prod],
    ] as const) {
      const report = reportOf(diffSpecs(compiled(base), compiled(head)));
      for (const draw of [prettyDiff(report, false), markdownDiff(report), jsonDiff(report)]) {
        expect(draw).toContain('metadata.tags.note');
        expect(draw).not.toContain(token);
      }
    }
  });

  it('has its own words for what is new and what is gone', () => {
    expect(diffSpecs(undefined, compiled(prod))).toMatchObject({
      kind: 'added',
      bill: { beforeUsd: 0 },
      fields: [],
      risks: [],
    });
    expect(diffSpecs(compiled(prod), undefined)).toMatchObject({
      kind: 'removed',
      bill: { afterUsd: 0 },
      fields: [],
      risks: [],
    });
  });
});

const reportOf = (...diffs: SpecDiff[]) => ({
  diffs,
  asOf: '2026-11-22',
  tool: { version: '0', catalog: '2026-11-22' },
});

const names = Object.keys(texts);
const pairs = names.flatMap((one) => names.filter((other) => other !== one).map((other) => [one, other] as const));

describe('of any two specs', () => {
  it.each(names)('%s does not differ from itself', (name) => {
    const text = texts[name] as string;
    expect(diffSpecs(compiled(text), compiled(text))).toMatchObject({
      kind: 'same',
      fields: [],
      resources: [],
      bill: { items: [] },
      exposure: { opened: [], closed: [] },
      rights: { widened: [], narrowed: [] },
      findings: { new: [], fixed: [] },
      waivers: [],
      risks: [],
    });
  });

  it.each([
    ...pairs,
    ...edits
      .map(([name, base, path, value]) => [name, base, withValue(base, path, value)] as const)
      .map(([, base, head]) => [base, head] as const),
  ])('the way back is the mirror of the way there (%#)', (one, other) => {
    const [base, head] = [compiled(texts[one] ?? one), compiled(texts[other] ?? other)];
    const there = diffSpecs(base, head);
    const back = diffSpecs(head, base);
    expect(mirrored(back)).toEqual(facts(there));
  });
});

/** What has a direction, in an order that has none. */
function facts({ fields, resources, bill, exposure, rights, findings, waivers }: SpecDiff) {
  const sorted = <T>(all: readonly T[]): string[] => all.map((each) => JSON.stringify(each)).sort();
  const named = (...kinds: string[]) =>
    sorted(resources.filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name));
  return {
    fields: sorted(fields.map(({ kind, from, to, base, head }) => [kind, from, to, base?.path, head?.path])),
    created: named('created'),
    deleted: named('deleted'),
    // What Azure refuses one way it may do the other way.
    touched: named('updated', 'replaced', 'refused'),
    before: bill.beforeUsd,
    after: bill.afterUsd,
    items: sorted(bill.items.map(({ name, resource, beforeUsd, afterUsd }) => [name, resource, beforeUsd, afterUsd])),
    opened: sorted(exposure.opened),
    closed: sorted(exposure.closed),
    widened: sorted(rights.widened),
    narrowed: sorted(rights.narrowed),
    found: sorted(findings.new.map(({ code, message }) => [code, message])),
    fixed: sorted(findings.fixed.map(({ code, message }) => [code, message])),
    waivers: sorted(waivers.map(({ kind, policy, base, head }) => [kind, policy, base, head])),
  };
}

function mirrored(diff: SpecDiff) {
  const turned = { added: 'removed', removed: 'added', changed: 'changed' } as const;
  const kinds = {
    created: 'deleted',
    deleted: 'created',
    updated: 'updated',
    replaced: 'replaced',
    refused: 'refused',
  } as const;
  return facts({
    ...diff,
    fields: diff.fields.map(({ kind, from, to, base, head }) => ({
      kind: turned[kind],
      from: to,
      to: from,
      ...(head && { base: head }),
      ...(base && { head: base }),
    })),
    resources: diff.resources.map((each) => ({ ...each, kind: kinds[each.kind] })),
    bill: {
      ...diff.bill,
      beforeUsd: diff.bill.afterUsd,
      afterUsd: diff.bill.beforeUsd,
      items: diff.bill.items.map(({ beforeUsd, afterUsd, ...item }) => ({
        ...item,
        ...(afterUsd !== undefined && { beforeUsd: afterUsd }),
        ...(beforeUsd !== undefined && { afterUsd: beforeUsd }),
      })),
    },
    exposure: { opened: diff.exposure.closed, closed: diff.exposure.opened },
    rights: { widened: diff.rights.narrowed, narrowed: diff.rights.widened },
    findings: { new: diff.findings.fixed, fixed: diff.findings.new },
    waivers: diff.waivers.map(({ kind, policy, path, base, head }) => ({
      kind: turned[kind],
      policy,
      path,
      ...(head && { base: head }),
      ...(base && { head: base }),
    })),
  });
}

describe('as it is drawn', () => {
  const changed = edits
    .filter(([, base]) => base === prod)
    .reduce((text, [, , path, value]) => withValue(text, path, value), prod);
  const report = {
    ...reportOf(diffSpecs(compiled(prod), compiled(changed)), diffSpecs(undefined, compiled(texts.dev as string))),
    against: 'main',
  };

  it.each([
    ['txt', (): string => prettyDiff(report, false)],
    ['md', (): string => markdownDiff(report)],
    ['json', (): string => jsonDiff(report)],
  ])('%s', (extension, draw) => expectGolden(`test/goldens/diff/many-edits.${extension}`, draw()));
});
