import { describe, expect, it } from 'vitest';
import type { Plan, Resource } from '../../src/plan.ts';
import { kubeconfigToken } from './azure/functions.ts';
import type { Fault } from './faults.ts';
import { EngineProject, noEngine, secretValue } from './fixture/engine.ts';
import { edited, plan, resourceOf } from './fixture/fixture.ts';
import type { Seed } from './seed.ts';

/** The fixture's first resources, up to the one called `last`. */
function upTo(last: string): Plan {
  const end = plan.resources.findIndex(({ name }) => name === last) + 1;
  return { ...plan, resources: plan.resources.slice(0, end) };
}

const withResource = (of: Plan, resource: Resource): Plan => ({ ...of, resources: [...of.resources, resource] });
const changed = (of: Plan, name: string, changes: Record<string, unknown>): Plan => ({
  ...of,
  resources: of.resources.map((resource) =>
    resource.name === name ? { ...resource, inputs: edited(resource.inputs, changes) } : resource,
  ),
});

/** A test in a project of its own. */
function inProject(name: string, test: (project: EngineProject) => Promise<void>, ...seeds: Seed[]): void {
  it(name, async () => {
    const project = new EngineProject(...seeds);
    try {
      await project.pulumi(plan, 'stack init test');
      await test(project);
    } finally {
      project.remove();
    }
  });
}

