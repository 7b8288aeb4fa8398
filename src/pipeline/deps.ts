import type { Clearinghouse } from '../../schemas/clearinghouse.ts';
import type { Payer } from '../../schemas/payer.ts';
import type { Practice } from '../../schemas/practice.ts';
import type { Journal } from '../delivery/journal.ts';
import type { Transport } from '../delivery/transport.ts';
import type { Ledger } from '../ledger/database.ts';
import type { Keyring } from '../ops/keyring.ts';
import type { Log } from '../ops/log.ts';
import type { CodeSetReader } from './code-tables.ts';
import type { LedgerWatchLimits } from './ledger-watch.ts';
import type { AlarmQueue } from './ports.ts';

/** Seals and keys what is the patient's. Synchronous once a practice's key is warm, because it stands on the hot path. */
export type Vault = Keyring;

export interface Configured<T> {
  readonly version: number;
  readonly body: T;
}

export interface ConfigReader {
  practice(id: string): Promise<Configured<Practice> | null>;
  payer(id: string): Promise<Configured<Payer> | null>;
  clearinghouse(id: string): Promise<Configured<Clearinghouse> | null>;
  practiceAt(id: string, version: number): Promise<Practice>;
  /** The same, if it has been read before: usable inside a transaction. */
  knownPracticeAt(id: string, version: number): Practice | null;
  /** Forgets what it remembers (a PUT in this process; other processes notice within two seconds). */
  forget(): void;
}

/** Named moments between irrevocable steps; crash tests kill the process there. */
export type StepName =
  | 'accept:before_commit'
  | 'accept:committed'
  | 'accept:armed'
  | 'release:before_commit'
  | 'release:committed'
  | 'amend:before_commit'
  | 'amend:committed'
  | 'amend:armed'
  | 'pending:before_commit'
  | 'pending:committed'
  | 'act:before_commit'
  | 'act:committed'
  | 'deliver:leased'
  | 'deliver:staged_file'
  | 'deliver:staged_recorded'
  | 'deliver:journalled'
  | 'deliver:renamed'
  | 'deliver:recorded';

export interface PipelineDeps {
  readonly ledger: Ledger;
  readonly vault: Vault;
  readonly configs: ConfigReader;
  /** ICD-10-CM and the other lists in force. */
  readonly codeSets: CodeSetReader;
  /** The ledger's clock, epoch ms, at most a second from the last look (`ledger-clock.ts`). */
  readonly clock: () => Promise<number>;
  readonly queue: AlarmQueue;
  readonly transport: Transport;
  readonly journal: Journal;
  readonly log: Log;
  readonly settings: {
    readonly dataDir: string;
    /** A claim gets its BullMQ job when it is due within this many milliseconds. */
    readonly alarmHorizonMs: number;
    readonly sweepMs: number;
    /** A delivery attempt that has not ended within this time belongs to nobody any more. */
    readonly leaseMs: number;
    /** When an intake is refused because the ledger is silent (`ledger-watch.ts`). */
    readonly ledgerWatch: LedgerWatchLimits;
  };
  /** Process randomness, injectable: `size` bytes. */
  readonly randomBytes: (size: number) => Uint8Array;
  readonly newId: (prefix: 'gs' | 'att' | 'clm' | 'drp' | 'ovr') => string;
  /** Makes the run that this process has in hand for a lane look at it again before it ends; false when there is none. */
  readonly wakeLane?: (laneId: string) => boolean;
  readonly step?: (name: StepName) => Promise<void> | void;
}
