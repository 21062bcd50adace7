/** FNV-1a, 32 bits, as 8 hex digits (https://datatracker.ietf.org/doc/html/rfc9923): loading a cryptographic hash takes longer than a check. */
export function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}
