import { appendFileSync, renameSync, statSync } from 'node:fs';

/** Beyond this a log starts anew, keeping one older part, so that an installation left alone does not fill the disk. */
const maxBytes = 20 * 1024 * 1024;

/** A log file that appends, and moves itself aside as `<name>.1` when it has become large. A full disk never stops the product. */
export function openLogFile(path: string): { write(chunk: Buffer | string): void } {
  let size: number;
  try {
    ({ size } = statSync(path));
  } catch {
    size = 0;
  }
  return {
    write(chunk) {
      try {
        if (size > maxBytes) {
          renameSync(path, `${path}.1`);
          size = 0;
        }
        appendFileSync(path, chunk, { mode: 0o600 });
        size += chunk.length;
      } catch {
        // Logging is no reason to fail.
      }
    },
  };
}
