/** Cuts what a stream gives into lines, over the borders of its chunks. */
export interface LineSplitter {
  push(chunk: Buffer): void;
  /** Bytes of the line that has begun and not ended. */
  readonly pendingBytes: number;
  /** Forgets the line that has begun. */
  drop(): void;
}

/** @param onLine gets each line as it ends, without its line feed. */
export function createLineSplitter(onLine: (line: Buffer) => void): LineSplitter {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  const drop = (): void => {
    pending = [];
    pendingBytes = 0;
  };
  return {
    get pendingBytes() {
      return pendingBytes;
    },
    drop,
    push(chunk) {
      let start = 0;
      for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
        const line = Buffer.concat([...pending, chunk.subarray(start, end)]);
        drop();
        start = end + 1;
        onLine(line);
      }
      if (start === chunk.length) return;
      pending.push(chunk.subarray(start));
      pendingBytes += chunk.length - start;
    },
  };
}

/**
 * The lines of a stream, without their line feeds; what follows the last one is a line too. Nothing else ends a line: readline, which takes U+2028 and
 * U+2029 for ends as well, cuts JSON in pieces, which has them as they are.
 */
export async function* readLines(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let ended: Buffer[] = [];
  const splitter = createLineSplitter((line) => ended.push(line));
  const takeEnded = (): string[] => {
    const lines = ended.map(String);
    ended = [];
    return lines;
  };
  for await (const chunk of stream) {
    splitter.push(chunk);
    yield* takeEnded();
  }
  if (splitter.pendingBytes > 0) {
    splitter.push(Buffer.from('\n'));
    yield* takeEnded();
  }
}
