import type { Problem } from '../../shared/model/common.ts';
import { isRunning, type Job } from '../../shared/model/job.ts';
import { clockTenthsUtc, clockUtc } from '../../shared/text/utc.ts';
import type { JobNotice } from '../jobs/job-controller-options.ts';
import type { Incidents } from '../observe/incidents.ts';
import type { LimitBook } from '../observe/limits.ts';

/** A job of the journal that no start can read. */
export const tellOfUnreadable = (row: { readonly id: string; readonly serverId: string }, incidents: Incidents): void =>
  void incidents.add({
    kind: 'file',
    state: 'trouble',
    serverId: row.serverId,
    roomName: null,
    jobId: null,
    what: 'A job of the journal could not be read, and was set aside.',
    detail: `Its row is kept in the journal, as ${row.id} in the table jobs_aside.`,
    done: 'What its server still lists of it is shown as started elsewhere.',
  });

/** The name of an entry of the address book; null where it is not there. */
type AddressName = (addressId: string) => string | null;

const lookFor = 'What it recorded may be lost. Look at the storage, and at the worker of the server.';

/** As the producer calls it, else by its host: what stands behind that may be a key. */
function streamName(
  { addressId, url }: { readonly addressId: string | null; readonly url: string },
  nameOf: AddressName,
): string {
  const name = addressId === null ? null : nameOf(addressId);
  return name ?? ((URL.canParse(url) && new URL(url).host) || 'one of its addresses');
}

/** What a job has to tell, as incidents, and what its refusal teaches about limits. */
export function tellOfJob(
  job: Job,
  notice: JobNotice,
  incidents: Incidents,
  limits: LimitBook,
  nameOf: AddressName,
): void {
  const where = { serverId: job.serverId, roomName: job.roomName, jobId: job.id };
  switch (notice.do) {
    case 'tellRefusal': {
      if (!job.refusal) return;
      const { refused, said, meaning, cuedeskDid, youCan, problem } = job.refusal;
      if (problem.code === 'egress-limit') limits.learn(job.serverId, 'egress');
      const isHeld = cuedeskDid !== null && !job.again;
      incidents.add({
        ...where,
        kind: 'refused',
        state: isHeld ? 'decided' : 'trouble',
        what: `${refused} was refused. ${meaning}`,
        detail: said,
        done: job.again ? askedAgain(job.again) : (cuedeskDid ?? youCan.join(' ')),
      });
      return;
    }
    case 'tellWaitOver':
      for (const { id, kind, jobId, state } of incidents.list.value.incidents)
        if (kind === 'refused' && jobId === job.id && state === 'trouble')
          incidents.close(id, notice.isTaken ? 'Asked again, and the server took it.' : 'Called off.');
      return;
    case 'tellFallback':
      incidents.add({
        ...where,
        kind: 'fallback',
        state: 'decided',
        what: `"${job.title}" goes on here, sound only.`,
        detail: notice.because,
        done: 'The desk took over.',
      });
      return;
    case 'tellEgressEnded': {
      const { meaning, advice } = job.egress?.ending ?? {};
      const isStopped = job.stopAskedAtMs !== null;
      incidents.add({
        ...where,
        kind: 'job',
        state: 'trouble', // the picture is lost, and maybe what the server had recorded: that needs an eye
        what: [`"${job.title}" ${isStopped ? 'failed at the end' : 'ended at the server'}.`, meaning]
          .filter(Boolean)
          .join(' '),
        detail: notice.said || null,
        done: isHere(job)
          ? 'The desk takes over.'
          : (advice ?? (isStopped ? lookFor : 'Start it again, or record here.')),
      });
      return;
    }
    case 'tellMissed':
      incidents.add({
        ...where,
        kind: 'job',
        state: 'trouble',
        what: `"${job.title}" did not begin: the console was closed at its time.`,
        detail: job.startAtMs === null ? null : `Scheduled for ${new Date(job.startAtMs).toISOString()}.`,
        done: 'Nothing was recorded. Start it again, or schedule it anew.',
      });
      return;
    case 'tellStopped':
      incidents.add({
        ...where,
        kind: 'job',
        state: 'closed',
        what: `"${job.title}" was stopped by its rule.`,
        detail: notice.because,
        done: 'Stopped, as it was asked when it was started.',
      });
      return;
    case 'tellStoppedElsewhere':
      incidents.add({
        ...where,
        kind: 'job',
        state: 'trouble', // the show may go on
        what: `"${job.title}" was stopped by somebody else.`,
        detail: 'Another program, or another console, asked the server to stop it.',
        done: 'What it made until then is kept. Start it again if the show goes on.',
      });
      return;
    case 'tellDeskFailed':
      incidents.addProblem({ ...notice.problem, text: deskFailed(job, notice.problem) }, { ...where, kind: 'desk' });
      return;
    case 'tellStreamGivenUp':
    case 'tellStreamBack': {
      const { said, step } = notice.stream;
      const isBack = notice.do === 'tellStreamBack';
      incidents.add({
        ...where,
        kind: 'job',
        state: isBack ? 'closed' : 'trouble',
        what: `A stream broke off: "${job.title}" to ${streamName(notice.stream, nameOf)}.`,
        detail: said,
        done: isBack ? 'It is live again.' : step.at === 'waiting' ? 'It is added again, as long as you want it.' : '',
      });
      return;
    }
    case 'tellConsoleWasKilled': {
      const at = clockTenthsUtc(notice.endedAtMs);
      const isLost = !isRunning(job) && job.stopAskedAtMs === null; // it was the only one that recorded
      incidents.add({
        ...where,
        kind: 'desk',
        state: isLost ? 'trouble' : 'closed',
        what: `The console was ended while it recorded "${job.title}" here.`,
        detail: `The files end at ${at} UTC.`,
        done: `The files were repaired and joined to the job.${isHere(job) ? ' It goes on here, where its room is still open.' : ''}${isLost ? ' Nothing records it any more: start it again if the show goes on.' : ''}`,
      });
      return;
    }
    case 'tellDeskHole': {
      const { fromMs, toMs, cause } = notice.hole;
      incidents.add({
        ...where,
        kind: 'gap',
        state: 'decided',
        what: `"${job.title}" goes on here, and lacks ${((toMs - fromMs) / 1000).toFixed(1)} s.`,
        detail: `Nothing was recorded from ${clockTenthsUtc(fromMs)} to ${clockTenthsUtc(toMs)} UTC. ${cause}`,
        done: 'The files before it and after it are of the same job.',
      });
    }
  }
}

