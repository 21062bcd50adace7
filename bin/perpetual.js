#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  process.stderr.write(`perpetual: needs Node.js 22.13 or newer, and this is ${process.versions.node}\n`);
  process.exit(2);
}
const { getBuiltinModule } = process;
getBuiltinModule('node:module').enableCompileCache();

// Whoever reads us may stop reading, as in "| head": that is no fault of ours, and what was found still counts.
process.stdout.on('error', (error) => {
  if (error.code === 'EPIPE') return;
  const reason = error.code === 'ENOSPC' ? 'the disk is full' : `the system says ${error.code}`;
  process.stderr.write(`perpetual: can't write the output: ${reason}\n`);
  process.exit(2);
});

try {
  const { run } = await import('../dist/cli.js');
  // Its streams are made when they are asked for: a check reads no input and reports no trouble.
  process.exitCode = await run(process.argv.slice(2), process);
} catch (error) {
  const report = getBuiltinModule('node:path').join(
    getBuiltinModule('node:os').tmpdir(),
    `perpetual-bug-${process.pid}.txt`,
  );
  getBuiltinModule('node:fs').writeFileSync(
    report,
    `perpetual on Node.js ${process.versions.node}, ${process.platform}\n${error?.stack ?? error}\n`,
  );
  process.stderr.write(`perpetual: a bug in perpetual, not in your spec; what is known about it is in ${report}\n`);
  process.exitCode = 255;
}
