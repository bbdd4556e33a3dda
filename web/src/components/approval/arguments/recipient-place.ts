import type { ToolFacts } from '@contracts/tools.ts';

/** The domain of an address in its ASCII form, in which facts name domains. */
const domainOf = (address: string): string => {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  return URL.canParse(`http://${domain}`) ? new URL(`http://${domain}`).hostname : domain.toLowerCase();
};

/** Whether a recipient is inside the company, as far as the facts of the call tell; undefined: nobody said. */
export const placeOf = (address: string, facts: ToolFacts): 'inside' | 'outside' | undefined => {
  const { outside_domains: domains, outside_recipient_count: outside, recipient_count: all } = facts;
  if (Array.isArray(domains)) return domains.includes(domainOf(address)) ? 'outside' : 'inside';
  // Without the domains it is known of each only when all are the same.
  if (typeof outside !== 'number' || typeof all !== 'number') return undefined;
  return outside === 0 ? 'inside' : outside === all ? 'outside' : undefined;
};
