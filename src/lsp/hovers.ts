import type { Hover } from 'vscode-languageserver';
import type { Compiled } from '../compile.ts';
import { explain } from '../explain/explain.ts';
import { specPathIn } from '../locate.ts';
import { find } from '../spec/node.ts';
import { isWithin, parsePath } from '../spec/path.ts';
import { pathAt } from './cursor.ts';
import { rangeAt } from './positions.ts';

/** What a key means, what counts for it here and where that comes from, and what it costs. */
export function hoverAt(compiled: Compiled, offset: number): Hover | undefined {
  const { source, root } = compiled.loaded;
  const found = pathAt(root, offset);
  if (!found || source.isRedacted(found)) return undefined;
  const { path } = found;
  const parts = explain(path)?.parts ?? [];
  if (parts.length === 0) return undefined;
  const [meaning, ...others] = parts.map(([title, text]) => (title === 'meaning' ? text : `*${title}*: ${text}`));
  const lines = [`**${path}**`, meaning ?? '', ...others, ...valueLine(compiled, path), ...costLines(compiled, path)];
  return { contents: { kind: 'markdown', value: lines.filter(Boolean).join('\n\n') }, range: rangeAt(source, found) };
}

function valueLine({ loaded: { spec, root, source } }: Compiled, path: string): string[] {
  const value = parsePath(path).reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined),
    spec,
  );
  if (value === undefined || typeof value === 'symbol' || typeof value === 'object') return [];
  const node = find(root, path)?.node;
  if (node && source.isRedacted(node.range)) return [];
  return [`*here*: \`${String(value)}\`${node ? '' : ', by default'}`];
}

/** What is billed because of it. */
function costLines({ loaded, plan, bill }: Compiled, path: string): string[] {
  const items = (bill?.items ?? []).filter((item) => isWithin(specPathIn(loaded, plan?.resources ?? [], item), path));
  if (items.length === 0) return [];
  const sum = items.reduce((total, { monthlyUsd }) => total + (monthlyUsd ?? 0), 0);
  const rows = items.map(
    ({ name, detail, monthlyUsd }) =>
      `- ${monthlyUsd === null ? 'not priced' : monthlyUsd.toFixed(2)} ${name}${detail ? ` (${detail})` : ''}`,
  );
  return [`*costs*: ${sum.toFixed(2)} USD/month\n${rows.join('\n')}`];
}
