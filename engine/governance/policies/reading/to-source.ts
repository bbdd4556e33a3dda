import type { PolicyForm } from '../../../../contracts/policies.ts';
import type { PolicySource } from '../../../safety/index.ts';

/** What a body says, which has the text or the form. */
export const toSource = ({ cedar = '', form }: { cedar?: string | undefined; form?: PolicyForm | undefined }): PolicySource => (form === undefined ? { cedar } : { form });
