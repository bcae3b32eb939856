import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import './roomhead.css';
import type { RoomDetail, Tally as TallyWord } from '../../../../shared/model/room.ts';
import { captionsStore, sessionOf } from '../../stores/captions.ts';
import { jobsStore } from '../../stores/jobs.ts';
import { delay } from '../../text/format.ts';
import { words } from '../../text/messages.ts';
import { Copyable } from '../../ui/copyable.tsx';
import { Tally } from '../../ui/tally.tsx';
import { Timer } from '../../ui/timer.tsx';
import { useIsCoreAway, useIsStale } from '../../ui/use-stale.ts';
import { RoomMenu } from '../control/room-menus.tsx';
import { onAir } from './on-air.ts';

/** The room's name, then what is on air and for how long: the longest recording largest. */
export function RoomHead({
  chosenName,
  detail,
}: {
  readonly chosenName: string | null;
  readonly detail: RoomDetail | null;
}) {
  const jobs = useStore(jobsStore, (state) => state.jobs);
  const session = useStore(captionsStore, (state) => sessionOf(state.sessions, chosenName));
  const air = onAir(
    jobs.filter((job) => job.roomName === chosenName),
    session,
  );
  const delayMs = air.captions?.delayMs ?? null;
  const isStale = useIsStale();
  const isCoreAway = useIsCoreAway();
  return (
    <header className="roomhead">
      <div>
        <div className="room-title">
          <h1 id="h-room" className="cut" title={chosenName ?? undefined}>
            <bdi>{chosenName ?? words.room.none}</bdi>
          </h1>
          {chosenName === null ? null : <RoomMenu roomName={chosenName} />}
        </div>
        <p className="sub cut">{detail === null ? '' : subline(detail)}</p>
      </div>
      {air.rec ? (
        <Cell
          word="REC"
          isStarting={air.rec.isStarting}
          isStale={isStale}
          note={isStale ? words.program.lastSeen : air.rec.isStarting ? words.program.starting : words.room.onAir}
        >
          <Timer className="big" sinceMs={air.rec.sinceMs} label={words.room.recTime} />
        </Cell>
      ) : null}
      {air.live ? (
        <Cell
          word="LIVE"
          isStarting={air.live.isStarting}
          isStale={isStale}
          isTrouble={air.live.isLost}
          note={isStale ? words.program.lastSeen : words.status.reached(air.live.okCount, air.live.retryCount)}
        >
          <Timer className={air.rec ? 'mid' : 'big'} sinceMs={air.live.sinceMs} label={words.room.liveTime} />
        </Cell>
      ) : null}
      {air.captions ? (
        <Cell
          word="CAP"
          isStarting={air.captions.state === 'starting'}
          isStale={isCoreAway}
          note={isCoreAway ? words.program.lastSeen : words.room.delay}
          isTrouble={air.captions.state === 'reconnecting'}
        >
          {delayMs === null ? (
            <span className="mid dim">{words.common.none}</span>
          ) : (
            <Copyable className="mid" text={delay(delayMs)} label={words.room.captionDelay} />
          )}
        </Cell>
      ) : null}
      {air.desk ? (
        <Cell
          word="DESK"
          isStarting={air.desk.isStarting}
          isStale={isCoreAway}
          isTrouble={air.desk.isLost}
          note={isCoreAway ? words.program.lastSeen : air.desk.isStarting ? words.program.starting : words.room.sound}
        >
          <Timer
            className={air.rec || air.live ? 'mid' : 'big'}
            sinceMs={air.desk.sinceMs}
            label={words.room.deskTime}
          />
        </Cell>
      ) : null}
      {air.rec || air.live || air.captions || air.desk || detail === null ? null : (
        <div className="onair">
          <p className="k">
            <Tally tone="off" hasEdge>
              OFF
            </Tally>
            {words.room.nothing}
          </p>
          <span className="mid dim">--:--:--</span>
        </div>
      )}
    </header>
  );
}

function subline(detail: RoomDetail): string {
  if (!detail.exists) return words.room.gone;
  return words.room.sub(detail.people.length, detail.people.filter((person) => person.isMuted).length);
}

interface CellProps {
  readonly word: TallyWord;
  readonly note: string;
  readonly isStarting: boolean;
  /** It is only what was seen last: the word then carries a question mark. */
  readonly isStale: boolean;
  readonly isTrouble?: boolean;
  readonly children: ReactNode;
}

function Cell({ word, note, isStarting, isStale, isTrouble = false, children }: CellProps) {
  return (
    <div className="onair">
      <p className="k">
        <Tally tone={isStale ? 'off' : isTrouble ? 'trouble' : isStarting ? 'armed' : 'live'} hasEdge={isStale}>
          {isStale ? `${word} ?` : word}
        </Tally>
        {note}
      </p>
      {children}
    </div>
  );
}
