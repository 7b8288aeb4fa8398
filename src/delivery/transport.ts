/** The frozen place of one drop: retries look here, whatever the configuration says by then (`03` §3.4 step 1). */
export interface DropTarget {
  readonly transport: 'directory';
  readonly host: string;
  readonly outboundDir: string;
  readonly stagingDir: string;
  /** Content of the marker file of this installation: another value or none means another volume. */
  readonly markerId: string;
  /** The folders lie on a network file system: that both names are absent counts only when seen twice, 120 s apart. */
  readonly networkFileSystem?: boolean;
}

/** A receiver's folders as they are configured; `inboundDir` is created for the peer and not part of a drop's target. */
export interface DropFolders {
  readonly transport: 'directory';
  readonly host: string;
  readonly outboundDir: string;
  readonly stagingDir: string;
  readonly inboundDir?: string;
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
  /**
   * Creates folders and markers for a new receiver, or verifies them. `knownMarkerId` is what the ledger remembers of
   * these folders: with it nothing is ever created, and a volume without or with another marker is refused
   * (`marker_missing`, `wrong_volume`), as are folders between which a rename does not work.
   */
  prepare(folders: DropFolders, knownMarkerId?: string | null): Promise<DropTarget>;
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
  /** Deletes temps of an attempt of the caller's own that was refused before it was recorded; absent ones are passed over. */
  discard(target: DropTarget, tempNames: readonly string[]): Promise<void>;
  /** Deletes temps of closed drops or of drops that have another temp recorded; `keep` holds every recorded name of a drop that is open or `transmit_unknown`. Younger ones may be under way. Returns how many. */
  clean(target: DropTarget, keep: ReadonlySet<string>, olderThanMs: number): Promise<number>;
  /** Names in the outbound folder, this installation's marker left out. */
  list(target: DropTarget): Promise<readonly string[]>;
}
