import type { ToolFacts } from '@contracts/tools.ts';
import { UntrustedText } from '../../untrusted-text.tsx';
import { placeOf } from './recipient-place.ts';

/** People who get a message, each on a line of their own, with whether they are inside the company where that is known. */
export const Recipients = ({ addresses, facts }: { addresses: readonly string[]; facts: ToolFacts }) => (
  <ul className="flex flex-col gap-1">
    {addresses.map((address, index) => {
      const place = placeOf(address, facts);
      return (
        <li key={index} className="flex min-w-0 flex-wrap items-baseline gap-x-2">
          <UntrustedText text={address} />
          {place !== undefined && <span className={place === 'outside' ? 'text-caption font-semibold text-destructive' : 'text-caption text-muted-foreground'}>{place === 'outside' ? 'outside the company' : 'inside'}</span>}
        </li>
      );
    })}
  </ul>
);
