import { compose } from '../../src/compose.ts';
import { loadConfig } from '../../src/config.ts';
import { compileQuickly } from '../../src/ledger/quick-start.ts';
import { CONNECT_MS, PATIENT, UNHURRIED } from './app.ts';

/**
 * The whole service in a process of its own that kills itself, as `kill -9` would, at a named step. The parent arms the
 * step by a message, so that recovering from the previous crash passes the same step unharmed; or from the start on.
 */
let armed: string | null = process.env['ROLLCALL_TEST_KILL'] ?? null;

const step = (name: string): void => {
  if (name === armed) process.kill(process.pid, 'SIGKILL');
};

process.on('message', (message: { kill: string }) => {
  armed = message.kill;
  process.send?.({ armed });
});

compileQuickly();
const app = await compose(loadConfig(process.env), {
  step,
  deliveryStep: step,
  settings: { leaseMs: 1_500, ledgerWatch: PATIENT },
  limits: UNHURRIED,
  ledger: { connectTimeoutMs: CONNECT_MS },
  seedAnyLedger: true,
  ...(process.env['ROLLCALL_TEST_SEED'] === undefined ? {} : { seed: JSON.parse(process.env['ROLLCALL_TEST_SEED']) as unknown }),
});
await app.start();
process.send?.({ url: app.url() });
process.on('SIGTERM', () => {
  app.stop().then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
