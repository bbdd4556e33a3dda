import { describe, expect, it } from 'vitest';
import { clientAddressOf, clientNetworkOf } from './index.ts';

describe('where a request comes from', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7', '203.0.113.7'],
    ['2001:db8:0:1:aaaa:bbbb:cccc:dddd', '2001:db8:0:1:aaaa:bbbb:cccc:dddd', '2001:db8:0:1'],
    ['::1', '::1', '0:0:0:0'],
    ['not an address', undefined, undefined],
    [undefined, undefined, undefined],
  ])('%s is the address %s of the network %s', (ip, address, network) => {
    expect(clientAddressOf({ ip })).toBe(address);
    expect(clientNetworkOf({ ip })).toBe(network);
  });
});
