import { CircleAlert } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { Label } from './label.tsx';

/** Attributes a control inside a {@link Field} takes. */
export interface FieldControlProps {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
  'aria-required': true | undefined;
}

/**
 * A labelled control with its hint and its error; `children` gets the attributes that tie them together.
 * The error stands under the field and is read out with it.
 */
export const Field = ({
  label,
  hint,
  error,
  isRequired = false,
  children,
  className = '',
}: {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  isRequired?: boolean;
  children: (control: FieldControlProps) => ReactNode;
  className?: string;
}) => {
  const id = useId();
  const describedBy = [hint === undefined ? undefined : `${id}-hint`, error === undefined ? undefined : `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className={`flex min-w-0 flex-col gap-1.5 ${className}`}>
      <Label htmlFor={id}>
        {label}
        {isRequired && <span className="font-normal text-muted-foreground"> (required)</span>}
      </Label>
      {children({
        id,
        'aria-describedby': describedBy === '' ? undefined : describedBy,
        'aria-invalid': error === undefined ? undefined : true,
        'aria-required': isRequired ? true : undefined,
      })}
      {hint !== undefined && <p id={`${id}-hint`} className="text-caption text-muted-foreground">{hint}</p>}
      {error !== undefined && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </div>
  );
};

/** The sentence under a field that was refused. */
export const FieldError = ({ id, children }: { id?: string; children: ReactNode }) => (
  <p id={id} className="flex items-start gap-1.5 text-row text-destructive">
    <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
    <span>{children}</span>
  </p>
);
