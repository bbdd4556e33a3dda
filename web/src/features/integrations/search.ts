import { integrationSchema } from '@contracts/system.ts';
import { z } from 'zod';

/** What the address of the integrations page may say; what is absent is its default. */
export const integrationsSearchShape = {
  tab: z.enum(['outbox']),
  kind: integrationSchema.shape.kind,
  /** The e-mail of the outbox that is open. */
  mail: z.uuid(),
};
type Shape = typeof integrationsSearchShape;
export type IntegrationsSearch = { [Key in keyof Shape]?: z.output<Shape[Key]> | undefined };
export type OnIntegrationsSearch = (changes: IntegrationsSearch, options?: { replace?: boolean }) => void;
