import type { SpecFault } from './issues.ts';
import type { Entry, Node } from './node.ts';
import { childPath } from './path.ts';
import type { Source } from './source.ts';

/** Formats that nothing but a credential has. Each is anchored to its issuer's documented prefix, so that an ordinary value never fits. */
const credentials: [RegExp, string][] = [
  [/\bgh[pousr]_[A-Za-z0-9]{30,}/, 'a GitHub token'],
  [/\bgithub_pat_[A-Za-z0-9_]{30,}/, 'a GitHub token'],
  [/\bdckr_(pat|oat)_[A-Za-z0-9_-]{20,}/, 'a Docker Hub token'],
  [/\bpul-[0-9a-f]{40}\b/, 'a Pulumi token'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'a private key'],
  [/\/key\/swarm\/psk\/1\.0\.0\//, 'a swarm key'],
  [/\b(AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{20,}/, 'an Azure key'],
  [/\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/, 'a signed token'],
];

const secretName = /(secret|token|passw(or)?d|passphrase|private-?key|swarm-?key|credential)s?$/i;
const reference = /^(env|file):/;

/**
 * Finds credentials anywhere in the file, and marks for redaction whatever may be one: the value of any key that is
 * called like a secret, known or not, unless it is a reference.
 */
export function findLiteralSecrets(source: Source, root: Node): SpecFault[] {
  const faults: SpecFault[] = [];
  const visit = (node: Node, path: string, key: Entry | undefined): void => {
    if (node.kind === 'map') {
      for (const entry of node.entries) visit(entry.value, childPath(path, entry.key), entry);
    } else if (node.kind === 'list') {
      node.items.forEach((item, index) => {
        visit(item, `${path}[${index}]`, key);
      });
    } else if (typeof node.value === 'string' || typeof node.value === 'number') {
      const value = String(node.value);
      const kind = credentials.find(([pattern]) => pattern.test(value))?.[1];
      if (
        kind ||
        (isReferenceField(path) && !reference.test(value)) ||
        (key && secretName.test(key.key) && !reference.test(value))
      )
        source.redactions.push(node.anchoredAt ?? node.range);
      if (kind && !isReferenceField(path)) {
        faults.push({
          code: 'spec/literal-secret',
          message: `${kind} may not stand in a spec; put it in the environment and write env:NAME`,
          path,
          range: node.range,
        });
      }
    }
  };
  visit(root, '', undefined);
  return faults;
}

/** Works on bare text too, because a line of a file that can't be parsed is shown all the same. */
export function redactText(source: Source): void {
  for (const [pattern] of credentials) {
    for (const { index, 0: match } of source.text.matchAll(new RegExp(pattern, 'g')))
      source.redactions.push({ start: index, end: index + match.length });
  }
  const assignment =
    /\b[\w-]*(?:secret|token|password|passwd|passphrase|private-?key|swarm-?key|credential)["']?[^\S\r\n]*:[^\S\r\n]+["']?(?!env:|file:|[[{|>&*#])([^\s,}\]"'][^\r\n,}\]]*)/gi;
  for (const { index, 0: match, 1: value = '' } of source.text.matchAll(assignment)) {
    const start = index + match.length - value.length;
    source.redactions.push({ start, end: start + value.trimEnd().length });
  }
}

// These say so themselves when what stands there is not a reference.
const isReferenceField = (path: string): boolean =>
  /^(secrets\.items\[\d+\]\.from|registry\.password|node\.ipfs\.swarmKey)$/.test(path);
