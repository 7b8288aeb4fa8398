/**
 * What clinicians of English write when they document something. Data: a change raises the version, and with it the
 * version of the rules that read it. `*` ends a word with anything, `_` is any one word of the same clause,
 * a word in capitals must be written so.
 * Confidence K throughout: collected from public progress-note guides and from practice, complete for nobody.
 */
export interface Lexicon {
  readonly id: string;
  readonly version: string;
  readonly phrases: readonly string[];
}

const phrases = (text: string): readonly string[] =>
  text
    .split('\n')
    .flatMap((line) => line.split(','))
    .map((phrase) => phrase.trim())
    .filter((phrase) => phrase !== '');

/** N03: words for mood or affect, or the two nouns with something said of them. */
export const MOOD: Lexicon = {
  id: 'mood-affect',
  version: '1',
  phrases: phrases(`
    mood _, affect _, presented as _, appeared _, seemed _, looked _
    anxious*, anxiety _, nervous, tense, tension _, worried, fearful, frightened, panicky, on edge, restless*, agitat*, irrita*, angry, anger _
    depress*, low mood, low spirits, down, sad*, tearful*, cried, crying, weepy, hopeless*, despond*, dysphor*, dysthym*, euthym*, euphor*, elat*
    flat, blunt*, constricted, restricted affect, labile, reactive, congruent, incongruent, full range, broad affect, guarded, withdrawn, subdued
    calm*, relaxed, bright*, cheerful*, content*, hopeful*, optimistic, overwhelm*, frustrat*, asham*, guilt*, grie*, numb*, apathetic, stable mood, expansive
    animated, distress*, upset, composed, settled, lonely, excited, proud, embarrass*, resentful, stress*, emotional*, exhausted, happy, happier`),
};

/** N04: something that one person does in a group; what it was about must follow (`evidence.ts`). */
export const PARTICIPATION: Lexicon = {
  id: 'participation',
  version: '1',
  phrases: phrases(`
    shar*, identif*, describ*, discuss*, disclos*, explor*, express*, reflect*, explain*, report*, nam*, list*, recount*, related, told, tell*, talk*, spoke*, speak*, said
    practic*, practis*, role play*, roleplay*, rehears*, demonstrat*, complet*, wrote, writ*, read aloud, read out, read, brought, presented, used, tried, appl*
    offer*, gave, give*, provid*, supported, encourag*, validat*, thank*, suggest*, respond*, answer*, ask*, challeng*, confront*, disput*, question*
    recogniz*, recognis*, realiz*, realis*, acknowledg*, notic*, linked, connect*, compar*, contrast*, track*, review*, set, plan*, chose, decided, agreed
    process*, work* on, work* through, problem solv*, brainstorm*, generat*, rated, rank*, drew, volunteer*, led, taught, interrupt*, declin*, refus*, admitted, learn*, examin*, reframe*, trac*, mention*, stated, state*, confid*`),
};

/** N06: a comparison with before, or a statement about the goals. */
export const PROGRESS: Lexicon = {
  id: 'progress',
  version: '1',
  phrases: phrases(`
    progress*, improv*, gain* in, gains, better, best, worse*, regress*, deteriorat*, declin* in, decreas*, increas*, reduc*, fewer, less often, less than, more than, more often
    no change*, unchanged, no improvement, stable, plateau*, setback*, set back, relaps*, slipped, maintain*, sustain*, consisten*
    down from, up from, down to, up to, compared with, compared to, than last, than before, since last, since intake, since the last, from last
    first time, a first, for the first, no longer, still struggl*, still avoid*, remains, continu* to struggle, continu* to have, met goal*, goal met, toward goal*, towards goal*
    on track, ahead of, behind on, achiev*, advanc*, partially met, not met, scores fell, score fell, dropped to, rose to, fell by, rose by, lower than, higher than, against five, against last`),
};

/** N07: a statement about risk; that it is denied is one, too. */
export const RISK: Lexicon = {
  id: 'risk',
  version: '1',
  phrases: phrases(`
    suicid*, homicid*, SI, HI, si hi, sihi, self harm*, selfharm*, self injur*, selfinjur*, nssi, harm* to, harm* self, harm* others, harm* himself, harm* herself, harm* themselves, of harm*, hurt* himself, hurt* herself, hurt* themselves, hurt* self
    safety plan*, safety review*, safety assess*, safety discuss*, safety concern*, safety contract*, safety _, crisis plan*, crisis line*, crisis number, 988
    risk review*, risk assess*, risk screen*, risk level*, risk low, low risk, moderate risk, high risk, risk is, risk was, risk remains, risk unchanged, risk factor*, protective factor*, risk denied, no risk, risk none
    c ssrs, cssrs, columbia, phq 9 item, thoughts of dying, thought of dying, thoughts of death, wish to die, wish to be dead, better off dead, passive death, ideation, lethal*, intent or plan, plan or intent, no intent`),
};

/** N08: what comes next. A plan that somebody denies to have (of harm) is none. */
export const PLAN: Lexicon = {
  id: 'plan',
  version: '1',
  phrases: phrases(`
    plan is _, plan to _, plans to _, plans on _, planning to _, plan _ _, next step*, next session*, next week*, next group, next meeting, next time, before next, by next, until next
    homework, assignment*, assigned, between session*, follow up*, followup*, will _, agreed to _, agrees to _, intends to _, committed to _, commits to _, going to _, aims to _, scheduled, appointment
    continu* to attend, continu* group*, continu* with, continu* weekly, continu* treatment, continu* in group, return* to group, return* next, return* in, recommend*, refer* to, referral*, to practice, to practise, to bring, to complete, to try, keeps the`),
};

