import { randomBytes, randomInt } from 'node:crypto';
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
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
  writeFileSync(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flag: 'w' });
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

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
