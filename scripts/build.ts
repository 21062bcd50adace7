import { cpSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { declarationsOf } from './declarations.ts';

/**
 * Importing a built-in module into an ES module makes Node create all of its exports, streams and decoders included;
 * asking for the module itself does not. It is a sixth of a check's time.
 */
const leanBuiltins: Plugin = {
  name: 'lean-builtins',
  setup({ onResolve, onLoad }) {
    const names = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]));
    onResolve({ filter: /./ }, ({ path, kind }) =>
      names.has(path) && kind !== 'dynamic-import'
        ? { path: path.replace(/^node:/, ''), namespace: 'builtin' }
        : undefined,
    );
    onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

const out = 'dist.tmp';
rmSync(out, { recursive: true, force: true });

/** What other packages import. */
const library = { index: 'src/index.ts', pulumi: 'src/pulumi/component.ts', testing: 'src/testing.ts' };
/** The command line has chunks of its own, so that a check reads few files. */
const bundles: Record<string, string>[] = [
  { cli: 'src/cli.ts' },
  { program: 'src/pulumi/program.ts', pack: 'src/pulumi/pack.ts', ...library },
];
for (const entryPoints of bundles) {
  await build({
    entryPoints,
    outdir: out,
    bundle: true,
    splitting: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node22.13',
    chunkNames: '[name]-[hash]',
    external: ['@pulumi/*'],
    // Its ES modules, of which what is not used can be left out.
    alias: { yaml: './node_modules/yaml/browser/index.js' },
    plugins: [leanBuiltins],
    logLevel: 'warning',
  });
}
const published = new Map(Object.entries(library).map(([name, path]) => [path, name]));
for (const [path, name] of published) writeFileSync(`${out}/${name}.d.ts`, declarationsOf(path, published));
/** What is read as it is, each beside the chunks that look for it there. */
const folders = ['src/catalog/data', 'src/init/templates', 'src/completion/shells'];
for (const folder of folders) cpSync(folder, `${out}/${basename(folder)}`, { recursive: true });
rmSync('dist', { recursive: true, force: true });
renameSync(out, 'dist');
