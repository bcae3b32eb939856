import { useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import './meters.css';
import './people.css';
import type { RoomDetail } from '../../../../shared/model/room.ts';
import { captionsStore, sessionOf } from '../../stores/captions.ts';
import { sameKeeper } from '../../stores/keep-same.ts';
import { words } from '../../text/messages.ts';
import { useIsStale } from '../../ui/use-stale.ts';
import { MeterCanvas } from './meter-canvas.tsx';
import { peopleRows, shownTallies, type PersonRow } from './people-rows.ts';
import { PeopleTable } from './people-table.tsx';

/** Who is in the room, how loud, and what holds them. */
export function PeoplePanel({ detail }: { readonly detail: RoomDetail }) {
  const session = useStore(captionsStore, (state) => sessionOf(state.sessions, detail.name));
  const isStale = useIsStale();
  const [keep] = useState(() => sameKeeper<PersonRow>((row) => row.identity));
  const rows = useMemo(() => keep(peopleRows(detail, session, isStale)), [keep, detail, session, isStale]);
  const scroller = useRef<HTMLDivElement>(null);
  const tallies = shownTallies(rows).join(' ');
  if (rows.length === 0) return <p className="people blank sub">{words.people.nobody}</p>;
  return (
    <div className="people">
      <div className="people-scroll scroll" ref={scroller}>
        <PeopleTable rows={rows} tallies={tallies} />
      </div>
      <MeterCanvas scroller={scroller} rows={rows} />
    </div>
  );
}
