import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { systemCodeOf } from '../../../platform/system-code.ts';
import { untilAborted } from '../../../platform/until-aborted.ts';
import { Skip, type StageStep } from './run-stages.ts';
import { StageError } from './stage-error.ts';

/** Where an address leads. */
export interface Target {
  host: string;
  port: number;
  isHttps: boolean;
}

export function toTarget(baseUrl: string): Target {
  const { hostname, port, protocol } = new URL(baseUrl);
  const isHttps = protocol === 'https:';
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? (isHttps ? 443 : 80) : Number(port), isHttps };
}

const nameOf = ({ host, port }: Target): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** The host's addresses. `signal` ends the stage in time. */
export async function findAddress({ host }: Target, signal: AbortSignal): Promise<string> {
  if (isIP(host) !== 0) return `${host} is an address.`;
  try {
    const addresses = await untilAborted(lookup(host, { all: true }), signal);
    return `${host} is ${addresses.slice(0, 3).map(({ address }) => address).join(', ')}.`;
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'ENOTFOUND') throw new StageError('HOST_NOT_FOUND', `There is no host named ${host}.`, 'Check the spelling of the base URL.');
    throw new StageError('HOST_NOT_FOUND', `The name ${host} could not be looked up${code === undefined ? ' in time' : ` (${code})`}.`, 'Check the name server of the machine Maestro runs on, or write an address instead of a name.');
  }
}

/** Opens a TCP connection, over whichever of the host's addresses answers. */
export async function openConnection(target: Target, signal: AbortSignal): Promise<Socket> {
  const socket = connect({ host: target.host, port: target.port, autoSelectFamily: true });
  try {
    await untilAborted(new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    }), signal);
    // What happens to it later is the next stage's to see.
    socket.on('error', () => undefined);
    return socket;
  } catch (error) {
    socket.on('error', () => undefined);
    socket.destroy();
    const code = systemCodeOf(error);
    const isOwnMachine = /^(localhost|127\.|::1$)/.test(target.host);
    if (code === 'ECONNREFUSED') {
      throw new StageError('PORT_CLOSED', `Nothing listens at ${nameOf(target)}.`, `Start the server, or check the port in the base URL.${isOwnMachine ? ' In a container, this address is the container itself.' : ''}`);
    }
    if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') throw new StageError('HOST_UNREACHABLE', `No network leads to ${nameOf(target)} (${code}).`, 'Check that the machine Maestro runs on may reach that network.');
    if (code === undefined || code === 'ETIMEDOUT') throw new StageError('CONNECT_TIMEOUT', `${nameOf(target)} did not answer in time.`, 'Check the address and port, and whether a firewall lies between.');
    throw new StageError('CONNECT_FAILED', `No connection to ${nameOf(target)} (${code}).`, 'Check the address and port in the base URL.');
  }
}

const notTrusted = new Set(['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'CERT_UNTRUSTED']);
const trustFix = 'Give api and worker its authority with NODE_EXTRA_CA_CERTS, or use a certificate of a public authority.';

function explainTls(target: Target, error: unknown): StageError {
  const code = systemCodeOf(error) ?? 'TLS_TIMEOUT';
  const at = nameOf(target);
  if (code === 'DEPTH_ZERO_SELF_SIGNED_CERT') return new StageError(code, `The certificate of ${at} is self-signed.`, trustFix);
  if (notTrusted.has(code)) return new StageError(code, `The certificate of ${at} comes from an authority that is not trusted here.`, trustFix);
  if (code === 'CERT_HAS_EXPIRED') return new StageError(code, `The certificate of ${at} has expired.`, 'Renew it at the server.');
  if (code === 'CERT_NOT_YET_VALID') return new StageError(code, `The certificate of ${at} is not valid yet.`, 'Check the clocks of both machines.');
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const { cert } = error as { cert?: { subjectaltname?: string } };
    const names = cert?.subjectaltname?.replaceAll(/(DNS|IP Address):/g, '').slice(0, 200);
    return new StageError(code, `The certificate of ${at} is for another host${names === undefined ? '' : `: ${names}`}.`, 'Write the host as the certificate names it.');
  }
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNKNOWN_PROTOCOL|HTTP_REQUEST/.test(code)) return new StageError('TLS_NOT_SPOKEN', `${at} does not speak TLS: it answers in plain text.`, 'Write http:// instead of https:// in the base URL.');
  if (code === 'TLS_TIMEOUT') return new StageError(code, `${at} takes connections but did not answer the TLS greeting in time.`, 'Check the port; a server that speaks plain HTTP wants http:// in the base URL.');
  return new StageError('TLS_FAILED', `TLS with ${at} failed (${code}).`, 'Check the port in the base URL: it has to be the one that speaks https.');
}

const shake = (socket: Socket, { host }: Target, signal: AbortSignal, rejectUnauthorized: boolean): Promise<TLSSocket> =>
  untilAborted(new Promise<TLSSocket>((resolve, reject) => {
    const secure = connectTls({ socket, host, rejectUnauthorized, ...(isIP(host) === 0 ? { servername: host } : {}) });
    secure.once('secureConnect', () => resolve(secure));
    secure.on('error', reject);
    secure.once('close', () => reject(new Error('closed', { cause: Object.assign(new Error('closed'), { code: 'CLOSED' }) })));
  }), signal);

/** Sets up TLS on an open connection and checks the certificate; returns what was agreed on. */
export async function secureConnection(socket: Socket, target: Target, signal: AbortSignal): Promise<string> {
  try {
    const secure = await shake(socket, target, signal, true);
    const { valid_to: validTo } = secure.getPeerCertificate();
    const detail = `${secure.getProtocol() ?? 'TLS'}, certificate valid until ${new Date(validTo).toISOString().slice(0, 10)}.`;
    secure.destroy();
    return detail;
  } catch (error) {
    throw explainTls(target, error);
  }
}

/** The way to a server of HTTP as stages. The connection stays open for those that come next, until `close`. */
export function stagesOfReach(target: Target): { steps: { address: StageStep; connect: StageStep; tls: StageStep }; close(): void } {
  let socket: Socket | undefined;
  return {
    steps: {
      address: (signal) => findAddress(target, signal),
      async connect(signal) {
        socket = await openConnection(target, signal);
        return `Port ${target.port} is open.`;
      },
      tls: async (signal) => (target.isHttps && socket !== undefined ? secureConnection(socket, target, signal) : new Skip('The address says http: nothing is encrypted on the way.')),
    },
    close: () => socket?.destroy(),
  };
}

/** Whether a port that was spoken to in plain HTTP speaks TLS. */
export async function speaksTls(target: Target, signal: AbortSignal): Promise<boolean> {
  const socket = await openConnection(target, signal).catch(() => undefined);
  if (socket === undefined) return false;
  try {
    (await shake(socket, target, signal, false)).destroy();
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
