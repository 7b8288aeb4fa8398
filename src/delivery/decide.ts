import type { Look } from './transport.ts';

/** What a look at the places of one drop showed, before anything is tried again (`03` §3.4). */
export interface Evidence {
  /** A temporary name is recorded in the ledger. */
  readonly staged: boolean;
  readonly tempLook: Look;
  readonly finalLook: Look;
  /** The marker of the private staging folder was read right before and right after the looks. */
  readonly markerBefore: boolean;
  readonly markerAfter: boolean;
  readonly transport: 'directory' | 'sftp';
  /** `directory` on NFS or SMB: caches may show a file as absent, so that absence must be seen twice, 120 s apart. */
  readonly networkFileSystem?: boolean;
  /** These looks are the second, at least 120 s after the first. */
  readonly lookedAgain?: boolean;
  /** `sftp`: a rename was sent whose answer is unknown, to a server without posix-rename (it links, then unlinks). */
  readonly plainRenameSent?: boolean;
}

export type Decision =
  | 'stage'
  | 'rename'
  | 'record_transmitted'
  | 'record_taken'
  | 'look_again'
  | { readonly unknown: 'damaged' | 'vanished' | 'cut' };

/**
 * The look-first table: the recorded temp is judged before the final name, since its absence means that the rename
 * happened. Pure and total; `look_again` comes only with `networkFileSystem`.
 */
export function decide(evidence: Evidence): Decision {
  const { tempLook, finalLook } = evidence;
  if (!evidence.staged) return 'stage';
  if (tempLook.kind === 'match') return evidence.plainRenameSent === true ? { unknown: 'cut' } : 'rename';
  if (tempLook.kind !== 'absent') return { unknown: 'damaged' };
  if (finalLook.kind === 'match') return 'record_transmitted';
  if (finalLook.kind !== 'absent') return { unknown: 'damaged' };
  if (evidence.transport !== 'directory' || !evidence.markerBefore || !evidence.markerAfter) return { unknown: 'vanished' };
  if (evidence.networkFileSystem === true && evidence.lookedAgain !== true) return 'look_again';
  return 'record_taken';
}
