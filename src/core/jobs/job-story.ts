import { egressText } from './egress-words.ts';
import type { JobEvent } from './job-event.ts';
import type { JobEffect } from './job-machine.ts';
import { egressIsOver, type JobState } from './job-state.ts';
import type { StreamChange } from './streams/change-streams.ts';

/** What an event meant for a job: a sentence for its story, and the server's own words. Empty: only growth. */
export interface Told {
  readonly told: string;
  readonly said: string;
}

const by = { answer: '', look: '', webhook: ' (webhook)' } as const;

/** Tells one event of a job, with what was decided upon it. */
export function tell(before: JobState, event: JobEvent, after: JobState, effects: readonly JobEffect[]): Told {
  const { what, said } = happened(before, event, after);
  return { told: [what, ...effects.map(decided)].filter(Boolean).join(' '), said };
}

function happened(
  before: JobState,
  event: JobEvent,
  after: JobState,
): { readonly what: string; readonly said: string } {
  const only = (what: string) => ({ what, said: '' });
  switch (event.type) {
    case 'begun':
      return only(
        before.takesOver ? 'The console started it, to take over before a session limit.' : 'Start was pressed.',
      );
    case 'due':
      return only('The scheduled time came.');
    case 'tryAgain':
      return only(again[event.because]);
    case 'missed':
      return only(
        before.egress.at === 'waiting'
          ? 'The time to ask again went by while the console was closed.'
          : 'The scheduled time went by while the console was closed.',
      );
    case 'egressSeen': {
      const { snapshot } = event;
      const isNews = after.egress.at !== before.egress.at || hasMedia(after) !== hasMedia(before);
      const said = [snapshot.errorCode > 0 ? String(snapshot.errorCode) : '', snapshot.error].filter(Boolean).join(' ');
      const words = [said, snapshot.details].filter(Boolean).join('; ');
      return { what: isNews ? `${egressText(after, '')}${by[event.by ?? 'look']}` : '', said: isNews ? words : '' };
    }
    case 'egressRefused':
      return { what: `The server refused it: ${event.problem.text}`, said: event.problem.said ?? '' };
    case 'takenLate':
      return only('The server took it after it had been called off; it was stopped.');
    case 'egressGone':
      return only('The server does not list it any more.');
    case 'forgotten':
      return only('The producer gave it up: the server keeps its row, and nothing of it runs.');
    case 'serverRemoved':
      return only('Its server was removed from Cuedesk.');
    case 'deskBegan':
      return only('The desk records the sound of the room.');
    case 'deskGrew':
      return only('');
    case 'deskFailed':
      return {
        what:
          before.desk.at === 'recording'
            ? `The recording of the desk ended: ${event.problem.text}`
            : `The desk could not record: ${event.problem.text}`,
        said: event.problem.said ?? '',
      };
    case 'deskClosed':
      return only('The files of the desk are finished.');
    case 'deskFound':
      return only('The console had ended while the desk recorded; its files were repaired.');
    case 'takeOverAsked':
      return only(`The desk was asked to record beside it: ${event.because}`);
    case 'stopAsked':
      if (before.stopAskedAtMs !== null) return only('The stop is asked for again.');
      return only(event.because === undefined ? 'The producer stopped it.' : `Stopped by itself: ${event.because}`);
    case 'layoutSent':
      return only(`Another layout was passed on: ${event.layout || 'the usual one'}.`);
    case 'streams':
      return streams(event.change);
    case 'handedOver':
    case 'tookOver':
      return only(event.told);
    case 'consoleClosing':
      return only('The console was closed.');
  }
}

function streams(change: StreamChange): { readonly what: string; readonly said: string } {
  switch (change.do) {
    case 'add':
      return { what: `An address was added: ${change.url}`, said: '' };
    case 'drop':
      return { what: 'An address was taken off.', said: '' };
    case 'retryNow':
      return { what: 'An address is tried again now.', said: '' };
    case 'answer': {
      const refused = change.results.filter((result) => result.outcome !== 'done');
      return {
        what: refused.length === 0 ? 'The server took the change of addresses.' : 'The server did not take an address.',
        said: refused
          .map((result) => result.said)
          .filter(Boolean)
          .join('; '),
      };
    }
    case 'tick':
    case 'looked':
    case 'call':
      return { what: '', said: '' };
  }
}

/** The first line of a job that others have started. */
export const foundStory = (job: JobState): string =>
  ['Found at the server, started elsewhere.', egressIsOver(job.egress) ? `It was over: ${egressText(job, '')}` : '']
    .filter(Boolean)
    .join(' ');

const again = {
  time: 'The time to ask again came.',
  free: 'A session became free.',
  asked: 'The producer asked to try again.',
} as const;

const hasMedia = ({ egress }: JobState): boolean => 'mediaStartedAtMs' in egress && egress.mediaStartedAtMs !== null;

/** What is done about it, where that is a decision and not only the telling of it. */
function decided(effect: JobEffect): string {
  switch (effect.do) {
    case 'startEgress':
      return 'The server is asked to start it.';
    case 'stopEgress':
      return 'The server is asked to stop it.';
    case 'openDesk':
      if (effect.goesOn) return `The desk goes on as part ${effect.take}, where the room is still open.`;
      return effect.take > 1 ? 'The desk takes over, sound only.' : 'The desk records the sound beside it.';
    case 'closeDesk':
      return 'The desk finishes its files.';
    case 'tellStreamGivenUp':
      return 'An address was given up; it is added again by itself.';
    case 'tellStreamBack':
      return 'An address is back.';
    case 'tellWaitOver':
    case 'tellRefusal':
    case 'tellFallback':
    case 'tellEgressEnded':
    case 'tellDeskFailed':
    case 'tellConsoleWasKilled':
    case 'tellDeskHole':
    case 'tellMissed':
    case 'tellStopped':
      return '';
    case 'tellStoppedElsewhere':
      return 'Nobody here had asked for that.';
  }
}
