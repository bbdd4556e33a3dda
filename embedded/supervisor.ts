/** What the supervisor needs to know of a running part. */
export interface RunningPart {
  exited: Promise<string>;
  isAlive(): boolean;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

export interface Part {
  name: string;
  start(): Promise<RunningPart>;
  /** Rejects when the part does not answer. It is asked every few seconds; a part that hangs is killed and started again. */
  probe?: (signal: AbortSignal) => Promise<unknown>;
}

/** Milliseconds. */
export interface SupervisorTimings {
  firstDelay: number;
  longestDelay: number;
  /** A part that lived this long starts again without delay. */
  healthyAfter: number;
  probeEvery: number;
  probeLimit: number;
}
const defaultTimings: SupervisorTimings = { firstDelay: 300, longestDelay: 15_000, healthyAfter: 60_000, probeEvery: 5_000, probeLimit: 10_000 };
/** So many unanswered probes in a row mean that it hangs; one may be a busy moment. */
const probesUntilHung = 2;

interface Watched {
  part: Part;
  running: RunningPart;
  startedAt: number;
  failures: number;
}

/**
 * Keeps parts running: one that ends or hangs is started again, ever later while it keeps failing, for as long as it takes. Stops them in the
 * reverse of the order in which they were added.
 */
export class Supervisor {
  readonly #watched: Watched[] = [];
  readonly #stopping = new AbortController();
  readonly #log: (line: string) => void;
  readonly #timings: SupervisorTimings;
  #stopped: Promise<void> | undefined;

  constructor(options: { log: (line: string) => void; timings?: Partial<SupervisorTimings> }) {
    this.#log = options.log;
    this.#timings = { ...defaultTimings, ...options.timings };
  }

  get isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** Starts a part and keeps it running from then on. Rejects when its first start fails: that is for a person to solve. */
  async add(part: Part): Promise<void> {
    const running = await part.start();
    const watched: Watched = { part, running, startedAt: Date.now(), failures: 0 };
    if (this.isStopping) return running.stop();
    this.#watched.push(watched);
    void this.#keepRunning(watched);
    if (part.probe !== undefined) void this.#keepProbing(watched, part.probe);
  }

  /** Ends a part in order; it is started again as after any end, without delay. */
  async restart(name: string): Promise<void> {
    const watched = this.#watched.find(({ part }) => part.name === name);
    if (watched === undefined || !watched.running.isAlive()) return;
    watched.startedAt = 0;
    await watched.running.stop();
  }

  /** Ends everything, the last part first. Safe to call twice. */
  stop(): Promise<void> {
    this.#stopping.abort();
    this.#stopped ??= (async () => {
      for (const { running } of this.#watched.toReversed()) await running.stop();
    })();
    return this.#stopped;
  }

  async #keepRunning(watched: Watched): Promise<void> {
    const { part } = watched;
    while (!this.isStopping) {
      const how = await watched.running.exited;
      const lived = Date.now() - watched.startedAt;
      if (lived > this.#timings.healthyAfter) watched.failures = 0;
      for (let isRunning = false; !isRunning; ) {
        const delay = watched.failures === 0 ? 0 : Math.min(this.#timings.firstDelay * 2 ** watched.failures, this.#timings.longestDelay);
        if (this.isStopping) return;
        if (watched.startedAt !== 0) this.#log(`${part.name} ended (${how}); starting it again${delay > 0 ? ` in ${(delay / 1000).toFixed(1)} s` : ''}`);
        watched.failures += 1;
        if (!(await this.#pause(delay))) return;
        try {
          watched.running = await part.start();
          watched.startedAt = Date.now();
          isRunning = true;
        } catch (error) {
          watched.startedAt = Date.now();
          this.#log(`${part.name} did not start: ${error instanceof Error ? error.message : String(error)}`);
        }
        // Started while everything was being stopped: nobody else knows of it.
        if (isRunning && this.isStopping) return watched.running.stop();
      }
    }
  }

  async #keepProbing(watched: Watched, probe: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    let unanswered = 0;
    while (await this.#pause(this.#timings.probeEvery)) {
      const { running } = watched;
      if (!running.isAlive()) continue;
      const limit = AbortSignal.timeout(this.#timings.probeLimit);
      const isAnswered = await Promise.race([
        probe(limit).then(() => true, () => false),
        new Promise<boolean>((resolve) => limit.addEventListener('abort', () => resolve(false), { once: true })),
      ]);
      unanswered = isAnswered || !running.isAlive() ? 0 : unanswered + 1;
      if (unanswered < probesUntilHung || this.isStopping) continue;
      unanswered = 0;
      this.#log(`${watched.part.name} does not answer; ending it`);
      await running.kill();
    }
  }

  /** False when everything is being stopped. */
  async #pause(delayMs: number): Promise<boolean> {
    const { signal } = this.#stopping;
    if (signal.aborted) return false;
    await new Promise<void>((resolve) => {
      const onAbort = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      }, delayMs);
      signal.addEventListener('abort', onAbort, { once: true });
    });
    return !signal.aborted;
  }
}
