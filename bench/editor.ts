import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseDocument, visit } from 'yaml';
import { type Client, positionIn, startServer } from '../test/support/language-server.ts';
import { median } from './median.ts';

const node = process.execPath;
const args = ['bin/perpetual.js', 'lsp', '--stdio', '--as-of', '2026-11-22'];
const uri = pathToFileURL('bench/perpetual-node.yaml').href;

/** A spec of 300 lines: everything there is, in block style, and comments to fill it. */
function longSpec(): string {
  const document = parseDocument(readFileSync('test/fixtures/specs/everything.yaml', 'utf8'));
  visit(document, {
    Collection: (_, node) => {
      node.flow = false;
    },
  });
  const text = document.toString();
  const missing = 300 - text.split('\n').length;
  return text + '# the rest of a long file\n'.repeat(Math.max(missing, 0));
}

/** Until the server has told what it can, as many times as long as node takes to do nothing. */
export async function readyRatio(runs: number): Promise<number> {
  const ready = async (): Promise<number> => {
    const started = performance.now();
    const server = await startServer(node, args);
    const time = performance.now() - started;
    await server.stop();
    return time;
  };
  const bare = (): number => {
    const started = performance.now();
    spawnSync(node, ['-e', '0']);
    return performance.now() - started;
  };
  await ready(); // fills the compile cache
  const ratios: number[] = [];
  for (let index = 0; index < runs; index++) ratios.push((await ready()) / bare());
  return median(ratios);
}

/** One letter more in a tag, and one less: milliseconds until what is found is there again, at the 95th percentile. */
export async function keystroke(strokes = 1000): Promise<number> {
  const text = longSpec();
  return withSpec(text, async (server) => {
    const times: number[] = [];
    for (let index = 0; index < strokes; index++) {
      const started = performance.now();
      await stroke(server, text, index);
      times.push(performance.now() - started);
    }
    return times.sort((a, b) => a - b)[Math.floor(strokes * 0.95)] as number;
  });
}

/** The memory after 10,000 edits by that after the first thousand. */
export async function memoryRatio(edits = 10_000): Promise<number> {
  const text = longSpec();
  return withSpec(text, async (server) => {
    const residentMiB = (): number =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) / 1024;
    let early = 0;
    for (let index = 0; index < edits; index++) {
      await stroke(server, text, index);
      if (index === edits / 10) early = residentMiB();
    }
    return residentMiB() / early;
  });
}

async function withSpec<T>(text: string, work: (server: Client) => Promise<T>): Promise<T> {
  const server = await startServer(node, args);
  await server.open(uri, text);
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

async function stroke(server: Client, text: string, index: number): Promise<void> {
  const start = positionIn(text, text.indexOf('\nazure:'));
  const end = index % 2 === 0 ? start : { ...start, character: start.character + 1 };
  await server.change(uri, index % 2 === 0 ? 'x' : '', { start, end });
}
