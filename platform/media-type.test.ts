import { expect, test } from 'vitest';
import { toMediaType } from './media-type.ts';

test.each([
  ['Text/HTML; charset=x', 'text/html'], ['  application/vnd.ms-excel ', 'application/vnd.ms-excel'], ['image/svg+xml', 'image/svg+xml'],
  ['', undefined], ['text', undefined], ['text/html\r\nBcc: a@example.com', undefined], ['text/ht ml', undefined], [`text/${'x'.repeat(101)}`, undefined],
])('the media type of %j is %s', (contentType, mediaType) => {
  expect(toMediaType(contentType)).toBe(mediaType);
});
