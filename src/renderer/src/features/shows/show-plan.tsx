import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { ShowOutcome } from '../../../../shared/contract/shows.ts';
import type { Show } from '../../../../shared/model/show.ts';
import { useApi } from '../../api-context.ts';
import { limitsStore } from '../../stores/limits.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { serversStore } from '../../stores/servers.ts';
import { Private } from '../../ui/private.tsx';
import { showsWords as text } from '../../text/shows-messages.ts';

/** What would become of each saved job in the chosen room now, asked anew with each save and each change of the limits. */
export function ShowPlan({ show }: { readonly show: Show }) {
  const outcome = useShowPlan(show);
  const roomName = useStore(roomsStore, (state) => state.chosenName);
  if (outcome === null || roomName === null || outcome.jobs.length === 0) return null;
  return (
    <section className="set-off show-plan" aria-label={text.here(roomName)} aria-live="polite">
      <h3>
        {text.here(roomName)}: {outcome.headline}
      </h3>
      <dl className="kv">
        {outcome.jobs.map(({ title, engine, because }, index) => (
          <div key={index}>
            <dt>{text.engines[engine]}</dt>
            <dd>
              {title} <small>{engine === 'lacking' ? <Private>{because}</Private> : because}</small>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function useShowPlan(show: Show): ShowOutcome | null {
  const api = useApi();
  const serverId = useStore(serversStore, (state) => state.chosenId);
  const roomName = useStore(roomsStore, (state) => state.chosenName);
  const limits = useStore(limitsStore, (state) => state.limits);
  const [outcome, setOutcome] = useState<ShowOutcome | null>(null);
  useEffect(() => {
    if (serverId === null || roomName === null) return;
    const stopping = new AbortController();
    api
      .run((core) => core.planShow({ serverId, roomName, showId: show.id }, { signal: stopping.signal }))
      .then(
        (planned) => {
          if (!stopping.signal.aborted) setOutcome(planned);
        },
        () => {
          if (!stopping.signal.aborted) setOutcome(null); // nothing is shown rather than what was true before
        },
      );
    return () => stopping.abort();
  }, [api, serverId, roomName, show, limits]);
  return outcome;
}
