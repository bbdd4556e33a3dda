import type { Logger } from '../../platform/logger.ts';
import { cedarInstance } from './cedar/cedar-instance.ts';

/** Why this process can judge nothing now, as sentences for whoever runs it; undefined: it can. */
export const findPolicyEngineOutage = (): string | undefined => cedarInstance.findOutage();

/** Tells the log of every breakdown of the policy engine: with what, and under which policies; nothing of what was asked. */
export const logPolicyEngineBreakdowns = (logger: Logger): void =>
  cedarInstance.reportTo(({ error, policyVersion }) => logger.error({ error, policyVersion }, 'the policy engine broke down'));
