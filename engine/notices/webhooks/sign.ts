import { randomBytes } from 'node:crypto';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import type { WebhookPayload } from '../../../contracts/notices.ts';
import type { WebhookRow } from '../../../db/repositories/webhooks.repository.ts';
import { type SecretBox, SecretBoxError } from '../../../platform/secret-box.ts';
import { sealedFor } from '../../secrets/index.ts';

/** A new signing secret, as Standard Webhooks write it: 32 bytes in base64. */
export const newSigningSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

export const sealSigningSecret = (secretBox: SecretBox, webhookId: string, secret: string): string => secretBox.seal(secret, sealedFor({ kind: 'webhook', id: webhookId }));

/** The secret of a webhook; undefined when the key of this system does not open it. */
function openSigningSecret(secretBox: SecretBox, { id, secret_sealed: sealed }: WebhookRow): string | undefined {
  try {
    return secretBox.open(sealed, sealedFor({ kind: 'webhook', id }));
  } catch (error) {
    if (error instanceof SecretBoxError) return undefined;
    throw error;
  }
}

export interface SignedRequest {
  headers: Record<string, string>;
  body: string;
}

/**
 * The request that tells a webhook something; undefined when its secret cannot be opened. The signature is over id, time of sending and
 * body, byte for byte. @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function toSignedRequest(secretBox: SecretBox, webhook: WebhookRow, { id, payload, at }: { id: string; payload: WebhookPayload; at: Date }): SignedRequest | undefined {
  const secret = openSigningSecret(secretBox, webhook);
  if (secret === undefined) return undefined;
  const body = JSON.stringify(payload);
  return {
    body,
    headers: {
      'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)), 'webhook-signature': new StandardWebhook(secret).sign(id, at, body),
    },
  };
}
