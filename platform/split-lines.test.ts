import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLineSplitter, readLines } from './split-lines.ts';

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

test('a stream is read line by line, the last one with or without its end, and nothing but a line feed ends one', async () => {
  const linesOf = async (...chunks: string[]): Promise<string[]> => {
    const lines: string[] = [];
    for await (const line of readLines(Readable.from(chunks.map((chunk) => Buffer.from(chunk))))) lines.push(line);
    return lines;
  };
  expect(await linesOf('one\ntw', 'o\r\n\nth\u2028r\u2029e\re')).toEqual(['one', 'two\r', '', 'th\u2028r\u2029e\re']);
  expect(await linesOf('one\n')).toEqual(['one']);
  expect(await linesOf()).toEqual([]);
});
