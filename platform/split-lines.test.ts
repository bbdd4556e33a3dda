import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLineSplitter } from './split-lines.ts';

test('lines are the same wherever the stream was cut, and what has not ended is counted', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 12 })), (chunks) => {
      const lines: string[] = [];
      const splitter = createLineSplitter((line) => lines.push(line.toString('latin1')));
      for (const chunk of chunks) splitter.push(Buffer.from(chunk));
      const whole = Buffer.concat(chunks).toString('latin1').split('\n');
      expect(lines).toEqual(whole.slice(0, -1));
      expect(splitter.pendingBytes).toBe(whole.at(-1)?.length);
    }),
  );
});

test('a line that was dropped does not come back with its end', () => {
  const lines: string[] = [];
  const splitter = createLineSplitter((line) => lines.push(line.toString()));
  splitter.push(Buffer.from('one\ntw'));
  splitter.drop();
  splitter.push(Buffer.from('o\nthree\n'));
  expect([lines, splitter.pendingBytes]).toEqual([['one', 'o', 'three'], 0]);
});
