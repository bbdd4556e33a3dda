import type { DataSource } from '@contracts/data-sources.ts';
import type { StagedTest } from '@contracts/staged-tests.ts';
import { countOf, formatInteger } from '@/lib/format.ts';
import { stageWord } from '../components/test-stages.tsx';

/** The stages of its test, for while they are under way. */
export const dataSourceStages = ['address', 'connect', 'tls', 'sign_in', 'identity', 'rights', 'tables'] as const;

/** "3 tables: orders, sales.*": what agents may read, shortened; undefined: every table the role may read. */
export const tableWords = ({ readable_tables: tables }: Pick<DataSource, 'readable_tables'>): string | undefined => {
  if (tables === null) return undefined;
  const [shown, rest] = [tables.slice(0, 6), tables.length - 6];
  return `${shown.join(', ')}${rest > 0 ? ` and ${formatInteger(rest)} more` : ''}`;
};

export const limitWords = ({ max_rows: rows, statement_timeout_seconds: seconds }: Pick<DataSource, 'max_rows' | 'statement_timeout_seconds'>): string => `${countOf(rows, 'row')}, ${formatInteger(seconds)} s a query`;

/** The outcome of a test in a few words: "passed with 1 warning", "failed at sign in". */
export const testWords = (test: StagedTest): string => {
  if (!test.passed) return test.failure === null ? 'failed' : `failed at ${stageWord(test.failure.stage).toLowerCase()}`;
  return test.warnings.length === 0 ? 'passed' : `passed with ${countOf(test.warnings.length, 'warning')}`;
};

const urgency: Record<DataSource['state'], number> = { failing: 0, degraded: 1, untested: 2, healthy: 3, off: 4 };
/** What wants a look first; equals by name. */
export const sortDataSources = (sources: readonly DataSource[]): DataSource[] => sources.toSorted((a, b) => urgency[a.state] - urgency[b.state] || a.name.localeCompare(b.name));
