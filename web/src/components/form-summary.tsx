import { CircleAlert } from 'lucide-react';
import { type Ref } from 'react';
import { Button } from './ui/button.tsx';

export interface FormProblem {
  /** `name` of the field it is about; undefined: the form as a whole. */
  field?: string | undefined;
  message: string;
}

/** Puts the first control of that name into focus, in view; what is folded around it is opened. */
export const focusField = (form: HTMLElement | null, name: string): void => {
  const field = form?.querySelector<HTMLElement>(`[name="${CSS.escape(name)}"], [data-field="${CSS.escape(name)}"]`);
  for (let around = field?.closest('details'); around != null; around = around.parentElement?.closest('details')) around.open = true;
  field?.focus();
  field?.scrollIntoView({ block: 'center' });
};

/**
 * What keeps a form from being sent, at its top: a link to each field where there is more than one, and what is about no field.
 * One problem with a field of its own is told there alone.
 */
export const FormSummary = ({ problems, onGo, title, ref }: { problems: FormProblem[]; onGo: (field: string) => void; title: string; ref?: Ref<HTMLDivElement> }) => {
  const isNeeded = problems.length > 1 || problems.some((problem) => problem.field === undefined);
  if (!isNeeded) return null;
  return (
    <div ref={ref} role="alert" tabIndex={-1} className="flex gap-3 rounded-card border border-destructive bg-failed-tint p-3 text-failed-text">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0">
        <p className="text-body font-medium">{title}</p>
        <ul className="list-inside list-disc text-row">
          {problems.map(({ field, message }) => (
            <li key={`${field}-${message}`}>
              {field === undefined ? message : <Button variant="link" size="inline" className="text-row whitespace-normal text-failed-text" onClick={() => onGo(field)}>{message}</Button>}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
};
