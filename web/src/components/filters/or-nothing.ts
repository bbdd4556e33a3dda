/** A value of the address, or nothing for "all". */
export const orNothing = <Value extends string>(value: string): Value | undefined => (value === '' ? undefined : (value as Value));
