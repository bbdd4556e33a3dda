import { expect, test } from 'vitest';
import { createSecretBox, SecretBoxError } from './secret-box.ts';

const key = 'a1'.repeat(32);
const otherKey = 'b2'.repeat(32);
const box = createSecretBox(key);
const secret = 'sk-ключ-🔑-1234';

const reasonOf = (open: () => unknown): string | undefined => {
  try {
    open();
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(SecretBoxError);
    expect(String(error)).not.toContain('1234');
    return (error as SecretBoxError).reason;
  }
};

test('what was sealed opens with the same key for the same owner, and shows nothing of itself', () => {
  const sealed = box.seal(secret, 'connection:1');
  expect(createSecretBox(key.toUpperCase()).open(sealed, 'connection:1')).toBe(secret);
  expect(box.open(box.seal('', 'connection:1'), 'connection:1')).toBe('');
  expect(sealed).toMatch(/^v1\.[0-9a-f]{8}\.[\w-]+$/);
  expect(Buffer.from(sealed.split('.')[2] as string, 'base64url').toString('utf8')).not.toContain('sk-');
});

test('the same secret is sealed differently each time', () => {
  expect(new Set(Array.from({ length: 50 }, () => box.seal(secret, 'x'))).size).toBe(50);
});

test('another key is told apart from damage', () => {
  expect(reasonOf(() => createSecretBox(otherKey).open(box.seal(secret, 'x'), 'x'))).toBe('wrong_key');
});

test('moved to another owner it does not open', () => {
  expect(reasonOf(() => box.open(box.seal(secret, 'connection:1'), 'connection:2'))).toBe('damaged');
});

test('no single changed byte goes unnoticed, nor a cut, nor a forged key id', () => {
  const [version, keyId, body] = box.seal(secret, 'x').split('.') as [string, string, string];
  const bytes = Buffer.from(body, 'base64url');
  for (let index = 0; index < bytes.length; index++) {
    const changed = Buffer.from(bytes);
    changed[index] = (changed[index] as number) ^ 1;
    expect(reasonOf(() => box.open(`${version}.${keyId}.${changed.toString('base64url')}`, 'x')), `byte ${index}`).toBe('damaged');
  }
  for (const length of [0, 1, 27, bytes.length - 1]) expect(reasonOf(() => box.open(`${version}.${keyId}.${bytes.subarray(0, length).toString('base64url')}`, 'x'))).toBe('damaged');
  const otherBox = createSecretBox(otherKey);
  const otherId = otherBox.seal('', 'x').split('.')[1] as string;
  expect(reasonOf(() => otherBox.open(`${version}.${otherId}.${body}`, 'x'))).toBe('damaged');
  for (const text of ['', 'v1', secret, `v2.${keyId}.${body}`]) expect(reasonOf(() => box.open(text, 'x'))).toBe('damaged');
});

test('a key that is no key is refused', () => {
  expect(() => createSecretBox('00')).toThrow('32 bytes');
});
