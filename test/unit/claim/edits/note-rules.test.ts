import { describe, expect, it } from 'vitest';
import type { GroupSession } from '../../../../schemas/group-session.ts';
import { findingsOf, judge, marks, withAttendee } from '../../../support/gate.ts';
import { exampleSession, withAttendeeBody } from '../../../support/sessions.ts';

const session = exampleSession();
type Note = NonNullable<GroupSession['attendees'][number]['note']>;

/** The first attendee with this text and no structured field but the goal. */
const onlyText = (text: string, more: Partial<Note> = {}): unknown =>
  withAttendeeBody(0, { note: { text, treatmentGoalIds: ['goal-1'], ...more } });
const onText = (rule: string, text: string, more: Partial<Note> = {}) => marks(judge(onlyText(text, more)), rule);

const LONG =
  'Talked at length about the old bridge near the mill, its colour, its stones, and the boats that pass there in spring when water is high';
const words = (n: number) => LONG.split(' ').slice(0, n).join(' ');

describe('N01 the group’s text', () => {
  const group = exampleSession({
    groupNote: {
      dynamics:
        'Cohesive group in which most members offered feedback to at least one peer and two disagreed openly without withdrawing from the exercise that the facilitator had prepared on worry.',
    },
  });
  const { dynamics } = group.groupNote;
  const text = (value: string) => marks(judge(withAttendee(group, 0, { note: { text: value } })), 'N01');
  it('with a few words around it is still the group’s', () => {
    expect(text(`Today: ${dynamics} Good.`)).toEqual(['block /attendees/0/note/text']);
  });
  it('may be part of a paragraph that goes on', () => {
    expect(text(`${dynamics} ${session.attendees[1]?.note?.text}`)).toEqual([]);
  });
});

describe('N02 length', () => {
  it('25 words pass, 24 do not', () => {
    expect(words(25).split(' ')).toHaveLength(25);
    expect(onText('N02', words(25))).toEqual([]);
    expect(onText('N02', words(24))).toEqual(['block /attendees/0/note/text']);
  });
  it('counts words as people do: hyphens open, apostrophes shut, dashes and numbers', () => {
    const base = words(22);
    expect(onText('N02', `${base} isn’t – * well-being`)).toEqual([]);
    expect(onText('N02', `${base} isn’t – * wellbeing`)).toHaveLength(1);
    expect(onText('N02', `${base} 24 7 été`)).toEqual([]);
  });
  it('counts in scripts without spaces, two characters a word', () => {
    const chinese = '今天她说话的声音很轻但是她第一次主动参加了角色扮演练习并且谈到了她和妹妹之间的争吵以及她打算怎么办';
    expect(chinese.length).toBeGreaterThanOrEqual(48);
    expect(onText('N02', `${chinese}。${chinese.slice(0, 50 - chinese.length)}`)).toEqual([]);
    expect(onText('N02', chinese.slice(0, 46))).toHaveLength(1);
  });
  it('does not count the headings of a template that the group shares', () => {
    const headed = (n: number) => `Mood today: ${words(n)}`;
    const texts = [24, 24, 25].map(headed);
    const attendees = session.attendees.map((a, i) =>
      a.note && i < 3 ? { ...a, note: { ...a.note, text: texts[i] ?? '' } } : a,
    );
    const body = {
      ...session,
      attendees: attendees.filter((_, i) => i < 3),
      groupNote: { ...session.groupNote, attendeeCount: 3 },
    };
    expect(marks(judge(body), 'N02')).toEqual(['block /attendees/0/note/text', 'block /attendees/1/note/text']);
  });
  it('warns of stock phrases alone', () => {
    const stock =
      'Sarah participated appropriately in group. She was attentive throughout and appeared to benefit from the session. She was receptive to feedback, interacted well with peers and will continue to attend group.';
    expect(onText('N02', stock)).toEqual(['warn /attendees/0/note/text']);
    expect(onText('N02', `${stock} She read a letter to her late brother and chose Sunday for visiting the grave.`)).toEqual([]);
  });
  it('a long text without stock phrases is nobody’s template', () => expect(onText('N02', words(26))).toEqual([]));
});

