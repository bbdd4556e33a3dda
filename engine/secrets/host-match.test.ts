import { expect, test } from 'vitest';
import { isHostMatch } from './host-match.ts';

test.each<[pattern: string, url: string]>([
  ['api.example.com', 'https://api.example.com/v1'], ['API.Example.com', 'https://api.example.com/'], ['api.example.com', 'https://API.EXAMPLE.COM/'],
  ['api.example.com', 'https://api.example.com./'], ['api.example.com', 'https://api.example.com:443/'], ['api.example.com:443', 'https://api.example.com/'], ['api.example.com:80', 'http://api.example.com/'],
  ['api.example.com:8443', 'https://api.example.com:8443/'], ['api.example.com:08443', 'https://api.example.com:8443/'], ['*.example.com', 'https://a.example.com/'], ['*.example.com', 'https://a.b.example.com/'],
  ['*.example.com:81', 'http://a.example.com:81/'], ['127.0.0.1:8080', 'http://127.0.0.1:8080/'], ['127.0.0.1', 'https://2130706433/'], ['127.1', 'https://127.0.0.1/'], ['127.0.0.1:80', 'http://2130706433/'], ['[::1]', 'https://[::1]/'],
  ['[0:0:0:0:0:0:0:1]:81', 'http://[::1]:81/'], ['xn--bcher-kva.example', 'https://bücher.example/'], ['localhost:80', 'http://localhost/'],
])('%s matches %s', (pattern, url) => {
  expect(isHostMatch(pattern, new URL(url))).toBe(true);
});

test.each<[pattern: string, url: string]>([
  ['api.example.com', 'http://api.example.com/'], ['localhost', 'http://localhost/'], ['example.com', 'https://api.example.com/'], ['api.example.com', 'https://example.com/'], ['*.example.com', 'https://example.com/'], ['*.example.com', 'https://example.com./'], ['*.example.com', 'https://evilexample.com/'],
  ['example.com', 'https://example.com.evil.test/'], ['*.example.com', 'https://a.example.com.evil.test/'], ['api.example.com', 'https://api.example.com:8443/'], ['api.example.com:8443', 'https://api.example.com/'],
  ['api.example.com:443', 'http://api.example.com/'], ['api.example.com:80', 'https://api.example.com/'], ['apiXexample.com', 'https://api.example.com/'], ['api.example.com', 'https://evil.test/api.example.com'],
  ['api.example.com', 'https://api.example.com@evil.test/'], ['api.example.com', 'https://аpi.example.com/'], ['[::1]', 'http://127.0.0.1/'], ['', 'https://example.com/'], ['*.', 'https://example.com/'], ['*', 'https://example.com/'],
])('%s does not match %s', (pattern, url) => {
  expect(isHostMatch(pattern, new URL(url))).toBe(false);
});

test('a pattern without a port means every port where that is asked for', () => {
  expect(isHostMatch('api.example.com', new URL('https://api.example.com:8443/'), { anyPort: true })).toBe(true);
  expect(isHostMatch('api.example.com:443', new URL('https://api.example.com:8443/'), { anyPort: true })).toBe(false);
});
