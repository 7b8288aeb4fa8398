import { readdir } from 'node:fs/promises';
import { type Clearinghouse, clearinghouse as clearinghouseSchema } from '../../schemas/clearinghouse.ts';
import { systemCode } from '../delivery/errors.ts';
import { readMarker } from '../delivery/marker.ts';
import { allConfigs } from '../ledger/config-store.ts';
import { allLanes } from '../ledger/lanes.ts';
import { readSetting } from '../ledger/settings.ts';
import type { PipelineDeps } from './deps.ts';
import { recoveryStatus } from './recovery.ts';
import { foldersOf, markerSetting } from './targets.ts';

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

type Deps = Pick<PipelineDeps, 'ledger' | 'settings'>;

/** More than this between ledger and machine, and times in logs and files are not to be trusted. */
const MAX_DRIFT_MS = 5_000;

/** What only the owner of the ledger can tell; the CLI adds settings, disk and queue. Changes nothing. */
export async function doctor(deps: Deps, pendingMigrations: () => Promise<readonly string[]>): Promise<{ checks: Check[] }> {
  const asked = Date.now();
  const now = (await deps.ledger.now()).getTime();
  // A ledger that was slow to answer is not wrong: its time has to lie between question and answer.
  const drift = Math.max(asked - now, now - Date.now(), 0);
  const pending = await pendingMigrations();
  const recovery = await recoveryStatus(deps);
  const checks: Check[] = [
    { name: 'ledger', ok: true, detail: deps.ledger.kind },
    { name: 'clock', ok: drift < MAX_DRIFT_MS, detail: `ledger and this machine differ by ${drift} ms` },
    {
      name: 'migrations',
      ok: pending.length === 0,
      detail: pending.length === 0 ? 'up to date' : `pending: ${pending.join(', ')}`,
    },
    {
      name: 'recovery',
      ok: !recovery.active,
      detail: recovery.active ? `in recovery mode: ${recovery.reason}` : 'not in recovery mode',
    },
  ];
  for (const lane of await allLanes(deps.ledger.db)) {
    if (lane.stopped_at !== null) checks.push({ name: `lane ${lane.id}`, ok: false, detail: `stopped: ${lane.stop_reason}` });
  }
  for (const row of await allConfigs(deps.ledger.db, 'clearinghouse')) {
    const check = await folderCheck(deps, row.id, clearinghouseSchema.parse(row.body));
    if (check !== null) checks.push(check);
  }
  return { checks };
}

/** The drop and staging folders of a receiver are there and are those that the ledger has used before. */
async function folderCheck(deps: Deps, id: string, body: Clearinghouse): Promise<Check | null> {
  const folders = foldersOf(deps.settings.dataDir, id, body);
  if (folders === null) return null;
  const { outboundDir, stagingDir } = folders;
  const about = (ok: boolean, found: string): Check => ({ name: `drop folder of ${id}`, ok, detail: `${outboundDir}: ${found}` });
  const known = await readSetting(deps.ledger.db, markerSetting(outboundDir));
  try {
    await readdir(outboundDir);
    if (known === null) return about(true, 'not used yet');
    const [outbound, staging] = [await readMarker(outboundDir), await readMarker(stagingDir)];
    if (outbound === known && staging === known) return about(true, 'readable, marker ours');
    const which = outbound === known ? `the staging folder ${stagingDir}` : 'it';
    return about(false, `${which} has ${(outbound === known ? staging : outbound) === null ? 'no marker' : 'another marker'}`);
  } catch (error) {
    const code = systemCode(error);
    if (code === null) throw error;
    if (code === 'ENOENT' && known === null) return about(true, 'not made yet: it is at the first drop');
    return about(false, `cannot be read (${code})`);
  }
}
