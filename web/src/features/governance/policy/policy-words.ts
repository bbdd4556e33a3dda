import { rolesWith } from '@contracts/permissions.ts';

export const governanceCrumbs = [{ label: 'Governance', to: '/governance' }];

/** Who may change policies, for whoever may not. */
export const onlyAdminsWords = `Your role reads policies; only ${rolesWith('policies:write').join(' or ')} may change them.`;
