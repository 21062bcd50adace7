import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { advise } from '../../src/advice/advise.ts';
import { azureErrors } from '../../src/advice/azure-errors.ts';
import { kubernetesErrors } from '../../src/advice/kubernetes-errors.ts';
import type { Plan } from '../../src/plan.ts';
import { compileText } from '../support/specs.ts';

const text = readFileSync('test/fixtures/specs/everything.yaml', 'utf8');
const { plan, loaded } = compileText(text);
const adviceOn = (resource: string, message: string) => advise({ resource, message }, plan as Plan, loaded);

describe('advice on what Azure answers', () => {
  it.each([
    [
      'cluster',
      'Status=400 Code="SystemPoolSkuTooLow" Message="System node pool must use VM sku with more than 2 cores"',
      'cluster.nodePool.vmSize',
      'Standard_D4as_v5',
    ],
    [
      'cluster',
      '{"code": "K8sVersionNotSupported", "message": "Managed cluster is on version 1.28"}',
      'cluster.kubernetesVersion',
      '"1.35"',
    ],
    [
      'cluster',
      'Code="BadRequest" Message="..." InnerError={"code":"QuotaExceeded"}',
      'cluster.nodePool.vmSize',
      'Standard_D4as_v5',
    ],
    ['cluster', 'Code: "AvailabilityZoneNotSupported"', 'cluster.nodePool.zone', '2'],
    ['pool-archive', 'ErrorCode: SkuNotAvailable', 'cluster.pools[0].vmSize', 'Standard_D2as_v5'],
    [
      'vault',
      'autorest/azure: Service returned an error. Status=409 Code="VaultAlreadyExists"',
      'metadata.name',
      'perpetual',
    ],
    ['network-security-group', 'Code="SecurityRuleConflict"', 'network.rules[0].priority', undefined],
    [
      'grant-22222222-2222-3333-4444-555555555555-key-vault-secrets-officer-on-vault',
      'PrincipalNotFound: Principal 2222 does not exist',
      'secrets.vault.access[0].principal',
      '22222222-2222-3333-4444-555555555555',
    ],
    ['disk-backup', 'Status=400 Code="UserErrorNotEnoughPermissionOnDisk"', 'storage.backups.enabled', undefined],
    [
      'node',
      'Pod default/perpetual-0: containers with unready status: [node] -- [ImagePullBackOff] Back-off pulling image',
      'node.image',
      'ghcr.io/example/my-mimisbrunnr/perpetual-node:1.4.2',
    ],
    ['node', '0/1 nodes are available: 1 Insufficient memory', 'node.resources.memory', '6Gi'],
  ])('%s: %s', (resource, message, path, marked) => {
    const advised = adviceOn(resource, message);
    expect(advised?.path).toBe(path);
    expect(advised?.meaning && advised.advice).toBeTruthy();
    if (marked !== undefined && advised) expect(text.slice(advised.range.start, advised.range.end)).toBe(marked);
  });

  it('says nothing of what it does not know, nor of resources that are not in the plan', () => {
    expect(adviceOn('cluster', 'Status=500 Code="SomethingElse"')).toBeUndefined();
    expect(adviceOn('elsewhere', 'Code="QuotaExceeded"')).toBeUndefined();
  });

  it('knows some forty codes, each with what it means and what to do, in the tone of all messages', () => {
    expect(Object.keys(azureErrors).length).toBeGreaterThanOrEqual(40);
    for (const { meaning, advice } of [...Object.values(azureErrors), ...kubernetesErrors])
      for (const said of [meaning, advice]) expect(said).toMatch(/^[^A-Z](?!.*\.$)|^(AKS|Azure) .*[^.]$|^".*[^.]$/);
  });

  it('finds every code in the forms in which Azure writes it', () => {
    for (const code of Object.keys(azureErrors))
      for (const message of [`Status=400 Code="${code}" Message="x"`, `{"error":{"code":"${code}"}}`, `${code}: x`])
        expect(adviceOn('cluster', message)?.code, message).toBe(code);
  });
});
