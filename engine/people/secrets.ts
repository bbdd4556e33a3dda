import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits as text for a cookie or an address. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** How a secret is kept: sha-256 in hex is enough, since 256 random bits cannot be guessed the way passwords can. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/**
 * The secret after `secret`, computed and not drawn: two renewals sent at the same moment, or one repeated because its answer
 * got lost, arrive at the same successor, whatever the order their cookies reach the browser in. Without the key it cannot be
 * foreseen.
 */
export const nextSecret = (key: string, secret: string): string => createHmac('sha256', key).update(`renewal secret after ${secret}`).digest('base64url');

/** Whether `secret` is the one kept as `hash`; takes the same time wherever they differ. */
export const isSecret = (secret: string, hash: string | null): boolean => hash !== null && timingSafeEqual(Buffer.from(hashSecret(secret)), Buffer.from(hash));
