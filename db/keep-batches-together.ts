/** What the socket server of PGlite asks of its database. */
interface ProtocolDatabase {
  isInTransaction(): boolean;
  execProtocolRawStream(message: Uint8Array, options: unknown): Promise<void>;
}

/** Parse, Bind, Describe, Execute, Close, Flush: messages after which a batch goes on until its Sync. */
const insideBatch = new Set([...'PBDECH'].map((letter) => letter.charCodeAt(0)));

/**
 * A PGlite that its socket server (0.2.17) can serve to several connections. The server runs messages of all connections one by one as
 * they come and only keeps a *transaction* together, so that the Parse of one connection falls between Parse and Bind of another
 * and both use the one unnamed statement: two in five of concurrent statements failed or got another's rows. The server asks
 * `isInTransaction` to know when to stay with a connection; this answers yes until the batch's Sync as well. A connection that
 * dies inside a batch is let go like one that dies inside a transaction.
 * @see https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
 */
export function keepBatchesTogether<Db extends ProtocolDatabase>(db: Db): Db {
  let isInsideBatch = false;
  return new Proxy(db, {
    get(target, property) {
      if (property === 'isInTransaction') return () => isInsideBatch || target.isInTransaction();
      if (property === 'execProtocolRawStream') {
        return (message: Uint8Array, options: unknown) => {
          isInsideBatch = insideBatch.has(message[0] ?? 0);
          return target.execProtocolRawStream(message, options);
        };
      }
      const member: unknown = Reflect.get(target, property, target);
      return typeof member === 'function' ? (member as (...args: unknown[]) => unknown).bind(target) : member;
    },
  });
}
