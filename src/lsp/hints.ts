import { type InlayHint, InlayHintKind, type Range } from 'vscode-languageserver';
import type { Compiled } from '../compile.ts';
import { reachesOf } from '../diff/exposure.ts';
import { labelAt, specPathIn } from '../locate.ts';
import { find } from '../spec/node.ts';
import { parsePath } from '../spec/path.ts';
import { positionAt } from './positions.ts';

/** At the ends of lines: what is billed because of them, and who reaches a port. */
export function hintsIn(compiled: Compiled, { start, end }: Range): InlayHint[] {
  const hints = new Map<number, { label: string[]; tooltip: string[] }>();
  const add = (line: number, label: string, tooltip: string): void => {
    const known = hints.get(line) ?? { label: [], tooltip: [] };
    known.label.push(label);
    known.tooltip.push(tooltip);
    hints.set(line, known);
  };
  for (const [line, items] of billedBy(compiled)) {
    const sum = items.reduce((total, { monthlyUsd }) => total + (monthlyUsd ?? 0), 0);
    if (sum >= 0.005)
      add(
        line,
        `${sum.toFixed(2)} USD/month`,
        items.map(({ name, monthlyUsd }) => `${name} ${monthlyUsd?.toFixed(2) ?? 'not priced'}`).join('\n'),
      );
  }
  for (const [line, { from, to }] of exposedBy(compiled))
    add(line, `${from} -> ${to}`, 'who reaches it, by the rules of the plan');
  const { source } = compiled.loaded;
  return [...hints]
    .filter(([line]) => line - 1 >= start.line && line - 1 <= end.line)
    .map(([line, { label, tooltip }]) => ({
      position: { line: line - 1, character: source.line(line).trimEnd().length },
      label: label.join(', '),
      kind: InlayHintKind.Type,
      tooltip: tooltip.join('\n'),
      paddingLeft: true,
    }));
}

function billedBy({ loaded, plan, bill }: Compiled) {
  return Map.groupBy(bill?.items ?? [], (item) => {
    const path = specPathIn(loaded, plan?.resources ?? [], item);
    return positionAt(loaded.source, labelAt(loaded, path).range.start).line + 1;
  });
}

/** Who reaches each of the exposed ports, at its key; a name of Kubernetes ends in that of the key. */
function* exposedBy({ loaded, plan }: Compiled): Generator<[number, { from: string; to: string }]> {
  const expose = find(loaded.root, parsePath('network.expose'))?.node;
  if (expose?.kind !== 'map' || !plan) return;
  const reaches = reachesOf(plan.resources);
  for (const { key, keyRange } of expose.entries) {
    const own = reaches.filter(({ to }) => new RegExp(`-${key}(-internal)? \\d`).test(to));
    for (const from of new Set(own.map((each) => each.from))) {
      const ports = own.filter((each) => each.from === from).map(({ to }) => to.split(' ').at(-1));
      yield [loaded.source.position(keyRange.start).line, { from, to: ports.join(', ') }];
    }
  }
}
