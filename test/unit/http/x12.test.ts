import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { validationAnswer } from '../../../schemas/validation.ts';
import { fakeKeys } from '../../support/fake-service.ts';
import { bearer, type HttpHarness, startHttp } from '../../support/http-harness.ts';
import { BODY, fileOf, replaced } from '../x12/validate/file.ts';

let http: HttpHarness;
beforeAll(async () => {
  http = await startHttp();
});
afterAll(() => http.app.close());

const ask = (
  payload: string | Buffer,
  { url = '/v1/x12/validate?snip=1,2', type = 'text/plain', key = fakeKeys.reader as string } = {},
) => http.app.inject({ method: 'POST', url, payload, headers: { ...bearer(key), 'content-type': type } });

const GOOD = fileOf(BODY);
const BAD = fileOf(replaced('NM1*QC', ['NM1*QC*1*LINDQVIST*NILS*****MI*X']));

describe('POST /v1/x12/validate', () => {
  it('answers with findings as the contract says, both for good and for bad files', async () => {
    const good = await ask(GOOD);
    expect(good.statusCode).toBe(200);
    expect(good.json()).toEqual({
      valid: true,
      summary: { interchanges: 1, groups: 1, sets: 1, claims: 1, segments: BODY.length + 6, errors: 0, warnings: 0 },
      findings: [],
      omitted: 0,
    });
    const bad = await ask(BAD, { type: 'application/edi-x12' });
    expect(bad.statusCode).toBe(200);
    const answer = validationAnswer.parse(bad.json());
    expect(answer).toMatchObject({ valid: false, omitted: 0 });
    expect(answer.findings.map((f) => `${f.rule} ${f.place.loop} ${f.place.element}`)).toContain('element.not_used 2010CA NM109');
  });

  it('looks at all types unless told which', async () => {
    const types = async (url: string): Promise<number[]> =>
      validationAnswer
        .parse((await ask(BAD.replace('*XX*1457382913', '*XX*1457382914'), { url })).json())
        .findings.map((f) => f.snip);
    expect(new Set(await types('/v1/x12/validate?snip=2'))).toEqual(new Set([2]));
    expect(Math.max(...(await types('/v1/x12/validate')))).toBeGreaterThan(3);
  });

  it('takes any bytes: UTF-16 with its NULs, Latin-1, nothing at all', async () => {
    const utf16 = await ask(Buffer.from(`\ufeff${GOOD}`, 'utf16le'));
    expect(utf16.json().findings.map((f: { rule: string }) => f.rule)).toEqual(['file.encoding']);
    const latin1 = await ask(Buffer.from(GOOD.replace('NILS', 'N\u00cdLS'), 'latin1'));
    expect(latin1.json().findings.map((f: { rule: string }) => f.rule)).toEqual(['element.charset']);
    expect((await ask(' ')).json().findings.map((f: { rule: string }) => f.rule)).toEqual(['file.no_interchange']);
  });

  it('shows a thousand findings at most and counts them all', async () => {
    const many = await ask(fileOf([...BODY, ...Array.from({ length: 1_500 }, () => 'ZZZ*1')]));
    const answer = validationAnswer.parse(many.json());
    expect(answer.findings).toHaveLength(1_000);
    expect(answer.summary.errors).toBe(1_000 + answer.omitted);
    expect(answer.omitted).toBe(500);
  });

  it.each([
    ['/v1/x12/validate?snip=8', 'text/plain', 400],
    ['/v1/x12/validate?snip=', 'text/plain', 400],
    ['/v1/x12/validate?own=1', 'text/plain', 400],
    ['/v1/x12/validate', 'application/json', 415],
    ['/v1/x12/validate', 'application/octet-stream', 415],
  ])('%s as %s is %i', async (url, type, status) => {
    expect((await ask(type === 'application/json' ? '{}' : GOOD, { url, type })).statusCode).toBe(status);
  });

  it('needs a key that may read, and takes two megabytes', async () => {
    expect((await ask(GOOD, { key: fakeKeys.sessionsOnly })).statusCode).toBe(403);
    expect((await http.app.inject({ method: 'POST', url: '/v1/x12/validate', payload: GOOD })).statusCode).toBe(401);
    expect((await ask('A'.repeat(2 * 1024 * 1024 + 1))).statusCode).toBe(413);
  });

  it('leaves JSON addresses as they were', async () => {
    const answer = await http.app.inject({
      method: 'POST',
      url: '/v1/group-sessions',
      payload: 'ISA',
      headers: { ...bearer(fakeKeys.admin), 'content-type': 'text/plain', 'idempotency-key': 'k1' },
    });
    expect(answer.statusCode).toBe(415);
  });

  it('logs nothing of the body, and repeats no value of the patient', async () => {
    const answer = await ask(BAD);
    for (const text of [http.logText(), answer.body]) expect(text).not.toMatch(/LINDQVIST|NILS|XQB900112233/);
  });
});
