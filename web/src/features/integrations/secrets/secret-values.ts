import type { FieldIssue } from '@contracts/errors.ts';
import { type CreateSecretBody, createSecretBodySchema, type Secret, type UpdateSecretBody } from '@contracts/secrets.ts';
import { isSameList, toLines } from '../forms/lines.ts';
import type { SecretChange } from '../forms/use-secret-input.ts';

/** A secret as its form holds it. Its value is not among it: it stays in its input until it is sent. */
export type SecretValues = {
  name: string;
  /** One a line; empty: none. */
  hosts: string;
  description: string;
};

export const emptySecretValues: SecretValues = { name: '', hosts: '', description: '' };
export const toSecretValues = ({ name, hosts, description }: Secret): SecretValues => ({ name, hosts: hosts.join('\n'), description });

/** The fields in the order of the form. */
export const secretFields = ['name', 'value', 'hosts', 'description'] as const;
export const secretLabels: Record<string, string> = { name: 'Name', value: 'Value', hosts: 'Hosts', description: 'Description' };

/** The field an issue of the api is about: `hosts.1` is one of Hosts. */
export const toSecretField = (path: string): string | undefined => secretFields.find((field) => path === field || path.startsWith(`${field}.`));

/** What is sent of a typed value: line breaks and spaces at its ends come from copying, and no key has them. */
const valueOf = (change: SecretChange): string => (change.kind === 'replace' ? change.value.trim() : '');

/** The body that adds the secret, or what is wrong with which field, each once and in the order of the form. */
export const toCreateBody = (values: SecretValues, change: SecretChange): { body: CreateSecretBody; issues: FieldIssue[] } => {
  const hosts = toLines(values.hosts);
  const body: CreateSecretBody = { name: values.name.trim(), value: valueOf(change), hosts, description: values.description.trim() };
  const parsed = createSecretBodySchema.safeParse(body);
  const issues = parsed.success ? [] : parsed.error.issues.map(({ path, message }): FieldIssue => ({
    path: toSecretField(path.join('.')) ?? '',
    message: path[0] === 'hosts' && typeof path[1] === 'number' ? `${hosts[path[1]] ?? ''}: ${message}` : message,
  }));
  return { body: parsed.success ? parsed.data : body, issues: secretFields.flatMap((field) => issues.find(({ path }) => path === field) ?? []) };
};

/** What an edit changes, against the version that was opened; undefined when nothing. The name stays: others refer to it. */
export const toUpdateBody = (values: SecretValues, change: SecretChange, base: Secret): UpdateSecretBody | undefined => {
  const { body } = toCreateBody(values, change);
  const changes: Omit<UpdateSecretBody, 'version'> = {
    ...(body.value === '' ? {} : { value: body.value }),
    ...(isSameList(body.hosts, base.hosts) ? {} : { hosts: body.hosts }),
    ...(body.description === base.description ? {} : { description: body.description }),
  };
  return Object.keys(changes).length === 0 ? undefined : { ...changes, version: base.version };
};
