import { z } from 'zod';
import { idSchema } from './ids.ts';
import { timestampSchema } from './pagination.ts';

export const secretNameSchema = z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/, 'Use a small letter, then small letters, digits, _ and -.');

/** How a secret is named where its value is wanted: `Bearer {{secret:github}}`. The value takes its place at the last moment. */
export const toSecretReference = (name: string): string => `{{secret:${name}}}`;
const referencePattern = /\{\{\s*secret:([a-z][a-z0-9_-]{0,62})\s*\}\}/g;

/** Names of the secrets a text refers to, each once, in the order they come. */
export const secretNamesIn = (text: string): string[] => [...new Set([...text.matchAll(referencePattern)].map(([, name]) => name as string))];

/** The text with each reference replaced by what `valueOf` gives for its name. */
export const replaceSecretReferences = (text: string, valueOf: (name: string) => string): string => text.replace(referencePattern, (_whole, name: string) => valueOf(name));

/** A host an http request may send the secret to: `api.example.com`, `*.example.com`; with `:port` where it is not https on its own port. */
export const hostPatternSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(260)
  .regex(/^(\*\.)?([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(:\d{1,5})?$|^\[[0-9a-f:.]+\](:\d{1,5})?$/, 'Write a host such as api.example.com, *.example.com or 127.0.0.1:8080.');

/** Write-only: never sent back, in no answer and no form. */
const secretValueSchema = z.string().min(1, 'A secret has a value.').max(10_000);
const hostsSchema = z.array(hostPatternSchema).max(50);
const descriptionSchema = z.string().trim().max(500);

export const createSecretBodySchema = z.strictObject({
  name: secretNameSchema,
  value: secretValueSchema,
  /** Where http_request may send it; empty: nowhere (secrets of MCP servers need none). */
  hosts: hostsSchema.default([]),
  description: descriptionSchema.default(''),
});
export type CreateSecretBody = z.infer<typeof createSecretBodySchema>;

/** Fields left out stay. `version` must be the current one, else SECRET_CHANGED. */
export const updateSecretBodySchema = z.strictObject({ value: secretValueSchema.optional(), hosts: hostsSchema.optional(), description: descriptionSchema.optional(), version: z.number().int().positive() });
export type UpdateSecretBody = z.infer<typeof updateSecretBodySchema>;
export const deleteSecretQuerySchema = z.strictObject({ name: z.string().max(63).optional() });

export const secretSchema = z.strictObject({
  id: idSchema,
  name: secretNameSchema,
  /** `…a91f`; of a short value `…` alone. */
  hint: z.string(),
  hosts: z.array(z.string()),
  description: z.string(),
  /** Whether the key of this system opens it; false after MAESTRO_ENCRYPTION_KEY was changed without rotation. */
  is_readable: z.boolean(),
  /** What refers to it, in words: `MCP server "GitHub"`, `web_search`. */
  used_by: z.array(z.string()),
  last_used_at: timestampSchema.nullable(),
  version: z.number().int().positive(),
  updated_at: timestampSchema,
  updated_by: z.string().nullable(),
});
export type Secret = z.infer<typeof secretSchema>;
export const secretsResponseSchema = z.strictObject({ items: z.array(secretSchema) });
