/** Cedar's reserved words with what they mean. */
export const keywords: ReadonlyMap<string, string> = new Map([
  ['permit', 'A statement that permits.'],
  ['forbid', 'A statement that forbids; it beats every permit.'],
  ['when', 'The statement counts where this holds.'],
  ['unless', 'The statement counts where this does not hold.'],
  ['if', 'One of two values, as a condition says.'],
  ['then', 'The value where the condition holds.'],
  ['else', 'The value where it does not hold.'],
  ['in', 'Is this entity, or stands in it; with […] in any of them.'],
  ['is', 'Is an entity of this type.'],
  ['has', 'Has this attribute.'],
  ['like', 'Is a text of this form; * stands for any characters.'],
]);

export const literals: ReadonlyMap<string, string> = new Map([['true', 'Yes.'], ['false', 'No.']]);

/** Comparisons and the like that are written as signs. */
export const operators: Readonly<Record<string, string>> = {
  '==': 'Is the same.', '!=': 'Is not the same.', '<': 'Is less.', '<=': 'Is less or the same.', '>': 'Is more.', '>=': 'Is more or the same.',
  '&&': 'Both hold.', '||': 'One of both holds.', '+': 'The sum.', '-': 'The difference.', '*': 'The product.',
};

/** What an expression is, as far as it decides what may follow its dot. */
export type ValueKind = 'text' | 'number' | 'boolean' | 'text_set' | 'record' | 'text_tags' | 'number_tags' | 'ip' | 'decimal' | 'datetime' | 'duration';

interface Method {
  /** It takes an argument. */
  takes: boolean;
  gives: ValueKind;
  meaning: string;
}

const tests = (takes: boolean, meanings: Readonly<Record<string, string>>): Record<string, Method> =>
  Object.fromEntries(Object.entries(meanings).map(([name, meaning]) => [name, { takes, gives: 'boolean', meaning }]));
const measures = (meanings: Readonly<Record<string, string>>): Record<string, Method> =>
  Object.fromEntries(Object.entries(meanings).map(([name, meaning]) => [name, { takes: false, gives: 'number', meaning }]));
const tagMethods = (gives: ValueKind): Record<string, Method> => ({
  ...tests(true, { hasTag: 'There is a value of this name.' }), getTag: { takes: true, gives, meaning: 'The value of this name; ask hasTag first.' },
});

/** @see https://docs.cedarpolicy.com/policies/syntax-operators.html */
export const methods: Readonly<Partial<Record<ValueKind, Readonly<Record<string, Method>>>>> = {
  text_set: {
    ...tests(true, { contains: 'The set contains this.', containsAll: 'The set contains all of these.', containsAny: 'The set contains any of these.' }),
    ...tests(false, { isEmpty: 'The set contains nothing.' }),
  },
  text_tags: tagMethods('text'),
  number_tags: tagMethods('number'),
  ip: {
    ...tests(true, { isInRange: 'The address lies in this range.' }),
    ...tests(false, { isIpv4: 'It is an IPv4 address.', isIpv6: 'It is an IPv6 address.', isLoopback: 'It is this machine.', isMulticast: 'It is a multicast address.' }),
  },
  decimal: tests(true, { lessThan: 'Is less.', lessThanOrEqual: 'Is less or the same.', greaterThan: 'Is more.', greaterThanOrEqual: 'Is more or the same.' }),
  datetime: {
    offset: { takes: true, gives: 'datetime', meaning: 'The moment this much later.' },
    durationSince: { takes: true, gives: 'duration', meaning: 'The time since this moment.' },
    toDate: { takes: false, gives: 'datetime', meaning: 'The beginning of its day.' },
    toTime: { takes: false, gives: 'duration', meaning: 'The time since its day began.' },
  },
  duration: measures({ toMilliseconds: 'In milliseconds.', toSeconds: 'In whole seconds.', toMinutes: 'In whole minutes.', toHours: 'In whole hours.', toDays: 'In whole days.' }),
};

/** Functions that make a value of a text; each is named after what it makes. */
export const functions: Readonly<Partial<Record<ValueKind, string>>> = {
  ip: 'An address or a range: ip("10.0.0.0/8").',
  decimal: 'A number with up to four decimals: decimal("0.5").',
  datetime: 'A moment: datetime("2026-12-01T08:00:00Z").',
  duration: 'A time: duration("1h30m").',
};
