import { policies } from '../../policies/index.ts';
import { type Compiled, compile } from '../compile.ts';
import { decode, display, readText, specFiles, UsageError, writeWhole } from '../files.ts';
import type { Graph } from '../graph/graph.ts';
import { type Arguments, asOfOption, type Command, dateOf, type Streams, stdinOption } from './options.ts';
import { configFor } from './owners.ts';

const formats = ['mermaid', 'svg', 'dot'] as const;

export const graphCommand: Command = {
  name: 'graph',
  positional: '[SPEC]',
  describe: 'draw who can reach what, or which resource needs which; without SPEC the only one below specs/',
  options: {
    what: {
      type: 'string',
      describe: 'who can reach what (default), or which resource needs which',
      choices: ['reach', 'resources'],
    },
    format: { type: 'string', alias: 'f', describe: 'how to draw it; default mermaid', choices: formats },
    env: { type: 'string', alias: 'e', describe: 'of several specs that of this environment', placeholder: 'ENV' },
    'as-of': asOfOption,
    out: { type: 'string', alias: 'o', describe: 'write it to a file', placeholder: 'FILE' },
    'stdin-filename': stdinOption,
  },
  run,
};

/** A violated policy is what the picture shows, so it is no failure here; what can't be read can't be drawn. */
async function run({ positional, values }: Arguments, streams: Streams): Promise<number> {
  const today = dateOf(values['as-of'], streams.env);
  const found: Compiled[] = [];
  for await (const { file, text } of inputs(positional, values, streams)) {
    const compiled = compile(file, text, { today, policies, config: configFor(file).config });
    if (values.env === undefined || compiled.environment === values.env) found.push(compiled);
  }
  const [compiled, second] = found;
  if (!compiled) {
    streams.stderr.write(`perpetual: there is no environment "${values.env}"\n`);
    return 6;
  }
  if (second)
    throw new UsageError(
      `one picture shows one spec: name one of ${found.map(({ loaded }) => loaded.source.file).join(', ')}`,
    );
  const file = compiled.loaded.source.file;
  if (!compiled.plan) {
    streams.stderr.write(`perpetual: nothing can be drawn of ${file}: perpetual check says what is wrong with it\n`);
    return 1;
  }
  const text = await draw(await graphOf(compiled, values.what === 'resources'), String(values.format ?? 'mermaid'));
  if (values.out === undefined) streams.stdout.write(text);
  else writeWhole(String(values.out), text);
  if (compiled.complete) return 0;
  streams.stderr.write(`perpetual: ${file} has errors, so something may be missing in the picture\n`);
  return 1;
}

async function graphOf({ plan, diagnostics, environment = '' }: Compiled, ofResources: boolean): Promise<Graph> {
  const resources = plan?.resources ?? [];
  return ofResources
    ? (await import('../graph/resources.ts')).resourcesGraph(
        resources,
        diagnostics,
        `${environment}: which resource needs which`,
      )
    : (await import('../graph/reach.ts')).reachGraph(resources, diagnostics, `${environment}: who can reach what`);
}

async function draw(graph: Graph, format: string): Promise<string> {
  if (format === 'svg') return (await import('../graph/svg.ts')).svg(graph);
  if (format === 'dot') return (await import('../graph/dot.ts')).dot(graph);
  return (await import('../graph/mermaid.ts')).mermaid(graph);
}

async function* inputs(
  [argument, second]: readonly string[],
  values: Arguments['values'],
  { stdin }: Streams,
): AsyncGenerator<{ file: string; text: string }> {
  if (second !== undefined) throw new UsageError(`"graph" takes one spec, and "${second}" is a second one`);
  if (argument === '-') {
    const file = display(String(values['stdin-filename'] ?? '<stdin>'));
    yield { file, text: decode(await (await import('node:stream/consumers')).buffer(stdin), file) };
    return;
  }
  for (const file of specFiles(argument ?? 'specs')) yield { file, text: readText(file) };
}
