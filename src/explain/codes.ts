/** What there is to say about a code that is not a policy's: those say it themselves. */
export type Explanation = {
  /** What makes it appear. */
  cause: string;
  /** What would become of it otherwise. */
  consequence: string;
  fix: string;
  /** A line that is wrong and the one that is right. */
  example?: { wrong: string; right: string };
  source?: string;
};

const yaml = 'https://yaml.org/spec/1.2.2/';
const aks = 'https://learn.microsoft.com/azure/aks/';

export const explanations: Readonly<Record<string, Explanation>> = {
  'yaml/syntax': {
    cause: 'the text is not YAML from there on',
    consequence: 'nothing after it can be read, so nothing after it is checked',
    fix: 'close the bracket or quote, or indent with blanks',
    example: { wrong: 'tags: { a: 1', right: 'tags: { a: "1" }' },
    source: yaml,
  },
  'yaml/character': {
    cause: 'a control character stands in the text',
    consequence: 'YAML readers disagree about what follows it',
    fix: 'remove it; it often comes from copying out of a terminal or a word processor',
    source: `${yaml}#51-character-set`,
  },
  'yaml/empty': {
    cause: 'the file holds nothing but blanks and comments',
    consequence: 'there is no spec to deploy',
    fix: 'start from specs/dev/perpetual-node.yaml',
  },
  'yaml/several-documents': {
    cause: 'a line with --- begins a second document',
    consequence: 'only one environment is in a file, so the second one would be ignored',
    fix: 'give each environment a file of its own under specs/<environment>/',
    source: `${yaml}#91-documents`,
  },
  'yaml/too-deep': {
    cause: 'mappings and lists are nested deeper than any spec can be',
    consequence: 'such a text is made to exhaust whoever reads it',
    fix: 'remove the nesting',
  },
  'yaml/too-large': {
    cause: 'aliases stand for more values than any spec has',
    consequence: 'such a text is made to exhaust whoever reads it',
    fix: 'write the values out instead of repeating them by aliases',
  },
  'yaml/key': {
    cause: 'a key is a list, a mapping or a name that programs keep for themselves',
    consequence: 'no key of the spec is called like that',
    fix: 'use a single word',
    example: { wrong: '? [a, b] : 1', right: 'a: 1' },
  },
  'yaml/duplicate-key': {
    cause: 'a mapping has the same key twice',
    consequence: 'readers of YAML take either of the two',
    fix: 'keep one of them',
    example: { wrong: 'node: {}\nnode: { image: a:1 }', right: 'node: { image: a:1 }' },
    source: `${yaml}#3213-node-comparison`,
  },
  'yaml/merge': {
    cause: 'the merge key "<<" stands before something that is not a mapping',
    consequence: 'there is nothing to merge',
    fix: 'let it refer to a mapping, or write the keys out',
    example: { wrong: '<<: *list', right: '<<: *defaults' },
  },
  'yaml/unresolved-alias': {
    cause: 'an alias such as *name has no anchor &name before it, or stands inside it',
    consequence: 'there is no value',
    fix: 'define the anchor first, or write the value out',
    source: `${yaml}#71-alias-nodes`,
  },
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
  'catalog/unknown-region': {
    cause: 'the region is not in the catalog of this version',
    consequence: 'it may be new; its prices and zones are not known here',
    fix: 'nothing, if it exists',
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
  'catalog/kubernetes-version-ending': {
    cause: 'the version leaves support within 90 days',
    consequence: 'after that no cluster and no pool can be made with it',
    fix: 'go one minor version at a time',
    source: `${aks}supported-kubernetes-versions`,
  },
  'cost/not-priced': {
    cause: 'the catalog has no price for this item in this region',
    consequence: 'the bill is without it, and says so; a price of another region would be a guess',
    fix: 'nothing; the item names its meter',
  },
};
