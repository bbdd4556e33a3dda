import { connectionApiSchema, type ModelPrice } from '@contracts/connections.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { toast } from 'sonner';
import { focusField, type FormProblem, FormSummary } from '@/components/form-summary.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Dialog, DialogClose, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from '@/components/ui/dialog.tsx';
import { Field } from '@/components/ui/field.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Select } from '@/components/ui/select.tsx';
import { useFormKeys } from '@/hooks/use-form-keys.ts';
import { api } from '@/lib/api-client.ts';
import { ApiError, sentenceOf } from '@/lib/api-error.ts';
import { apiQuery, refresh } from '@/lib/api-query.ts';
import { emptyPriceValues, type PriceValues, priceFields, providerWords, rateLabels, rates, toPriceBody, toPriceValues } from './price-values.ts';

const rateHints: Partial<Record<(typeof rates)[number], string>> = { cached_input: 'Empty: as input', cache_write: 'Empty: as input' };

const PriceForm = ({ price, onDone }: { price: ModelPrice | undefined; onDone: () => void }) => {
  const queryClient = useQueryClient();
  const connections = useQuery(apiQuery('listConnections'));
  const [values, setValues] = useState<PriceValues>(() => (price === undefined ? emptyPriceValues() : toPriceValues(price)));
  const [problems, setProblems] = useState<FormProblem[]>([]);
  const [isSaving, setIsSaving] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const show = (found: FormProblem[]): void => {
    setProblems(found);
    if (found[0]?.field !== undefined) focusField(form.current, found[0].field);
  };
  const save = async (): Promise<void> => {
    setIsSaving(true);
    try {
      const saved = await api.call('setPrice', { body: toPriceBody(values).body });
      void refresh(queryClient, 'listPrices', 'listModels');
      toast.success(`The price of ${saved.model} is set`);
      onDone();
    } catch (error) {
      const issues = error instanceof ApiError ? error.fieldIssues : [];
      show(issues.length === 0 ? [{ message: sentenceOf(error) }] : issues.map(({ path, message }) => ({ field: priceFields.find((field) => field === path), message })));
    } finally {
      setIsSaving(false);
    }
  };
  const submit = (event?: FormEvent): void => {
    event?.preventDefault();
    if (isSaving) return;
    const { issues } = toPriceBody(values);
    show(issues.map(({ path, message }) => ({ field: path, message })));
    if (issues.length === 0) void save();
  };
  useFormKeys(form, { onSend: submit });
  /** On leaving a field that holds something only that field is judged. */
  const checkOne = (field: keyof PriceValues): void => {
    const now = values[field] === '' ? undefined : toPriceBody(values).issues.find(({ path }) => path === field);
    setProblems((before) => [...before.filter((problem) => problem.field !== field), ...(now === undefined ? [] : [{ field, message: now.message }])]);
  };
  const error = (field: keyof PriceValues): string | undefined => problems.find((problem) => problem.field === field)?.message;
  const text = (field: keyof PriceValues) => ({
    name: field, value: values[field], autoComplete: 'off',
    onChange: (event: { target: { value: string } }) => setValues({ ...values, [field]: event.target.value }), onBlur: () => checkOne(field),
  });
  return (
    <form ref={form} noValidate onSubmit={submit} className="flex min-h-0 flex-col gap-4">
      <FormSummary problems={problems} onGo={(field) => focusField(form.current, field)} title="The price was not set" />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Provider" error={error('provider')}>
          {(control) => (
            <Select {...control} name="provider" value={values.provider} onChange={(event) => setValues({ ...values, provider: event.target.value as PriceValues['provider'], connection_id: '' })}>
              {connectionApiSchema.options.map((provider) => <option key={provider} value={provider}>{providerWords[provider]}</option>)}
            </Select>
          )}
        </Field>
        <Field label="Connection" hint="A price of one connection goes before the general one." error={error('connection_id')}>
          {(control) => (
            <Select {...control} name="connection_id" value={values.connection_id} onChange={(event) => setValues({ ...values, connection_id: event.target.value })}>
              <option value="">Any connection</option>
              {connections.data?.items.filter(({ api: language }) => language === values.provider).map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
            </Select>
          )}
        </Field>
      </div>
      <Field label="Model" isRequired error={error('model')}>{(control) => <Input {...control} {...text('model')} maxLength={200} autoCapitalize="none" spellCheck={false} />}</Field>
      <fieldset>
        <legend className="mb-1.5 text-body font-medium">Dollars per million tokens</legend>
        <div className="grid grid-cols-2 gap-3 sm:grid-cols-4">
          {rates.map((rate) => (
            <Field key={rate} label={rateLabels[rate]} isRequired={rate === 'input' || rate === 'output'} hint={rateHints[rate]} error={error(rate)}>
              {(control) => <Input {...control} {...text(rate)} inputMode="decimal" />}
            </Field>
          ))}
        </div>
      </fieldset>
      <div className="grid gap-4 sm:grid-cols-[1fr_auto]">
        <Field label="Source" isRequired hint="Where it was read: a page, a contract." error={error('source')}>{(control) => <Input {...control} {...text('source')} maxLength={300} />}</Field>
        <Field label="As of" isRequired error={error('as_of')}>{(control) => <Input {...control} {...text('as_of')} type="date" />}</Field>
      </div>
      <DialogFooter>
        <Button type="submit" isBusy={isSaving}>Set price</Button>
        <DialogClose asChild><Button variant="outline">Cancel</Button></DialogClose>
      </DialogFooter>
    </form>
  );
};

/** Sets what a model costs, from nothing or from a price that is known. */
export const SetPriceDialog = ({ price, isOpen, onOpenChange }: { price: ModelPrice | undefined; isOpen: boolean; onOpenChange: (isOpen: boolean) => void }) => (
  <Dialog open={isOpen} onOpenChange={onOpenChange}>
    <DialogContent className="max-w-2xl">
      <DialogHeader>
        <DialogTitle>{price === undefined ? 'Set a price' : `Set the price of ${price.model}`}</DialogTitle>
        <DialogDescription>Counts from the next call on. Costs already recorded stay as they were.</DialogDescription>
      </DialogHeader>
      <PriceForm price={price} onDone={() => onOpenChange(false)} />
    </DialogContent>
  </Dialog>
);
