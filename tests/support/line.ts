import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP line that can be cut: what goes through it is a real connection until then, and none afterwards. */
export interface Line {
  /** The address of the line that leads to `url`'s server. */
  to(url: string): string;
  /** Breaks every connection and refuses new ones. */
  cut(): Promise<void>;
  restore(): Promise<void>;
}

export async function openLine(): Promise<Line> {
  const sockets = new Set<Socket>();
  let target = { host: '', port: 0 };
  const server: Server = createServer((near) => {
    const far = connect(target.port, target.host);
    for (const [from, to] of [[near, far], [far, near]] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  const listen = (port: number): Promise<void> => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    to(url) {
      const address = new URL(url);
      target = { host: address.hostname, port: Number(address.port) };
      address.host = `127.0.0.1:${port}`;
      return address.href;
    },
    cut: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
    restore: () => listen(port),
  };
}
