import type { BackTestOutcome } from '../../../contracts/back-tests.ts';
import type { DecisionToJudge } from '../../../db/repositories/back-tests.repository.ts';
import { cannotBeMade, compareTerms, type PolicyQuestion, type PolicySet, type PolicyVerdict, strictness } from '../../safety/index.ts';
import type { ComparedSets } from './sets.ts';

/** What a draft makes of a recorded decision. Verdicts are there unless it cannot be judged anew, or was never judged by policies. */
export interface JudgedDecision {
  outcome: BackTestOutcome;
  live?: PolicyVerdict;
  draft?: PolicyVerdict;
  missingFacts: string[];
}

/** The verdict counts first; of two that ask, whom they ask. */
function outcomeOf(live: PolicyVerdict, draft: PolicyVerdict): BackTestOutcome {
  if (live.verdict !== draft.verdict) return strictness[draft.verdict] < strictness[live.verdict] ? 'looser' : 'stricter';
  return live.terms === null || draft.terms === null ? 'unchanged' : compareTerms(live.terms, draft.terms);
}

/** Calls that cannot be made on this system are refused before policies are asked. */
const wasNotJudged = ({ matched_rules: rules }: DecisionToJudge): boolean => rules.some(({ id }) => id === cannotBeMade.id);

/** Whatever is missing is among a verdict's problems, so a set is asked for it only when there are any. */
const missingFactsOf = (set: PolicySet, question: PolicyQuestion, { problems }: PolicyVerdict): string[] => (problems.length === 0 ? [] : set.missingFacts(question));

/** Judges a recorded decision by both sets. Runs no model and no tool: the record alone is asked. */
export function judgeDecision({ live, draft }: ComparedSets, decision: DecisionToJudge): JudgedDecision {
  if (wasNotJudged(decision)) return { outcome: 'unchanged', missingFacts: [] };
  const { tool_name: toolName, effect, risk_level: riskLevel, facts } = decision;
  if (toolName === null || effect === null) return { outcome: 'not_replayable', missingFacts: [...(toolName === null ? ['tool_name'] : []), ...(effect === null ? ['effect'] : [])] };
  const question: PolicyQuestion = { toolName, riskLevel, effect, facts };
  const verdicts = { live: live.judge(question), draft: draft.judge(question) };
  const missingFacts = [...new Set([...missingFactsOf(live, question, verdicts.live), ...missingFactsOf(draft, question, verdicts.draft)])];
  if (missingFacts.length > 0) return { outcome: 'not_replayable', missingFacts };
  return { outcome: outcomeOf(verdicts.live, verdicts.draft), ...verdicts, missingFacts };
}
