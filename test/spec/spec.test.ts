import { describe, expect, it } from 'vitest';
import { unmark } from '../support/marks.ts';
import { compileText, leastSpec } from '../support/specs.ts';

/** Replaces sections of the least spec, or adds them. */
function withSections(text: string): string {
  let spec = leastSpec;
  for (const section of text.split(/^(?=«?\w)/m)) {
    const key = /^«?(\w+)/.exec(section)?.[1] as string;
    const known = new RegExp(`^${key}:.*\\n(  .*\\n)*`, 'm');
    spec = known.test(spec) ? spec.replace(known, section) : spec + section;
  }
  return spec;
}

type Case = [name: string, section: string, ...faults: [code: string, message: string | RegExp][]];

const ofKeys: Case[] = [
  [
    'a misspelt key',
    'cluster:\n  kubernetesVersion: "1.35"\n  «teir»: Free\n',
    ['spec/unknown-key', 'unknown key "teir" in "cluster"; did you mean "tier"?'],
  ],
  [
    'a misspelt key that was needed is said once',
    'azure:\n  subscription: 11111111-2222-3333-4444-555555555555\n  «regoin»: eastus\n',
    ['spec/unknown-key', 'unknown key "regoin" in "azure"; did you mean "region"?'],
  ],
  [
    'a key of another section',
    'cluster: { kubernetesVersion: "1.35", «vmSize»: Standard_D2as_v5 }\n',
    ['spec/unknown-key', 'unknown key "vmSize" in "cluster"; it belongs in "cluster.nodePool"'],
  ],
  [
    'a key of the top level',
    'cluster:\n  kubernetesVersion: "1.35"\n  «budget»: { monthlyUsd: 5 }\n',
    ['spec/unknown-key', 'unknown key "budget" in "cluster"; it belongs in the top level'],
  ],
  [
    "a key by Azure's name",
    'azure:\n  subscription: 11111111-2222-3333-4444-555555555555\n  «location»: eastus\n',
    ['spec/unknown-key', 'unknown key "location" in "azure"; did you mean "region"?'],
  ],
  ['a key nobody knows', '«quux»: 1\n', ['spec/unknown-key', 'unknown key "quux" in the spec']],
  [
    'a missing key is shown at its section',
    '«azure»:\n  subscription: 11111111-2222-3333-4444-555555555555\n',
    ['spec/missing-key', '"azure" has no "region"; expected the short name of an Azure region, such as eastus'],
  ],
  [
    'a missing key of an item',
    'secrets:\n  items:\n    - «name»: a\n',
    ['spec/missing-key', /^"secrets\.items\[0\]" has no "from"/],
  ],
  [
    'a missing key between brackets',
    'secrets: { items: [{ «name»: a }] }\n',
    ['spec/missing-key', /^"secrets\.items\[0\]" has no "from"/],
  ],
  [
    'a section without a value',
    'storage:\n  «data»:\n',
    ['spec/wrong-type', '"data" has no value; expected a mapping'],
  ],
];

