import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Clearinghouse } from '../../schemas/clearinghouse.ts';
import type { DropTarget } from '../delivery/transport.ts';
import { readSetting, settleSetting } from '../ledger/settings.ts';
import type { PipelineDeps } from './deps.ts';

/** Where a directory transport's folders lie: `DATA_DIR/drop/<id>` unless the configuration names others. */
export function foldersOf(
  dataDir: string,
  id: string,
  c: Clearinghouse,
): { outboundDir: string; inboundDir: string; stagingDir: string } | null {
  if (c.transport.type !== 'directory') return null;
  const { outboundDir, inboundDir, stagingDir } = c.transport;
  const outbound = outboundDir ?? join(dataDir, 'drop', id, 'outbound');
  return {
    outboundDir: outbound,
    inboundDir: inboundDir ?? join(dataDir, 'drop', id, 'inbound'),
    // Beside the peer's own root, never inside it: the peer's chroot is the parent of its outbound folder.
    stagingDir:
      stagingDir ??
      (outboundDir === null
        ? join(dataDir, 'staging', id)
        : join(dirname(dirname(outbound)), `.staging-${basename(dirname(outbound))}`)),
  };
}

const prepared = new WeakMap<PipelineDeps['transport'], Map<string, Promise<DropTarget>>>();

/** The receiver's place, checked and marked once per process and configuration; a failure is tried again at the next call. */
export function targetOf(deps: PipelineDeps, id: string, c: Clearinghouse): Promise<DropTarget> {
  const folders = foldersOf(deps.settings.dataDir, id, c);
  if (folders === null) throw new Error('this transport is not served by this program');
  const known = prepared.get(deps.transport) ?? new Map<string, Promise<DropTarget>>();
  prepared.set(deps.transport, known);
  const key = JSON.stringify(folders);
  let target = known.get(key);
  if (target === undefined) {
    target = prepareTarget(deps, folders);
    known.set(key, target);
    target.catch(() => known.delete(key));
  }
  return target;
}

/** Where the ledger remembers the marker of a drop folder. */
export function markerSetting(outboundDir: string): string {
  return `marker ${outboundDir}`;
}

/** The ledger remembers the marker of a place it has used: a fresh volume under the same path is refused, not marked anew. */
async function prepareTarget(
  deps: PipelineDeps,
  folders: { outboundDir: string; inboundDir: string; stagingDir: string },
): Promise<DropTarget> {
  const memory = markerSetting(folders.outboundDir);
  const knownMarkerId = await readSetting(deps.ledger.db, memory);
  const target = await deps.transport.prepare({ transport: 'directory', host: hostname(), ...folders }, knownMarkerId);
  if (knownMarkerId === null) await settleSetting(deps.ledger.db, memory, target.markerId);
  return target;
}
