import type { Failure, Properties } from './provider.ts';
import { declarationOf } from './shapes.ts';

/** What the engine adds to a provider's settings for itself. */
const engineOwn = ['version', 'pluginDownloadURL', '__internal'];

/** Settings a provider does not have. Their types cannot be told here: all but texts travel as JSON text. */
export async function unknownSettings(provider: string, news: Properties): Promise<Failure[]> {
  const declaration = await declarationOf(`pulumi:providers:${provider}`);
  const known = declaration?.args.kind === 'object' ? Object.keys(declaration.args.properties) : [];
  return Object.keys(news)
    .filter((key) => !known.includes(key) && !engineOwn.includes(key))
    .map((key) => ({ property: key, reason: `unknown property '${key}'` }));
}
