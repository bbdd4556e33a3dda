import { randomBytes, randomInt } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { StartError } from './start-error.ts';

const secretsSchema = z.strictObject({
  jwt_secret: z.string().min(32),
  encryption_key: z.string().regex(/^[0-9a-f]{64}$/),
  admin_email: z.email(),
  admin_password: z.string().min(12),
});
export type Secrets = z.infer<typeof secretsSchema>;

/** Letters and digits that nobody mistakes for another: 31 of them, 20 places, 99 bits. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
const newPassword = (): string => Array.from({ length: 4 }, () => Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join('')).join('-');

const newSecrets = (): Secrets => ({
  jwt_secret: randomBytes(48).toString('base64url'),
  encryption_key: randomBytes(32).toString('hex'),
  admin_email: 'admin@maestro.local',
  admin_password: newPassword(),
});

/** Written aside and moved in whole: a start that dies here leaves no half of a file that encrypts everything else. */
function write(file: string, secrets: Secrets): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flag: 'w', flush: true });
  chmodSync(`${file}.new`, 0o600);
  renameSync(`${file}.new`, file);
}

/** The installation's secrets, made once and readable by their owner only. @throws StartError when the file is damaged. */
export function loadSecrets(file: string): Secrets {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw new StartError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
    const secrets = newSecrets();
    write(file, secrets);
    return secrets;
  }
  // A copy or a careless chmod may have opened it to others.
  chmodSync(file, 0o600);
  const parsed = secretsSchema.safeParse(toJson(text));
  if (!parsed.success) throw new StartError(`${file} is damaged: bring it back from a copy, because what is encrypted with it cannot be read without it.`);
  return parsed.data;
}

const preparedFileOf = (file: string): string => `${file}.next-key`;

/**
 * The encryption key that is to replace the one in `file`, kept beside it before anything is sealed with it: a replacement that was
 * interrupted goes on with the same one. @throws StartError when what is kept is damaged.
 */
export function prepareEncryptionKey(file: string): string {
  const prepared = preparedFileOf(file);
  if (!existsSync(prepared)) {
    writeFileSync(`${prepared}.new`, randomBytes(32).toString('hex'), { mode: 0o600, flush: true });
    renameSync(`${prepared}.new`, prepared);
  }
  const key = readFileSync(prepared, 'utf8');
  if (!secretsSchema.shape.encryption_key.safeParse(key).success) throw new StartError(`${prepared} is damaged. It was to hold the next encryption key; if no value was sealed with it yet, remove it and begin anew.`);
  return key;
}

/** Makes the prepared encryption key that of the installation. */
export function adoptEncryptionKey(file: string): void {
  write(file, { ...loadSecrets(file), encryption_key: prepareEncryptionKey(file) });
  rmSync(preparedFileOf(file));
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