const deskFailed = ({ title, files }: Job, { text }: Problem): string =>
  files.some(({ engine }) => engine === 'desk')
    ? `Recording "${title}" here has ended: ${text}`
    : `"${title}" cannot be recorded here: ${text}`;

const isHere = ({ desk }: Job): boolean => desk?.status === 'joining' || desk?.status === 'recording';

const askedAgain = ({ atMs, tries, maxTries, isForSession }: NonNullable<Job['again']>): string => {
  const at = `${clockUtc(atMs)} UTC`;
  return `Asked again by itself at ${at}${isForSession ? ', or as soon as a session is free' : ''}: try ${tries + 1} of ${maxTries}.`;
};

/** The server records, but dropped parts of the request without a word: most likely it is too old for them. */
export function tellOfIgnored(
  incidents: Incidents,
  where: { readonly serverId: string; readonly roomName: string },
  fields: readonly string[],
): void {
  incidents.add({
    ...where,
    jobId: null,
    kind: 'job',
    state: 'trouble',
    what: 'The server records, but ignored a part of what was asked for.',
    detail: fields.join(', '),
    done: 'It goes on as the server understood it. A newer server may know these fields.',
  });
}

/** What does not go as it should with a job: an incident each while it lasts, closed when it is well again. */
export function tellOfWarnings(job: Job, incidents: Incidents): void {
  const where = { kind: 'watch', serverId: job.serverId, roomName: job.roomName, jobId: job.id } as const;
  for (const { text, advice } of job.warnings)
    incidents.add({ ...where, state: 'trouble', what: `"${job.title}": ${text}`, done: advice });
  const lasting = new Set(job.warnings.map(({ text }) => `"${job.title}": ${text}`));
  for (const { id, kind, jobId, state, what } of incidents.list.value.incidents)
    if (kind === 'watch' && jobId === job.id && state === 'trouble' && !lasting.has(what))
      incidents.close(id, 'It is over.');
}

/** What had ended while a server could not be asked, or the console was closed: one incident, a line each. */
export function tellOfAbsence(incidents: Incidents, serverId: string, sinceMs: number, ended: readonly Job[]): void {
  const count = ended.length === 1 ? 'One job' : `${ended.length} jobs`;
  incidents.add({
    kind: 'server',
    state: ended.some((job) => job.phase === 'failed') ? 'trouble' : 'decided',
    serverId,
    what: `${count} ended while nobody here could look, at ${clockUtc(sinceMs)} UTC at the earliest.`,
    detail: ended.map((job) => `${job.title}: ${job.text}`).join(' '),
    done: 'Taken from the list of the server; the history has each with its story.',
  });
}
