import { z } from 'zod';

export const roles = ['viewer', 'operator', 'approver', 'admin'] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

const readPermissions = [
  'agents:read', 'runs:read', 'approvals:read', 'memory:read', 'policies:read', 'integrations:read',
  'observability:read', 'audit:read', 'outbox:read', 'events:read',
] as const;
const operatorPermissions = ['agents:write', 'agents:delete', 'runs:start', 'runs:control', 'memory:delete'] as const;
const approverPermissions = ['approvals:decide'] as const;
const adminPermissions = ['users:read', 'users:write', 'integrations:write', 'policies:write'] as const;

export type Permission =
  | (typeof readPermissions)[number]
  | (typeof operatorPermissions)[number]
  | (typeof approverPermissions)[number]
  | (typeof adminPermissions)[number];

/** The one permission table: what each role may do. The api enforces it, the web app mirrors it. */
export const permissionsOf: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  viewer: new Set(readPermissions),
  operator: new Set([...readPermissions, ...operatorPermissions]),
  approver: new Set([...readPermissions, ...approverPermissions]),
  admin: new Set([...readPermissions, ...operatorPermissions, ...approverPermissions, ...adminPermissions]),
};

/** Whether a role carries a permission. */
export const isAllowed = (role: Role, permission: Permission): boolean => permissionsOf[role].has(permission);

/** Roles that carry a permission, for the sentence of a refusal. */
export const rolesWith = (permission: Permission): Role[] => roles.filter((role) => isAllowed(role, permission));
