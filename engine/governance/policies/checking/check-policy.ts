import type { CheckedPolicy, PolicyForm } from '../../../../contracts/policies.ts';
import { checkText } from './check-text.ts';
import type { PolicyDeps } from '../policy-deps.ts';
import { toSource } from '../reading/to-source.ts';

/** Turns a text into the form, or the form into text, and says what is wrong with it. Keeps nothing. */
export const checkPolicy = (deps: PolicyDeps, body: { cedar?: string | undefined; form?: PolicyForm | undefined }): Promise<CheckedPolicy> => checkText(deps, toSource(body));
