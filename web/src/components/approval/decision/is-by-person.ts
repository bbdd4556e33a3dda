import type { ApprovalDecision } from '@contracts/approvals.ts';

/** Whether a person decided, through whichever door; what Maestro itself settles (expiry, the end of the run) only repeats the outcome. */
export const isByPerson = ({ door }: Pick<ApprovalDecision, 'door'>): boolean => door !== 'expiry' && door !== 'run_ended';
