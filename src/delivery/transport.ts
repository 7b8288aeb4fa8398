/** The frozen place of one drop: retries look here, whatever the configuration says by then (`03` §3.4 step 1). */
export interface DropTarget {
  readonly transport: 'directory';
  readonly host: string;
  readonly outboundDir: string;
  readonly stagingDir: string;
  /** Content of the marker file of this installation: another value or none means another volume. */
  readonly markerId: string;
}

export interface DropFile {
  readonly dropId: string;
  /** Fencing token, raised before every attempt; part of the temporary name, so that no name serves two attempts. */
  readonly token: number;
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly size: number;
  readonly sha256: string;
}

/** What lies at a place, read and never assumed. */
export type Look =
  | { readonly kind: 'absent' }
  | { readonly kind: 'match' }
  | { readonly kind: 'different' }
  | { readonly kind: 'unreadable'; readonly code: string };

export interface JournalEntry {
  readonly senderId: string;
  readonly receiverId: string;
  readonly interchangeControlNumber: string;
  readonly transactionSetControlNumbers: readonly string[];
  readonly claimIds: readonly string[];
  readonly dropId: string;
  readonly fileName: string;
  readonly sha256: string;
  readonly at: string;
}

/**
 * One receiver's door. Every method throws `DeliveryError` (with an error class) and nothing else on I/O trouble.
 * The caller owns the order stage → record → journal → rename → record; a transport only moves bytes and looks.
 */
export interface Transport {
  readonly kind: 'directory';
  /** Creates folders and markers for a new receiver, or verifies them; throws `marker_missing` for a foreign volume. */
  prepare(target: Omit<DropTarget, 'markerId'>): Promise<DropTarget>;
  /** Throws unless both folders carry this target's marker. */
  verifyMarker(target: DropTarget): Promise<void>;
  /** Writes and fsyncs each file under its own temporary name and the folder once; verifies sizes and hashes. Returns temp names in order. */
  stage(target: DropTarget, files: readonly DropFile[]): Promise<readonly string[]>;
  lookAtTemp(target: DropTarget, tempName: string, file: Pick<DropFile, 'size' | 'sha256'>): Promise<Look>;
  lookAtFinal(target: DropTarget, file: Pick<DropFile, 'fileName' | 'size' | 'sha256'>): Promise<Look>;
  /** Renames temps to final names (never over an existing file) and fsyncs the outbound folder once. Per file: `renamed`, or `look` when ENOENT/EEXIST says that somebody must look again. */
  rename(
    target: DropTarget,
    files: readonly { readonly tempName: string; readonly fileName: string }[],
  ): Promise<readonly ('renamed' | 'look')[]>;
  /** Deletes temps of closed drops or of drops that have another temp recorded; `keep` holds every recorded name still open. */
  clean(target: DropTarget, keep: ReadonlySet<string>, olderThanMs: number): Promise<number>;
  /** Names in the outbound folder, this installation's marker left out. */
  list(target: DropTarget): Promise<readonly string[]>;
}
