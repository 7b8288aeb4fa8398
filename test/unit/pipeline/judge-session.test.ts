import { describe, expect, it } from 'vitest';
import type { Clearinghouse } from '../../../schemas/clearinghouse.ts';
import { draftBytes, judgeSession } from '../../../src/pipeline/judge-session.ts';
import type { CodeSets } from '../../../src/x12/code-sets/code-sets.ts';
import { SHIPPED_CODE_SETS } from '../../../src/x12/code-sets/shipped.ts';
import { gateInput, withAttendee } from '../../support/gate.ts';
import { exampleSession } from '../../support/sessions.ts';

describe('the gate and the writer', () => {
  it('leave a claim that can be written as the edits found it', () => {
    const kinds = judgeSession(gateInput(exampleSession())).attendees.map((a) => a.disposition.kind);
    expect(kinds.filter((k) => k === 'ready')).toHaveLength(8);
  });

  it.each([
    ['office-ally', {}, true],
    ['generic', {}, false],
    ['generic', { subscriberDetails: 'always' }, true],
    ['office-ally', { subscriberDetails: 'required_only' }, false],
  ] as const)('profile %s with %j: a dependent claim tells the subscriber’s address and birth date: %s', (profile, own, told) => {
    const input = gateInput(exampleSession(), { clearinghouse: { profile, profileOverrides: own } });
    const [clearinghouse] = [...input.clearinghouses.values()];
    const judged = judgeSession(input).attendees[4];
    if (judged?.disposition.kind !== 'ready') throw new Error('the claim is held');
    expect(judged.findings).toEqual([]);
    const bytes = draftBytes({
      draft: judged.disposition.draft,
      clearinghouse: clearinghouse as Clearinghouse,
      practice: input.practice,
      pcn: 'PREVIEW01',
      at: input.now,
    });
    const subscriber = /NM1\*IL\*1\*TRAN\*BAO.*?(?=NM1\*PR)/s.exec(Buffer.from(bytes as Uint8Array).toString())?.[0] ?? '';
    const tags = subscriber.split('~').map((segment) => segment.trim().split('*')[0]);
    expect(tags).toEqual(told ? ['NM1', 'N3', 'N4', 'DMG', ''] : ['NM1', '']);
    if (told) expect(subscriber).toContain('DMG*D8*19730521*M~');
  });

  it('tell what the validator says of a claim that goes', () => {
    const renderingProvider = { npi: '1093817462', lastName: 'Baird', firstName: 'Lee', taxonomyCode: '103ZZ9999X' };
    const { attendees } = judgeSession(gateInput(withAttendee(exampleSession(), 0, { renderingProvider })));
    expect(attendees[0]).toMatchObject({ disposition: { kind: 'ready' }, findings: [{ rule: 'E7', severity: 'warn' }] });
    expect(attendees[1]?.findings).toEqual([]);
  });

  it('block what the validator refuses and no edit sees', () => {
    const codeSets: CodeSets = {
      look: (set, code, on) => (set === 'modifier' && code === 'HQ' ? 'not_in_effect' : SHIPPED_CODE_SETS.look(set, code, on)),
    };
    const { attendees } = judgeSession(gateInput(exampleSession(), { codeSets }));
    expect(attendees.slice(0, 3).map((a) => a.disposition.kind)).toEqual(['ready', 'held', 'ready']);
    expect(attendees[1]?.findings).toMatchObject([{ rule: 'E32', severity: 'block', path: '/attendees/1' }]);
  });

  it('block a claim that every edit lets through and the guide refuses, and name the place without the value', () => {
    const input = gateInput(exampleSession(), { clearinghouse: { interchange: { senderId: 'LONGERTHANFIFTEEN' } } });
    const { attendees } = judgeSession(input);
    const stopped = attendees.filter((a) => a.disposition.kind !== 'not_billable');
    expect(stopped).toHaveLength(8);
    for (const { index, externalId, disposition, findings } of stopped) {
      expect(disposition.kind).toBe('held');
      expect(findings.at(-1)).toEqual({
        rule: 'X12',
        severity: 'block',
        scope: 'attendee',
        attendee: externalId,
        path: `/attendees/${index}`,
        message: expect.stringMatching(/^The guide refuses ISA06 in loop ISA_LOOP \(\w+\)\.$/),
        ruleVersion: '1',
      });
    }
  });
});
