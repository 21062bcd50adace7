/** A workload as it stands in the cluster. */
export type Workload = {
  kind: string;
  namespace: string;
  name: string;
  /** What its pods are told by. */
  labels: Readonly<Record<string, string>>;
};

type State = { running?: object; terminated?: { exitCode?: number; message?: string }; waiting?: object };

type Status = { name: string; ready?: boolean; restartCount?: number; state?: State; lastState?: State };

/** As much of a pod as is looked at; https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ */
export type Pod = {
  metadata: { name: string; uid?: string; deletionTimestamp?: string };
  spec?: { nodeName?: string };
  status?: {
    conditions?: { type: string; status: string }[];
    initContainerStatuses?: Status[];
    containerStatuses?: Status[];
  };
};

/** The container that keeps a pod from being ready. */
export type Container = { name: string; hasStarted: boolean; hasRestarted: boolean; status: Status };

/** One that is on its way out is nobody's concern. */
export const isUnready = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined &&
  !status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True');

/** The first in the order in which they start. */
export function containerAtFault({ status }: Pod): Container | undefined {
  const initial = (status?.initContainerStatuses ?? []).filter(
    ({ ready, state }) => !ready && state?.terminated?.exitCode !== 0,
  );
  const [found] = [...initial, ...(status?.containerStatuses ?? []).filter(({ ready }) => !ready)];
  if (!found) return undefined;
  const hasRestarted = (found.restartCount ?? 0) > 0;
  return { name: found.name, hasStarted: hasRestarted || isOrWasUp(found), hasRestarted, status: found };
}

const isOrWasUp = ({ state, lastState }: Status): boolean =>
  [state, lastState].some((each) => each?.running !== undefined || each?.terminated !== undefined);

/** What a container has left behind at its end: the last lines of its log, where it asks for that. */
export const lastWords = ({ status: { state, lastState } }: Container): string | undefined =>
  state?.terminated?.message ?? lastState?.terminated?.message;

export const isScheduled = ({ spec }: Pod): boolean => spec?.nodeName !== undefined;

/** Its volumes were there then. */
export const hasStarted = ({ status }: Pod): boolean =>
  [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].some(isOrWasUp);
