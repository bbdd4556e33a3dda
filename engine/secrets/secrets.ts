import type { Json } from '../../platform/json.ts';

/** The named secrets of this system, where their values are wanted or must not show. All of it asks the database: never inside a transaction. */
export interface Secrets {
  /**
   * The text with each `{{secret:name}}` replaced, right before it is sent to this URL by somebody who is not trusted with the value.
   * Throws TOOL_REFUSED (no such secret, or not for that host) and TOOL_NOT_CONFIGURED (it cannot be opened with the key of this system).
   */
  revealFor(text: string, url: URL): Promise<string>;
  /** The same for a place an admin wrote himself: headers and environment of an MCP server, settings of a tool. Throws TOOL_NOT_CONFIGURED. */
  reveal(text: string): Promise<string>;
  /**
   * The value with every secret Maestro keeps, in its usual spellings, replaced by its reference; the very same when there is none. Some
   * 20 ms a megabyte. Throws DATABASE_UNAVAILABLE when the list of what to hide was never read.
   */
  mask<Value extends Json>(value: Value): Promise<Value>;
}
