/** One step of a path into a spec or into a resource's inputs: a key or the index of an item. */
export type Segment = string | number;

const simple = /^[A-Za-z_$][\w$-]*$/;

/** `['network', 'rules', 0, 'priority']` -> `network.rules[0].priority`; keys with other characters are quoted in brackets. */
export function formatPath(segments: readonly Segment[]): string {
  let path = '';
  for (const segment of segments) path = childPath(path, segment);
  return path;
}

export function childPath(parent: string, segment: Segment): string {
  if (typeof segment === 'number') return `${parent}[${segment}]`;
  if (!simple.test(segment)) return `${parent}[${JSON.stringify(segment)}]`;
  return parent === '' ? segment : `${parent}.${segment}`;
}

/** The inverse of `formatPath`. */
export function parsePath(path: string): Segment[] {
  const segments: Segment[] = [];
  for (const [, key, index, quoted] of path.matchAll(/\.?([A-Za-z_$][\w$-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/g)) {
    if (key !== undefined) segments.push(key);
    else if (index !== undefined) segments.push(Number(index));
    else if (quoted !== undefined) segments.push(JSON.parse(quoted) as string);
  }
  return segments;
}

/** Is `path` the same as `prefix` or below it? */
export const isWithin = (path: string, prefix: string): boolean =>
  prefix === '' ||
  path === prefix ||
  (path.startsWith(prefix) && (path[prefix.length] === '.' || path[prefix.length] === '['));
