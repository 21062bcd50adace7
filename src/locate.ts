import type { Label } from './diagnostic.ts';
import type { Resource } from './plan.ts';
import type { LoadedSpec } from './spec/load.ts';
import { find, nearest } from './spec/node.ts';
import { formatPath, parsePath } from './spec/path.ts';

/** The spec paths an input came from, the most specific that are recorded: its own, else those of what contains it. */
export function specPathsOf(resource: Resource, input: string): string[] {
  const own = input !== '' && resource.trace[input];
  if (own && own.length > 0) return own;
  const segments = parsePath(input);
  for (let length = segments.length; length > 0; length--) {
    const paths = resource.trace[formatPath(segments.slice(0, length))];
    if (paths && paths.length > 0) return paths;
  }
  return [...(resource.trace[''] ?? []), resource.origin];
}

/** Every spec path an input depends on: those of its own, of what contains it, and of the resource's existence. */
export function causesOf(resource: Resource, input: string): string[] {
  const segments = parsePath(input);
  return segments
    .concat('')
    .flatMap((_, length) => resource.trace[formatPath(segments.slice(0, length + 1))] ?? [])
    .concat(resource.trace[''] ?? []);
}

/** The one path to blame for an input: the first that the file really has, else the first; that of the whole spec when no resource is. */
export function specPathOf(loaded: LoadedSpec, resource: Resource | undefined, input: string): string {
  if (!resource) return '';
  const paths = specPathsOf(resource, input);
  const first = paths.find((path) => find(loaded.root, path));
  // Whoever reads an item has read its list: an input that came from the item is the item's.
  const item = input === '' ? undefined : paths.find((path) => path.startsWith(`${first}[`) && find(loaded.root, path));
  return item ?? first ?? (paths[0] as string);
}

/** The path to blame for an input of the plan's resource of that name. */
export const specPathIn = (
  loaded: LoadedSpec,
  resources: readonly Resource[],
  { resource, input }: { resource: string; input: string },
): string =>
  specPathOf(
    loaded,
    resources.find(({ name }) => name === resource),
    input,
  );

/** The place in the file for something said about a path: its value, its key, or the nearest key above it. */
export function labelAt({ source, root }: LoadedSpec, path: string, note?: string): Label {
  return { file: source.file, range: nearest(root, path).range, ...(note !== undefined && { note }) };
}
