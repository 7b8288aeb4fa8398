import fc from 'fast-check';

/**
 * One seed for every run, so that what passes here passes in CI: a case that nobody drew before must not stop a commit that
 * has nothing to do with it. `PROPERTY_SEED=random` draws new ones, as `npm run fuzz` does of its own; `PROPERTY_SEED=<number>` repeats one.
 */
const asked = process.env['PROPERTY_SEED'];
const seed = asked === 'random' ? Date.now() % 2 ** 31 : Number(asked ?? 837);
if (!Number.isInteger(seed)) throw new Error(`PROPERTY_SEED is neither a whole number nor “random”: ${asked}`);
fc.configureGlobal({ seed });
if (asked !== undefined) console.info(`property tests: PROPERTY_SEED=${seed}`);
