import type { Author } from './note-sets.ts';

/**
 * Paragraphs as clinicians write them, everybody in them made up. `{N}` and `{L}` are the names, `{they}`, `{them}`,
 * `{their}` the pronouns (a capital begins a sentence), `{mood}` the word that a copier changes.
 */
export const AUTHORS_A: readonly Author[] = [
  {
    style: 'terse',
    notes: [
      {
        mood: 'anxious',
        parts: [
          'Mood {mood}, affect congruent.',
          '{N} walked the group through a call to the bank and asked how others begin.',
          'Two panic attacks this week, down from four.',
          'Denied SI/HI.',
          'Call on Thursday.',
        ],
      },
      {
        mood: 'low',
        parts: [
          '{N} came in {mood}, spoke little at first.',
          'Read two lines of a letter to {their} father, unsent.',
          'Sleeping five hours, no better than before.',
          'Denied SI/HI.',
          'Finish the letter by Sunday, walk after supper.',
        ],
      },
      {
        mood: 'irritable',
        parts: [
          'Looked {mood} after the bus strike.',
          'Challenged the idea that the team laughs at {them}; found three facts against it.',
          'First week without shouting at home.',
          'Denied SI/HI.',
          'Keep the anger log, show the wife.',
        ],
      },
    ],
    added: [
      'Left ten minutes early for a dental visit.',
      'Was cheered by the news of a nephew.',
      'Asked for a quieter chair near the door.',
    ],
  },
  {
    style: 'plain narrative',
    notes: [
      {
        mood: 'tense',
        parts: [
          '{N} arrived {mood} and kept {their} coat on for the first quarter of an hour.',
          'When the exercise on assertive refusal began, {they} offered to play the tenant and told the landlord, without apologising, that the heating has to be mended before the frost.',
          '{They} said that a month ago {they} would have paid for it {their} own way and stayed silent.',
          'No thoughts of harming {them} or anybody else were reported when the question was put.',
          '{They} will write the letter to the landlord tomorrow and bring a copy.',
        ],
      },
      {
        mood: 'sad',
        parts: [
          '{N} was {mood} from the start, because this week would have been the eighteenth birthday of {their} son.',
          '{They} passed a photograph around, named what {they} misses most, and let two members sit in silence with {them} instead of changing the subject.',
          'The crying spells come on three days of seven now; in August it was every day.',
          'Asked about wishing to be dead, {they} said no, and that the younger daughter keeps {them} here.',
          '{They} wants to plant the rose bush on Saturday with {their} sister.',
        ],
      },
      {
        mood: 'calm',
        parts: [
          'In a {mood} voice {N} reported that the interview at the library took place.',
          '{They} described how {they} counted {their} breaths in the corridor and what the three questions were, and answered a newcomer who asked what to do when the mind goes blank.',
          'Avoidance of offices, {their} second goal, has shrunk from all to a few.',
          'Safety was reviewed and nothing new came up.',
          'Until next week: one phone call a day that {they} would rather put off.',
        ],
      },
    ],
    added: [
      'Towards the end {they} laughed for the first time in weeks about a story of a lost umbrella.',
      '{They} also mentioned that the new medication makes {their} mouth dry and that the pharmacist was rude.',
      'Before leaving {they} helped to stack the chairs and wished the others a good trip home.',
    ],
  },
  {
    style: 'clinical',
    notes: [
      {
        mood: 'dysphoric',
        parts: [
          'Client presented with {mood} mood and restricted affect; speech was slow but goal directed.',
          'Client identified catastrophizing as the distortion underlying avoidance of {their} mail and generated two alternative appraisals with prompting from the facilitator.',
          'Moderate progress on objective 1.2 as evidenced by opening six of eleven envelopes.',
          'Client denied suicidal and homicidal ideation, intent or plan.',
          'Continue cognitive restructuring; client to open the remaining envelopes with {their} case manager.',
        ],
      },
      {
        mood: 'euthymic',
        parts: [
          'Client presented with {mood} mood, full affect, and appropriate eye contact.',
          'Client role-played setting a limit with an intrusive coworker, received corrective feedback on tone from two peers, and repeated the exercise with a firmer voice.',
          'Progress on objective 3.1: reported three instances of saying no since the last session.',
          'Client denied suicidal and homicidal ideation, intent or plan.',
          'Client will practice broken-record technique twice before the next group.',
        ],
      },
      {
        mood: 'anxious',
        parts: [
          'Client presented with {mood} mood evidenced by psychomotor restlessness and rapid speech.',
          'Client ranked nine situations for an exposure hierarchy and volunteered to read the rank order aloud, tolerating distress rated at seventy of one hundred.',
          'No measurable change on objective 2.4 this week owing to illness.',
          'Client denied suicidal and homicidal ideation, intent or plan.',
          'Begin with the lowest item, standing in a checkout line, accompanied by {their} sister.',
        ],
      },
    ],
    added: [
      'Client was redirected once for side conversation and responded without difficulty.',
      'Client reported a missed dose of sertraline on Monday and was advised to call the prescriber.',
      'Client requested a letter for the housing authority, which will be provided.',
    ],
  },
  {
    style: 'long, reflective',
    notes: [
      {
        mood: 'hopeful',
        parts: [
          '{N} began the hour by saying that {they} felt {mood}, a word that {they} had not used of {their} own accord since joining in the spring, and the change could be seen in {their} posture and heard in a voice that reached the far side of the circle.',
          'In the exercise on values {they} put friendship before work, which surprised {them}, and traced this to the weeks in hospital when a former neighbour, and nobody from the office, came to sit by the bed; two others recognised the pattern and {they} listened to both without comparing.',
          'Measured against the goal of two social contacts a week {they} has reached three for the second time, although the telephone remains hard for {them}.',
          'Thoughts of not wanting to wake up, present at intake, have been absent for five weeks; the safety plan stays in {their} wallet.',
          '{They} intends to invite the neighbour for soup and to tell the group what it was like.',
        ],
      },
      {
        mood: 'ashamed',
        parts: [
          'It took {N} most of the first half to say why {they} was looking at the floor: {they} had drunk on Sunday, after seventy-one days, and felt too {mood} to answer the sponsor’s calls.',
          'With the chain analysis on the board {they} found the link that could have been cut, an unanswered message from a brother, and when a peer told of a similar evening {they} raised {their} head and asked how that person had walked back into the room.',
          'The slip is a setback for the goal of ninety days; seen over the year, the spaces between slips have grown from nine days to seventy-one.',
          'There is no intent to hurt {them} or anyone, no means at home, and the crisis number is saved in the telephone.',
          '{They} rang the sponsor from the corridor before leaving and will attend a meeting on each of the next three evenings.',
        ],
      },
      {
        mood: 'flat',
        parts: [
          'With a {mood} expression that hardly moved through the hour, {N} sat nearer to the circle than last time and kept {their} hands out of {their} sleeves.',
          'Asked to bring an object that stands for home, {they} had chosen a bus ticket from {their} old town, explained the stamp on it when a member wondered, and corrected {their} first account from “nothing happened there” to a summer with a grandmother who sang.',
          'Against the goal of naming one feeling per session {they} named two, homesick and annoyed, so that there is a small gain.',
          '{They} answered the questions on self-harm directly; the last time was in June.',
          'For homework {they} chose to listen to one of the songs and to notice where in the body it is felt.',
        ],
      },
    ],
    added: [
      'The co-facilitator returned to the beginning of the hour and asked what the weather had to do with it, at which everybody laughed, {N} included.',
      'It should be added that the landlord has given notice and that a social worker will look at the flat on Tuesday.',
      'In closing {they} thanked the person to the left for the tea, a small thing, but the first unprompted word to that member.',
    ],
  },
];
