import { describe, expect, it } from 'vitest';
import type { GroupSession } from '../../../../schemas/group-session.ts';
import { findingsOf, judge, marks } from '../../../support/gate.ts';
import { exampleSession, manySessions } from '../../../support/sessions.ts';

const people: readonly (readonly [string, string, string])[] = [
  ['Sarah', 'Moreno', 'she'],
  ['Marcus', 'Delgado', 'he'],
  ['Ruth', 'Hagen', 'she'],
  ['Tomás', 'Ibáñez', 'he'],
  ['Jean-Luc', 'Picot-Lemaire', 'they'],
  ['Aoife', "O'Brien", 'she'],
  ['Søren', 'Kjær', 'he'],
  ['Linh', 'Tran', 'she'],
  ['Grace', 'de la Cruz', 'she'],
  ['Will', 'May', 'he'],
];

/** One session of as many as there are texts, each with a name of its own. */
const session = (texts: readonly string[], group: Partial<GroupSession['groupNote']> = {}): GroupSession => {
  const base = exampleSession();
  const [model] = base.attendees;
  if (!model?.patient || !model.note) throw new Error('the example has a first attendee');
  const { patient, note } = model;
  return {
    ...base,
    groupNote: { ...base.groupNote, attendeeCount: texts.length, ...group },
    attendees: texts.map((text, i) => ({
      ...model,
      externalId: `pt-${i}`,
      patient: { ...patient, firstName: people[i]?.[0] ?? `Name${i}`, lastName: people[i]?.[1] ?? `Family${i}` },
      coverages: model.coverages.map((c) => ({ ...c, memberId: `W${100_000_000 + i}` })),
      note: { ...note, text },
    })),
  };
};

const cloned = (texts: readonly string[], group?: Partial<GroupSession['groupNote']>): readonly string[] =>
  marks(judge(session(texts, group)), 'N11').map((mark) => mark.replace('/note/text', '').replace('/attendees/', ''));

const paragraph = (first: string, last: string, pronoun: string): string => {
  const [own, object] = pronoun === 'she' ? ['her', 'her'] : pronoun === 'he' ? ['his', 'him'] : ['their', 'them'];
  const Pronoun = pronoun[0]?.toUpperCase() + pronoun.slice(1);
  return (
    `${first} ${last} presented with an anxious mood and a congruent affect. ${Pronoun} shared ${own} worry about work with the group ` +
    `and named two thoughts that keep ${object} awake. ${first}’s peers offered feedback, which ${pronoun} took well. ` +
    `Ms. ${last} denied thoughts of self-harm and will keep a worry diary until next week, ${first[0]}.${last[0]}. agreed.`
  );
};

describe('N11 within a session', () => {
  it('ten identical paragraphs with names and pronouns swapped are ten blocks', () => {
    const verdict = judge(session(people.map(([first, last, pronoun]) => paragraph(first, last, pronoun))));
    expect(marks(verdict, 'N11')).toEqual(people.map((_, i) => `block /attendees/${i}/note/text`));
    expect(findingsOf(verdict, 'N11')[2]?.message).toBe(
      'The paragraph is like that of /attendees/0 (similarity 1.00, containment 1.00), and like /attendees/1, /attendees/3, /attendees/4, /attendees/5, /attendees/6 and 3 more; names and pronouns are not counted.',
    );
  });
  it('names without accents, in one word or with other hyphens change nothing', () => {
    const written = [
      paragraph('Marcus', 'Delgado', 'he'),
      paragraph('Tomas', 'Ibanez', 'he'),
      paragraph('Jean Luc', 'PicotLemaire', 'they'),
      paragraph('AOIFE', 'OBRIEN', 'she'),
      paragraph('Soren', 'Kjær', 'he'),
    ];
    const order = [1, 3, 4, 5, 6].map((i) => people[i] ?? ['', '', '']);
    const base = session(written);
    const attendees = base.attendees.map((a, i) => ({
      ...a,
      patient: a.patient ? { ...a.patient, firstName: order[i]?.[0] ?? '', lastName: order[i]?.[1] ?? '' } : null,
    }));
    const found = findingsOf(judge({ ...base, attendees }), 'N11');
    expect(found.map((f) => [f.severity, f.message.includes('similarity 1.00')])).toEqual(Array(5).fill(['block', true]));
  });
  it('a headed template with individual content gives nothing', () => {
    const own = exampleSession()
      .attendees.slice(0, 8)
      .map((a) => a.note?.text ?? '');
    const headed = own.map((text) => {
      const [a = '', b = '', c = '', ...rest] = text.split('. ');
      return `INDIVIDUAL RESPONSE\nMood/Affect: ${a}.\nParticipation and engagement: ${b}.\nProgress toward treatment goals: ${c}.\nRisk and plan: ${rest.join('. ')}`;
    });
    expect(cloned(headed)).toEqual([]);
    expect(cloned(own)).toEqual([]);
  });
  it('says the same of both members of a pair and nothing of the third', () => {
    const [one = ''] = exampleSession().attendees.map((a) => a.note?.text ?? '');
    const other = exampleSession().attendees[3]?.note?.text ?? '';
    expect(cloned([one, other, one.replace('anxious', 'sad')])).toEqual(['block 0', 'block 2']);
  });
  it('what comes from the group note is not compared', () => {
    const dynamics =
      'The group discussed how worry grows in the evening, compared four ways of postponing it, practised one of them in pairs, and returned to the circle to say aloud what had surprised them most about the exercise.';
    const a = 'Sarah named three automatic thoughts about an e-mail she has put off, and rated her belief lower than last week.';
    const b = 'Marcus smiled twice when his daughter’s recital came up, and linked four walks to nights of unbroken sleep.';
    const both = [`${dynamics} ${a}`, `${dynamics} ${b}`];
    expect(cloned(both, { dynamics })).toEqual([]);
    expect(cloned(both)).toEqual(['info 0', 'info 1']);
  });
  it('a paragraph that holds another one whole is held, whatever else it says', () => {
    const [a = '', b = '', c = ''] = exampleSession().attendees.map((at) => at.note?.text ?? '');
    expect(cloned([a, `${b} ${a} ${c}`])).toEqual(['hold 0', 'hold 1']);
  });
  it('notes of people who were there and get no claim count as well; only claims are held', () => {
    const [a = ''] = exampleSession().attendees.map((at) => at.note?.text ?? '');
    const body = session([a, a]);
    const mixed = { ...body, attendees: body.attendees.map((at, i) => (i === 1 ? { ...at, billing: 'self_pay' as const } : at)) };
    expect(marks(judge(mixed), 'N11')).toEqual(['block /attendees/0/note/text']);
  });
  it('a payer may soften or switch it off for its attendees', () => {
    const [a = ''] = exampleSession().attendees.map((at) => at.note?.text ?? '');
    const soft = judge(session([a, a]), { payers: { '60054': { policyOverrides: { overrides: { N11: 'warn' } } } } });
    expect(marks(soft, 'N11')).toEqual(['warn /attendees/0/note/text', 'warn /attendees/1/note/text']);
  });
});

