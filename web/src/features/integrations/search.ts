import { integrationSchema } from '@contracts/system.ts';
import { z } from 'zod';

/** The tabs beside the overview, which is the default. */
export const integrationTabs = ['models', 'prices', 'cache', 'outbox'] as const;

/** What the address of the integrations page may say; what is absent is its default. Never a key or an address of a server. */
export const integrationsSearchShape = {
  tab: z.enum(integrationTabs),
  kind: integrationSchema.shape.kind,
  /** The connection whose form is open; `new`: the form of another one. */
  id: z.string().regex(/^[a-z0-9-]{1,64}$/),
  /** Words the prices are narrowed to. */
  text: z.coerce.string().max(200),
  /** The e-mail of the outbox that is open. */
  mail: z.uuid(),
};
type Shape = typeof integrationsSearchShape;
export type IntegrationsSearch = { [Key in keyof Shape]?: z.output<Shape[Key]> | undefined };
export type OnIntegrationsSearch = (changes: IntegrationsSearch, options?: { replace?: boolean }) => void;
