/** Damps the lead of first places. @see Cormack, Clarke, Büttcher: Reciprocal Rank Fusion (SIGIR 2009) */
const damping = 60;

/**
 * Merges rankings that have no common scale by the places alone; best first. A score of 1 means first in every ranking.
 */
export function fuseRanks(rankings: readonly (readonly string[])[]): { id: string; score: number }[] {
  const sums = new Map<string, number>();
  for (const ranking of rankings) ranking.forEach((id, place) => sums.set(id, (sums.get(id) ?? 0) + 1 / (damping + place + 1)));
  const best = rankings.length / (damping + 1);
  return [...sums].map(([id, sum]) => ({ id, score: sum / best })).sort((a, b) => b.score - a.score || (a.id < b.id ? 1 : -1));
}