describe.each([
  {
    rule: 'N03',
    field: 'moodAffect',
    filled: 'anxious',
    severity: 'hold',
    says: [
      'Mood low, affect blunted.',
      'She was tearful when the letter came up.',
      'Affect: congruent',
      'Appeared calm and rested.',
      'AFFECT FLAT.',
    ],
    silent: ['Mood not assessed.', 'Unable to assess affect.', 'Mood: n/a', 'Mood:', 'She moved the chair.'],
  },
  {
    rule: 'N04',
    field: 'participation',
    filled: 'completed a thought record',
    severity: 'hold',
    says: [
      'Shared the story of the flood in her street.',
      'Role-played a call to the landlord.',
      'He asked a peer about exposure ladders.',
    ],
    silent: [
      'Participated appropriately.',
      'Shared with the group.',
      'Was active and engaged today.',
      'Listened attentively to others.',
      '',
    ],
  },
  {
    rule: 'N06',
    field: 'progress',
    filled: 'unchanged',
    severity: 'hold',
    says: [
      'Panic attacks are fewer.',
      'No change in sleep.',
      'Sleep is up to six hours.',
      'Regressed since the funeral.',
      'Progressing toward goal 2.',
    ],
    silent: ['Progress note.', 'Progress not assessed.', 'Progress: tbd', 'Unable to determine progress.', 'The bus was full.'],
  },
  {
    rule: 'N07',
    field: 'riskReviewed',
    filled: true,
    severity: 'warn',
    says: [
      'Denied SI/HI.',
      'No suicidal thoughts.',
      'Safety plan looked over.',
      'Denies thoughts of harm to self or others.',
      'Risk reviewed and low.',
      'No SI.',
    ],
    silent: [
      'Risk not assessed.',
      'Suicidality was not reviewed.',
      'Said hi to a peer.',
      'At risk of losing the flat.',
      'Did not assess suicidal ideation.',
      'Risk: n/a',
    ],
  },
  {
    rule: 'N08',
    field: 'plan',
    filled: 'follow up on sleep',
    severity: 'warn',
    says: [
      'Plan: continue exposure.',
      'Will call the clinic.',
      'Homework is one page a day.',
      'Next step: market.',
      'She agreed to write daily.',
    ],
    silent: [
      'Denies plan or intent.',
      'No plan, no means.',
      'Has the will and the means.',
      'Plan not discussed.',
      'Plan: n/a',
      'Safety plan is in the chart.',
    ],
  },
] as const)('$rule by field $field or by the text', ({ rule, field, filled, severity, says, silent }) => {
  it('the field alone is enough', () => expect(onText(rule, 'Nothing.', { [field]: filled })).toEqual([]));
  it.each(says)('%j says it', (text) => expect(onText(rule, text)).toEqual([]));
  it.each(silent)('%j does not', (text) => {
    expect(onText(rule, text)).toEqual([`${severity} /attendees/0/note`]);
    expect(onText(rule, text, { [field]: null })).toEqual([`${severity} /attendees/0/note/${field}`]);
  });
  it('what stands in a field so that it is not empty does not count', () => {
    if (typeof filled !== 'string' || rule === 'N06') return;
    for (const value of ['', ' - ', 'N/A', 'see above', 'TBD', 'None.']) {
      expect(onText(rule, 'Nothing.', { [field]: value }), value).toEqual([`${severity} /attendees/0/note/${field}`]);
    }
  });
  it('the example passes', () => expect(marks(judge(session), rule)).toEqual([]));
});

describe('N04 a structured participation', () => {
  it.each(['active', 'participated appropriately', 'Engaged, attentive, supportive.'])('%j is not specific', (participation) => {
    expect(onText('N04', 'Nothing.', { participation })).toHaveLength(1);
  });
});

describe('N08 and people called Will', () => {
  it('the name is no plan', () => {
    const will = withAttendee(session, 0, {
      patient: { firstName: 'Will' },
      note: { text: 'Will Moreno spoke of rain.', plan: null },
    });
    expect(marks(judge(will), 'N08')).toEqual(['warn /attendees/0/note/plan']);
  });
});

