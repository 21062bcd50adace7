import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { basename, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { compile } from '../src/compile.ts';
import { usageOf } from '../src/cost/usage.ts';
import { configOf } from '../src/fixtures/judge.ts';
import { readProgram } from '../src/fixtures/program.ts';
import type { Policy } from '../src/policy/policy.ts';
import { today } from '../test/support/specs.ts';

/**
 * Turns every condition of the given files around, one at a time, and says which of these mutants the fixtures of the
 * policies do not notice: `node scripts/mutate.ts policies/nsg-*.ts`. A condition whose inversion nobody notices is not
 * tested, or not needed.
 */
type Mutant = { file: string; line: number; start: number; end: number; text: string };

const opposites: Partial<Record<ts.SyntaxKind, string>> = {
  [ts.SyntaxKind.EqualsEqualsEqualsToken]: '!==',
  [ts.SyntaxKind.ExclamationEqualsEqualsToken]: '===',
  [ts.SyntaxKind.LessThanToken]: '>=',
  [ts.SyntaxKind.GreaterThanToken]: '<=',
  [ts.SyntaxKind.LessThanEqualsToken]: '>',
  [ts.SyntaxKind.GreaterThanEqualsToken]: '<',
  [ts.SyntaxKind.AmpersandAmpersandToken]: '||',
  [ts.SyntaxKind.BarBarToken]: '&&',
};

function* mutantsOf(file: string): Generator<Mutant> {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const at = (node: ts.Node, text: string): Mutant => {
    const start = node.getStart();
    return { file, line: source.getLineAndCharacterOfPosition(start).line + 1, start, end: node.getEnd(), text };
  };
  function* visit(node: ts.Node): Generator<Mutant> {
    if (ts.isBinaryExpression(node)) {
      const opposite = opposites[node.operatorToken.kind];
      if (opposite) yield at(node.operatorToken, opposite);
    }
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
      yield at(node, node.operand.getText());
    if (ts.isIfStatement(node)) yield at(node.expression, `!(${node.expression.getText()})`);
    if (ts.isConditionalExpression(node)) yield at(node.condition, `!(${node.condition.getText()})`);
    if (ts.isPropertyAccessExpression(node) && ['some', 'every'].includes(node.name.text))
      yield at(node.name, node.name.text === 'some' ? 'every' : 'some');
    for (const child of node.getChildren()) yield* visit(child);
  }
  yield* visit(source);
}

// Everything that may hold the mutant is loaded anew for it; the rest is shared.
const rooms = ['policies', 'src/policy'].map((room) => pathToFileURL(resolve(room)).href);
let current: Mutant | undefined;
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    const query = /\?mutant=\d+$/.exec(context.parentURL ?? '')?.[0];
    return query && rooms.some((room) => found.url.startsWith(`${room}/`))
      ? { ...found, url: found.url + query }
      : found;
  },
  load(url, context, next) {
    const file = url.startsWith('file:') ? fileURLToPath(url.replace(/\?.*$/, '')) : undefined;
    if (!current || !url.includes('?mutant=') || file !== resolve(current.file)) return next(url, context);
    const text = readFileSync(current.file, 'utf8');
    const source = text.slice(0, current.start) + current.text + text.slice(current.end);
    return { format: 'module-typescript', source, shortCircuit: true };
  },
});

const folder = 'test/fixtures/policies';
const known = readdirSync(folder);
const isOnExposure = (id: string): boolean => /^(nsg|cluster-open)-/.test(id);
/** What several policies share answers to those that may use it: the room "reach" to those on exposure. */
const mayUse = (file: string, id: string): boolean => file.includes('/reach/') === isOnExposure(id);
const programs = new Map(
  [
    ...known.flatMap((id) =>
      readdirSync(`${folder}/${id}`)
        .filter((name) => name.startsWith('program'))
        .map((name) => `${folder}/${id}/${name}`),
    ),
    ...readdirSync('test/fixtures/situations').map((file) => `test/fixtures/situations/${file}`),
  ].map((file) => [file, readProgram(file)]),
);

/** All that a policy says of its fixtures, or that it fails. */
async function verdict(id: string, query: string): Promise<string> {
  const said: unknown[] = [];
  try {
    const load = (path: string) => import(`${pathToFileURL(resolve(path)).href}${query}`);
    const { default: policy } = (await load(`policies/${id}.ts`)) as { default: Policy };
    const { judge, policyContext, programContext } = (await load(
      'src/policy/run.ts',
    )) as typeof import('../src/policy/run.ts');
    for (const [file, { resources, config }] of programs) {
      if (!file.includes(`/${id}/`) && !(isOnExposure(id) && file.includes('/situations/'))) continue;
      // What others remember of a program is nothing to a mutant: its modules are new.
      const context = programContext(resources, usageOf(undefined), 'production', undefined, today);
      said.push(judge([policy], context, configOf(config)).map(({ finding }) => finding));
    }
    for (const name of ['valid', 'invalid']) {
      const file = `${folder}/${id}/${name}.yaml`;
      if (!existsSync(file)) continue;
      const { plan, bill = noBill, loaded } = compile(file, readFileSync(file, 'utf8'), { today, policies: [] });
      const context = policyContext(plan?.resources ?? [], bill, 'production', loaded.spec?.budget?.monthlyUsd, today);
      said.push(judge([policy], context).map(({ finding }) => finding));
    }
  } catch (error) {
    return String(error);
  }
  return JSON.stringify(said);
}

const noBill = { items: [], monthlyUsd: 0, partial: false } as never;

let count = 0;
let survivors = 0;
for (const file of process.argv.slice(2)) {
  const id = basename(file, '.ts');
  // A policy answers to its own fixtures; what policies share answers to all that may use it.
  const judges = known.includes(id) ? [id] : known.filter((each) => mayUse(file, each));
  for (const mutant of mutantsOf(file)) {
    count++;
    let noticed = false;
    for (const judge of judges) {
      current = undefined;
      const before = await verdict(judge, '');
      current = mutant;
      noticed = before !== (await verdict(judge, `?mutant=${count}`));
      if (noticed) break;
    }
    if (noticed) continue;
    survivors++;
    const line = readFileSync(file, 'utf8').split('\n')[mutant.line - 1]?.trim();
    process.stdout.write(`${file}:${mutant.line}: nobody notices "${mutant.text.slice(0, 60)}" in: ${line}\n`);
  }
}
process.stdout.write(`${count} mutants, ${survivors} not noticed\n`);
process.exitCode = survivors > 0 ? 1 : 0;
