import { useStore } from 'zustand';
import './program.css';
import type { Job } from '../../../../shared/model/job.ts';
import type { RoomDetail } from '../../../../shared/model/room.ts';
import { jobsStore } from '../../stores/jobs.ts';
import { words } from '../../text/messages.ts';
import { Tally } from '../../ui/tally.tsx';
import { onAir, type OnAir } from '../roomhead/on-air.ts';
import { ProgramMeter } from './program-meter.tsx';

/** What is really recorded of the room, said in words: there is no picture in this window yet, and none is made up. */
export function ProgramPanel({ detail }: { readonly detail: RoomDetail }) {
  const jobs = useStore(jobsStore, (state) => state.jobs).filter((job) => job.roomName === detail.name);
  const air = onAir(jobs, null);
  const isLive = air.rec?.sinceMs != null || air.desk?.sinceMs != null;
  const people = detail.people.length;
  return (
    <div className="program">
      <figure className={isLive ? 'return live' : 'return'}>
        {isLive ? <Tally tone="live">{words.program.onAir}</Tally> : null}
        <figcaption>
          <b>{headline(air, people)}</b>
          <span className="sub">{hint(air)}</span>
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
            <dd>{air.rec ? words.program.byEgress : words.program.noPicture}</dd>
            <dt>{words.program.soundFact}</dt>
            <dd>{air.rec || air.desk ? words.program.soundOf(people) : words.program.noPicture}</dd>
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
  return air.rec ? words.program.starting : words.program.nothing;
}

function hint(air: OnAir): string {
  if (air.rec?.sinceMs != null) return words.program.egressHint;
  if (air.desk) return words.program.deskHint;
  return air.rec ? words.program.egressHint : words.program.nothingHint;
}

function layoutOf(jobs: readonly Job[]): string {
  const job = jobs.find(
    (each) =>
      each.phase !== 'done' &&
      each.phase !== 'failed' &&
      each.request.kind === 'room-composite' &&
      each.engine === 'egress',
  );
  return job?.request.kind === 'room-composite' ? words.program.layouts[job.request.layout] : words.common.none;
}
