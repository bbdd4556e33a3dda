import { rolesWith } from '@contracts/permissions.ts';

const roles = rolesWith('integrations:write');

/** "admins": who may change integrations, for those who may not. */
export const whoWrites = roles.map((role) => `${role}s`).join(' and ');
/** "an admin". */
export const oneWhoWrites = roles.length === 1 ? `an ${roles[0]}` : roles.join(' or ');
