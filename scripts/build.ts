import { cpSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, resolve } from 'node:path';
import { build, type Plugin } from 'rolldown';
import { declarationsOf } from './declarations.ts';

/**
 * Importing a built-in module into an ES module makes Node create all of its exports, streams and decoders included;
 * asking for the module itself does not. It is a sixth of a check's time.
 */
const leanBuiltins: Plugin = {
  name: 'lean-builtins',
  resolveId(source, _, { kind }) {
    if (kind === 'dynamic-import' || !isBuiltin(source)) return undefined;
    return { id: `\0${kind}:${source.replace(/^node:/, '')}`, moduleSideEffects: false };
  },
  load(id) {
    const [, kind, name = ''] = /^\0([a-z-]+):(.*)$/.exec(id) ?? [];
    if (kind === undefined) return undefined;
    const builtin = `process.getBuiltinModule(${JSON.stringify(name)})`;
    if (kind === 'require-call') return { code: `module.exports = ${builtin};`, moduleType: 'js' };
    // What a getter gives is left out: reading it is what loads the streams.
    const names = Object.entries(Object.getOwnPropertyDescriptors(process.getBuiltinModule(name) ?? {}))
      .filter(([key, { get }]) => !get && key !== 'default')
      .map(([key]) => key);
    const exported = names.map((key) => `export const ${key} = builtin.${key};`).join('\n');
    return `const builtin = ${builtin};\nexport default builtin;\n${exported}`;
  },
};

/**
 * The library that reads kubeconfigs brings more than nine tenths of its size for what is never done with one of AKS: a
 * client of its own, where Node's is asked, proxies by SOCKS, and logins that AKS has not or no longer.
 */
const unusedWithKubeconfigs = ['undici', 'socks', 'socks-proxy-agent', 'jsonpath-plus', 'openid-client'];
const leanKubeconfigs: Plugin = {
  name: 'lean-kubeconfigs',
  resolveId: (source) => (unusedWithKubeconfigs.includes(source) ? '\0unused' : undefined),
  load: (id) => (id === '\0unused' ? { code: 'module.exports = {};', moduleType: 'js' } : undefined),
};

/** One character outside of Latin-1 doubles what Node has to decode and keep of a file; all of ours stand in literals. */
const asciiOnly: Plugin = {
  name: 'ascii-only',
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle))
      if (file.type === 'chunk')
        file.code = file.code.replace(
          /[^\0-\x7f]/g,
          (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
        );
  },
};

const out = 'dist.tmp';
rmSync(out, { recursive: true, force: true });

/** What other packages import. */
const library = { index: 'src/index.ts', pulumi: 'src/pulumi/component.ts', testing: 'src/testing.ts' };
/** The command line has chunks of its own, and one of them is all that a check reads. */
const bundles: { input: Record<string, string>; groups?: { name: string; test: RegExp }[] }[] = [
  { input: { cli: 'src/cli.ts' }, groups: [{ name: 'check', test: /\/src\/cli\.ts$|rolldown.runtime/ }] },
  { input: { program: 'src/pulumi/program.ts', pack: 'src/pulumi/pack.ts', ...library } },
];
for (const { input, groups } of bundles) {
  await build({
    input,
    platform: 'node',
    external: /^@pulumi\//,
    // Its ES modules, of which what is not used can be left out.
    resolve: { alias: { yaml: resolve('node_modules/yaml/browser/index.js') } },
    transform: { target: 'node22.13' },
    treeshake: { propertyReadSideEffects: false },
    plugins: [leanBuiltins, leanKubeconfigs, asciiOnly],
    output: {
      dir: out,
      minify: true,
      chunkFileNames: '[name]-[hash].js',
      ...(groups && { codeSplitting: { groups } }),
    },
  });
}
const published = new Map(Object.entries(library).map(([name, path]) => [path, name]));
for (const [path, name] of published) writeFileSync(`${out}/${name}.d.ts`, declarationsOf(path, published));
/** What is read as it is, each beside the chunks that look for it there. */
const folders = ['src/catalog/data', 'src/init/templates', 'src/completion/shells'];
for (const folder of folders) cpSync(folder, `${out}/${basename(folder)}`, { recursive: true });
rmSync('dist', { recursive: true, force: true });
renameSync(out, 'dist');
