import { describe, expect, it } from 'vitest';
import { judgeSession } from '../../../src/pipeline/judge-session.ts';
import { gateInput } from '../../support/gate.ts';
import { exampleSession } from '../../support/sessions.ts';

describe('the gate and the writer', () => {
  it('leave a claim that can be written as the edits found it', () => {
    const kinds = judgeSession(gateInput(exampleSession())).attendees.map((a) => a.disposition.kind);
    expect(kinds.filter((k) => k === 'ready')).toHaveLength(8);
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
