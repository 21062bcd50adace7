import { Readable, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { runFit } from '../../src/commands/fit.ts';

/** Runs `cost --fit` in process. */
async function fitting(usd: string, spec: string | string[], values: Record<string, string> = {}) {
  let printed = '';
  const stdout = new Writable({
    write(chunk, _, done) {
      printed += String(chunk);
      done();
    },
  });
  const streams = { stdout, stderr: stdout, stdin: Readable.from([]), env: { PERPETUAL_AS_OF: '2026-11-22' } };
  const code = await runFit({ positional: [spec].flat(), values: { fit: usd, ...values } }, streams);
  return { code, printed };
}

const prod = 'specs/prod/perpetual-node.yaml';
const wish = 'test/fixtures/specs/seeds-wish.yaml';

describe('what is printed', () => {
  it('each set with its edits and what it gives up', async () => {
    const { code, printed } = await fitting('93', prod);
    expect(code).toBe(0);
    expect(printed).toBe(`specs/prod/perpetual-node.yaml: 95.31 USD/month
2 sets of edits fit 93.00; the compiler accepts each, and none of its edits can be left out

1. 91.22 USD/month, 4.09 less
     cluster.nodePool.vmSize: Standard_D2as_v5 -> Standard_D2als_v6
     node.resources.memory: 3Gi -> 2Gi
   gives up: less memory on each node (8 -> 4 GiB)
   gives up: less memory for the node itself (3Gi -> 2Gi)
   mind: a deployed pool is replaced: neither its size nor its disks change in place

2. 91.66 USD/month, 3.65 less
     network.expose.swarm.from: [internet] -> [cluster]
     network.expose.gateway.from: [203.0.113.0/24] -> [cluster]
   gives up: nobody outside reaches the swarm: the node only dials others
   gives up: nobody outside reaches the gateway
`);
  });

  it('or why there is none: the least that can be deployed, line by line', async () => {
    const { code, printed } = await fitting('26', wish);
    expect(code).toBe(7);
    expect(printed).toContain(
      "as it is it can't be deployed: sku-below-system-minimum, nsg-open-gateway, nsg-open-admin-api, nsg-open-ssh",
    );
    expect(printed).toContain(`nothing that can be deployed costs 26.00 USD/month or less; the least is 86.67:
     58.69  Nodes (1 x Standard_D2als_v6, Linux, pay as you go)
     18.25  Load balancer (public, up to 5 rules)
      5.28  OS disks (1 x 32 GiB, billed as P4)
      3.65  Outbound address (the one AKS makes)
      0.50  Load balancer data (assumed)
      0.30  Data disk (4 GiB, StandardSSD_LRS, billed as E1)
`);
    expect(printed).toContain(`58.69 for "Nodes" alone is more than 26.00
so is the rest without it, 27.98
the budget would have to be raised to that
`);
    expect(printed).toContain(
      'with a waiver of sku-burstable-system-pool the least is 55.43 USD/month, still too much',
    );
  });

  it('of the one environment that is meant', async () => {
    expect((await fitting('100', 'specs', { env: 'prod' })).printed).toBe(
      `${prod}: 95.31 USD/month; that fits 100.00\n`,
    );
  });

  it('or that nothing has to be done, or that errors come first', async () => {
    expect(await fitting('100', prod)).toEqual({ code: 0, printed: `${prod}: 95.31 USD/month; that fits 100.00\n` });
    const { code, printed } = await fitting('100', 'test/fixtures/specs/wrong.yaml');
    expect(code).toBe(1);
    expect(printed).toMatch(/wrong.yaml: first the errors: spec\/wrong-type, .*\nperpetual check shows them\n$/);
  });

  it('as JSON: the edits of the text with lines and columns', async () => {
    const { printed } = await fitting('93', prod, { format: 'json' });
    const { fits, ...rest } = JSON.parse(printed);
    expect(rest).toEqual({
      formatVersion: 1,
      file: prod,
      targetUsd: 93,
      currentUsd: 95.31,
      partial: false,
      errors: [],
      refusedBy: [],
      alreadyFits: false,
    });
    expect(fits[0]).toMatchObject({
      totalUsd: 91.22,
      edits: [{ path: 'cluster.nodePool.vmSize', from: 'Standard_D2as_v5', to: 'Standard_D2als_v6' }, {}],
      fix: {
        safe: false,
        edits: [
          { range: { start: { line: 17, column: 23 }, end: { line: 17, column: 39 } }, newText: 'Standard_D2als_v6' },
          {},
        ],
      },
    });
    const none = JSON.parse((await fitting('26', wish, { format: 'json' })).printed);
    expect(none).toMatchObject({ targetUsd: 26, fits: [], floor: { totalUsd: 86.67, overBudget: true } });
  });

  it.each([
    [['many', prod], '"many" is not an amount'],
    [['0', prod], '"0" is not an amount'],
    [['90', 'specs'], '"--fit" looks at one spec: name one of specs/dev/perpetual-node.yaml, specs/prod'],
    [['90', prod, { format: 'markdown' }], 'there is no format "markdown" here; expected one of pretty, json'],
    [['90', prod, { by: 'line' }], '"--by" has no use beside it'],
    [['90', 'specs', { env: 'test' }], 'there is no environment "test"'],
  ] as const)('refuses %j', async ([usd, spec, values], message) => {
    await expect(fitting(usd, spec, values)).rejects.toThrow(message);
  });
});
