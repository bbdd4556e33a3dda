/** Puts the focus on a control of the form, by its name; for the first that was refused. */
export const focusField = (form: HTMLFormElement | null, name: string | undefined): void => {
  if (name !== undefined) form?.querySelector<HTMLElement>(`[name="${CSS.escape(name)}"]`)?.focus();
};
