import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { PolicyFact } from '../../contracts/policy-words.ts';
import { listPolicyFacts } from '../../engine/safety/index.ts';

const guide = readFileSync(new URL('policies.md', import.meta.url), 'utf8');
const types = { text: 'text', number: 'whole number', boolean: 'yes or no', text_set: 'set of texts' };
const callsOf = ({ tools, is_always_known: isAlwaysKnown }: PolicyFact): string => (tools.length > 0 ? tools.map((tool) => `\`${tool}\``).join(', ') : isAlwaysKnown ? 'every' : 'some');
const toRow = (fact: PolicyFact): string => `| \`${fact.name}\` | ${types[fact.type]} | ${callsOf(fact)} | ${fact.description} |`;

test('the guide lists every fact of the catalogue, and no other', () => {
  const table = guide.slice(guide.indexOf('<!-- facts:'), guide.indexOf('<!-- end of facts -->')).split('\n').filter((line) => line.startsWith('| `'));
  expect(table).toEqual(listPolicyFacts().items.map(toRow));
});
