/** What the socket server of PGlite asks of its database. */
interface ProtocolDatabase {
  isInTransaction(): boolean;
  exec(query: string): Promise<unknown>;
  execProtocolRawStream(message: Uint8Array, options: unknown): Promise<void>;
}

const codesOf = (letters: string): ReadonlySet<number> => new Set([...letters].map((letter) => letter.charCodeAt(0)));
/** Parse, Bind, Describe, Execute, Close: whoever sends them reads no answer before a Flush or Sync. */
const waiting = codesOf('PBDEC');
/** Those and Flush: messages after which a batch goes on until its Sync. */
const insideBatch = codesOf('PBDECH');

/**
 * A PGlite that its socket server (0.2.17) can serve to several connections. The server runs messages of all connections one by one as
 * they come and only keeps a *transaction* together, so that the Parse of one connection falls between Parse and Bind of another
 * and both use the one unnamed statement: two in five of concurrent statements failed or got another's rows. The server asks
 * `isInTransaction` to know when to stay with a connection; this answers yes until the batch's Sync as well. A connection that
 * dies inside a batch is let go like one that dies inside a transaction: the server rolls back, and what it had sent is dropped.
 *
 * Every message PGlite is given costs a pass through it, so a batch is given to it whole: a statement takes a third less.
 * @see https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
 */
export function keepBatchesTogether<Db extends ProtocolDatabase>(db: Db): Db {
  let isInsideBatch = false;
  let gathered: Uint8Array[] = [];
  return new Proxy(db, {
    get(target, property) {
      if (property === 'isInTransaction') return () => isInsideBatch || target.isInTransaction();
      if (property === 'exec') {
        return (query: string) => {
          isInsideBatch = false;
          gathered = [];
          return target.exec(query);
        };
      }
      if (property === 'execProtocolRawStream') {
        return async (message: Uint8Array, options: unknown): Promise<void> => {
          const code = message[0] ?? 0;
          isInsideBatch = insideBatch.has(code);
          gathered.push(message);
          if (waiting.has(code)) return;
          const batch = gathered.length === 1 ? message : new Uint8Array(Buffer.concat(gathered));
          gathered = [];
          await target.execProtocolRawStream(batch, options);
        };
      }
      const member: unknown = Reflect.get(target, property, target);
      return typeof member === 'function' ? (member as (...args: unknown[]) => unknown).bind(target) : member;
    },
  });
}
