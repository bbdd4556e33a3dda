// Who is asking: bearer tokens, the renewal cookie and the checks around them. Passwords and sessions themselves are engine/people's.
export { authenticate, type RequestActor } from './authenticate.ts';
export { authOf } from './auth-context.ts';
export { clearRenewalCookie, readRenewalToken, setRenewalCookie } from './renewal-cookie.ts';
export { requireSameOrigin } from './same-origin.ts';
export { clientAddressOf, clientNetworkOf } from './client-address.ts';
