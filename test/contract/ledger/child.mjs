// A process to be killed: node child.mjs <what> <data directory>. Speaks in lines on stdout; runs the compiled program.
import { setTimeout as sleep } from 'node:timers/promises';
import { openControl } from '../../../dist/src/ledger/control-channel.js';
import { openLedger } from '../../../dist/src/ledger/database.js';
import { migrate } from '../../../dist/src/ledger/migrate.js';
import { withTakeoverMutex } from '../../../dist/src/ledger/takeover-mutex.js';

const [what, dataDir] = process.argv.slice(2);
const say = (line) => process.stdout.write(`${line}\n`);
const forever = () => new Promise((resolve) => setInterval(resolve, 3_600_000, null).ref()).then(forever);

const roles = {
  /** Owns the directory and commits rows without end; says each one after its commit was acknowledged. */
  async write() {
    const control = await openControl({ dataDir, handle: async (command, args) => ({ command, args, pid: process.pid }) });
    const ledger = await openLedger({ dataDir });
    await migrate(ledger, '0.1.0');
    say(`ready ${control.path}`);
    for (let i = 0; ; i++) {
      await ledger.transaction(async (tx) => {
        await tx
          .insertInto('setting')
          .values({ key: `row-${i}-a`, value: 'x'.repeat(500) })
          .execute();
        await tx
          .insertInto('setting')
          .values({ key: `row-${i}-b`, value: 'x'.repeat(500) })
          .execute();
      });
      say(`row ${i}`);
      if (i % 50 === 0) await sleep(1);
    }
  },
  /** Tries to own the directory; says how that went and stays until it is killed. */
  async take() {
    try {
      await openControl({ dataDir, handle: async () => process.pid });
      say('won');
    } catch (error) {
      say(`refused ${error.code} ${error.message}`);
      return;
    }
    await forever();
  },
  /** Stops for good in the middle of a takeover. */
  async stuck() {
    await withTakeoverMutex(dataDir, async () => {
      say('inside');
      await forever();
    });
  },
};

await roles[what]();