/** That something was not done voids what stands beside it. */
export const NOT_DONE: Lexicon = {
  id: 'not-done',
  version: '1',
  phrases: phrases(`
    not assess*, not review*, not address*, not evaluat*, not discuss*, not document*, not complet*, not determin*, not observ*, not known, not applicable, not rated, not noted, not reported, not covered, not specified
    unable to assess, unable to determine, unable to evaluate, unable to rate, could not assess, could not be assessed, could not be determined, did not assess, did not review, did not discuss, did not address, was deferred, were deferred
    never assess*, never review*, without assess*, without review*, unassessed, unknown, n a, tbd, to be determined, to be completed, to be assessed, deferred, no risk assess*, no assess*, no review, no safety plan* review*`),
};

/** Denials that take the word "plan" or "will" with them. */
export const NO_PLAN: Lexicon = {
  id: 'no-plan',
  version: '1',
  phrases: phrases(`
    no plan, no plans, no current plan, no specific plan, nor plan, or plan, plan or, plan and intent, intent plan, with plan, without plan, without a plan, den* plan*, den* any plan*, no intent or plan, no homework, no follow up, no assignment*, no appointment, no referral*, safety plan*, crisis plan*, treatment plan*, will and, free will, good will, strong will, his will, the will`),
};

/** N02: sentences that fit everybody. */
export const STOCK: Lexicon = {
  id: 'stock-phrases',
  version: '1',
  phrases: phrases(`
    participat* appropriate*, participat* active*, active* participat*, participat* well, participat* fully, participat* in group*, participat* in the group*, participat* in session*, participat* in today*, participat* in discussion*, participat* in the discussion*, good participation, full participation, minimal participation, participation was good, participation was appropriate, was an active participant, active participant
    appear* to benefit, seem* to benefit, benefit* from group*, benefit* from the group*, benefit* from session*, benefit* from the session*, benefit* from attending, benefit* from participation
    was attentive*, attentive throughout, listen* attentive*, listen* active*, actively listen*, listen* to others, listen* to peers, was engaged, were engaged, engaged appropriate*, engaged well, engaged in group*, engaged in the group*, engaged in discussion*, engaged in the discussion*, engaged throughout, remained engaged, remained attentive, was present, was cooperative, cooperative and pleasant, pleasant and cooperative, was pleasant, was appropriate, behav* appropriate*, interact* appropriate*, interact* well, interact* with peers, interact* with others, appropriate behavior, appropriate interaction*
    was receptive, receptive to feedback, receptive to group*, receptive to support, open to feedback, gave feedback, gave and received feedback, gave and received support, offered feedback, offered support, provided feedback, provided support, supportive of peers, supportive of others, supportive of group*, shared with the group, shared with group, shared feelings, shared thoughts, shared thoughts and feelings, shared experience*, shared appropriate*, related to peers, related to others, related well
    tolerat* group well, tolerat* session well, tolerat* the group well, tolerat* the session well, no issues, no concerns, no concerns noted, no problems noted, no behavioral issues, no new concerns, stayed on topic, on topic, followed group rules, respectful of others, respectful to others, respectful of peers, stayed for the entire group, stayed for the entire session, attended the entire group, attended the entire session, attended group*, attended the group*, attended session*, attended today*, on time, arrived on time
    continue* to make progress, continue* to progress, making progress, made progress, making good progress, made good progress, progress toward* goal*, progress toward* treatment goal*, progressing toward* goal*, progressing well, working toward* goal*, work* on goal*, work* on treatment goal*, met group goal*, will continue to attend, will continue to benefit, will continue in group*, will continue group*, continue current treatment, continue current plan, continue treatment plan, continue with treatment*, continue with current*, continue per treatment plan, continue group therapy, continue with group*, continue to attend, continue to monitor, will be monitored, mood and affect appropriate, affect appropriate, mood appropriate, mood was stable, mood stable, within normal limits, wnl`),
};

/** Words that say nothing by themselves: they do not make a sentence somebody's own. */
export const FILLER: ReadonlySet<string> = new Set(
  (
    'a about after again all also am an and any are as at be been before being both but by can could did do does during each for from further had has have having ' +
    'how if in into is it its itself just may might more most much must my no nor not of off on once one only or other our out over own same shall should so some ' +
    'such than that the then there these this those through to too under until up upon very was we were what when where which while who whom why will with would you your i me us ' +
    'group groups session sessions therapy therapeutic treatment today peers peer members member others other clinician therapist facilitator discussion topic topics ' +
    'active engaged attentive cooperative pleasant minimal moderate limited full fully quiet quietly listened shared openly feedback support supportive receptive verbal ' +
    'participated participation attended appropriate appropriately actively well good throughout entire present presented appeared seemed noted remains remained overall general generally'
  ).split(' '),
);

/** Whole field values that say nothing: what an EHR fills in so that the field is not empty. */
export const EMPTY_VALUES: ReadonlySet<string> = new Set(
  'n a|na|none|null|nil|unknown|tbd|to be determined|not assessed|not applicable|not documented|see above|see note|see group note|see text|same|same as above|as above|ditto|other|test|x|xx|xxx|no|yes|ok|0'.split(
    '|',
  ),
);

/** Lexicons that rules read, for documents and version checks. */
export const LEXICONS: readonly Lexicon[] = [MOOD, PARTICIPATION, PROGRESS, RISK, PLAN, NOT_DONE, NO_PLAN, STOCK];
