import { describe, expect, it } from 'vitest';
import { allowed, createLog, describeError, type LogLevel } from '../../../src/ops/log.ts';
import { StartRefused } from '../../../src/ops/refusal.ts';

const CANARY = 'Zyxwvut';

function capture(level: LogLevel = 'trace', bindings: Record<string, unknown> = {}) {
  const lines: string[] = [];
  const log = createLog({ level, destination: { write: (line: string) => void lines.push(line) }, bindings });
  return { log, lines, last: () => JSON.parse(lines.at(-1)!) as Record<string, unknown> };
}

class PgError extends Error {
  code = '23505';
  constraint = 'claim_lineage';
  detail = `Key (last_name)=(${CANARY}) already exists.`;
  where = `SQL statement with ${CANARY}`;
}

describe('log', () => {
  it('passes ids, states, counts and durations', () => {
    const { log, last } = capture();
    log.info({ claimId: 'clm_1', state: 'released', count: 3, durationMs: 1.5, claimIds: ['clm_1', 'clm_2'] }, 'released');
    expect(last()).toMatchObject({
      level: 'info',
      msg: 'released',
      claimId: 'clm_1',
      state: 'released',
      count: 3,
      durationMs: 1.5,
      claimIds: ['clm_1', 'clm_2'],
    });
    expect(last()['time']).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('drops every other field and says only its name', () => {
    const { log, lines, last } = capture();
    log.info(
      { claimId: 'clm_1', patient: { lastName: CANARY }, memberId: CANARY, body: CANARY, req: { url: `/?q=${CANARY}` } },
      'x',
    );
    expect(lines.join('')).not.toContain(CANARY);
    expect(last()['dropped']).toEqual(['patient', 'memberId', 'body', 'req']);
  });

  it('refuses sentences and objects as the value of an allowed field', () => {
    const { log, lines, last } = capture();
    log.warn(
      { state: `${CANARY} Sarah`, claimId: { lastName: CANARY }, claimIds: [{ lastName: CANARY }], code: `a\n${CANARY}` },
      'x',
    );
    expect(lines.join('')).not.toContain(CANARY);
    expect(last()).toMatchObject({ state: '[refused]', claimId: '[refused]', claimIds: ['[refused]'], code: '[refused]' });
  });

  it('filters what a child is bound to', () => {
    const { log, lines, last } = capture('info', { role: 'worker' });
    log.child({ reqId: 'r-1', patient: CANARY }).child({ laneId: 'l-1' }).info('in hand');
    expect(last()).toMatchObject({ role: 'worker', reqId: 'r-1', laneId: 'l-1', msg: 'in hand' });
    expect(lines.join('')).not.toContain(CANARY);
  });

  it('reduces an error to class, code, constraint and places', () => {
    const { log, lines, last } = capture();
    const error = new PgError(`duplicate: ${CANARY}`, {
      cause: new TypeError(`inner ${CANARY}\n    at ${CANARY} (file:///x/${CANARY}.ts:1:2)`),
    });
    log.error({ err: error, claimId: 'clm_1' }, 'release failed');
    expect(lines.join('')).not.toContain(CANARY);
    const written = last()['error'] as Record<string, unknown>;
    expect(written).toMatchObject({
      errorClass: 'PgError',
      code: '23505',
      constraint: 'claim_lineage',
      cause: { errorClass: 'TypeError' },
    });
    expect((written['frames'] as string[])[0]).toContain('log.test.ts');
  });

  it('never takes an error message as the message of the line', () => {
    const { log, lines, last } = capture();
    const error = new PgError(CANARY);
    log.error(error);
    expect(last()['msg']).toBe('PgError');
    log.error({ err: error }, error.message);
    log.error({ err: error }, `failed: ${error.message}`);
    log.error(error, CANARY);
    expect(lines.join('')).not.toContain(CANARY);
  });

  it('ignores format arguments, so that no value slips in behind the message', () => {
    const { log, lines } = capture();
    log.info('name is %s', CANARY);
    log.info({ claimId: 'clm_1' }, 'name is %s', CANARY);
    expect(lines).toHaveLength(2);
    expect(lines.join('')).not.toContain(CANARY);
  });

  it('shows the message of a refusal that was written for operators', () => {
    expect(describeError(new StartRefused('data_dir_in_use', 'in use by pid 7'))).toMatchObject({
      code: 'data_dir_in_use',
      message: 'in use by pid 7',
    });
    expect(describeError('text')).toEqual({ errorClass: 'string' });
  });

  it('keeps counters by name and numbers only', () => {
    expect(allowed({ counts: { waiting: 3, [`${CANARY} x`]: 1, note: CANARY } })).toEqual({ counts: { waiting: 3 } });
  });

  it('obeys the level, also when it is changed', () => {
    const { log, lines } = capture('warn');
    log.info('quiet');
    expect(lines).toHaveLength(0);
    log.level = 'debug';
    log.debug('loud');
    expect(lines).toHaveLength(1);
    expect(log.level).toBe('debug');
  });
});
