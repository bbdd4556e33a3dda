// Real breakdowns of the policy engine of this process.
import { type Cedar, cedarInstance, maxBreakdowns } from '../../engine/safety/cedar/cedar-instance.ts';

/** A text that breaks the instance whose parser is given it; what leads to the parser refuses such texts. */
export const deepText = (brackets = 500): string => `permit(principal, action, resource) when { ${'('.repeat(brackets)}true${')'.repeat(brackets)} };`;

/** Breaks an instance behind the back of whoever uses it: the next question traps, whatever it is. */
export function breakInstance({ policyToJson }: Cedar): void {
  try {
    policyToJson(deepText());
  } catch {
    return;
  }
  throw new Error('the instance did not break');
}

/** Breaks the instance this process judges with. */
export const breakPolicyEngine = (): void => cedarInstance.ask(() => 'anything', breakInstance);

/** Breaks one instance after the other until no other is made. */
export function exhaustPolicyEngine(): void {
  for (let count = 0; count < maxBreakdowns && cedarInstance.findOutage() === undefined; count++) {
    const text = deepText(500 + count);
    try {
      cedarInstance.ask(() => text, ({ policyToJson }) => policyToJson(text));
    } catch {
      // That is what it is for.
    }
  }
}
