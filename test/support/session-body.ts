/** A small request body that session-level validation accepts; everybody in it is made up. */
export const sessionBody = (over: Record<string, unknown> = {}): Record<string, unknown> => ({
  externalId: 'ehr-gs-1',
  practiceId: 'prac_northside',
  timezone: 'America/Chicago',
  startedAt: '2026-11-20T17:00:00-06:00',
  endedAt: '2026-11-20T18:00:00-06:00',
  groupType: 'psychotherapy',
  renderingProvider: { npi: '1093817462', lastName: 'Okafor', firstName: 'Ada' },
  groupNote: { theme: 'worry', interventions: ['psychoeducation'], dynamics: 'cohesive', attendeeCount: 2 },
  finalized: { at: '2026-11-20T18:25:00-06:00', byNpi: '1093817462' },
  attendees: [
    { externalId: 'pt-1001', attendance: { status: 'present' } },
    { externalId: 'pt-1009', attendance: { status: 'no_show' } },
  ],
  ...over,
});
