import type { EditFinding, SessionEdit } from './edit.ts';

/** What a template leaves behind when nobody has written anything. */
const PLACEHOLDER =
  /\[[^\]]*\]|\{\{|_{3,}|\bx{3,}\b|\b(insert|tbd|lorem ipsum)\b|\bto be (added|completed|determined)\b|^\W*(n\W?a|none|nil|test|theme|topic|same|see (above|note))?\W*$/iu;
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}'’-]*/gu;
const SHORTEST_THEME = 3;
const SHORTEST_DYNAMICS = 8;

const wordsIn = (text: string): number => text.match(WORD)?.length ?? 0;

export const s05: SessionEdit = {
  id: 'S05',
  scope: 'session',
  severity: 'block',
  payerOverridable: true,
  version: '1',
  title: 'The group note has a theme, at least one intervention, and describes the dynamics',
  fixedBy: ['clinician'],
  readsNote: true,
  provenance: { confidence: 'D', source: 'spec 02 §2.2; two-layer group note: what all share, then each patient’s own' },
  check: ({ input: { session } }) => {
    const { theme, interventions, dynamics } = session.groupNote;
    const findings: EditFinding[] = [];
    const add = (severity: EditFinding['severity'], field: string, message: string) =>
      findings.push({ severity, path: `/groupNote/${field}`, message });
    if (PLACEHOLDER.test(theme)) add('block', 'theme', 'The theme of the group is missing or a placeholder.');
    else if (wordsIn(theme) < SHORTEST_THEME) add('warn', 'theme', 'The theme has fewer than three words.');
    if (!interventions.some((text) => !PLACEHOLDER.test(text)))
      add('block', 'interventions', 'The group note names no intervention.');
    if (wordsIn(dynamics) < SHORTEST_DYNAMICS) {
      add('hold', 'dynamics', 'The group dynamics are described in fewer than eight words.');
    }
    return findings;
  },
};
