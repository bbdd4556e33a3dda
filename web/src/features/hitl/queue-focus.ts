const rowSelector = '[data-queue-row]';

/** Moves the focus in the queue; from elsewhere to the open row, else to the first. */
export const moveInQueue = (step: 1 | -1): void => {
  const rows = [...document.querySelectorAll<HTMLElement>(rowSelector)];
  const current = rows.findIndex((row) => row === document.activeElement);
  const open = rows.findIndex((row) => row.getAttribute('aria-current') === 'true');
  rows[current >= 0 ? Math.min(rows.length - 1, Math.max(0, current + step)) : Math.max(0, open)]?.focus();
};

/** Id of the request whose row has the focus, its box included. */
export const focusedRequest = (): string | undefined =>
  document.activeElement?.closest('li')?.querySelector(rowSelector)?.getAttribute('data-queue-row') ?? undefined;
