import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileNameSchema } from '../contracts/run-files.ts';
import { toFileName } from './file-name.ts';

test.each([
  ['report.csv', 'report.csv'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Windows\\win.ini', 'win.ini'],
  ['a\r\nb.txt', 'a_b.txt'],
  ['invoice\u202Efdp.exe', 'invoice_fdp.exe'],
  ['Grüße 📊.csv', 'Grüße 📊.csv'],
  ['\uD800.txt', '\uFFFD.txt'],
  ['..', 'file'],
  ['folder/', 'file'],
  ['', 'file'],
  [`${'a'.repeat(300)}.tar.gz`, `${'a'.repeat(197)}.gz`],
])('%j becomes %j', (text, name) => {
  expect(toFileName(text)).toBe(name);
});

test('whatever the text, the name is one a file of a run may have', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
    const name = toFileName(text);
    expect(fileNameSchema.safeParse(name).success).toBe(true);
    expect(name.isWellFormed()).toBe(true);
  }));
});
