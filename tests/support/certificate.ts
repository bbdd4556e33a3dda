import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { isIP } from 'node:net';

// A certificate made where it is needed: nothing secret is kept in the repository, and nothing expires there.

const tlv = (tag: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? [body.length] : body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
};
const sequence = (...parts: Buffer[]): Buffer => tlv(0x30, ...parts);
const oid = (hex: string): Buffer => tlv(0x06, Buffer.from(hex, 'hex'));
const time = (date: Date): Buffer => tlv(0x18, Buffer.from(`${date.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`));

const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
const commonName = oid('550403');
const subjectAltName = oid('551d11');
const basicConstraints = oid('551d13');

const toName = (host: string): Buffer =>
  isIP(host) === 4 ? tlv(0x87, Buffer.from(host.split('.').map(Number))) : tlv(0x82, Buffer.from(host));

/** A self-signed certificate with its key, as PEM. @see https://www.rfc-editor.org/rfc/rfc5280 */
export function createCertificate({ hosts, validFrom = new Date(Date.now() - 3_600_000), validUntil = new Date(Date.now() + 3_600_000) }: { hosts: string[]; validFrom?: Date; validUntil?: Date }): { cert: string; key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const name = sequence(tlv(0x31, sequence(commonName, tlv(0x0c, Buffer.from(hosts[0] ?? 'test')))));
  const extensions = tlv(0xa3, sequence(
    sequence(subjectAltName, tlv(0x04, sequence(...hosts.map(toName)))),
    sequence(basicConstraints, tlv(0x04, sequence(tlv(0x01, Buffer.from([0xff]))))),
  ));
  const serial = tlv(0x02, Buffer.from([1]), createHash('sha256').update(spki).digest().subarray(0, 8));
  const body = sequence(tlv(0xa0, tlv(0x02, Buffer.from([2]))), serial, ecdsaWithSha256, name, sequence(time(validFrom), time(validUntil)), name, spki, extensions);
  const signature = tlv(0x03, Buffer.from([0]), sign('sha256', body, privateKey));
  const pem = sequence(body, ecdsaWithSha256, signature).toString('base64').replaceAll(/(.{64})/g, '$1\n');
  return { cert: `-----BEGIN CERTIFICATE-----\n${pem}\n-----END CERTIFICATE-----\n`, key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string };
}
