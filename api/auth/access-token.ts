import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { AppError } from '../../contracts/errors.ts';

const algorithm = 'HS256';
const issuer = 'maestro';
const audience = 'maestro-api';

/** Seconds an access token is good for. */
export const accessTokenSeconds = 15 * 60;

/** What a token says: who, and in which session. Role and name are read from the records, so that a change takes effect at once. */
const claimsSchema = z.object({ sub: z.uuid(), sid: z.uuid() });
export interface AccessClaims {
  userId: string;
  sessionId: string;
}

/** Makes a bearer token (JWT, HS256) of 15 minutes. */
export const issueAccessToken = (key: Uint8Array, { userId, sessionId }: AccessClaims): Promise<string> =>
  new SignJWT({ sid: sessionId })
    .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
    .setSubject(userId)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(`${accessTokenSeconds}s`)
    .sign(key);

/**
 * Reads a bearer token. The algorithm is pinned, so a token that chooses its own (`none`, a public key) is refused like a forged
 * or expired one: UNAUTHENTICATED.
 */
export async function readAccessToken(key: Uint8Array, token: string): Promise<AccessClaims> {
  try {
    const { payload } = await jwtVerify(token, key, { algorithms: [algorithm], issuer, audience, requiredClaims: ['exp', 'iat', 'sub', 'sid'] });
    const { sub, sid } = claimsSchema.parse(payload);
    return { userId: sub, sessionId: sid };
  } catch (cause) {
    throw new AppError('UNAUTHENTICATED', 'the access token is not valid', { cause });
  }
}
