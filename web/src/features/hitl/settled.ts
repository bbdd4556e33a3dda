import { approvalStatuses } from '@contracts/approvals.ts';

/** Every way a request ends. */
export const settledStatuses = approvalStatuses.filter((status) => status !== 'pending');
