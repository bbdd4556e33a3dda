import { z } from 'zod';
import { secretNameSchema } from '../../../contracts/secrets.ts';

/** What an admin sets for `web_search`; null: as the configuration says. */
export const webSearchSettingsSchema = z.strictObject({
  provider: z.enum(['searxng', 'brave', 'tavily', 'serper']).nullable().default(null).describe('The search engine that is asked.'),
  base_url: z.url({ protocol: /^https?$/ }).max(500).refine((text) => !URL.canParse(text) || (new URL(text).username === '' && new URL(text).password === ''), 'Keep credentials out of the address; name a secret instead.').refine((text) => !/[?#]/.test(text), 'Leave out everything from ? or # on.').nullable().default(null).describe('Address of your own SearXNG, or of a proxy before the engine.'),
  api_key_secret: secretNameSchema.nullable().default(null).describe('Name of the secret that holds the key.'),
});
export type WebSearchSettings = z.infer<typeof webSearchSettingsSchema>;