/** `n` words that are nobody else's: `n − 2` shingles. */
const stream = (prefix: string, n: number): readonly string[] =>
  Array.from({ length: n }, (_, i) => `${prefix}${String.fromCharCode(97 + (i % 26))}${i}`);

describe('N11 bands, at each edge', () => {
  // A and B share a run of s shingles; each has r more. J = s ÷ (s + 2r), containment = s ÷ (s + r).
  const pair = (s: number, r: number): readonly string[] => {
    const common = stream('common', s + 2);
    return ['left', 'right'].map((side) => [...common, ...stream(side, r)].join(' '));
  };
  it.each([
    [170, 15, 'block'],
    [169, 15, 'hold'],
    [40, 20, 'hold'],
    [39, 20, 'info'],
    [40, 30, 'info'],
    [39, 30, null],
  ] as const)('%i shared, %i of its own each: %s', (s, r, expected) => {
    expect(cloned(pair(s, r))).toEqual(expected === null ? [] : [`${expected} 0`, `${expected} 1`]);
  });
  it('containment 0.80 holds, less does not', () => {
    const small = (own: number, shared: number) => {
      const common = stream('common', shared + 2);
      return [[...common, ...stream('left', own)].join(' '), [...common, ...stream('right', 400)].join(' ')];
    };
    expect(cloned(small(10, 40))).toEqual(['hold 0', 'hold 1']);
    expect(cloned(small(10, 39))).toEqual([]);
  });
  it('20 shingles are compared, 19 only for being the same', () => {
    expect(cloned(pair(18, 2))).toEqual(['hold 0', 'hold 1']);
    expect(cloned(pair(17, 2))).toEqual([]);
    const short = stream('common', 21).join(' ');
    expect(cloned([short, short])).toEqual(['block 0', 'block 1']);
    expect(cloned([stream('few', 6).join(' '), stream('few', 6).join(' ')])).toEqual([]);
  });
});

describe('N11 cost', () => {
  /** Processor time, ms: other tests share the machine. */
  const cost = (run: () => unknown): number => {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  };
  it('200 attendees with 300 words each, alike or not: no catastrophe (npm run bench -- gate measures)', () => {
    const own = manySessions(5, 31, { attendees: 50 }).flatMap((s) => s.attendees.map((a) => a.note?.text ?? ''));
    const unlike = Array.from({ length: 200 }, (_, i) => `${own[i]} ${stream(`w${i}x`, 240).join(' ')}`);
    const alike = Array.from({ length: 200 }, () => stream('same', 300).join(' '));
    const bodies = [unlike, alike].map((texts) => session(texts));
    for (const body of bodies) expect(cost(() => judge(body))).toBeLessThan(5_000);
  });
  it.each([
    [
      'one-letter words',
      (i: number) =>
        'abcdefghijklmnop'
          .split('')
          .map((c, k) => `${c}${(i * k) % 7} `)
          .join('')
          .repeat(900),
    ],
    ['the same word', () => 'a '.repeat(20_000)],
    ['brackets', () => '[{<('.repeat(10_000)],
    ['open placeholders', () => '[name '.repeat(6_600)],
    ['colons', () => 'a:'.repeat(20_000)],
    ['apostrophes', () => "o'".repeat(20_000)],
    ['underscores and spaces', () => 'insert the _ '.repeat(3_000)],
    ['ligatures that unfold', () => 'ﷺ '.repeat(14_000)],
    ['combining marks', () => `e${'\u0301'.repeat(13_000)}`],
    ['goals', () => 'goal  # '.repeat(5_000)],
  ])('50 texts of the greatest length, %s', (_name, text) => {
    const body = session(Array.from({ length: 50 }, (_, i) => text(i).slice(0, 40_000)));
    expect(cost(() => judge(body))).toBeLessThan(5_000);
  });
});
