import type { Author } from './note-sets.ts';

export const AUTHORS_C: readonly Author[] = [
  {
    style: 'telehealth',
    notes: [
      {
        mood: 'fatigued',
        parts: [
          '{N} joined by video from the parked car, {mood} after a double shift, camera steady, alone.',
          '{They} tracked thoughts before and after each break on a napkin, held it to the lens, and noticed that the worst ones come when {they} has not eaten.',
          'Calling in sick has gone from weekly to once this month.',
          'Denied thoughts of suicide; emergency contact confirmed as the brother, location given.',
          'Snack at ten and at three, photo of the napkin to the next meeting.',
        ],
      },
      {
        mood: 'guarded',
        parts: [
          'By video from {their} kitchen; {mood} while the cousin was in the next room, easier once the door was shut.',
          'When boundaries were the theme {N} typed in the chat first, then unmuted and told how the key was asked back from an aunt.',
          'A first: in earlier meetings {they} only listened.',
          'Confirmed address and that {they} is safe at home this week.',
          '{They} will put the spare key with a neighbour and write down what the aunt says.',
        ],
      },
      {
        mood: 'cheerful',
        parts: [
          'Audio failed twice, yet {N} remained {mood} and came back each time.',
          '{They} showed the shelf that {they} has cleared, one of nine, and set out the rule for what is kept, which a peer wants to borrow.',
          'Clutter rating on the kitchen is four, it was seven at intake.',
          'No risk identified on screening today.',
          'Second shelf by Wednesday; {their} daughter picks up the boxes.',
        ],
      },
    ],
    added: [
      'A delivery at the door interrupted the last minutes.',
      'The picture froze on a very unflattering face, about which {they} joked.',
      'Has asked whether the spring sessions could start half an hour later.',
    ],
  },
  {
    style: 'veterans',
    notes: [
      {
        mood: 'hypervigilant',
        parts: [
          '{N} took the seat by the wall and was {mood} through check-in, scanning the door whenever a cart went by.',
          '{They} described the checkpoint dream in the present tense for the first time, stayed in the room with grounding, and told another member which bit of the drill still helps.',
          'Hours of sleep rose from three to five with the imagery script.',
          'Firearms remain with {their} brother-in-law; denies intent to harm anyone.',
          'Rehearse the new ending of the dream nightly, log it.',
        ],
      },
      {
        mood: 'withdrawn',
        parts: [
          'Quiet and {mood} today, the anniversary of the convoy.',
          'At the round {N} gave the names of two men and nothing more, accepted a hand on the shoulder from the next chair, and later asked how others mark such a day.',
          'That {they} came at all on this date is progress: last year {they} was drunk by noon.',
          'Passive thoughts of death yesterday, none now, safety plan gone over line by line, spouse called with consent.',
          'Breakfast with the unit’s chaplain on Sunday; phone check from the clinic on Monday.',
        ],
      },
      {
        mood: 'proud',
        parts: [
          '{N} stood up to show the certificate of the welding course, visibly {mood}.',
          '{They} linked the patience of a clean seam to waiting out an urge, an image that the others took up.',
          'Full days out of the house: five a week, goal was three.',
          'PHQ-9 item nine is zero.',
          '{They} starts at the yard on the first and wants to move to the evening group.',
        ],
      },
    ],
    added: [
      'Brought doughnuts for everyone, which went fast.',
      'The hearing aid whistled until the battery was changed.',
      'Asked that the blinds be lowered on the street side.',
    ],
  },
  {
    style: 'perinatal',
    notes: [
      {
        mood: 'weary',
        parts: [
          '{N} arrived {mood} with the baby asleep in the sling.',
          '{They} said aloud what the intrusive image is, heard from three others that they know it, and put it on the list of thoughts that are not wishes.',
          'Checking the cot fell from twenty times a night to six.',
          'No intent to harm self or infant; {their} mother stays over until Friday.',
          'One nap without the monitor, with {their} partner on watch.',
        ],
      },
      {
        mood: 'lonely',
        parts: [
          'Since the move {N} has been {mood} and it showed in the long answers.',
          'Practiced how to speak to another parent at the playground with a peer as the stranger, twice, the second time with a joke.',
          'Left the flat on four days, the week before on one.',
          'Edinburgh scale twelve, item ten zero.',
          'Story time at the library on Thursday, sit beside somebody.',
        ],
      },
      {
        mood: 'content',
        parts: [
          'More {mood} than at any visit so far; {N} fed the child during the talk without apologising.',
          '{They} told the newest member what the first six weeks were like and left out the advice.',
          'Bottle guilt, the first goal, is closed.',
          'Nothing to report on safety.',
          'Two further sessions, then the monthly circle.',
        ],
      },
    ],
    added: [
      'The lactation nurse looked in with leaflets.',
      'A toy was lost under the radiator and found again.',
      'Insurance will change in January, {they} brought the new card.',
    ],
  },
  {
    style: 'psychosis',
    notes: [
      {
        mood: 'suspicious',
        parts: [
          '{N} was {mood} of the smoke detector and sat where {they} could see it.',
          'With the evidence sheet {they} gave the belief that it records a forty instead of ninety, and asked the room whether theirs at home looks alike.',
          'Voices on three evenings, commands none, fewer than at discharge.',
          'Denies plans against neighbour or self.',
          'Depot on the 30th; radio and crossword when the voices start.',
        ],
      },
      {
        mood: 'blunted',
        parts: [
          'Affect {mood}, hygiene good, new haircut.',
          '{N} spoke four sentences unprompted, on the walk to the market and the price of figs, and thanked the member who laughed with {them}.',
          'Outings twice a week, as planned in the goal.',
          'No hallucinations reported; no danger to {them} or others seen.',
          'Supported employment visit with {their} worker on Tuesday.',
        ],
      },
      {
        mood: 'bright',
        parts: [
          '{Mood} and talkative, {N} had slept through.',
          '{They} explained to a peer how the pill box beeps and why {they} no longer hides it.',
          'Adherence fourteen of fourteen; relapse signature rehearsed.',
          'Safe by {their} own account and by ours.',
          'Choir audition Saturday, {they} sings for us next week.',
        ],
      },
    ],
    added: [
      'Refused the biscuit, because of the sugar.',
      'The pharmacy had run out of the blue tablets for two days.',
      'Wants the window open, others did not; a compromise was found.',
    ],
  },
  {
    style: 'chronic pain',
    notes: [
      {
        mood: 'discouraged',
        parts: [
          '{N} shifted often in the chair and sounded {mood} about the scan.',
          '{They} kept the pacing chart for six days, saw on it that the flare follows the good day, and worked out a rest of ten minutes per half hour with a member who gardens.',
          'Pain interference seven of ten, no change; opioid dose is lower by a quarter.',
          'Says {they} wants to live, only not like this; plan and means denied, doctor informed.',
          'Two rests a day by the kitchen timer, and the physiotherapist on the ninth.',
        ],
      },
      {
        mood: 'patient',
        parts: [
          'In a {mood} tone {N} explained to the group why the cane is staying home.',
          '{They} led the body scan from memory and forgave the giggling.',
          'Walks eight hundred steps, which is double of October.',
          'Mood stable, risk none.',
          'Church on foot on Sunday, son follows by car.',
        ],
      },
      {
        mood: 'frustrated',
        parts: [
          '{Mood} with the insurer, {N} brought the denial letter.',
          'Turned the letter into a list of three calls, rehearsed the first with the facilitator as clerk, and kept {their} temper in all but one line.',
          'Catastrophizing score down by five since the first module.',
          'Denies suicidal thoughts, sleeps badly.',
          'First call before Thursday; heat pack and radio in place of the third pill.',
        ],
      },
    ],
    added: [
      'A cushion was found in the storeroom.',
      'The niece’s wedding is in May and {they} hopes to dance once.',
      'Took notes in a green book with a lock.',
    ],
  },
];
