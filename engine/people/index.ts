// People who may sign in: users, passwords, sessions and one-time links, groups of approvers and who stands in for whom. Knows no HTTP: tokens and cookies are made in api/auth.
export { createDelegation, listApprovers, listDelegations, revokeDelegation } from './delegations.ts';
export { ensureAdmin } from './ensure-admin.ts';
export { createGroup, deleteGroup, listGroups, updateGroup } from './groups.ts';
export { changePassword } from './passwords/change-password.ts';
export { type OpenedSession, renewSession, signOut } from './sessions.ts';
export { signIn, signInWithLink } from './sign-in.ts';
export { createSignInLink } from './sign-in-links.ts';
export { SignInThrottle } from './sign-in-throttle.ts';
export { createUser, listUsers, toUser, updateUser } from './users.ts';
