import { driftCodes } from './drift-codes.ts';
import type { Explanation } from './explanation.ts';
import { preflightCodes } from './preflight-codes.ts';
import { yamlCodes } from './yaml-codes.ts';

const aks = 'https://learn.microsoft.com/azure/aks/';

export const explanations: Readonly<Record<string, Explanation>> = {
  ...yamlCodes,
  ...driftCodes,
  ...preflightCodes,
  'spec/unknown-key': {
    cause: 'the spec has no such key at this place',
    consequence: 'it would have no effect, and you would believe it had',
    fix: 'see "perpetual explain <section>" for the keys that are there',
    example: { wrong: 'cluster: { nodes: 1 }', right: 'cluster: { nodePool: { count: 1 } }' },
  },
  'spec/missing-key': {
    cause: 'a key without a default is not there, or one that another key needs',
    consequence: 'there is no value to deploy',
    fix: 'write the key',
  },
  'spec/wrong-type': {
    cause: 'a number stands where text is wanted, a list where a mapping is, and so on',
    consequence: 'the value can\'t be used; YAML reads 1.30 as the number 1.3 and "no" as text',
    fix: 'write a value of the kind that the message names; put versions, ports and times in quotes',
    example: { wrong: 'kubernetesVersion: 1.30', right: 'kubernetesVersion: "1.35"' },
  },
  'spec/unquoted': {
    cause: 'a version, a port or a quantity is written without quotes, and YAML reads it as a number',
    consequence: 'a number has no trailing zero: 1.30 would be the version 1.3',
    fix: 'put it in quotes',
    example: { wrong: 'kubernetesVersion: 1.30', right: 'kubernetesVersion: "1.30"' },
  },
  'spec/invalid-value': {
    cause: 'the value is of the right kind and not one that is accepted',
    consequence: 'Azure or Kubernetes would refuse it, some minutes into the deployment',
    fix: 'choose one of the values that the message names',
  },
  'spec/out-of-range': {
    cause: 'a number, or the length of a list, is outside its limits',
    consequence: 'Azure refuses it',
    fix: 'stay within the limits that the message names',
  },
  'spec/literal-secret': {
    cause: 'something that looks like a secret is written into the spec',
    consequence: 'it would be in the history of the repository for ever',
    fix: 'take it back at its issuer, and refer to a new one as env:NAME or file:PATH',
    example: { wrong: 'password: ...', right: 'password: env:GHCR_READ_TOKEN' },
  },
  'spec/job-token': {
    cause: 'the registry password is the token of a CI job',
    consequence: "it dies with the job, and the next restart of the node can't pull its image",
    fix: 'use a token of its own that may read packages and nothing else',
    source:
      'https://docs.github.com/packages/working-with-a-github-packages-registry/working-with-the-container-registry',
  },
  'spec/unknown-region': {
    cause: 'the name is nearly that of an Azure region',
    consequence: 'Azure has no such region',
    fix: 'write the short name, as in eastus',
  },
  'spec/unknown-vm-size': {
    cause: 'the name is nearly that of a VM size of the same series',
    consequence: 'Azure has no such size',
    fix: 'write the size that the message names',
    source: 'https://learn.microsoft.com/azure/virtual-machines/sizes/overview',
  },
  'spec/duplicate': {
    cause: 'two items of a list have the same name or number where each may be there once',
    consequence: 'Azure refuses the second, or one overwrites the other',
    fix: 'rename one of them',
  },
  'spec/conflict': {
    cause: 'two parts of the spec exclude each other, or ask for what Azure refuses together',
    consequence: 'the deployment would fail, or one of the two would have no effect',
    fix: 'change one of the two places that the finding shows',
  },
  'spec/address-space': {
    cause: 'the address space is too large, too small, or overlaps ranges that Azure and AKS keep for themselves',
    consequence: 'Azure refuses the network or the cluster',
    fix: 'choose a private range such as 10.20.0.0/16',
    source: `${aks}concepts-network-cni-overview`,
  },
  'spec/subnet': {
    cause: 'the subnet is outside the address space, or has too few addresses',
    consequence: 'the cluster is refused (InsufficientSubnetSize), or its next upgrade is (SubnetIsFull)',
    fix: 'an address for each node, one more for each pool during an upgrade, and five that Azure keeps',
    source: `${aks}concepts-network-ip-address-planning`,
  },
  'spec/does-not-fit': {
    cause: 'the node asks for more than its machine has left for pods',
    consequence: 'the pod stays Pending for ever, and the deployment waits ten minutes for it',
    fix: 'ask for less, lower maxPods, or take a larger machine',
    source: `${aks}node-resource-reservations`,
  },
  'plan/tight-node': {
    cause: "the node's pod leaves its machine little memory for the pods that AKS runs there itself",
    consequence:
      'they are scheduled first, so that it may be the node that stays Pending; nobody documents how much they take',
    fix: 'ask for less, lower maxPods, or take a larger machine',
    source: 'https://github.com/Azure/AKS/issues/3525',
  },
  'plan/tight-disk': {
    cause: 'garbage collection starts when the disk is more than five sixths full',
    consequence: 'the limit is a soft one: what arrives meanwhile may fill the disk, and then the node stops',
    fix: 'lower node.ipfs.storageMaxGiB, or take a larger disk',
    example: { wrong: 'storageMaxGiB: 7 on a disk of 8 GiB', right: 'storageMaxGiB: 6 on a disk of 8 GiB' },
    source: 'https://github.com/ipfs/kubo/blob/master/docs/config.md#datastorestoragemax',
  },
  'plan/secret-expired': {
    cause: 'the day on which the secret should have been replaced has come',
    consequence: 'Azure marks it expired and still hands it out: whoever made it may not accept it any more',
    fix: 'replace it, and write the day of the next one',
    source: 'https://learn.microsoft.com/azure/key-vault/secrets/about-secrets',
  },
  'spec/environment-folder': {
    cause: 'the folder under specs/ has another name than the environment in the spec',
    consequence: 'a stack is looked for under the name of its folder',
    fix: 'rename one of the two',
  },
  'spec/policy': {
    cause: 'the spec names a policy that does not exist, or loosens one',
    consequence: 'a spec can make policies stricter; to loosen one takes a waiver',
    fix: 'see "perpetual explain" for the names, or write a waiver with a reason, an owner and an expiry',
  },
  'spec/policy-config': {
    cause: 'policies/config.yaml has a key or a value that is none',
    consequence: 'what its owners meant would not be in force',
    fix: 'write what the message names',
  },
  'waiver/expired': {
    cause: 'the last day of a waiver is over',
    consequence: 'what it accepted counts again, at the level of the policy',
    fix: 'mend what it accepted and remove it, or have it accepted anew with a reason, an owner and a last day',
    example: { wrong: 'expires: 2026-01-31', right: 'expires: 2027-01-31' },
  },
  'waiver/unused': {
    cause: 'nothing in the spec violates the policy that the waiver names, at the path it names',
    consequence: 'it would accept the next violation without anybody having thought of it',
    fix: 'remove it',
  },
  'plan/zone-elsewhere': {
    cause: 'the DNS zone exists, and nothing says in which resource group',
    consequence: "it is looked for in the environment's own one, which the first deployment only makes",
    fix: 'network.dns.resourceGroup',
  },
  'plan/nothing-watched': {
    cause: 'there is somebody in monitoring.notify and no alert',
    consequence: 'nobody will ever be told of anything',
    fix: 'monitoring.logs, which comes with alerts of its own, or monitoring.alerts',
  },
  'plan/no-base': {
    cause: 'the spec at the commit named by --against has errors',
    consequence: 'what is deployed is not known, and neither is what the edit does to it',
    fix: 'name a commit in which it compiles',
  },
  'plan/refused-change': {
    cause: 'the edit changes what Azure or Kubernetes never changes of a resource that exists',
    consequence: 'the deployment fails in the middle, after other changes were made',
    fix: 'put the value back, or make a new resource beside the old one, as another pool',
  },
  'plan/replaces': {
    cause: 'the edit makes another resource in the place of one that holds data, secrets or a known address',
    consequence: 'what the old one holds is lost with it',
    fix: 'put the value back, or allow it by the name of the resource',
  },
  'plan/deletes': {
    cause: 'the edit takes away a resource that holds data, secrets or a known address',
    consequence: 'what it holds is lost with it',
    fix: 'put the key back, or allow it by the name of the resource',
  },
  'deploy/not-live': {
    cause: 'the owners want the image to be live in another environment first, and another one is live there',
    consequence: 'production would be the first place where it runs',
    fix: 'deploy it there first, or promote what is live; "promotion" in policies/config.yaml decides it',
  },
  'deploy/failed': {
    cause: 'Azure, Kubernetes or the engine refused a resource, or it did not come up',
    consequence: 'what was done before stays, and what depends on the resource is not there',
    fix: 'do what the message says and run "perpetual up" again: it goes on from there',
  },
  'catalog/unknown-region': {
    cause: 'the region is not in the catalog of this version',
    consequence: 'it may be new; its prices and zones are not known here',
    fix: 'nothing, if it exists',
  },
  'catalog/restricted-region': {
    cause: 'Azure keeps the region for those who need it to recover from a disaster',
    consequence: 'a subscription that was not let in is refused everything there',
    fix: 'ask for access with a support request, or choose a region that is open to all',
    source: 'https://learn.microsoft.com/azure/reliability/regions-list',
  },
  'catalog/unknown-vm-size': {
    cause: 'the size is not in the catalog of this version',
    consequence: 'it may be new; what it has and what it costs is not known here',
    fix: 'nothing, if it exists',
  },
  'catalog/unknown-kubernetes-version': {
    cause: 'the version is newer than the catalog',
    consequence: 'AKS may not have it yet',
    fix: 'nothing, if "az aks get-versions" lists it',
    source: `${aks}supported-kubernetes-versions`,
  },
  'catalog/api-version-ending': {
    cause: "the installed azure-native asks for a version of Azure's interface that ends within 90 days",
    consequence:
      'from that day on Azure refuses every request of the version: the vault can be neither made nor changed',
    fix: 'move to a newer perpetual or azure-native before that day; the vault itself goes on',
    source: 'https://learn.microsoft.com/azure/key-vault/general/access-control-default',
  },
  'catalog/lock-mismatch': {
    cause: 'perpetual.lock.json pins another catalog than the one of this perpetual',
    consequence: 'the same spec could be judged differently here than where the lock was written',
    fix: 'use the version that wrote the lock, or write it anew with "perpetual catalog lock"',
  },
  'catalog/lock-copy': {
    cause: 'perpetual.lock.json pins fetched prices that are not on this machine',
    consequence: 'the prices shipped with perpetual are used instead',
    fix: 'pin what is here with "perpetual catalog lock", or keep the copy in the repository',
  },
  'cost/over-limit': {
    cause: 'the monthly bill is above what --max-cost allows',
    consequence: 'the check fails, as for a violated policy, until the bill is smaller or the limit is raised',
    fix: 'choose smaller or fewer resources; "perpetual cost --by line" shows what each line costs',
  },
  'cost/over-increase': {
    cause: 'the monthly bill is higher than at the commit of --against, by more than --max-increase allows',
    consequence: 'the check fails, as for a violated policy; a file that the commit has not counts from nothing',
    fix: 'choose smaller or fewer resources, or raise --max-increase when the increase is meant',
  },
  'cost/no-base': {
    cause: 'the file has errors at the commit of --against, so that nobody knows what was meant to be paid there',
    consequence: 'the check fails, because what nobody can compare must not pass',
    fix: 'name a commit in which the file compiles, or set a limit with --max-cost instead',
  },
  'cost/partly-compared': {
    cause: 'something in a bill that a limit is set for has no price',
    consequence: 'what has a price is compared, and the real bill may be above the limit',
    fix: 'nothing; "perpetual cost" names the items',
  },
};
