import { hash, type Options, verify } from '@node-rs/argon2';

/**
 * argon2id (the library's default algorithm) at OWASP's first choice: 19 MiB, 2 passes, 1 lane; about 30 ms.
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html (2026-11)
 */
const options: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const hashPassword = (password: string): Promise<string> => hash(password.normalize('NFKC'), options);

/** A hash nobody has the password of, made once. */
let decoy: Promise<string> | undefined;
const decoyHash = (): Promise<string> => (decoy ??= hashPassword(crypto.randomUUID()));

/**
 * Whether the password is the one hashed. Without a hash (no such person, or one without a password) the same work is done and
 * the answer is no, so that the time taken tells nobody which addresses exist.
 */
export async function verifyPassword(passwordHash: string | null | undefined, password: string): Promise<boolean> {
  const isMatch = await verify(passwordHash ?? (await decoyHash()), password.normalize('NFKC'));
  return isMatch && passwordHash != null;
}
