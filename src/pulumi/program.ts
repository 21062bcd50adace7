import { enableCompileCache } from 'node:module';

/** The program the engine runs. The SDK is an optional peer: who only checks specs needs none of it, who deploys needs all. */
const peers = ['@pulumi/pulumi', '@pulumi/azure-native', '@pulumi/kubernetes'];

const missing = peers.filter((name) => {
  try {
    import.meta.resolve(`${name}/package.json`);
    return false;
  } catch {
    return true;
  }
});
if (missing.length > 0) {
  process.stderr.write(`perpetual: deploying needs what is not installed here: npm install ${missing.join(' ')}\n`);
  process.exit(1);
}

// The SDK is large, and the engine starts this anew for every preview and every update.
enableCompileCache();
const { outputs } = await import('./run.ts');
// As one object: the engine warns of every named export without a value.
export default outputs;
