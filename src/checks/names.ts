import { kubernetesStatus, kubernetesVersionsAsOf } from '../catalog/kubernetes-versions.ts';
import { region, regionAccessAsOf, regionByDisplayName, regionNames, regionsAsOf } from '../catalog/regions.ts';
import { vmSize, vmSizeNames, vmSizesAsOf } from '../catalog/vm-sizes.ts';
import { writing } from '../edit/mend.ts';
import { slipsOf } from '../spec/nearest-name.ts';
import type { Check } from './check.ts';

/** A region the catalog lacks is an error only where it is a slip of one it has: Azure opens regions faster than we learn of them. */
export const knownRegion: Check = function* ({ azure }) {
  const name = azure.region;
  const known = region(name);
  if (known?.name === name) {
    if (known.access === 'restricted')
      yield {
        code: 'catalog/restricted-region',
        severity: 'info',
        path: 'azure.region',
        message: `"${name}" is open only to subscriptions that Azure has let in (list of ${regionAccessAsOf()})`,
        help: 'ask for access, or choose a region that is open to all',
      };
    return;
  }
  const same = known ?? regionByDisplayName(name);
  const [meant, ...others] = same ? [same.name] : slipsOf(name, regionNames());
  if (meant) {
    yield {
      code: 'spec/unknown-region',
      path: 'azure.region',
      message: `"${name}" is not the name of an Azure region; did you mean "${meant}"?`,
      mends: [writing('azure.region', meant, others.length === 0)],
    };
  } else
    yield {
      code: 'catalog/unknown-region',
      severity: 'info',
      path: 'azure.region',
      message: `"${name}" is not in the catalog of ${regionsAsOf()}; what depends on the region is not checked or priced`,
    };
};

export function* sizeAt(name: string, path: string): ReturnType<Check> & Generator {
  const known = vmSize(name);
  if (known) return;
  const [meant, ...others] = nearMissesOf(name);
  if (meant)
    yield {
      code: 'spec/unknown-vm-size',
      path,
      message: `"${name}" is not the name of a VM size; did you mean "${meant}"?`,
      mends: [writing(path, meant, others.length === 0)],
    };
  else
    yield {
      code: 'catalog/unknown-vm-size',
      severity: 'info',
      path,
      message: `"${name}" is not in the catalog of ${vmSizesAsOf()}; it is neither checked nor priced`,
    };
}

/** Only within the same series and generation: a generation we don't know yet looks like a slip of an older one and is none. */
function nearMissesOf(name: string): string[] {
  const wanted = /^([A-Za-z]+_)([A-Z]+).*?(?:_v(\d+))?$/.exec(name);
  if (!wanted) return [];
  const [, prefix, series, generation] = wanted;
  const family = vmSizeNames().filter((each) => {
    const [, otherPrefix, otherSeries, otherGeneration] = /^([A-Za-z]+_)([A-Z]+).*?(?:_v(\d+))?$/.exec(each) ?? [];
    return prefix === otherPrefix && series === otherSeries && generation === otherGeneration;
  });
  const flat = (size: string): string => size.toLowerCase().replace(/[_-]/g, '');
  const spelled = vmSizeNames().find((each) => flat(each) === flat(name));
  return spelled === undefined ? slipsOf(name, family) : [spelled];
}

/** What is newer than the catalog; what is not offered any more, or soon, is a policy's business. */
export const kubernetesCalendar: Check = function* ({ cluster }, today) {
  const path = 'cluster.kubernetesVersion';
  const minor = cluster.kubernetesVersion.split('.').slice(0, 2).join('.');
  const status = kubernetesStatus(minor, today);
  if (status === 'planned' || status === 'unknown-newer') {
    yield {
      code: 'catalog/unknown-kubernetes-version',
      severity: 'info',
      path,
      message: `Kubernetes ${minor} is newer than the catalog of ${kubernetesVersionsAsOf()}: whether AKS offers it is not known`,
    };
  }
};
