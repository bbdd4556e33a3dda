import { AppError } from '../../contracts/errors.ts';
import type { SilenceWatch } from './silence-watch.ts';

/** An answer under way: events, or one document from a server that does not stream. */
export type OpenAnswer = { isStream: true; stream: AnswerStream } | { isStream: false; text: string };

export interface AnswerStream {
  /** For the client's own reader of server-sent events. */
  response: Response;
  /** The API's own mark of the end was the last that came. */
  sawEndMark(): boolean;
  /** The body ended in order, but within a line: something on the way cut it. */
  isCutWithinLine(): boolean;
}

/** Far above any real answer or event: bounds what a hostile server can make us keep. */
const maxWholeBytes = 32_000_000;
const maxEventBytes = 16_000_000;
const tailBytes = 64;
/** After its end mark a stream is read to its last byte, so that the connection can be used again; but not for longer than this. */
const maxDrainMs = 1_000;

interface OpenOptions {
  watch: SilenceWatch;
  /** Matches the last {@link tailBytes} bytes of a stream that said it is whole. */
  endMark: RegExp;
}

const lastLineEnd = new TextEncoder().encode('\n\n');

type Reader = ReadableStreamDefaultReader<Uint8Array>;

const tooLong = (what: string, bytes: number): AppError => new AppError('LLM_RESPONSE_INVALID', `The server sent ${what} of more than ${bytes / 1_000_000} MB.`);

/**
 * What the body is, by its first bytes, since servers forget the content type or send the wrong one: `data:` and the like begin a
 * stream, as do a comment and whatever calls itself one; a bracket never does.
 */
const looksLikeStream = (head: string, contentType: string): boolean =>
  /^(?:data|event|id|retry)?:/.test(head) || (contentType.includes('event-stream') && !/^[[{<"]/.test(head));

async function readAll(head: Uint8Array[], reader: Reader, watch: SilenceWatch): Promise<string> {
  const chunks = head;
  let size = head.reduce((sum, chunk) => sum + chunk.length, 0);
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return Buffer.concat(chunks).toString('utf8');
    watch.heard();
    size += value.length;
    if (size > maxWholeBytes) {
      void reader.cancel().catch(() => undefined);
      throw tooLong('an answer', maxWholeBytes);
    }
    chunks.push(value);
  }
}

/** Reads on in the background without keeping anything. */
async function drain(reader: Reader): Promise<void> {
  const timer = setTimeout(() => void reader.cancel().catch(() => undefined), maxDrainMs);
  try {
    while (!(await reader.read()).done);
  } catch {
    // The answer is whole already.
  } finally {
    clearTimeout(timer);
  }
}

/** Passes bytes on and notices what the client's reader does not say: silence, endless events, and how the stream ended. */
function tap(head: Uint8Array[], reader: Reader, response: Response, { watch, endMark }: OpenOptions): AnswerStream {
  let tail = Buffer.alloc(0);
  let eventBytes = 0;
  let hasEnded = false;
  const sawEndMark = (): boolean => endMark.test(tail.toString('utf8'));
  const pass = (controller: ReadableStreamDefaultController<Uint8Array>, chunk: Uint8Array): void => {
    if (chunk.length === 0) return;
    const newline = chunk.lastIndexOf(10);
    eventBytes = newline === -1 ? eventBytes + chunk.length : chunk.length - newline;
    if (eventBytes > maxEventBytes) throw tooLong('an event', maxEventBytes);
    tail = chunk.length >= tailBytes ? Buffer.from(chunk.subarray(-tailBytes)) : Buffer.concat([tail, chunk]).subarray(-tailBytes);
    controller.enqueue(chunk);
  };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of head) pass(controller, chunk);
    },
    async pull(controller) {
      const { value, done } = await reader.read();
      if (done) {
        hasEnded = true;
        // The clients' readers wait for the empty line that ends an event, which some servers leave out after the last.
        controller.enqueue(lastLineEnd);
        controller.close();
        return;
      }
      watch.heard();
      try {
        pass(controller, value);
      } catch (error) {
        void reader.cancel().catch(() => undefined);
        throw error;
      }
    },
    cancel: () => void (sawEndMark() ? drain(reader) : reader.cancel().catch(() => undefined)),
  });
  return {
    response: new Response(body, { status: response.status, headers: response.headers }),
    sawEndMark,
    isCutWithinLine: () => hasEnded && tail.length > 0 && tail.at(-1) !== 10 && tail.at(-1) !== 13,
  };
}

/** Looks at the first bytes of a successful answer and hands it on as what it is. Throws LLM_RESPONSE_INVALID when it is endless. */
export async function openAnswer(response: Response, options: OpenOptions): Promise<OpenAnswer> {
  const { watch } = options;
  if (response.body === null) return { isStream: false, text: '' };
  const reader = response.body.getReader() as Reader;
  const head: Uint8Array[] = [];
  let text = '';
  while (text.length < 6) {
    const { value, done } = await reader.read();
    if (done) break;
    watch.heard();
    head.push(value);
    text = Buffer.concat(head).toString('utf8').replace(/^[\uFEFF\s]+/, '');
    if (head.length > 1_000 && text === '') break;
  }
  return looksLikeStream(text, response.headers.get('content-type') ?? '')
    ? { isStream: true, stream: tap(head, reader, response, options) }
    : { isStream: false, text: await readAll(head, reader, watch) };
}
