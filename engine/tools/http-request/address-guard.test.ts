import { describe, expect, test } from 'vitest';
import { type AddressGuard, checkedAddressesOf, isPublicAddress, type Resolve } from './address-guard.ts';
import { type HttpRequestSettings, httpRequestSettingsSchema } from './settings.ts';

describe('addresses', () => {
  test.each(['1.1.1.1', '8.8.8.8', '93.184.215.14', '172.15.255.255', '172.32.0.1', '100.63.255.255', '100.128.0.1', '2606:4700:4700::1111', '2a00:1450:4001:81b::200e'])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  test.each<[address: string, what: string]>([
    ['127.0.0.1', 'loopback'], ['127.255.255.254', 'loopback'], ['0.0.0.0', 'this host'], ['0.1.2.3', 'this network'], ['10.0.0.1', 'private'], ['172.16.0.1', 'private'], ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'], ['169.254.169.254', 'cloud metadata'], ['169.254.170.2', 'container credentials'], ['100.64.0.1', 'carrier NAT'], ['100.100.100.200', 'cloud metadata'],
    ['168.63.129.16', 'host agent'], ['192.0.0.192', 'cloud metadata'], ['192.0.2.1', 'documentation'], ['198.18.0.1', 'benchmarks'], ['224.0.0.1', 'multicast'], ['239.255.255.250', 'multicast'],
    ['240.0.0.1', 'reserved'], ['255.255.255.255', 'broadcast'], ['192.88.99.1', '6to4 relay'],
    ['::', 'unspecified'], ['::1', 'loopback'], ['::ffff:127.0.0.1', 'mapped'], ['::ffff:8.8.8.8', 'mapped'], ['::ffff:7f00:1', 'mapped'], ['::127.0.0.1', 'compatible'], ['::ffff:0:127.0.0.1', 'translated'],
    ['64:ff9b::7f00:1', 'NAT64'], ['64:ff9b:1::a00:1', 'local NAT64'], ['2002:7f00:1::', '6to4'], ['2002:a9fe:a9fe::', '6to4'], ['2001:0:7f00:1::', 'Teredo'], ['fe80::1', 'link-local'],
    ['fd00:ec2::254', 'cloud metadata'], ['fc00::1', 'private'], ['fec0::1', 'site-local'], ['ff02::1', 'multicast'], ['2001:db8::1', 'documentation'], ['100::1', 'discard'], ['4000::1', 'unassigned'],
    ['127.1', 'short'], ['0177.0.0.1', 'octal'], ['8.8.8', 'short'], ['010.8.8.8', 'octal'], ['134744072', 'a number'], ['fe80::1%eth0', 'with a zone'], ['2606:4700:4700::1111%eth0', 'with a zone'],
    ['64:ff9b::808:808', 'NAT64'], ['2001:10::1', 'ORCHID'], ['5f00::1', 'segment routing'], ['3fff::1', 'documentation'], ['', 'nothing'], ['example.com', 'a name'], ['1.2.3.4.5', 'nonsense'],
  ])('%s (%s) is not', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('hosts', () => {
  const guardOf = (resolve: Resolve | undefined, lists: Partial<HttpRequestSettings> = {}): AddressGuard => ({ ...httpRequestSettingsSchema.parse(lists), resolve });
  const resolve = (answers: Record<string, string[]>) => async (hostname: string) => {
    const addresses = answers[hostname];
    if (addresses === undefined) throw Object.assign(new Error('not found'), { code: hostname.startsWith('slow') ? 'EAI_AGAIN' : 'ENOTFOUND' });
    return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  const names = resolve({ 'good.example': ['1.1.1.1', '2606:4700:4700::1111'], 'evil.example': ['10.0.0.5'], 'half.example': ['1.1.1.1', '127.0.0.1'], 'empty.example': [], 'intern.example': ['10.0.0.7'] });

  test('a public host gives the addresses to connect to', async () => {
    expect(await checkedAddressesOf(new URL('https://good.example/'), guardOf(names))).toEqual([{ address: '1.1.1.1', family: 4 }, { address: '2606:4700:4700::1111', family: 6 }]);
  });

  test.each(['http://evil.example/', 'http://half.example/', 'http://[::1]/', 'http://2130706433/', 'http://0x7f.1/', 'http://0177.0.0.1/', 'http://127.1/', 'http://[::ffff:169.254.169.254]/', 'http://169.254.169.254/latest/meta-data/'])('%s is refused', async (url) => {
    await expect(checkedAddressesOf(new URL(url), guardOf(names))).rejects.toMatchObject({ code: 'TOOL_REFUSED', details: { not_sent: true } });
  });

  test('a host the admin allowed passes, on the port it was allowed for', async () => {
    expect(await checkedAddressesOf(new URL('http://intern.example:81/'), guardOf(names, { allow_private_hosts: ['Intern.example'] }))).toHaveLength(1);
    expect(await checkedAddressesOf(new URL('http://intern.example/'), guardOf(names, { allow_private_hosts: ['intern.example:80'] }))).toHaveLength(1);
    await expect(checkedAddressesOf(new URL('http://intern.example:81/'), guardOf(names, { allow_private_hosts: ['intern.example:80'] }))).rejects.toMatchObject({ code: 'TOOL_REFUSED' });
    await expect(checkedAddressesOf(new URL('http://x.intern.example/'), guardOf(resolve({ 'x.intern.example': ['10.0.0.8'] }), { allow_private_hosts: ['intern.example'] }))).rejects.toMatchObject({ code: 'TOOL_REFUSED' });
  });

  test.each(['http://localhost/', 'http://a.localhost/', 'http://localhost./', 'http://metadata.google.internal/', 'http://printer.local/', 'http://router.home.arpa/'])('%s is refused without asking a resolver', async (url) => {
    await expect(checkedAddressesOf(new URL(url), guardOf(() => expect.unreachable()))).rejects.toMatchObject({ code: 'TOOL_REFUSED', details: { not_sent: true } });
  });

  const publicNames = resolve({ 'good.example': ['1.1.1.1'], 'bad.good.example': ['1.1.1.2'], 'intern.example': ['10.0.0.7'] });
  test.each<[what: string, url: string, lists: Partial<HttpRequestSettings>, message: RegExp]>([
    ['denied by name', 'http://good.example/', { deny_hosts: ['good.example'] }, /denied it/],
    ['denied on every port', 'http://good.example:8080/', { deny_hosts: ['good.example'] }, /denied it/],
    ['denied with a trailing dot', 'http://good.example./', { deny_hosts: ['good.example'] }, /denied it/],
    ['denied below a wildcard', 'http://bad.good.example/', { deny_hosts: ['*.good.example'] }, /denied it/],
    ['denied by its address', 'http://good.example/', { deny_hosts: ['1.1.1.1'] }, /denied its address/],
    ['denied although allowed in both other lists', 'http://intern.example/', { deny_hosts: ['intern.example'], only_hosts: ['intern.example'], allow_private_hosts: ['intern.example'] }, /denied it/],
    ['not among the only ones', 'http://good.example/', { only_hosts: ['other.example'] }, /not among/],
    ['not among the only ones although allowed to be private', 'http://intern.example/', { only_hosts: ['other.example'], allow_private_hosts: ['intern.example'] }, /not among/],
    ['private although among the only ones', 'http://intern.example/', { only_hosts: ['intern.example'] }, /public internet/],
  ])('a host %s is refused', async (_what, url, lists, message) => {
    await expect(checkedAddressesOf(new URL(url), guardOf(publicNames, lists))).rejects.toMatchObject({ code: 'TOOL_REFUSED', message: expect.stringMatching(message), details: { not_sent: true } });
  });

  test.each<[what: string, url: string, lists: Partial<HttpRequestSettings>]>([
    ['among the only ones', 'http://good.example/', { only_hosts: ['good.example'] }], ['below a wildcard', 'http://bad.good.example:81/', { only_hosts: ['*.good.example'] }],
    ['itself where what is below it is denied', 'http://good.example/', { deny_hosts: ['*.good.example'] }], ['on a port that is not the denied one', 'http://good.example:81/', { deny_hosts: ['good.example:80'] }],
    ['private and allowed to be, among the only ones', 'http://intern.example/', { only_hosts: ['intern.example'], allow_private_hosts: ['intern.example'] }],
  ])('a host %s passes', async (_what, url, lists) => {
    expect(await checkedAddressesOf(new URL(url), guardOf(publicNames, lists))).toHaveLength(1);
  });

  test('nobody waits for a resolver once the call was ended', async () => {
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const asking = checkedAddressesOf(new URL('http://good.example/'), guardOf(() => new Promise(() => {})), controller.signal);
    controller.abort(reason);
    await expect(asking).rejects.toBe(reason);
  });

  test('a name without an address, and a resolver that does not answer, are told apart', async () => {
    await expect(checkedAddressesOf(new URL('http://nowhere.example/'), guardOf(names))).rejects.toMatchObject({ code: 'TOOL_FAILED' });
    await expect(checkedAddressesOf(new URL('http://empty.example/'), guardOf(names))).rejects.toMatchObject({ code: 'TOOL_FAILED' });
    await expect(checkedAddressesOf(new URL('http://slow.example/'), guardOf(names))).rejects.toMatchObject({ code: 'TOOL_UNAVAILABLE' });
  });
});
