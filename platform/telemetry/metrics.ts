import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What the api tells its metrics about one answered request. */
export interface HttpMetrics {
  observeRequest(request: { endpoint: string; method: string; status: number; durationMs: number }): void;
}

export interface Metrics extends HttpMetrics {
  /** Clients of the event stream of this process. */
  setEventClients(count: number): void;
  countEvents(count: number): void;
  /** Figures read at each scrape: rows of one gauge with its labels. */
  addGauge(name: string, help: string, labelNames: string[], read: () => Promise<{ labels: Record<string, string>; value: number }[]>): void;
  /** Prometheus' text form and its content type. */
  render(): Promise<{ contentType: string; body: string }>;
}

/**
 * A registry of its own, so that two apps in one process do not share counters.
 * @param options.withProcessMetrics memory, CPU and event loop of the process; once per process, default false.
 */
export function createMetrics(options: { withProcessMetrics?: boolean } = {}): Metrics {
  const registry = new Registry();
  if (options.withProcessMetrics === true) collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'maestro_http_request_duration_seconds',
    help: 'Time from a request to the end of its answer',
    labelNames: ['endpoint', 'method', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const eventClients = new Gauge({ name: 'maestro_event_stream_clients', help: 'Open event streams of this process', registers: [registry] });
  const events = new Counter({ name: 'maestro_event_stream_events_total', help: 'Events read from the log for streams', registers: [registry] });
  return {
    observeRequest: ({ endpoint, method, status, durationMs }) => requests.observe({ endpoint, method, status: String(status) }, durationMs / 1000),
    setEventClients: (count) => eventClients.set(count),
    countEvents: (count) => events.inc(count),
    addGauge(name, help, labelNames, read) {
      const gauge = new Gauge({
        name,
        help,
        labelNames,
        registers: [registry],
        async collect() {
          // A database that is down takes its own figures away, not the whole page.
          const rows = await read().catch(() => []);
          gauge.reset();
          for (const { labels, value } of rows) gauge.set(labels, value);
        },
      });
    },
    render: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}
