import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** One reading of the ledger or the queue, taken at scrape time. Labels are ids and states, never patient data. */
export interface GaugeReading {
  readonly name: string;
  readonly help: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Metrics {
  /** `route` is the pattern, not the address; `seconds` is wall time from first byte to last. */
  observeRequest(input: { method: string; route: string; status: number; seconds: number }): void;
  /** Prometheus text: process and HTTP figures, plus the readings; null readings = they could not be read. */
  render(readings: readonly GaugeReading[] | null): Promise<string>;
  readonly contentType: string;
}

/** Process and HTTP metrics of one server, in a registry of its own so that tests and several servers do not collide. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'rollcall_' });
  const requests = new Counter({
    name: 'rollcall_http_requests_total',
    help: 'HTTP requests answered',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'rollcall_http_request_duration_seconds',
    help: 'Time to answer a request',
    labelNames: ['method', 'route'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return {
    contentType: registry.contentType,
    observeRequest: ({ method, route, status, seconds }) => {
      requests.inc({ method, route, status: String(status) });
      duration.observe({ method, route }, seconds);
    },
    render: async (readings) => {
      const scrape = new Registry();
      const up = new Gauge({
        name: 'rollcall_ledger_readable',
        help: '1 when ledger and queue could be read',
        registers: [scrape],
      });
      up.set(readings === null ? 0 : 1);
      for (const [name, group] of groupByName(readings ?? [])) {
        const labelNames = [...new Set(group.flatMap((reading) => Object.keys(reading.labels)))];
        const gauge = new Gauge({ name, help: group[0]?.help ?? name, labelNames, registers: [scrape] });
        for (const { labels, value } of group) gauge.set({ ...labels }, value);
      }
      return `${await registry.metrics()}\n${await scrape.metrics()}`;
    },
  };
}

function groupByName(readings: readonly GaugeReading[]): Map<string, GaugeReading[]> {
  const groups = new Map<string, GaugeReading[]>();
  for (const reading of readings) groups.set(reading.name, [...(groups.get(reading.name) ?? []), reading]);
  return groups;
}
