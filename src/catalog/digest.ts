import { readdirSync, readFileSync } from 'node:fs';

let shipped: string | undefined;

/** The SHA-256 of all facts shipped with the program, by name and content. Only who has a lock pays for it. */
export function shippedDigest(): string {
  shipped ??= digestOf(new URL('./data/', import.meta.url));
  return shipped;
}

function digestOf(folder: URL): string {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'));
  const hash = sha256();
  for (const name of names.filter((each) => each.endsWith('.json')).sort())
    hash
      .update(`${name}\0`)
      .update(readFileSync(new URL(name, folder)))
      .update('\0');
  return hash.digest('hex');
}

export const digestOfText = (text: string): string => sha256().update(text).digest('hex');

// Asked for when used: a check without a lock never loads it.
const sha256 = () => process.getBuiltinModule('node:crypto').createHash('sha256');
