import type { Author } from './note-sets.ts';

export const AUTHORS_B: readonly Author[] = [
  {
    style: 'skills group',
    notes: [
      {
        mood: 'overwhelmed',
        parts: [
          '{N} felt {mood} by the custody hearing and said so at check-in.',
          '{They} used the STOP skill aloud on a text message from the ex-partner, with the group as chorus, and chose not to answer it until morning.',
          'Urges to lash out fell from daily to twice on the diary card.',
          'No urges to self-harm on the card.',
          'Target for the week is opposite action to anger at the school gate.',
        ],
      },
      {
        mood: 'numb',
        parts: [
          'Diary card complete; {N} circled “{mood}” on five of seven days.',
          'In the distress tolerance practice {they} held the ice, described the burn and then the ache, and taught the half-smile to a latecomer.',
          'Skipped meals went from six to four, which meets this month’s step.',
          'Self-harm urges two of five, not acted on, coping cards reviewed.',
          '{They} plans breakfast with the roommate on weekdays.',
        ],
      },
      {
        mood: 'angry',
        parts: [
          'Came {mood} about the parking ticket; {N} rated it eight.',
          '{They} checked the facts line by line with a partner, found that “they hate me” was an interpretation, and rewrote it on the sheet.',
          'Rating at the end was four; a year ago {they} would have walked out.',
          'Risk low, no change from last week.',
          'Homework is one page of checking the facts per quarrel.',
        ],
      },
    ],
    added: [
      'Missed the mindfulness bell because of a call from the school.',
      'Gave the room a recipe for lentil soup that had nothing to do with the topic.',
      'Will be away on the eighth for surgery on the left knee.',
    ],
  },
  {
    style: 'grief group',
    notes: [
      {
        mood: 'tearful',
        parts: [
          '{N} was {mood} while telling how the wardrobe was emptied with the help of a cousin.',
          '{They} kept one jacket and described its smell of tobacco, and asked the others when they had stopped setting two plates.',
          'Able to sleep in the bedroom again since Tuesday, a goal from September.',
          'Denies any wish to follow {their} husband.',
          'Next step: the bank, to take his name off the account.',
        ],
      },
      {
        mood: 'subdued',
        parts: [
          'A {mood} {N} brought the guest book of the funeral.',
          '{They} read three entries out, stopped at the fourth, and let a peer finish it.',
          'Still avoids the street of the accident; no movement on that goal this month.',
          'Safety questions answered no throughout.',
          'With a friend {they} will walk as far as the corner on Friday.',
        ],
      },
      {
        mood: 'relieved',
        parts: [
          'Looked {mood}: the inquest is over.',
          '{N} reported the coroner’s words without breaking off and compared them with what {they} had imagined for a year.',
          'Nightmares have decreased to one a week.',
          'No suicidal thoughts since spring.',
          '{They} means to write to the driver, not to send it, and to read it here.',
        ],
      },
    ],
    added: [
      'The dog, it turned out, sleeps on the empty side of the bed now.',
      'A quarrel with the stepson about the car took up part of the time.',
      'Rain had kept two of the usual people away, which {they} noticed with regret.',
    ],
  },
  {
    style: 'substance use',
    notes: [
      {
        mood: 'restless',
        parts: [
          '{N}, day 12 of abstinence by self-report, {mood} and yawning.',
          'Disclosed craving at the petrol station, listed people, places and things that set it off, and accepted a ride-share offer from a senior member.',
          'Attended four of five meetings, up from one.',
          'No withdrawal signs, denies suicidal ideation, naloxone kit at home.',
          'Delete the dealer’s number with {their} counsellor on Monday; UDS on Wednesday.',
        ],
      },
      {
        mood: 'confident',
        parts: [
          '{N} said {they} felt {mood} about the court date.',
          'Presented the relapse prevention plan on a flip chart and took criticism of step three from the floor without defending it.',
          'Ninety-four days clean, the longest yet.',
          'Denies thoughts of harm to self or others.',
          'Meets the probation officer on the 2nd and will ask about evening curfew.',
        ],
      },
      {
        mood: 'guilty',
        parts: [
          '{Mood} over money taken from {their} mother, {N} needed several starts.',
          'Wrote an amends list of four names in the workbook, and crossed out one for whom contact would do harm after hearing a peer’s experience.',
          'Working on step eight; last month was step six.',
          'Risk assessment unchanged, low.',
          '{They} agreed to repay twenty dollars a week and to show the receipts.',
        ],
      },
    ],
    added: [
      'Has changed shifts and may come late for the next three weeks.',
      'Coffee was spilled on the workbook and a fresh copy was handed out.',
      'Talked at length about football before the session began.',
    ],
  },
  {
    style: 'adolescent group',
    notes: [
      {
        mood: 'bored',
        parts: [
          '{N} announced that {they} was {mood} and then talked more than anyone.',
          'Drew a comic of the fight in the cafeteria with four panels, and changed the last panel when a peer asked what the other boy saw.',
          'Detentions: one this month, three in October.',
          'No self-harm, checked arms with consent.',
          'Mother gets the comic on the fridge; {they} tries the exit card in math.',
        ],
      },
      {
        mood: 'worried',
        parts: [
          '{Mood} about the science exam, {N} chewed {their} sleeve.',
          'Practiced the worry window with a timer, found it silly, did it anyway, and explained it better to the new girl than the leader had.',
          'Missed no school day since half-term, which is the goal.',
          'Says {they} is safe; parents informed of plan.',
          'Worry window each day at five, phone in the kitchen by nine.',
        ],
      },
      {
        mood: 'excited',
        parts: [
          '{N} was {mood}: cast as the wolf in the school play.',
          'Used the stage breath when {their} voice shook, and let two others try the howl, which loosened the whole room.',
          'Speaks in class about twice a day now, from zero in September.',
          'Nothing of concern in the safety screen.',
          'Learn the second scene, invite the grandmother.',
        ],
      },
    ],
    added: [
      'Ate most of the pretzels.',
      'Wore the hood up for the first ten minutes, then took it off without being asked.',
      'The stepfather came to the door at the end and wanted to talk about grades.',
    ],
  },
];
