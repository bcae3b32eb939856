import { useStore } from 'zustand';
import './program.css';
import type { Job } from '../../../../shared/model/job.ts';
import type { RoomDetail } from '../../../../shared/model/room.ts';
import { jobsStore } from '../../stores/jobs.ts';
import { words } from '../../text/messages.ts';
import { chosenServer, serversStore } from '../../stores/servers.ts';
import { Tally } from '../../ui/tally.tsx';
import { useIsCoreAway, useIsStale } from '../../ui/use-stale.ts';
import { onAir, type OnAir } from '../roomhead/on-air.ts';
import { ProgramMeter } from './program-meter.tsx';

/** What is really recorded of the room, said in words: there is no picture in this window yet, and none is made up. */
export function ProgramPanel({ detail }: { readonly detail: RoomDetail }) {
  const jobs = useStore(jobsStore, (state) => state.jobs).filter((job) => job.roomName === detail.name);
  const air = onAir(jobs, null);
  const isLive = air.rec?.sinceMs != null || air.desk?.sinceMs != null || (air.live?.okCount ?? 0) > 0;
  const people = detail.people.length;
  const isStale = useIsStale();
  const isCoreAway = useIsCoreAway();
  const server = useStore(serversStore, chosenServer);
  const away = isCoreAway ? words.product : isStale ? (server?.name ?? words.top.server) : null;
  // The recording here goes on while the server is away, with no sound to take.
  const isDeaf = away !== null && !isCoreAway && air.desk !== null;
  return (
    <div className="program">
      <figure className={isLive && away === null ? 'return live' : 'return'}>
        {isLive ? (
          <Tally tone={away === null ? 'live' : 'off'} hasEdge={away !== null}>
            {away === null ? words.program.onAir : `${words.program.onAir} ?`}
          </Tally>
        ) : null}
        <figcaption>
          <b>{isDeaf ? words.program.noSound : headline(air, people)}</b>
          <span className="sub">
            {isDeaf ? words.program.noSoundHint : away === null ? hint(air) : words.program.staleHint(away)}
          </span>
        </figcaption>
      </figure>
      <div className="pgm">
        <div>
          <div className="head">
            <h2>{words.program.title}</h2>
            <span className="push mark">{words.program.noReturn}</span>
          </div>
          <dl className="facts">
            <dt>{words.program.layout}</dt>
            <dd>{layoutOf(jobs)}</dd>
            <dt>{words.program.picture}</dt>
            <dd>{air.rec || air.live ? words.program.byEgress : words.program.noPicture}</dd>
            <dt>{words.program.soundFact}</dt>
            <dd>{air.rec || air.live || air.desk ? words.program.soundOf(people) : words.program.noPicture}</dd>
          </dl>
        </div>
        <ProgramMeter />
      </div>
    </div>
  );
}

function headline(air: OnAir, people: number): string {
  if (air.rec?.sinceMs != null) return words.program.egress(people);
  if (air.desk) return words.program.desk(people);
  if (air.rec || air.live?.isStarting) return words.program.starting;
  return air.live ? words.program.streamed : words.program.nothing;
}

function hint(air: OnAir): string {
  if (air.rec?.sinceMs != null) return words.program.egressHint;
  if (air.desk) return words.program.deskHint;
  if (air.rec) return words.program.egressHint;
  return air.live ? words.program.streamedHint : words.program.nothingHint;
}

function layoutOf(jobs: readonly Job[]): string {
  const job = jobs.find(
    (each) =>
      each.phase !== 'done' &&
      each.phase !== 'failed' &&
      each.request.kind === 'room-composite' &&
      each.engine === 'egress',
  );
  return job?.request.kind === 'room-composite' ? words.program.layoutName(job.request.layout) : words.common.none;
}
