import { ALWAYS, type PolicyFile } from './policy.ts';

/** Original Medicare, part B. */
export const medicare: PolicyFile = {
  id: 'medicare',
  title: 'Original Medicare (part B)',
  versions: [
    {
      effectiveFrom: ALWAYS,
      values: {
        groupSize: { value: { min: 2, max: 12, severity: 'block' }, confidence: 'H', source: 'NGS LCD L33632: at most 12' },
        groupCovered: { value: true, confidence: 'H', source: 'NGS LCD L33632 covers 90853; multi-family groups (90849) seldom' },
        telehealthMap: {
          value: {
            audio_video: { home: { pos: '11', modifier: '95' }, other: { pos: '11', modifier: '95' } },
            audio_only: { home: { pos: '11', modifier: '93' }, other: { pos: '11', modifier: '93' } },
          },
          confidence: 'K',
          source: 'public health emergency rules to 2023-12-31: place as if in person, modifier 95 or 93',
        },
        timelyFiling: {
          value: {
            original: { limit: { months: 12 }, from: 'date_of_service', roll: 'none' },
            secondary: { limit: { months: 12 }, from: 'date_of_service', roll: 'none' },
            correction: { limit: { months: 12 }, from: 'remittance', roll: 'none' },
          },
          confidence: 'H',
          source: '42 CFR 424.44; reopening within one year 42 CFR 405.980',
        },
        supportsReplacement: { value: false, confidence: 'K', source: 'Palmetto GBA: no frequency 7 or 8; reopening or appeal' },
        claimFilingIndicator: { value: 'MB', confidence: 'H', source: '005010X222A1 SBR09' },
        memberIdPattern: {
          value:
            '^[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9][AC-HJKMNP-RT-Y]{2}[0-9]{2}$',
          confidence: 'H',
          source: 'CMS, understanding the Medicare Beneficiary Identifier format',
        },
        zPrincipal: { value: 'hold', confidence: 'K', source: 'psychotherapy LCDs list mental disorders' },
        autoCrossover: { value: true, confidence: 'H', source: 'CMS Coordination of Benefits Agreement' },
        sendPatientPaid: { value: false, confidence: 'M', source: 'spec 02 §2.4: not on Original Medicare claims' },
        enrollmentRequired: { value: true, confidence: 'K', source: 'EDI enrolment with the MAC' },
        patientIsSubscriber: { value: true, confidence: 'H', source: 'no dependents in Medicare' },
      },
    },
    {
      effectiveFrom: '2024-01-01',
      values: {
        telehealthMap: {
          value: {
            audio_video: { home: { pos: '10', modifier: null, hospitalModifier: '95' }, other: { pos: '02', modifier: null } },
            audio_only: { home: { pos: '10', modifier: '93' }, other: { pos: '02', modifier: '93' } },
          },
          confidence: 'H',
          source:
            'NGS: place 02 or 10 and no 95 since 2024-01-01 (95 only for hospital-based clinicians with the patient at home)',
        },
      },
    },
    {
      effectiveFrom: '2025-01-01',
      values: {
        telehealthMap: {
          value: {
            audio_video: { home: { pos: '10', modifier: null, hospitalModifier: '95' }, other: { pos: '02', modifier: null } },
            audio_only: { home: { pos: '10', modifier: '93' }, other: null },
          },
          confidence: 'H',
          source: '42 CFR 410.78(a)(3) since the 2025 fee schedule: audio only with the patient at home; places as NGS, 2024',
        },
      },
    },
  ],
};
