import { useState } from 'react';
import './destinations.css';
import { isRunning, type Job } from '../../../../shared/model/job.ts';
import type { JobDestination } from '../../../../shared/model/job-destination.ts';
import { layoutTruth } from '../../../../shared/model/layout.ts';
import { outputsOf } from '../../../../shared/model/job-request.ts';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import { destinationsWords as text } from '../../text/destinations-messages.ts';
import { LinkBtn } from '../../ui/button.tsx';
import { DestinationRow } from './destination-row.tsx';
import { openDestinations } from './destinations-view.ts';
import { useDestinationNames } from './use-destination-names.ts';

/** Dropped ones are gone from a job that runs; of an ended one all are shown, as they ended. */
const isShown = (job: Job, { state }: JobDestination): boolean => state !== 'dropped' || !isRunning(job);

/** Where the stream of a job goes, how each destination is, and what can be changed while it runs. */
export function DestinationRows({ job }: { readonly job: Job }) {
  const nameOf = useDestinationNames(job);
  const [trouble, setTrouble] = useState<string | null>(null);
  const isActive = job.egress?.status === 'active' && job.phase === 'recording';
  const canAdd = isActive && (job.destinations.length > 0 || outputsOf(job.request)?.stream != null);
  const canLayOut = isActive && layoutTruth(job.request, () => false) !== 'none';
  const shown = job.destinations.filter((destination) => isShown(job, destination));
  if (shown.length === 0 && !canAdd && !canLayOut) return null;
  const onTrouble = (error: unknown): void => {
    const { text: what, advice } = problemOf(error);
    setTrouble(text.notDone(what, advice ?? ''));
  };
  return (
    <>
      {shown.length === 0 ? null : (
        <ul className="destinations" aria-label={text.list(job.title)}>
          {shown.map((destination) => (
            <DestinationRow
              key={destination.id}
              job={job}
              destination={destination}
              name={nameOf(destination)}
              replacedName={nameOfId(job, destination.replaces, nameOf)}
              onTrouble={onTrouble}
              onWell={() => setTrouble(null)}
            />
          ))}
        </ul>
      )}
      {trouble === null ? null : (
        <p className="l3 sub warn" role="alert">
          {trouble}
        </p>
      )}
      {canAdd || canLayOut ? (
        <div className="l3 row">
          {canAdd ? (
            <LinkBtn onPress={() => openDestinations({ name: 'add', jobId: job.id, replaces: null })}>
              {text.add}
            </LinkBtn>
          ) : null}
          {canLayOut ? (
            <LinkBtn onPress={() => openDestinations({ name: 'layout', jobId: job.id })}>{text.layout}</LinkBtn>
          ) : null}
        </div>
      ) : null}
    </>
  );
}

function nameOfId(job: Job, id: string | null, nameOf: (destination: JobDestination) => string): string | null {
  const found = job.destinations.find((destination) => destination.id === id);
  return found ? nameOf(found) : null;
}
