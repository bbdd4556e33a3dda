// The pages of a policy as a person uses them.
import type { Page } from 'playwright-core';
import type { Person } from './api.ts';

/** A policy that blocks e-mail. */
export const blockEmail = '@reason("No e-mail leaves.")\nforbid(principal, action, resource == Tool::"send_email");';

/** The editor of the text. */
export const editorOf = (page: Page) => page.getByRole('textbox', { name: /^Cedar text/ });
export const textIn = async (page: Page): Promise<string> => (await editorOf(page).locator('.cm-line').allTextContents()).join('\n');
/** Waits for what the check of the text says. */
export const isChecked = (page: Page, words: RegExp | string): Promise<void> => page.getByRole('status').getByText(words).waitFor();

/** Replaces the text as a person would: by keyboard. */
export async function write(page: Page, text: string): Promise<void> {
  await editorOf(page).click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
}

/** A stored draft, opened. Returns its id. */
export async function openDraft({ api }: Person, page: Page, { name, cedar }: { name: string; cedar: string }): Promise<string> {
  const { id } = await api.call('createPolicy', { body: { name, cedar } });
  await page.goto(new URL(`/governance/policies/${id}`, page.url()).href);
  await editorOf(page).waitFor();
  return id;
}
