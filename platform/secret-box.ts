import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** Keeps secrets encrypted at rest. What is sealed opens only with the same key and for the same `boundTo`. */
export interface SecretBox {
  /** `boundTo` says whose secret it is (a row's id): moved to another row, it no longer opens. */
  seal(text: string, boundTo: string): string;
  /** Throws {@link SecretBoxError}. */
  open(sealed: string, boundTo: string): string;
}

/** Why a secret cannot be opened. `wrong_key`: it was sealed with another key; `damaged`: it was changed, cut, or belongs elsewhere. */
export class SecretBoxError extends Error {
  readonly reason: 'wrong_key' | 'damaged';
  constructor(reason: SecretBoxError['reason']) {
    super(reason === 'wrong_key' ? 'The secret was encrypted with another MAESTRO_ENCRYPTION_KEY.' : 'The encrypted secret is damaged or belongs to something else.');
    this.name = 'SecretBoxError';
    this.reason = reason;
  }
}

const version = 'v1';
const nonceBytes = 12;
const tagBytes = 16;

/**
 * AES-256-GCM. A sealed secret is `v1.<key id>.<nonce, ciphertext, tag in base64url>`; the key id (first four bytes of the key's
 * sha-256) tells a wrong key from a damaged secret, and version, key id and `boundTo` are authenticated with it.
 *
 * @param hexKey 32 bytes in hex, as MAESTRO_ENCRYPTION_KEY.
 * @see https://nvlpubs.nist.gov/nistpubs/Legacy/SP/nistspecialpublication800-38d.pdf (random 96-bit nonces)
 */
export function createSecretBox(hexKey: string): SecretBox {
  const key = Buffer.from(hexKey, 'hex');
  if (key.length !== 32) throw new Error('The key of a secret box has 32 bytes.');
  const keyId = createHash('sha256').update(key).digest('hex').slice(0, 8);
  const header = `${version}.${keyId}`;
  const boundData = (boundTo: string): Buffer => Buffer.from(`${header}.${boundTo}`);
  return {
    seal(text, boundTo) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes }).setAAD(boundData(boundTo));
      return `${header}.${Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url')}`;
    },
    open(sealed, boundTo) {
      const parts = /^v1\.([0-9a-f]{8})\.([\w-]+)$/.exec(sealed);
      if (parts === null) throw new SecretBoxError('damaged');
      if (parts[1] !== keyId) throw new SecretBoxError('wrong_key');
      const bytes = Buffer.from(parts[2] as string, 'base64url');
      if (bytes.length < nonceBytes + tagBytes) throw new SecretBoxError('damaged');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes }).setAAD(boundData(boundTo)).setAuthTag(bytes.subarray(-tagBytes));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]).toString('utf8');
      } catch {
        throw new SecretBoxError('damaged');
      }
    },
  };
}
