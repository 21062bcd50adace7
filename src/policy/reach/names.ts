import { isTheInternet } from './addresses.ts';
import { meets, type Points } from './line.ts';
import { protocolPoints, type Rule, type Spelling } from './rules.ts';

/** Who a rule or a Service lets in, as people call him. */
export const nameOfSource = ({ value, points }: Spelling): string =>
  isTheInternet(points) ? 'the internet' : value.toLowerCase() === 'virtualnetwork' ? 'the virtual network' : value;

export const nameOfReached = (reached: Points): string =>
  isTheInternet(reached) ? 'the internet' : 'a part of the internet';

/** Probes of Azure's load balancer are nobody who reaches anything. */
export const isSomebody = ({ value }: Spelling): boolean => value.toLowerCase() !== 'azureloadbalancer';

export const portNames = ({ ports }: Rule): string[] =>
  ports.spellings.map(({ value }) => (value === '*' ? 'all ports' : value));

/** `TCP`, `UDP`, `TCP+UDP`; empty for any other. */
export const protocolNames = ({ protocol }: Rule): string =>
  ['Tcp', 'Udp']
    .filter((name) => protocol && meets(protocol, protocolPoints(name) ?? []))
    .join('+')
    .toUpperCase();
