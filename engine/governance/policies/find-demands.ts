import type { PolicyIssue } from '../../../contracts/policies.ts';
import { createPlacer, restOfString } from './find-names.ts';

/** So many people of these a statement wants. `approvers` empty: anybody who may decide. */
export interface Demand {
  quorum: number;
  approvers: string[];
  /** Where the number stands. */
  place: Pick<PolicyIssue, 'line' | 'column' | 'end_line' | 'end_column'>;
}

const token = new RegExp([String.raw`//[^\n\r]*`, String.raw`@(?<annotation>approvers|quorum)\s*\(\s*"${restOfString('text')}`, `"${restOfString('plain')}`, String.raw`\b(?<begin>permit|forbid)\b`].join('|'), 'gs');

/** The statements that want more than one person, in their order. */
export function findDemands(cedar: string): Demand[] {
  const placeOf = createPlacer(cedar);
  const demands: Demand[] = [];
  let pending: { approvers: string[]; quorum: number; place: Demand['place'] | undefined } = { approvers: [], quorum: 1, place: undefined };
  for (const { 0: whole, index, groups } of cedar.matchAll(token)) {
    const text = groups?.['text'] ?? '';
    if (groups?.['annotation'] === 'approvers') pending.approvers = text.split(',').map((name) => name.trim()).filter((name) => name !== '');
    else if (groups?.['annotation'] === 'quorum' && /^\s*\d{1,3}\s*$/.test(text)) {
      const start = index + whole.lastIndexOf(text);
      pending = { ...pending, quorum: Number(text), place: placeOf(start, start + text.length) };
    } else if (groups?.['begin'] !== undefined) {
      if (pending.place !== undefined && pending.quorum > 1) demands.push({ quorum: pending.quorum, approvers: pending.approvers, place: pending.place });
      pending = { approvers: [], quorum: 1, place: undefined };
    }
  }
  return demands;
}
