import { own, readData } from './files.ts';

/** What becomes of a resource when one of its inputs changes; paths are without indexes. Everything else changes in place. */
export type ChangeRules = {
  /** Its name or its parent's: another one is another resource. */
  named: readonly string[];
  /** The provider makes another resource. */
  replaced: readonly string[];
  /** Azure or Kubernetes refuses it, some minutes into the deployment. */
  refused: readonly string[];
  /** Refused when it becomes less. */
  grows: readonly string[];
  /** Refused when it goes away. */
  kept: readonly string[];
  /** A version that goes up by one minor version at a time, and never down: aks/upgrade-aks-control-plane. */
  steps: readonly string[];
  /** Lists of parts that Azure knows by their `name`, and what it refuses to change of each. */
  items: Readonly<Record<string, readonly string[]>>;
  /** What nobody gets back when it is deleted or another one takes its place. */
  lost?: string;
  url?: string;
};

type Data = { types: Record<string, Partial<ChangeRules>> };

/** The rules of a type, by Pulumi's token; a type without any changes in place. */
export function changeRules(type: string): ChangeRules {
  const rules = own(readData<Data>('changes.json').types, type) ?? {};
  return { named: [], replaced: [], refused: [], grows: [], kept: [], steps: [], items: {}, ...rules };
}