describe('N10 template leftovers', () => {
  const SOUND =
    'Sarah spoke of [sic] her "insert coin" shirt, a {curly} brace, 3 < 5 > 2, room XX, *one* star, and ticked [x] and [ ].';
  it.each([
    '[Name] was calm.',
    '[insert mood]',
    'Met with {{firstName}} today.',
    '{client} was calm',
    'Mood: ____',
    'Spoke of XXX.',
    'xxxx was sad',
    'Insert name here',
    'was (insert a quote) there',
    'insert the patient’s mood',
    'Reason: ***',
    'Seen @FNAME@ today',
    '%NAME% was calm',
    '<<name>> was calm',
    '<client name>',
    'Lorem ipsum dolor',
  ])('%j blocks', (leftover) => {
    expect(onText('N10', `${SOUND} ${leftover}`)).toEqual(['block /attendees/0/note/text']);
  });
  it('the writer’s own brackets pass', () => expect(onText('N10', SOUND)).toEqual([]));
  it('a choice of pronouns warns', () => expect(onText('N10', 'He/she was calm.')).toEqual(['warn /attendees/0/note/text']));
  it('looks into the structured texts, too', () => {
    const all = { moodAffect: '[mood]', participation: '___', plan: '{{plan}}' };
    expect(onText('N10', SOUND, all)).toEqual(['moodAffect', 'participation', 'plan'].map((f) => `block /attendees/0/note/${f}`));
  });
});

describe('N12 treatment plan', () => {
  const plan = (treatmentPlan: unknown) => marks(judge(withAttendeeBody(0, { treatmentPlan })), 'N12');
  const active = { id: 'p', effectiveOn: '2026-11-20', reviewDueOn: '2026-11-20', signedOn: '2026-11-20' };
  it('active on the very day at each end', () => expect(plan(active)).toEqual([]));
  it.each([
    ['effectiveOn', '2026-11-21'],
    ['reviewDueOn', '2026-11-19'],
    ['signedOn', '2026-11-21'],
  ])('%s %s holds', (field, date) => {
    expect(plan({ ...active, [field]: date })).toEqual([`hold /attendees/0/treatmentPlan/${field}`]);
  });
  it.each(['effectiveOn', 'signedOn'])('without %s it cannot be told', (field) => {
    expect(plan({ ...active, [field]: null })).toEqual(['warn /attendees/0/treatmentPlan']);
  });
  it('none was sent: said, and a payer who is strict about plans does not make it more', () => {
    expect(plan(null)).toEqual(['info /attendees/0/treatmentPlan']);
    const strict = { payers: { '60054': { policyOverrides: { overrides: { N12: 'block' } } } } };
    expect(marks(judge(withAttendeeBody(0, { treatmentPlan: null }), strict), 'N12')).toEqual([
      'info /attendees/0/treatmentPlan',
    ]);
    const late = withAttendeeBody(0, { treatmentPlan: { ...active, effectiveOn: '2026-11-21' } });
    expect(marks(judge(late, strict), 'N12')).toEqual(['block /attendees/0/treatmentPlan/effectiveOn']);
  });
  it('a plan that cannot be read is its own fault', () => expect(plan('x')).toEqual([]));
});

describe('messages', () => {
  it('hold nothing of the note', () => {
    const secret = 'Zebrafish [Name] Delgado quarrelled.';
    const body = withAttendee(session, 0, {
      note: { text: secret, moodAffect: '', participation: '', progress: null, riskReviewed: false, plan: '' },
    });
    const all = judge(body).attendees[0]?.findings ?? [];
    expect(new Set(all.map((f) => f.rule))).toEqual(new Set(['N02', 'N03', 'N06', 'N07', 'N08', 'N09', 'N10', 'N04']));
    expect(JSON.stringify(all)).not.toMatch(/zebra|quarrel|delgado|name\]/i);
  });
  it('a note that cannot be read has its fault and nothing else', () => {
    const findings = judge(withAttendeeBody(0, { note: { text: 7 } })).attendees[0]?.findings ?? [];
    expect(findings.filter((f) => f.rule.startsWith('N')).map((f) => [f.rule, f.path])).toEqual([
      ['N01', '/attendees/0/note/text'],
    ]);
  });
  it('a missing note is told by every rule that misses something', () => {
    const verdict = judge(withAttendeeBody(0, { note: null }));
    expect(['N01', 'N03', 'N04', 'N05', 'N06', 'N07', 'N08'].flatMap((rule) => marks(verdict, rule))).toHaveLength(7);
    expect(['N02', 'N09', 'N10', 'N11'].flatMap((rule) => findingsOf(verdict, rule))).toEqual([]);
  });
});
