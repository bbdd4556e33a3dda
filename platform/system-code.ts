/** The innermost code of a system, TLS or HTTP client error, looked for through causes and aggregates. */
export function systemCodeOf(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 6) return undefined;
  const inner = error instanceof AggregateError ? (error.errors as unknown[])[0] : error.cause;
  // undici names a broken answer and gives it no code.
  const { code } = error.name === 'HTTPParserError' ? { code: 'HPE_INVALID' } : (error as { code?: unknown });
  return systemCodeOf(inner, depth + 1) ?? (typeof code === 'string' && /^[A-Z0-9_]{3,60}$/.test(code) ? code : undefined);
}

/** Whether a certificate is what TLS stumbled over. @see https://nodejs.org/api/tls.html#x509-certificate-error-codes (2026-11) */
export const isCertificateCode = (code: string): boolean => /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS_CERT)/.test(code);
/** Whether no secure connection came about, for whatever reason. */
export const isTlsCode = (code: string): boolean => isCertificateCode(code) || /^(ERR_TLS|ERR_SSL)/.test(code) || code === 'EPROTO';

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at that address',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the host name could not be looked up',
  ECONNRESET: 'the connection was cut',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'no answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'no answer in time',
  UND_ERR_SOCKET: 'the connection was cut',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the TLS certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'the TLS certificate is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the TLS certificate is not trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the TLS certificate is not trusted',
  CERT_HAS_EXPIRED: 'the TLS certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the TLS certificate is for another host',
};

/** Why a connection failed, as the end of a sentence; undefined for a code that tells people nothing. */
export const reasonOfCode = (code: string): string | undefined => (Object.hasOwn(reasons, code) ? reasons[code] : undefined);
