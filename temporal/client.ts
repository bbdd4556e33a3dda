import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { type SearchAttributeName, searchAttributes } from './names.ts';

export interface TemporalConnectOptions {
  /** host:port */
  address: string;
  namespace: string;
}

/** Connects lazily: the first call dials, so that a process may start before the Temporal Service does. */
export function createTemporalClient(options: TemporalConnectOptions): Client {
  return new Client({ connection: Connection.lazy({ address: options.address, connectTimeout: 5_000 }), namespace: options.namespace });
}

/**
 * Registers Maestro's search attributes where they are missing. On a service that does not let clients do so, the error says
 * which command an administrator runs.
 */
export async function ensureSearchAttributes(client: Client): Promise<void> {
  const { operatorService } = client.connection as Connection;
  const namespace = client.options.namespace;
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  const missing = (Object.keys(searchAttributes) as SearchAttributeName[]).filter((name) => customAttributes?.[name] === undefined);
  if (missing.length === 0) return;
  const types = proto.temporal.api.enums.v1.IndexedValueType;
  const typeOf = { KEYWORD: types.INDEXED_VALUE_TYPE_KEYWORD, DATETIME: types.INDEXED_VALUE_TYPE_DATETIME, DOUBLE: types.INDEXED_VALUE_TYPE_DOUBLE, INT: types.INDEXED_VALUE_TYPE_INT };
  try {
    await operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, typeOf[searchAttributes[name]]])),
    });
  } catch (error) {
    const flags = missing.map((name) => `--name ${name} --type ${searchAttributes[name]}`).join(' ');
    throw new Error(`search attributes are missing; run: temporal operator search-attribute create --namespace ${namespace} ${flags}`, { cause: error });
  }
}
