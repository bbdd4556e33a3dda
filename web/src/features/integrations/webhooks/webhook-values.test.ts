import type { Webhook } from '@contracts/notices.ts';
import { describe, expect, test } from 'vitest';
import { emptyWebhookValues, toCreateBody, toggleEvent, toUpdateBody, toWebhookValues } from './webhook-values.ts';

const stored: Webhook = {
  id: '019a0000-0000-7000-8000-000000000001', name: 'Chat', url: 'https://chat.example.com/hook', events: ['settled', 'requested'], is_enabled: true, secret_hint: '…abcd', version: 3,
  created_at: '2026-11-29T12:00:00.000Z', updated_at: '2026-11-29T12:00:00.000Z', updated_by: null, last_delivery: null,
};

describe('the form of a webhook', () => {
  test('trims, and hears of everything at first', () => {
    expect(toCreateBody({ ...emptyWebhookValues, name: ' Chat ', url: ' https://chat.example.com/ ' })).toEqual({
      body: { name: 'Chat', url: 'https://chat.example.com/', events: ['requested', 'changed', 'reminder', 'escalated', 'settled'], is_enabled: true }, issues: [],
    });
  });
  test('names what is missing, each once and in its order', () => {
    expect(toCreateBody({ ...emptyWebhookValues, events: '' }).issues).toEqual([
      { path: 'name', message: 'Give it a name.' }, { path: 'url', message: 'Write an address that begins with https:// or http://.' }, { path: 'events', message: 'Choose at least one event.' },
    ]);
  });
  test.each(['chat.example.com', 'ftp://chat.example.com/', 'javascript:alert(1)'])('does not take %s for an address', (url) => {
    expect(toCreateBody({ ...emptyWebhookValues, name: 'Chat', url }).issues).toMatchObject([{ path: 'url' }]);
  });
  test('keeps events in one order, however they were chosen', () => {
    expect(toWebhookValues(stored).events).toBe('requested\nsettled');
    expect(toggleEvent(toggleEvent('settled', 'requested'), 'settled')).toBe('requested');
    expect(toggleEvent('', 'reminder')).toBe('reminder');
  });
  test('sends what was changed alone, against the version that was opened', () => {
    expect(toUpdateBody(toWebhookValues(stored), stored)).toBeUndefined();
    expect(toUpdateBody({ ...toWebhookValues(stored), isEnabled: false }, stored)).toEqual({ is_enabled: false, version: 3 });
    expect(toUpdateBody({ ...toWebhookValues(stored), events: 'requested' }, stored)).toEqual({ events: ['requested'], version: 3 });
  });
});
