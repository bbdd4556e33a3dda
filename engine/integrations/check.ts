import { getSystemErrorMap } from 'node:util';
import type { Integration } from '../../contracts/system.ts';
import { reasonOfCode } from '../../platform/system-code.ts';
import { untilAborted } from '../../platform/until-aborted.ts';

/** What a check found out. */
export interface CheckResult {
  state: Extract<Integration['state'], 'healthy' | 'degraded' | 'failing' | 'untested' | 'built_in'>;
  /** A sentence without credentials. */
  detail: string;
}

/** One line of the integrations page before it is checked. `check` undefined: there is nothing to ask. */
export interface Probe extends Pick<Integration, 'id' | 'kind' | 'name' | 'used_by_agents'> {
  missingSettings?: string[];
  /** Said when nothing is asked: what it is, or what to set. */
  detail: string;
  /** State without a check; default `built_in`, or `not_configured` when settings are missing. */
  state?: Integration['state'];
  check?: (signal: AbortSignal) => Promise<CheckResult>;
}

/** A check that takes longer has failed. */
const timeoutMs = 4_000;

/** What nodemailer and PostgreSQL say beside the system's own codes. */
const reasonsOfServices: Readonly<Record<string, string>> = {
  ETIME: 'no answer in time', EDNS: 'the host name could not be looked up', ETLS: 'TLS could not be set up', EAUTH: 'sign-in was refused',
  '28P01': 'sign-in was refused', '28000': 'sign-in was refused', '3D000': 'there is no database of that name',
};

/**
 * Why a connection failed, in words of our own: messages of drivers may repeat addresses with passwords in them. Looks through
 * causes and aggregated errors.
 */
export function explainFailure(error: unknown, depth = 0): string {
  if (!(error instanceof Error) || depth > 5) return 'it could not be used';
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'no answer in time';
  const { code: given, errno } = error as { code?: unknown; errno?: unknown };
  const code = String(given ?? '');
  // nodemailer puts codes of its own over the system's, and leaves the number.
  const known = reasonOfCode(code) ?? reasonsOfServices[code] ?? (typeof errno === 'number' ? reasonOfCode(getSystemErrorMap().get(errno)?.[0] ?? '') : undefined);
  if (known !== undefined) return known;
  const inner = error instanceof AggregateError ? (error.errors as unknown[])[0] : error.cause;
  if (inner !== undefined) return explainFailure(inner, depth + 1);
  return /^[A-Z0-9_]{3,40}$/.test(code) ? `it could not be used (${code})` : 'it could not be used';
}

const round = (ms: number): number => Math.round(ms * 10) / 10;

/** Runs a probe's check within its time; whatever it throws is a failing connection. */
export async function runProbe({ missingSettings = [], check, ...probe }: Probe): Promise<Integration> {
  const base = { id: probe.id, kind: probe.kind, name: probe.name, missing_settings: missingSettings, used_by_agents: probe.used_by_agents };
  if (check === undefined || missingSettings.length > 0) {
    return { ...base, state: probe.state ?? (missingSettings.length > 0 ? 'not_configured' : 'built_in'), detail: probe.detail, latency_ms: null, checked_at: null };
  }
  const startedAt = performance.now();
  const signal = AbortSignal.timeout(timeoutMs);
  const result = await untilAborted(check(signal), signal).catch((error: unknown): CheckResult => ({ state: 'failing', detail: `${probe.detail} Failing: ${explainFailure(error)}.` }));
  const isAnswered = result.state === 'healthy' || result.state === 'degraded';
  return { ...base, ...result, latency_ms: isAnswered ? round(performance.now() - startedAt) : null, checked_at: new Date().toISOString() };
}

/** Where a URL leads, without credentials, path or query. */
export function toAddress(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
