import { seconds } from './format.ts';

/** The catalogue of the plan: what a start loses, its alternative, and the ways to record a room side by side. */
export const planWords = {
  lost: 'Lost',
  instead: 'Instead',
  compare: 'Compare the ways…',
  title: 'Ways to record this room',
  mark: (people: number) => (people === 1 ? '1 person' : `${people} people`),
  head: {
    way: 'Way',
    sessions: 'Sessions',
    starts: 'Starts in',
    delay: 'Sound is late by',
    mixing: 'Mixing',
    cost: 'Costs an hour',
    control: 'Control',
  },
  chosen: 'chosen',
  fits: { true: 'fits now', false: 'does not fit now', null: 'limit unknown' },
  notMeasured: 'not measured',
  unanswered: (ms: number, isKeptHere: boolean) =>
    `The server has not answered for ${seconds(ms)}; a refusal takes 20 to 25 s, because it asks every worker and waits for one.${
      isKeptHere ? ' The sound is kept here meanwhile.' : ''
    } Hold to call it off.`,
  again: 'Again',
  causes: 'It may be',
  hint: 'Figures measured on this server stand below the declared ones.',
} as const;
