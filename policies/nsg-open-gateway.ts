import { definePolicy } from '../src/policy/policy.ts';
import { blamedForTheInternet, openingsIn } from '../src/policy/reach/openings.ts';

const gatewayPort = 8080;

export default definePolicy({
  id: 'nsg-open-gateway',
  title: 'the HTTP gateway (port 8080) must not be open to the whole internet',
  why: 'anybody can make the node load and serve any content of the network, at your cost and under your address, without encryption',
  fix: 'set network.expose.gateway.from to the ranges that need it, or put a proxy with HTTPS and a login in front',
  source: 'https://github.com/ipfs/kubo/blob/master/docs/config.md#gateway',
  example: { wrong: 'gateway: { from: [internet] }', right: 'gateway: { from: [203.0.113.0/24] }' },
  levels: { production: 'mandatory', development: 'advisory' },
  waivable: true,
  *plan({ resources }) {
    // A range of the internet is somebody the operator chose; only everybody is nobody's choice.
    for (const { who, ...place } of blamedForTheInternet(openingsIn(resources, 'Tcp', gatewayPort))) {
      yield {
        ...place,
        message: `the HTTP gateway (port ${gatewayPort}) is open to ${who}`,
        note: 'everybody can make the node load content',
      };
    }
  },
});
