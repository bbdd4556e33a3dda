import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createTransport } from 'nodemailer';
import { createSendEmailTool, sendEmailSettingsSchema } from '../../engine/tools/send-email/index.ts';
import { callContext } from '../../tests/support/tools.ts';
import { percentile } from '../figures.ts';

/** Speaks just enough SMTP to take a message, and at once: the servers of the tests greet after 100 ms, which would hide what is measured. */
function answerAsMailServer(socket: Socket): void {
  let isInMessage = false;
  let pending = '';
  socket.on('error', () => socket.destroy());
  socket.write('220 bench\r\n');
  socket.on('data', (chunk) => {
    pending += chunk.toString('latin1');
    for (let end = pending.indexOf('\r\n'); end !== -1; end = pending.indexOf('\r\n')) {
      const line = pending.slice(0, end);
      pending = pending.slice(end + 2);
      if (isInMessage && line !== '.') continue;
      const wasInMessage = isInMessage;
      isInMessage = line === 'DATA';
      socket.write(isInMessage ? '354 go ahead\r\n' : wasInMessage ? '250 taken\r\n' : line === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n');
    }
  });
}

/**
 * What does send_email add to a message of 2 kB of text, 4 kB of HTML and a file of 100 kB? Against nodemailer's own `sendMail` with the
 * same message to the same server, a connection each, one of each in turn. Milliseconds at the median.
 */
export async function measureEmail(): Promise<{ bareMs: number; guardedMs: number; messages: number }> {
  const warmUp = 20;
  const messages = 300;
  const server = createServer(answerAsMailServer);
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const smtpUrl = `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const from = 'Maestro <maestro@example.com>';
  const mail = { to: ['a@example.com', 'b@example.com'], subject: 'Tickets of today', text: 'There were 47.\n'.repeat(130), html: '<p>There were <b>47</b>.</p>\n'.repeat(140) };
  const bytes = Buffer.alloc(100_000, 'id;subject\n');
  const file = { id: crypto.randomUUID(), name: 'tickets.csv', mediaType: 'text/csv', bytes };
  const tool = createSendEmailTool({ smtpUrl, from, companyDomains: ['example.com'], settings: sendEmailSettingsSchema.parse({}) });
  const bare = async (): Promise<void> => {
    const transport = createTransport(smtpUrl);
    await transport.sendMail({ from, ...mail, attachments: [{ filename: file.name, contentType: file.mediaType, content: bytes }] });
    transport.close();
  };
  const guarded = async (): Promise<void> => {
    const args = tool.argumentsSchema.parse({ ...mail, attachments: [{ file: file.id }] });
    tool.facts(args);
    await tool.execute(args, callContext({ idempotencyKey: crypto.randomUUID(), readFile: () => Promise.resolve(file) }));
  };
  const timed = async (work: () => Promise<void>): Promise<number> => {
    const startedAt = performance.now();
    await work();
    return performance.now() - startedAt;
  };
  const times: { bare: number; guarded: number }[] = [];
  for (let round = 0; round < warmUp + messages; round += 1) {
    const pair = round % 2 === 0 ? { bare: await timed(bare), guarded: await timed(guarded) } : { guarded: await timed(guarded), bare: await timed(bare) };
    if (round >= warmUp) times.push(pair);
  }
  await new Promise((resolve) => { server.close(resolve); });
  return { bareMs: percentile(times.map((pair) => pair.bare), 50), guardedMs: percentile(times.map((pair) => pair.guarded), 50), messages };
}
