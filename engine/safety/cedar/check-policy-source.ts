import { isDeepStrictEqual } from 'node:util';
import type { CheckedPolicy, PolicyForm, PolicyIssue } from '../../../contracts/policies.ts';
import { createAnnotationFinder } from './annotation-places.ts';
import { parseAnnotations } from './annotations.ts';
import { type DetailedError, validateAgainstSchema } from './cedar-engine.ts';
import { cedarToForm } from './cedar-to-form.ts';
import { compilePolicy, type Statement } from './compile-policy.ts';
import { formIssues } from './form-issues.ts';
import { formToCedar } from './form-to-cedar.ts';
import { createRangeFinder, hasComments, nowhere, placesOf, type SourceRange, toByteOffset } from './source-text.ts';
import { oddities } from './oddities.ts';

/** Text of a policy, or the form it is made from. */
export type PolicySource = { cedar: string; form?: undefined } | { form: PolicyForm; cedar?: undefined };

/** Cedar's words without what only its own users know: policy numbers, and which of the two actions it stumbled over. */
const toPlainMessage = (message: string): string => {
  const plain = message.replace(/^failed to parse policies from string: /, '').replace(/^for policy `[^`]*`, /, '').replaceAll(/ (in context )?for Action::"use(_unattended)?"/g, '');
  return `${plain.charAt(0).toUpperCase()}${plain.slice(1)}${/[.!?]$/.test(plain) ? '' : '.'}`;
};

function toIssues(errors: readonly DetailedError[], severity: PolicyIssue['severity'], rangeOf: (start: number, end: number) => SourceRange): PolicyIssue[] {
  const issues = errors.flatMap((error): PolicyIssue[] => {
    const [place] = error.sourceLocations ?? [];
    const label = place?.label == null ? null : `${place.label.charAt(0).toUpperCase()}${place.label.slice(1)}.`;
    const issue = { severity, message: toPlainMessage(error.message), hint: error.help == null ? label : toPlainMessage(error.help), ...(place === undefined ? nowhere : rangeOf(place.start, place.end)) };
    return [issue, ...toIssues(error.related ?? [], severity, rangeOf)];
  });
  // Both actions are checked, and what is wrong is mostly wrong for both.
  return issues.filter((issue, index) => issues.findIndex((other) => isDeepStrictEqual(other, issue)) === index);
}

/** What is wrong with the annotations, where they stand. */
function annotationIssues(cedar: string, statements: readonly Statement[]): PolicyIssue[] {
  const placeOf = createAnnotationFinder(cedar, statements);
  return statements.flatMap((statement) =>
    parseAnnotations(statement.json.annotations ?? {}).issues.map(({ annotation, severity, message, hint }) => ({ severity, message, hint, ...placeOf(statement, annotation) })),
  );
}

function issuesOf(cedar: string): PolicyIssue[] {
  if (cedar.trim() === '') return [{ severity: 'error', message: 'Write at least one statement.', hint: 'For example: forbid(principal, action, resource == Tool::"send_email");', ...nowhere }];
  const rangeOf = createRangeFinder(cedar);
  const compiled = compilePolicy(cedar);
  if (!compiled.ok) return toIssues(compiled.errors, 'error', rangeOf);
  if (compiled.statements.length === 0) return [{ severity: 'error', message: 'Write at least one statement.', hint: 'Comments alone decide nothing.', ...nowhere }];
  const validation = validateAgainstSchema(cedar);
  if (!validation.ok) return toIssues(validation.errors, 'error', rangeOf);
  const places = placesOf(cedar, compiled.statements.map(({ text }) => text));
  const odd = oddities(compiled.statements).map(({ statement, ...issue }): PolicyIssue => {
    const index = statement === undefined ? -1 : compiled.statements.indexOf(statement);
    const place = places[index];
    return { severity: 'warning', ...issue, ...(place === undefined ? nowhere : rangeOf(toByteOffset(cedar, place), toByteOffset(cedar, place + (statement?.text.length ?? 0)))) };
  });
  return [...toIssues(validation.errors, 'error', rangeOf), ...annotationIssues(cedar, compiled.statements), ...toIssues(validation.warnings, 'warning', rangeOf), ...odd];
}

/** Text and form of a policy with everything that is wrong or odd about it. Never throws on bad text. */
export function checkPolicySource(source: PolicySource): CheckedPolicy {
  const cedar = source.cedar ?? formToCedar(source.form);
  const issues = issuesOf(cedar);
  const shown = cedarToForm(cedar);
  if (source.form !== undefined) {
    issues.unshift(...formIssues(source.form, shown.form).map((message): PolicyIssue => ({ severity: 'error', message, hint: null, ...nowhere })));
    return { cedar, form: source.form, form_refusal: null, issues, is_valid: issues.every(({ severity }) => severity !== 'error') };
  }
  const isCommented = hasComments(cedar);
  return {
    cedar, form: isCommented ? null : shown.form, form_refusal: shown.refusal ?? (isCommented ? 'It has comments, which the form would lose.' : null), issues,
    is_valid: issues.every(({ severity }) => severity !== 'error'),
  };
}
