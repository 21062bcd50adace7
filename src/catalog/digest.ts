import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

let shipped: string | undefined;

/** The SHA-256 of all facts shipped with the program, by name and content. Only who has a lock pays for it. */
export function shippedDigest(): string {
  shipped ??= digestOf(fileURLToPath(new URL('./data/', import.meta.url)));
  return shipped;
}

function digestOf(folder: string): string {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath.slice(folder.length)}/${entry.name}`.replaceAll('\\', '/').replace(/^\//, ''))
    .sort();
  const hash = sha256();
  for (const name of names)
    hash
      .update(`${name}\0`)
      .update(readFileSync(`${folder}${name}`))
      .update('\0');
  return hash.digest('hex');
}

export const digestOfText = (text: string): string => sha256().update(text).digest('hex');

// Asked for when used: a check without a lock never loads it.
const sha256 = () => process.getBuiltinModule('node:crypto').createHash('sha256');
