import type { Role } from '@contracts/permissions.ts';

/** What each role may do, in a sentence. */
export const roleMeaning: Record<Role, string> = {
  viewer: 'Reads everything, changes nothing.',
  operator: 'Creates and runs agents, cancels runs, deletes memories.',
  approver: 'Reads everything and decides on approvals.',
  admin: 'Everything an operator and an approver may, and manages people.',
};
