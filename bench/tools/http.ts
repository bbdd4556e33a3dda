import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent } from 'undici';
import { createHttpRequestTool, httpRequestArgumentsSchema } from '../../engine/tools/http-request/index.ts';
import { callContext } from '../../tests/support/tools.ts';
import { percentile } from '../figures.ts';

/**
 * What does http_request add to a GET of 10 kB from a server on this machine? Against undici alone with a connection of its own for
 * each request, as the tool has; one of each in turn. Milliseconds at the median.
 */
export async function measureHttp(): Promise<{ bareMs: number; guardedMs: number; requests: number }> {
  const warmUp = 20;
  const requests = 300;
  const body = 'x'.repeat(10_000);
  const server = createServer((_request, response) => { response.setHeader('content-type', 'text/plain').end(body); });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const tool = createHttpRequestTool({ allow_private_hosts: [`127.0.0.1:${port}`], only_hosts: [], deny_hosts: [] });
  const bare = async (): Promise<void> => {
    const agent = new Agent({ pipelining: 0 });
    const response = await agent.request({ origin, path: '/', method: 'GET' });
    await response.body.text();
    await agent.destroy();
  };
  const guarded = async (): Promise<void> => {
    await tool.execute(httpRequestArgumentsSchema.parse({ url: `${origin}/` }), callContext());
  };
  const timed = async (work: () => Promise<void>): Promise<number> => {
    const startedAt = performance.now();
    await work();
    return performance.now() - startedAt;
  };
  const times: { bare: number; guarded: number }[] = [];
  for (let round = 0; round < warmUp + requests; round += 1) {
    const pair = round % 2 === 0 ? { bare: await timed(bare), guarded: await timed(guarded) } : { guarded: await timed(guarded), bare: await timed(bare) };
    if (round >= warmUp) times.push(pair);
  }
  server.closeAllConnections();
  await new Promise((resolve) => { server.close(resolve); });
  return { bareMs: percentile(times.map((pair) => pair.bare), 50), guardedMs: percentile(times.map((pair) => pair.guarded), 50), requests };
}
