import { useState } from 'react';
import { useStore } from 'zustand';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import type { Show } from '../../../../shared/model/show.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { showsStore } from '../../stores/shows.ts';
import { showsWords as text } from '../../text/shows-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { MenuButton } from '../../ui/menu.tsx';
import type { Timing } from '../../../../shared/model/timing.ts';
import type { StartOrder } from '../jobs/use-job-commands.ts';
import { freeName } from './free-name.ts';
import { jobTitle, showJob } from './job-words.ts';
import { useShowCalls } from './use-show-calls.ts';

const newId = ' new'; // no show has such an id

/** Keeps what the start panel holds as one more job of a show. Starts nothing. */
export function SaveInShow({ order, timing }: { readonly order: StartOrder | null; readonly timing: Timing }) {
  const shows = useStore(showsStore, (state) => state.shows);
  const { save } = useShowCalls();
  const [said, setSaid] = useState('');
  const keepIn = async (show: Show | null): Promise<void> => {
    if (order === null) return;
    const people = roomsStore.getState().detail?.people ?? [];
    const job = showJob({ ...order, timing }, jobTitle(order.request, people), people);
    try {
      const kept = await save(
        show === null
          ? { name: freeName(roomsStore.getState().chosenName ?? text.firstName, shows), jobs: [job], captions: null }
          : { showId: show.id, name: show.name, jobs: [...show.jobs, job], captions: show.captions },
      );
      setSaid(text.savedIn(kept.name));
    } catch (error) {
      setSaid(problemOf(error).text);
    }
  };
  return (
    <>
      <output className="note">{said}</output>
      <MenuButton
        label={text.saveInMenu}
        trigger={
          <Btn isBig look="quiet" isDisabled={order === null}>
            {text.saveIn}
            <Icon name="chev" isSmall />
          </Btn>
        }
        entries={[
          ...shows.map((show) => ({
            id: show.id,
            label: show.name,
            detail: text.jobs(show.jobs.length),
            onAction: () => void keepIn(show),
          })),
          { id: newId, label: text.newShow, onAction: () => void keepIn(null) },
        ]}
      />
    </>
  );
}
