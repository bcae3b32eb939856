import { timer } from '../../../shared/text/figures.ts';
import { counted, seconds } from './format.ts';

/** The catalogue of the destinations of a stream, and of what else can be changed while it runs. */
export const destinationsWords = {
  list: (title: string) => `Destinations of ${title}`,
  hiddenName: (n: number) => `Destination ${n}`,
  states: {
    starting: 'Starting',
    adding: 'Adding',
    live: 'Live',
    dropping: 'Dropping',
    dropped: 'Dropped',
    finished: 'Ended',
    failed: 'Given up',
    /** Added when the job runs. */
    queued: 'Waiting',
  },
  connecting: (ms: number) => `Connecting ${seconds(ms)}`,
  /** Egress tries by itself. */
  byEgress: (ms: number) => `Reconnecting (egress, ${seconds(ms).replace(' s', '')} of 30 s)`,
  byEgressNote: 'egress tries by itself; adding it again now would break the job',
  /** Cuedesk adds it again. */
  again: (ms: number) => `Reconnecting (${seconds(ms + 999)})`, // a count down ends with 1 s, not 0 s
  tries: (n: number) => `Given up ${counted(n, 'time', 'times')}.`,
  liveTime: (name: string) => `Time on air at ${name}`,
  liveFor: (ms: number) => timer(ms),
  queuedNote: 'added as soon as the job records',
  said: (words: string) => `egress: “${words}”`,
  replaces: (name: string) => `takes the place of ${name} once it is live`,
  elsewhere: 'added elsewhere',
  retry: 'Retry now',
  retryOf: (name: string) => `Retry now: ${name}`,
  drop: 'Drop',
  dropOf: (name: string) => `Drop ${name}`,
  more: (name: string) => `More for ${name}`,
  replace: 'Replace…',
  dropAsk: 'Drop…',
  add: 'Add a destination',
  layout: 'Layout',
  notDone: (text: string, advice: string) => `Not done: ${text} ${advice}`,
  fold: {
    title: 'Destinations',
    open: 'Addresses',
    none: (n: number) => (n === 0 ? 'none kept' : `${n} kept`),
    live: (n: number) => `${n} live`,
    hurt: (n: number) => `${n} retry`,
    failed: (n: number) => `${n} given up`,
  },
  addDialog: {
    title: (job: string) => `Add a destination to ${job}`,
    replaceTitle: (name: string) => `Replace ${name}`,
    pick: 'Destination',
    none: 'No other address of this protocol is kept.',
    type: 'New address…',
    replaceNote: 'The old one is dropped once the new one is live: if the new one cannot connect, the old one goes on.',
    note: 'It joins the stream that runs; the others are not disturbed.',
    add: 'Add',
    replace: 'Replace',
  },
  dropDialog: {
    title: (name: string) => `Drop ${name}?`,
    body: 'The stream to it ends now. The other outputs of the job go on.',
    drop: 'Drop it',
    keep: 'Keep it',
  },
  layoutDialog: {
    title: (job: string) => `Layout of ${job}`,
    layout: 'Layout',
    send: 'Send',
    sent: (layout: string) => `Sent: ${layout}.`,
    truth: {
      follows: 'Its template follows a change of the layout, as its entry in the address book says.',
      stock:
        'LiveKit’s own template keeps the layout that the job began with: the server takes the change, and the picture stays. On LiveKit Cloud it may differ. For another layout, start the job again.',
      silent:
        'Nothing is known of its template: only a page that registers onLayoutChanged follows. The address book can say that it does.',
    },
  },
};
