import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { expect, test } from 'vitest';
import { tolerantCodec } from './tolerant-codec.ts';

const payload = (encoding: string, data?: string): Payload => ({ metadata: { encoding: Buffer.from(encoding) }, ...(data === undefined ? {} : { data: Buffer.from(data) }) });
const read = async (given: Payload): Promise<unknown> => defaultPayloadConverter.fromPayload((await tolerantCodec.decode([given]))[0] as Payload);

test.each([undefined, null, 'ana', 7, ['x'], { requestId: 'r', by: 'é\uD800' }, new Uint8Array([1, 2])])('%j is read as it was written', async (value) => {
  const [written] = await tolerantCodec.encode([defaultPayloadConverter.toPayload(value) as Payload]);
  expect(await read(written as Payload)).toEqual(value);
});

test.each([
  ['another encoding', payload('json/foo', '{}')], ['an encrypted one', payload('binary/encrypted', 'xx')], ['protobuf', payload('json/protobuf', '{}')], ['no JSON', payload('json/plain', '{bad')],
  ['no data', payload('json/plain')], ['bytes without data', payload('binary/plain')], ['no metadata', {}], ['no encoding', { metadata: {} }],
])('%s is read as nothing', async (_what, given) => {
  expect(await read(given)).toBeUndefined();
});
