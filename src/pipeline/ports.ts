/** What the pipeline asks of the queue: alarms that carry a claim id and nothing else. The ledger is the truth, the queue a hint. */
export interface Alarm {
  readonly claimId: string;
  /** `<claimId>-<alarmNo>`: a ledger counter raised at every arming, so an id is never used twice. */
  readonly jobId: string;
  readonly delayMs: number;
  /** Set where the alarm stands for whatever is due in this lane at once (gap 0): of several, one is enough. */
  readonly lane?: string;
}

export interface AlarmQueue {
  /** Adds all alarms in one round trip where the backend can. Throws when the backend cannot be reached: the sweeper arms again. */
  arm(alarms: readonly Alarm[]): Promise<void>;
  /** Job counts by BullMQ state, for `/ops`, `/metrics` and `/readyz`. */
  counts(): Promise<Readonly<Record<'waiting' | 'delayed' | 'active' | 'failed' | 'completed', number>>>;
  /** True when somebody paused the queue outside the service. */
  isPaused(): Promise<boolean>;
  /** Resolves when the backend answers; rejects otherwise (readiness). */
  ping(): Promise<void>;
}

export interface AlarmWorkerOptions {
  readonly concurrency: number;
  /** Called at least once per alarm; stale and repeated calls must be harmless. A throw is retried by nobody: the sweeper re-arms. */
  readonly onAlarm: (claimId: string) => Promise<void>;
  readonly onError: (error: unknown) => void;
}
