/** What every container may do under the "restricted" Pod Security standard: nothing but its work. */
export const confined = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };

/** The same for a pod, by its user and the group that owns its volumes. */
export const confinedPod = (user: number, group: number) => ({
  runAsNonRoot: true,
  runAsUser: user,
  runAsGroup: group,
  fsGroup: group,
  // Not "Always", which would open up files their owner has closed, keys among them, at every start.
  fsGroupChangePolicy: 'OnRootMismatch',
  seccompProfile: { type: 'RuntimeDefault' },
});

/** A container's share of its node, in Kubernetes' own quantities. */
export type Footprint<T = string> = { cpu: T; memory: T };

/** Promised and at the same time the most: a container that takes more memory than it said is the one that dies. */
export const sized = <T>({ cpu, memory }: Footprint<T>) => ({ requests: { cpu, memory }, limits: { memory } });

/** A quantity of memory as the spec writes it, `2Gi` or `512Mi`. */
export const mebibytes = (quantity: string): number =>
  Number.parseInt(quantity, 10) * (quantity.endsWith('Gi') ? 1024 : 1);

/** A quantity of CPU as the spec writes it, `500m` or `1.5`, in thousandths of a core. */
export const millicores = (quantity: string): number =>
  quantity.endsWith('m') ? Number.parseInt(quantity, 10) : Number(quantity) * 1000;
