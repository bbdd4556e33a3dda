import type { SealedValue } from '../../db/repositories/secrets.repository.ts';
import { keyOwner } from '../llm/index.ts';

/** What each kind of value is sealed for. */
const owners: Record<SealedValue['kind'], (id: string) => string> = { connection: keyOwner, data_source: (id) => `data-source:${id}`, secret: (id) => `secret:${id}`, webhook: (id) => `webhook:${id}` };

/** Whose a sealed value is, as the secret box wants it. */
export const sealedFor = ({ kind, id }: Pick<SealedValue, 'kind' | 'id'>): string => owners[kind](id);