describe.skipIf(noEngine)(`under the real engine ${noEngine}`, () => {
  inProject('comes up whole, stays as it is, and goes away', async (project) => {
    const settings = { unprotected: true };
    const preview = await project.pulumi(plan, 'preview', settings);
    expect(preview.output).toContain(`+ ${plan.resources.length + 1} to create`);
    const up = await project.pulumi(plan, 'up --yes --skip-preview', settings);
    expect(up.output).toContain(`+ ${plan.resources.length + 1} created`);

    for (const secret of [secretValue, Buffer.from(secretValue).toString('base64'), kubeconfigToken]) {
      expect(project.state).not.toContain(secret);
      expect(up.output).not.toContain(secret);
    }
    const again = await project.pulumi(plan, 'preview --expect-no-changes', settings);
    expect(again.output).toContain('unchanged');
    expect(again.succeeded).toBe(true);
    expect((await project.pulumi(plan, 'refresh --yes --skip-preview --expect-no-changes', settings)).succeeded).toBe(
      true,
    );

    project.changeCloud(({ resources }) => {
      for (const id of Object.keys(resources)) if (id.endsWith('/disks/perpetual-prod-data')) delete resources[id];
    });
    const missing = await project.pulumi(plan, 'preview --refresh', settings);
    expect(missing.output).toMatch(/\+ +azure-native:compute:Disk data-disk create/);

    const destroy = await project.pulumi(plan, 'destroy --yes --skip-preview --refresh', settings);
    expect(destroy.output).toContain(`- ${plan.resources.length} deleted`);
    const { resources, objects, deletedVaults } = project.cloud;
    expect({ resources, objects }).toEqual({ resources: {}, objects: {} });
    expect(Object.keys(deletedVaults)).toEqual([resourceOf('vault').inputs.vaultName]);

    const anew = await project.pulumi(upTo('vault'), 'up --yes --skip-preview', settings);
    expect(anew.succeeded).toBe(false);
    expect(anew.output).toContain('Status=409 Code="ConflictError"');
  });

  inProject('says what Azure says, and at which property', async (project) => {
    const literal = edited(resourceOf('virtual-network').inputs, {
      resourceGroupName: 'perpetual-prod-rg',
      location: undefined,
    });
    const early = withResource(upTo('resource-group'), { ...resourceOf('virtual-network'), inputs: literal });
    expect((await project.pulumi(early, 'preview')).output).toContain("missing required property 'location'");
    const narrow = upTo('cluster');
    const refused = await project.pulumi(
      changed(narrow, 'cluster', {
        'networkProfile.serviceCidr': '10.20.0.0/16',
        'networkProfile.dnsServiceIP': '10.20.0.10',
      }),
      'up --yes --skip-preview',
    );
    expect(refused.output).toContain('Code="ServiceCidrOverlapExistingSubnetsCidr"');
    const misspelt = await project.pulumi(changed(narrow, 'cluster', { 'agentPoolProfiles.0.maxpods': 40 }), 'preview');
    expect(misspelt.output).toContain("unknown property 'agentPoolProfiles[0].maxpods'");
  });

  inProject('179: refuses federated credentials that are written together', async (project) => {
    const first = resourceOf('workload-federation');
    const second = {
      ...first,
      name: 'another',
      inputs: edited(first.inputs, {
        federatedIdentityCredentialResourceName: 'another',
        subject: 'system:serviceaccount:a:b',
      }),
    };
    const both = withResource(upTo('workload-federation'), second);
    const together = await project.pulumi(both, 'up --yes --skip-preview');
    expect(together.output).toContain('Code="ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity"');
    const chained = {
      ...both,
      resources: both.resources.map((resource) =>
        resource === second ? { ...second, options: { dependsOn: ['workload-federation'] } } : resource,
      ),
    };
    expect((await project.pulumi(chained, 'up --yes --skip-preview')).succeeded).toBe(true);
  });

  inProject('strikes with each fault once, and leaves behind what such a fault leaves', async (project) => {
    const narrow = upTo('data-disk');
    const type = 'azure-native:compute:Disk';
    const settings: { faults: Fault[] } = {
      faults: [
        // As often as the provider asks.
        { on: 'create', type, code: 'TooManyRequests', status: 429, times: 4 },
        { on: 'create', type, kind: 'partial', code: 'AllocationFailed' },
        { on: 'update', type, kind: 'crash' },
      ],
    };
    const up = (of: Plan) => project.pulumi(of, 'up --yes --skip-preview', settings);
    // Everything else first: a crash would leave behind what is under way beside the disk, too.
    const others = narrow.resources.filter(({ name }) => name !== 'data-disk');
    expect((await up({ ...narrow, resources: others })).succeeded).toBe(true);
    expect((await up(narrow)).output).toContain('Status=429 Code="TooManyRequests"');
    expect((await up(narrow)).output).toContain('Code="AllocationFailed"');
    expect(project.state).toContain('"initErrors"');

    const larger = changed(narrow, 'data-disk', { diskSizeGB: 16 });
    expect((await up(larger)).succeeded).toBe(false);
    const disk = Object.values(project.cloud.resources).find((held) => held.type === type);
    expect(disk?.inputs.diskSizeGB).toBe(16); // done, and Pulumi does not know
    expect((await up(larger)).output).toMatch(/~ +azure-native:compute:Disk data-disk updated/);
    expect(project.state).not.toContain('"initErrors"');
  });

  inProject('finds what a crash left behind in its way', async (project) => {
    const narrow = upTo('data-disk');
    const crash = { faults: [{ on: 'create', type: 'azure-native:compute:Disk', kind: 'crash' } as const] };
    expect((await project.pulumi(narrow, 'up --yes --skip-preview', crash)).succeeded).toBe(false);
    const next = await project.pulumi(narrow, 'up --yes --skip-preview', crash);
    expect(next.output).toContain('cannot create already existing resource');
  });

  inProject(
    'finds what was there before, and leaves it there',
    async (project) => {
      const record = {
        ...{ resourceGroupName: 'dns', zoneName: 'example.org', recordType: 'A', relativeRecordSetName: 'node' },
        ...{ ttl: 300, aRecords: [{ ipv4Address: '20.1.2.3' }] },
      };
      const type = 'azure-native:dns:RecordSet' as Resource['type'];
      const narrow = withResource(upTo('azure'), {
        ...resourceOf('resource-group'),
        type,
        name: 'node',
        inputs: record,
      });
      expect((await project.pulumi(narrow, 'up --yes --skip-preview')).succeeded).toBe(true);
      expect((await project.pulumi(narrow, 'preview --expect-no-changes')).succeeded).toBe(true);
      expect((await project.pulumi(narrow, 'destroy --yes --skip-preview')).succeeded).toBe(true);
      expect(Object.values(project.cloud.resources).map((held) => held.type.split(':')[2])).toEqual([
        'ResourceGroup',
        'Zone',
      ]);
    },
    { type: 'azure-native:resources:ResourceGroup', inputs: { resourceGroupName: 'dns', location: 'eastus' } },
    {
      type: 'azure-native:dns:Zone',
      inputs: { resourceGroupName: 'dns', zoneName: 'example.org', location: 'global' },
    },
  );
});
