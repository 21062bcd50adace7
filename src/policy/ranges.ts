import { Address4 } from 'ip-address';

/** Have two IPv4 ranges an address in common? What is no range has none. */
export function overlap(one: string, other: string): boolean {
  if (!Address4.isValid(one) || !Address4.isValid(other)) return false;
  const [a, b] = [new Address4(one), new Address4(other)];
  return a.isInSubnet(b) || b.isInSubnet(a);
}
