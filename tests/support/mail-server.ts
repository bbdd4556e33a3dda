import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A message as it came over the wire. */
export interface ReceivedMail {
  raw: Buffer;
  to: string[];
  from: string;
  user: string | undefined;
}

export interface MailServer {
  /** For SMTP_URL; `localhost` has a certificate's name where the server has one. */
  url: string;
  received: ReceivedMail[];
  /** Connections so far. */
  connections: number;
  close(): Promise<void>;
}

/**
 * A real SMTP server on loopback that keeps what it takes. It knows the password "right"; mailboxes `nobody@` do not exist, `later@` are closed
 * for now; a text with SPAM is refused for good, with FULL for now.
 */
export async function startMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const refuse = (message: string, responseCode: number): Error => Object.assign(new Error(message), { responseCode });
  const server = new SMTPServer({
    authOptional: true, disableReverseLookup: true, closeTimeout: 100,
    ...(options.key === undefined ? { disabledCommands: ['STARTTLS'] } : {}),
    onConnect(_session, done) {
      mail.connections += 1;
      done();
    },
    onAuth: (auth, _session, done) => (auth.password === 'right' ? done(null, { user: auth.username }) : done(refuse('Invalid username or password', 535))),
    onRcptTo: ({ address }, _session, done) => done(address.startsWith('nobody@') ? refuse('no such mailbox', 550) : address.startsWith('later@') ? refuse('greylisted', 451) : null),
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks);
        if (raw.includes('SPAM')) return done(refuse('looks like spam', 554));
        if (raw.includes('FULL')) return done(refuse('disk full', 452));
        mail.received.push({ raw, to: session.envelope.rcptTo.map(({ address }) => address), from: session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address, user: session.user as string | undefined });
        done();
      });
    },
    ...options,
  });
  const mail: MailServer = { url: '', received: [], connections: 0, close: () => new Promise((resolve) => { server.close(() => resolve()); }) };
  server.on('error', () => {}); // a client that leaves
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  mail.url = `${options.secure === true ? 'smtps' : 'smtp'}://${options.key === undefined ? '127.0.0.1' : 'localhost'}:${(server.server.address() as AddressInfo).port}`;
  return mail;
}
