import { own, readData } from './files.ts';

/** What is known of a VM size; units GiB. Null = not known, unless said otherwise. */
export type VmSize = {
  /** The canonical name, as in `Standard_D2as_v5`. */
  name: string;
  /** The vCPUs capability, which quota and the series count. */
  vcpu: number;
  /** What the guest may use: fewer than `vcpu` for constrained sizes such as `Standard_E4-2as_v5`. */
  vcpuAvailable: number;
  memoryGiB: number;
  arch: 'x64' | 'arm64';
  /** Quota family. */
  family: string | null;
  /** Generation of the series: 5 for `_v5`. */
  version: number | null;
  maxDataDisks: number;
  premiumStorage: boolean;
  burstable: boolean;
  ephemeralOsDisk: boolean | null;
  /** Local temporary disk; 0 = none. */
  tempDiskGiB: number | null;
  gpu: number | null;
  /** `YYYY-MM-DD` of the announced end; null = in none of the lists read. */
  retires: string | null;
  /** As the source had it: compare `retires` with today instead of trusting `announced`. */
  retirementStatus: 'announced' | 'retired' | null;
  /** From this day on, new subscriptions cannot deploy it. */
  noNewSubscriptionsFrom: string | null;
  /** AKS refuses it as a node. */
  aksRestricted: boolean;
  /** Id of the list that holds the size, see `sources.ts`. */
  source: string;
};

type Flag = 0 | 1;
// In the order of `columns` in the file.
type Row = [
  vcpu: number,
  memoryGiB: number,
  arch: VmSize['arch'],
  version: number | null,
  maxDataDisks: number,
  premiumStorage: Flag,
  burstable: Flag,
  ephemeralOsDisk: Flag | null,
  tempDiskGiB: number | null,
  gpu: number | null,
  retirement: number | null,
  aksRestricted: Flag,
  source: number,
];
type Retirement = { status: 'announced' | 'retired'; retires: string; noNewSubscriptionsFrom?: string; source: string };
type VmSizes = {
  asOf: string;
  families: Record<string, Record<string, Row>>;
  retirements: Retirement[];
  sources: string[];
};

const data = (): VmSizes => readData<VmSizes>('vm-sizes.json');

const asked = new Map<string, VmSize | undefined>();

/** The size with this name in any case (Azure ignores it), or undefined if the catalog does not know it. */
export function vmSize(name: string): VmSize | undefined {
  if (!asked.has(name)) asked.set(name, exact(name) ?? exact(canonicalNames().get(name.toLowerCase()) ?? ''));
  return asked.get(name);
}

/** Names of all sizes, sorted. */
export const vmSizeNames = (): readonly string[] => Object.values(data().families).flatMap(Object.keys).sort();

/** The days on which series end, or are closed to new subscriptions. */
export const vmSizeEnds = (): string[] =>
  data().retirements.flatMap(({ retires, noNewSubscriptionsFrom }) => [retires, noNewSubscriptionsFrom ?? []].flat());

/** Date of the list that holds most sizes, `YYYY-MM-DD`. */
export const vmSizesAsOf = (): string => data().asOf;

function exact(name: string): VmSize | undefined {
  const { families } = data();
  for (const family in families) {
    const row = own(families[family] ?? {}, name);
    if (row) return toSize(name, family, row);
  }
  return undefined;
}

let canonicalByLowerCase: Map<string, string> | undefined;

// Only a name in unusual case, or an unknown one, pays for this index.
function canonicalNames(): Map<string, string> {
  canonicalByLowerCase ??= new Map(vmSizeNames().map((name) => [name.toLowerCase(), name]));
  return canonicalByLowerCase;
}

function toSize(name: string, family: string, row: Row): VmSize {
  const { retirements, sources } = data();
  const [
    vcpu,
    memoryGiB,
    arch,
    version,
    maxDataDisks,
    premiumStorage,
    burstable,
    ephemeralOsDisk,
    tempDiskGiB,
    gpu,
    retirementIndex,
    aksRestricted,
    sourceIndex,
  ] = row;
  const retirement = retirementIndex === null ? undefined : retirements[retirementIndex];
  // Azure's naming convention: the number after the hyphen is the constrained vCPU count.
  const constrained = /\d-(\d+)/.exec(name)?.[1];
  return {
    name,
    vcpu,
    vcpuAvailable: constrained === undefined ? vcpu : Number(constrained),
    memoryGiB,
    arch,
    family: family || null,
    version,
    maxDataDisks,
    premiumStorage: premiumStorage === 1,
    burstable: burstable === 1,
    ephemeralOsDisk: ephemeralOsDisk === null ? null : ephemeralOsDisk === 1,
    tempDiskGiB,
    gpu,
    retires: retirement?.retires ?? null,
    retirementStatus: retirement?.status ?? null,
    noNewSubscriptionsFrom: retirement?.noNewSubscriptionsFrom ?? null,
    aksRestricted: aksRestricted === 1,
    source: sources[sourceIndex] ?? '',
  };
}
