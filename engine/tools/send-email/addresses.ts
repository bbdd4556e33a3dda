import { domainToASCII } from 'node:url';
import { z } from 'zod';

/**
 * Nothing that could end the address and begin another header or recipient: no control characters, spaces, commas, angle brackets or
 * quotes. `%` and `!` are left out too: old mail servers route by them, past the domain that policy sees.
 */
const localPart = /^(?=.{1,64}$)[A-Za-z0-9_'+=&~#$*-]+(\.[A-Za-z0-9_'+=&~#$*-]+)*$/;
// What is no letter, mark or digit would be dropped or decoded on the way to ASCII.
const writtenDomain = /^[\p{L}\p{M}\p{N}.-]{4,253}$/u;
const asciiDomain = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{2,59})$/;

/** The part behind the `@`, in lower case. */
export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/**
 * The address as it goes out: an international domain in its ASCII form, by which look-alikes can be told apart. Undefined for what is no
 * bare address of ASCII letters before the `@`; others would need SMTPUTF8 at every server on the way, or lose their meaning there.
 */
export const toMailAddress = (address: string): string | undefined => {
  const at = address.lastIndexOf('@');
  const [local, written] = [address.slice(0, Math.max(at, 0)), address.slice(at + 1)];
  if (!localPart.test(local) || !writtenDomain.test(written)) return undefined;
  const domain = domainToASCII(written).toLowerCase();
  return asciiDomain.test(domain) ? `${local}@${domain}` : undefined;
};

/** Whether an address belongs to one of these domains or their subdomains. */
export const isWithin = (address: string, domains: readonly string[]): boolean => domains.some((domain) => domainOf(address) === domain || domainOf(address).endsWith(`.${domain}`));

/** One bare address; its form on the way out is {@link toMailAddress}. */
export const addressSchema = z
  .string()
  .max(254)
  .refine((address) => toMailAddress(address) !== undefined, 'must be one bare e-mail address such as name@example.com, with ASCII letters before the @');

interface Recipients {
  to: string[];
  cc?: string[] | undefined;
  bcc?: string[] | undefined;
}

/** Everybody who gets the message, each once, in the form the addresses go out. */
export function recipientsOf({ to, cc, bcc }: Recipients): string[] {
  const addresses = [...to, ...(cc ?? []), ...(bcc ?? [])].map((address) => toMailAddress(address) ?? address);
  return [...new Map(addresses.map((address) => [address.toLowerCase(), address])).values()];
}

/** Recipients the others do not see. */
export function hiddenRecipientsOf({ to, cc, bcc }: Recipients): string[] {
  const shown = new Set(recipientsOf({ to, cc, bcc: [] }).map((address) => address.toLowerCase()));
  return recipientsOf({ to: [], bcc }).filter((address) => !shown.has(address.toLowerCase()));
}