const ofValues: Case[] = [
  [
    'a version without quotes',
    'cluster:\n  kubernetesVersion: «1.30»\n',
    ['spec/unquoted', '1.30 is read as the number 1.3: write "1.30" in quotes'],
  ],
  [
    'a number that is text',
    'cluster: { kubernetesVersion: "1.35", nodePool: { count: «two» } }\n',
    ['spec/wrong-type', 'expected a whole number from 1 to 1000 (nodes), found the text "two"'],
  ],
  [
    'a number that is not whole',
    'storage: { data: { sizeGiB: «8.5» } }\n',
    ['spec/wrong-type', 'expected a whole number from 1 to 32767 (GiB), found the number 8.5'],
  ],
  [
    'a number in quotes',
    'storage: { data: { sizeGiB: «"8"» } }\n',
    ['spec/wrong-type', 'expected a whole number from 1 to 32767 (GiB), found the text "8"'],
  ],
  [
    'a number too small',
    'cluster:\n  kubernetesVersion: "1.35"\n  nodePool:\n    osDiskGiB: «8»\n',
    ['spec/out-of-range', '8 is too small; expected a whole number from 30 to 2048 (GiB)'],
  ],
  [
    'a number too large',
    'budget: { monthlyUsd: «1e9» }\n',
    ['spec/out-of-range', '1e9 is too large; expected a number from 1 to 1000000 (USD/month)'],
  ],
  [
    'a word for a list',
    'network: { expose: { swarm: { from: «internet» } } }\n',
    ['spec/wrong-type', 'expected a list, found the text "internet"'],
  ],
  ['a list for a mapping', '«registry»: [ghcr]\n', ['spec/wrong-type', 'expected a mapping, found a list']],
  [
    'a choice nobody offers',
    'cluster: { kubernetesVersion: "1.35", tier: «Fre» }\n',
    ['spec/invalid-value', '"Fre" is not one of Free, Standard, Premium; did you mean "Free"?'],
  ],
  [
    'a choice in the wrong case',
    'storage: { data: { sku: «premium_lrs» } }\n',
    ['spec/invalid-value', /did you mean "Premium_LRS"\?$/],
  ],
  [
    'a range with bits behind its prefix',
    'network: { addressSpace: «10.20.0.1/16» }\n',
    ['spec/invalid-value', '"10.20.0.1/16" has bits set behind its prefix: write "10.20.0.0/16"'],
  ],
  [
    'a range that is none',
    'network: { addressSpace: «10.300.0.0/16» }\n',
    ['spec/invalid-value', '"10.300.0.0/16" does not fit; expected an IPv4 range such as 203.0.113.0/24'],
  ],
  [
    'the one item of a list',
    'network:\n  expose:\n    api:\n      from:\n        - cluster\n        - «world»\n',
    ['spec/invalid-value', /^"world" does not fit; expected "internet", "cluster" or an IPv4 range/],
  ],
  [
    'a day the calendar lacks',
    'secrets: { items: [{ name: a, from: env:A, expires: «2027-02-30» }] }\n',
    ['spec/invalid-value', '"2027-02-30" is not a day of the calendar'],
  ],
  [
    'a month that starts late',
    'budget: { monthlyUsd: 500, start: «2026-11-02» }\n',
    ['spec/invalid-value', '"2026-11-02" is not the first day of a month'],
  ],
  [
    'an image without a repository in lower case',
    'node: { image: «ghcr.io/MyOrg/node:1» }\n',
    ['spec/invalid-value', /^"ghcr.io\/MyOrg\/node:1" does not fit/],
  ],
  [
    'a tag with a character Azure refuses',
    'metadata: { name: perpetual, environment: prod, tags: { «a/b»: x } }\n',
    ['spec/invalid-value', /^"a\/b" can't be a key here/],
  ],
  [
    'a tag that is a number',
    'metadata: { name: perpetual, environment: prod, tags: { cost: «42» } }\n',
    ['spec/wrong-type', /found the number 42: put it in quotes/],
  ],
  [
    'an alias shows the place where its value is used',
    'budget:\n  monthlyUsd: 500\n  start: 2026-11-01\n  alerts: [{ atPercent: &p 2000, emails: [a@example.org] }, { atPercent: 80, emails: [b@example.org] }]\nstorage: { growth: { alertAtPercent: «*p» } }\n'.replace(
      '&p 2000',
      '&p 500',
    ),
    ['spec/out-of-range', '500 is too large; expected a whole number from 1 to 99 (percent)'],
  ],
];

const acrossKeys: Case[] = [
  [
    'a subnet outside its network',
    'network: { addressSpace: 10.20.0.0/16, subnet: «10.21.0.0/22» }\n',
    ['spec/subnet', 'the subnet "10.21.0.0/22" is not inside the address space "10.20.0.0/16"'],
  ],
  [
    'a subnet too small for its nodes',
    'network: { addressSpace: 10.20.0.0/16, subnet: «10.20.0.0/30» }\n',
    ['spec/subnet', 'the subnet "10.20.0.0/30" has 0 usable addresses and the nodes need 2'],
  ],
  [
    'an address space AKS keeps for itself',
    'network: { addressSpace: «172.30.0.0/16» }\n',
    ['spec/address-space', '"172.30.0.0/16" overlaps 172.30.0.0/16, which Azure keeps for itself'],
  ],
  [
    'a region under its display name',
    'azure:\n  subscription: 11111111-2222-3333-4444-555555555555\n  region: «East US»\n',
    ['spec/unknown-region', '"East US" is not the name of an Azure region; did you mean "eastus"?'],
  ],
  [
    'a slip in a region',
    'azure:\n  subscription: 11111111-2222-3333-4444-555555555555\n  region: «estus»\n',
    ['spec/unknown-region', '"estus" is not the name of an Azure region; did you mean "eastus"?'],
  ],
  [
    'a region in capitals',
    'azure:\n  subscription: 11111111-2222-3333-4444-555555555555\n  region: «EastUS»\n',
    ['spec/unknown-region', '"EastUS" is not the name of an Azure region; did you mean "eastus"?'],
  ],
  [
    'a slip in a VM size',
    'cluster: { kubernetesVersion: "1.35", nodePool: { vmSize: «Standard_D2xs_v5» } }\n',
    ['spec/unknown-vm-size', /^"Standard_D2xs_v5" is not the name of a VM size; did you mean "Standard_D2/],
  ],
  [
    'a version nobody can have any more',
    'cluster: { kubernetesVersion: «"1.28"» }\n',
    ['kubernetes-version-unsupported', 'AKS no longer offers Kubernetes 1.28'],
  ],
  [
    'a version for long-term support only',
    'cluster: { kubernetesVersion: «"1.33"» }\n',
    ['kubernetes-version-unsupported', 'AKS offers Kubernetes 1.33 only with long-term support, tier Premium'],
  ],
  [
    'too little room for pods',
    'cluster: { kubernetesVersion: "1.35", nodePool: { maxPods: «20» } }\n',
    ['spec/conflict', '1 x 20 pods are too few: a pool must have room for 30'],
  ],
  [
    'a zone where there are none',
    'azure:\n  subscription: 11111111-2222-3333-4444-555555555555\n  region: westus\ncluster: { kubernetesVersion: "1.35", nodePool: { zone: «1» } }\n',
    ['spec/conflict', 'the region "westus" has no availability zones'],
  ],
  [
    'a pod larger than its node',
    'node:\n  image: docker.io/ipfs/kubo:v0.42.0\n  resources: { memory: «16Gi» }\n',
    ['spec/does-not-fit', '"16Gi" does not fit a node with 7242 MiB left for pods'],
  ],
  [
    'a disk full before it is cleaned',
    'node:\n  image: docker.io/ipfs/kubo:v0.42.0\n  ipfs: { storageMaxGiB: «8» }\n',
    ['spec/conflict', 'a disk of 8 GiB is full before garbage collection starts at 8 GiB'],
  ],
  [
    'an image nobody filled in',
    'node: { image: «ghcr.io/your-username/node:1» }\n',
    ['placeholder-left', '"your-username" in the image was never filled in'],
  ],
  [
    'two rules of one priority',
    'network:\n  rules:\n    - { name: a, priority: 300, access: Allow, protocol: Tcp, sourceAddressPrefix: 10.0.0.0/8, destinationAddressPrefix: "*", destinationPortRange: "22" }\n    - { name: b, priority: «300», access: Deny, protocol: Udp, sourceAddressPrefix: "*", destinationAddressPrefix: "*", destinationPortRange: "53" }\n',
    ['spec/duplicate', "two rules of the same direction can't have the same priority"],
  ],
  [
    'a further system pool too small for one',
    'cluster:\n  kubernetesVersion: "1.35"\n  pools: [{ name: two, mode: System, vmSize: «Standard_B1ms» }]\n',
    ['sku-below-system-minimum', '"Standard_B1ms" cannot be the node of an AKS system pool'],
  ],
  [
    'a further system pool without nodes',
    'cluster:\n  kubernetesVersion: "1.35"\n  pools: [{ name: two, mode: System, count: «0» }]\n',
    ['spec/conflict', 'a system pool must have at least one node'],
  ],
  [
    'a further pool in a zone the region lacks',
    'azure: { subscription: 11111111-2222-3333-4444-555555555555, region: westus }\ncluster:\n  kubernetesVersion: "1.35"\n  pools: [{ name: two, zone: «2» }]\n',
    ['spec/conflict', 'the region "westus" has no availability zones'],
  ],
  [
    'a pool that starts with more nodes than it may have',
    'cluster:\n  kubernetesVersion: "1.35"\n  nodePool: { count: «5», autoscale: { min: 1, max: 3 } }\nbudget: { monthlyUsd: 900 }\n',
    ['spec/conflict', "a pool of 5 nodes can't be scaled between 1 and 3"],
  ],
  [
    'alerts of a budget that never starts',
    '«budget»: { monthlyUsd: 500, alerts: [{ atPercent: 80, emails: [a@example.org] }] }\n',
    ['spec/missing-key', /^a budget with alerts needs "start"/],
  ],
  [
    'a time zone that is none',
    'metadata: { name: perpetual, environment: prod, stage: development }\ncluster:\n  kubernetesVersion: "1.35"\n  offHours: { stop: "19:00", start: "07:00", timezone: «Europe/Berln» }\n',
    ['spec/invalid-value', '"Europe/Berln" is not the name of a time zone; did you mean "Europe/Berlin"?'],
  ],
  [
    'two secrets of one name',
    'secrets: { items: [{ name: a, from: env:A }, { name: «A», from: env:B }] }\n',
    ['spec/duplicate', /^a secret "a" is already there/],
  ],
  [
    'Kubernetes secrets in production',
    'secrets: { store: «kubernetes», items: [{ name: a, from: env:A }] }\n',
    ['spec/conflict', /^Kubernetes Secrets are for development/],
  ],
  [
    'a registry without its token',
    '«registry»: { kind: ghcr, username: octocat }\n',
    ['spec/missing-key', 'a registry of kind ghcr needs "password"'],
  ],
  [
    'a window shorter than its interval',
    'monitoring: { alerts: [{ metric: node_cpu_usage_percentage, above: 90, every: PT15M, window: «PT5M» }] }\n',
    ['spec/conflict', 'the window PT5M is shorter than the interval PT15M'],
  ],
  [
    'a policy nobody has',
    'policies: { levels: { «nsg-open-admin»: mandatory } }\n',
    ['spec/policy', 'there is no policy "nsg-open-admin"; did you mean "nsg-open-admin-api"?'],
  ],
  [
    'a policy loosened by a spec',
    'policies: { levels: { cost-over-budget: «advisory» } }\n',
    ['spec/policy', /^"cost-over-budget" is mandatory in production: a spec can only make it stricter/],
  ],
  [
    'a waiver of what Azure refuses',
    'policies: { waivers: [{ policy: «sku-below-system-minimum», reason: for a test only, owner: a@example.org, expires: 2027-01-31 }] }\n',
    ['spec/policy', '"sku-below-system-minimum" can\'t be waived'],
  ],
];

describe.each([
  ['keys', ofKeys],
  ['values', ofValues],
  ['relations between keys', acrossKeys],
] as const)('%s', (_, cases) => {
  it.each(cases)('%s', (_name, section, ...faults) => {
    const { text, ranges } = unmark(withSections(section));
    for (const spelling of [text, `\uFEFF${text}`, text.replaceAll('\n', '\r\n')]) {
      const { diagnostics, loaded } = compileText(spelling);
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      expect(errors.map(({ code }) => code)).toEqual(faults.map(([code]) => code));
      errors.forEach(({ message }, index) => {
        const expected = faults[index]?.[1];
        if (typeof expected === 'string') expect(message).toBe(expected);
        else expect(message).toMatch(expected as RegExp);
      });
      const { source } = loaded;
      expect(errors.map(({ labels: [{ range }] }) => source.text.slice(range.start, range.end))).toEqual(
        ranges.map(({ start, end }) => text.slice(start, end)),
      );
      expect(errors.map(({ labels: [{ range }] }) => source.position(range.start).line)).toEqual(
        ranges.map(({ start }) => text.slice(0, start).split('\n').length),
      );
    }
  });
});

it('offers the keys that have a word in common with an unknown one, and else all', () => {
  const helpFor = (key: string) =>
    compileText(`${leastSpec}network: { rules: [{ ${key}: 1 }] }\n`).diagnostics.find(
      ({ code }) => code === 'spec/unknown-key',
    )?.help;
  const common = 'known keys not used yet: ';
  expect(helpFor('soruce')).toBe(`${common}sourceAddressPrefix, sourceAddressPrefixes, sourcePortRange`);
  expect(helpFor('ports')).toBe(`${common}sourcePortRange, destinationPortRange, destinationPortRanges`);
  expect(helpFor('quux')).toMatch(/: name, description, .*destinationPortRanges$/);
});

describe('one run reports everything, once', () => {
  it('goes on behind every wrong value', () => {
    const { diagnostics, plan, bill, complete } = compileText(
      `${leastSpec
        .replace('eastus', 'eastus\n  zone: 1')
        .replace('"1.35"', '1.30')
        .replace('name: perpetual', 'name: Perpetual')}network: { expose: { api: { from: [internet] } } }\n`,
    );
    expect(diagnostics.map(({ code }) => code)).toEqual([
      'spec/invalid-value',
      'spec/unknown-key',
      'spec/unquoted',
      'nsg-open-admin-api',
    ]);
    expect(complete).toBe(false);
    expect(plan?.resources.length).toBeGreaterThan(20);
    expect(bill?.items.find(({ name }) => name === 'Nodes')?.monthlyUsd).toBeCloseTo(62.78, 2);
  });

  it('says nothing about what stands behind a broken structure', () => {
    const { diagnostics } = compileText(
      leastSpec.replace('region: eastus', 'region: "eastus').replace('name: perpetual', 'nmae: perpetual'),
    );
    expect(diagnostics.map(({ code }) => code)).toEqual(['spec/unknown-key', 'yaml/syntax']);
  });

  it.each([
    ['a tab before a key', leastSpec.replace('  region: eastus', '\tregion: eastus'), 'yaml/syntax'],
    ['a key indented too deep', leastSpec.replace('  region: eastus', '   region: eastus'), 'yaml/syntax'],
    ['an alias of nothing', leastSpec.replace('region: eastus', 'region: *nothing'), 'yaml/unresolved-alias'],
  ])('names %s, and not what is missing because of it', (_, text, code) => {
    expect(compileText(text).diagnostics.map(({ code }) => code)).toEqual([code]);
  });

  it('still names what is missing before the broken place', () => {
    const broken = leastSpec.replace('  name: perpetual\n', '').replace('  region: eastus', '\tregion: eastus');
    expect(compileText(broken).diagnostics.map(({ code }) => code)).toEqual(['spec/missing-key', 'yaml/syntax']);
  });

  it('warns about an environment in the wrong folder, under specs/ only', () => {
    const codes = (file: string) =>
      compileText(leastSpec, file).diagnostics.map(({ code, severity }) => `${severity} ${code}`);
    expect(codes('specs/staging/perpetual-node.yaml')).toEqual(['warning spec/environment-folder']);
    expect(codes('elsewhere/staging/perpetual-node.yaml')).toEqual([]);
    expect(codes('specs/prod/perpetual-node.yaml')).toEqual([]);
  });

  it.each([
    ['monitoring: { notify: [ops@example.org] }', 'plan/nothing-watched', 'notify'],
    ['monitoring: { alerts: [{ metric: node_cpu_usage_percentage, above: 90 }] }', 'alert-without-action', 'alerts'],
    ['monitoring: { logs: {} }', 'alert-without-action', 'logs'],
    ['storage: { growth: {} }', 'alert-without-action', 'growth'],
    ['network: { dns: { zone: example.org, record: node } }', 'plan/zone-elsewhere', 'example.org'],
  ])('gives advice on %s, and nothing more', (section, code, place) => {
    const { diagnostics, loaded } = compileText(`${leastSpec}${section}\n`);
    const advice = diagnostics.filter((diagnostic) => !diagnostic.code.startsWith('cost/'));
    expect(advice.map((diagnostic) => [diagnostic.code, diagnostic.severity])).toEqual([[code, 'info']]);
    expect(advice.map(({ labels: [{ range }] }) => loaded.source.text.slice(range.start, range.end))).toEqual([place]);
  });

  it.each([
    [
      'network: { expose: { gateway: { from: [internet], host: ipfs.example.org } } }',
      'spec/conflict',
      'ipfs.example.org',
    ],
    [
      'network: { expose: { gateway: { from: [cluster], host: a.example.org } }, dns: { zone: example.org, record: a, resourceGroup: dns } }',
      'spec/conflict',
      'a.example.org',
    ],
    [
      'network: { expose: { swarm: { from: [cluster] } }, dns: { zone: example.org, record: a, resourceGroup: dns } }',
      'spec/conflict',
      'a',
    ],
    ['network: { dns: { zone: example.org, record: a, create: true, resourceGroup: dns } }', 'spec/conflict', 'dns'],
    ['network: { expose: { api: { from: [10.244.7.0/24] } } }', 'spec/conflict', '10.244.7.0/24'],
    ['storage: { backups: { everyHours: 1, keepDays: 30 } }', 'spec/out-of-range', '30'],
    ['storage: { backups: { everyHours: 168 } }', 'spec/invalid-value', '168'],
    [
      'storage: { data: { restoreFrom: /subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/b/providers/Microsoft.DataProtection/backupVaults/v/backupInstances/i/recoveryPoints/r } }',
      'spec/invalid-value',
      '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/b/providers/Microsoft.DataProtection/backupVaults/v/backupInstances/i/recoveryPoints/r',
    ],
    ['registry: { kind: acr }', 'spec/conflict', 'docker.io/ipfs/kubo:v0.42.0'],
    ['registry: { kind: acr, name: perpetualregistry }', 'spec/conflict', 'docker.io/ipfs/kubo:v0.42.0'],
    ['registry: { kind: ghcr, username: a, password: env:A, create: false }', 'spec/conflict', 'false'],
    [
      'secrets: { vault: { access: [{ principal: 22222222-2222-3333-4444-555555555555, permissions: [get] }, { principal: 33333333-2222-3333-4444-555555555555, role: Key Vault Secrets User }] } }',
      'keyvault-grant-without-effect',
      'Key Vault Secrets User',
    ],
  ])('refuses %s', (section, code, place) => {
    const { diagnostics, loaded } = compileText(
      `${leastSpec.replace('environment: prod', 'environment: prod\n  owner: platform@example.org')}${section}\n`,
    );
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors.map((diagnostic) => diagnostic.code)).toEqual([code]);
    expect(errors.map(({ labels: [{ range }] }) => loaded.source.text.slice(range.start, range.end))).toEqual([place]);
  });

  it('takes names newer than the catalog as news, not as faults', () => {
    const newer = `${leastSpec.replace('eastus', 'marsnorth').replace('"1.35"', '"1.38"')}`;
    const { diagnostics } = compileText(
      newer.replace('kubernetesVersion: "1.38"', 'kubernetesVersion: "1.38"\n  nodePool: { vmSize: Standard_D2as_v9 }'),
    );
    expect(diagnostics.filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(diagnostics.map(({ code }) => code)).toEqual(
      expect.arrayContaining([
        'catalog/unknown-region',
        'catalog/unknown-kubernetes-version',
        'catalog/unknown-vm-size',
        'cost-not-priced',
      ]),
    );
  });
});

it('warns of a token that ends with its job', () => {
  const { text, ranges } = unmark(
    `${leastSpec}registry: { kind: ghcr, username: octocat, password: «env:GITHUB_TOKEN» }\nsecrets: { items: [{ name: token, from: «env:GITHUB_TOKEN» }, { name: other, from: env:OTHER }] }\n`,
  );
  const warnings = compileText(text).diagnostics.filter(({ severity }) => severity === 'warning');
  expect(warnings.map(({ code }) => code)).toEqual(['spec/job-token', 'spec/job-token']);
  expect(warnings.map(({ labels: [{ range }] }) => range)).toEqual(ranges);
});
