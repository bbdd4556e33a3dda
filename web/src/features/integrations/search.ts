import { idSchema } from '@contracts/ids.ts';
import { integrationSchema } from '@contracts/system.ts';
import { z } from 'zod';

/** The tabs beside the overview, which is the default. */
export const integrationTabs = ['models', 'tools', 'data-sources', 'mcp-servers', 'secrets', 'webhooks', 'prices', 'cache', 'outbox'] as const;

/** What the address of the integrations page may say; what is absent is its default. Never a key or an address of a server. */
export const integrationsSearchShape = {
  tab: z.enum(integrationTabs),
  kind: integrationSchema.shape.kind,
  /** What is open: a connection, a tool by its name, a data source, an MCP server, a secret, a webhook; `new`: the form of another one. */
  id: idSchema.or(z.string().regex(/^[A-Za-z0-9_-]{1,64}$/)),
  /** What of it, where it is more than one thing: its form, the tables of a data source, what was sent to a webhook. */
  view: z.enum(['edit', 'tables', 'deliveries']),
  /** The tool of an MCP server that is reviewed. */
  tool: idSchema,
  /** Words prices and tools are narrowed to. */
  text: z.coerce.string().max(200),
  /** The e-mail of the outbox that is open. */
  mail: idSchema,
};
type Shape = typeof integrationsSearchShape;
export type IntegrationsSearch = { [Key in keyof Shape]?: z.output<Shape[Key]> | undefined };
export type OnIntegrationsSearch = (changes: IntegrationsSearch, options?: { replace?: boolean }) => void;
