import { useState } from 'react';
import { useStore } from 'zustand';
import './shows.css';
import type { Problem } from '../../../../shared/model/common.ts';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import { readyJob } from '../../../../shared/model/show-job.ts';
import type { Show, ShowJob } from '../../../../shared/model/show.ts';
import { addressesStore } from '../../stores/addresses.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { showsStore } from '../../stores/shows.ts';
import { storagesStore } from '../../stores/storages.ts';
import { openDialog } from '../../stores/view.ts';
import { words } from '../../text/messages.ts';
import { showsWords as text } from '../../text/shows-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { areGoodCaptions } from '../captions/caption-fields.tsx';
import { choiceOf } from '../start/choice-of.ts';
import { firstChoice, type StartChoice } from '../start/start-choice.ts';
import { JobPanel } from './job-panel.tsx';
import { ShowCaptions } from './show-captions.tsx';
import { jobTitle, showJob } from './job-words.ts';
import { ShowJobRow } from './show-job-row.tsx';
import { ShowPlan } from './show-plan.tsx';
import { useShowCalls } from './use-show-calls.ts';

/** One show: its name, its jobs, and what would become of them in the room at hand. */
export function ShowDialog({ showId }: { readonly showId: string }) {
  const show = useStore(showsStore, (state) => state.shows.find((each) => each.id === showId) ?? null);
  return show === null ? null : <ShowEditor key={show.id} show={show} />;
}

/** Which job stands in the start panel: one of the show, or a new one. */
type Edited = { readonly index: number; readonly first: StartChoice } | null;

function ShowEditor({ show }: { readonly show: Show }) {
  const [name, setName] = useState(show.name);
  const [jobs, setJobs] = useState<readonly ShowJob[]>(show.jobs);
  const [captions, setCaptions] = useState(show.captions);
  const [edited, setEdited] = useState<Edited>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const calls = useShowCalls();
  const back = (): void => openDialog({ name: 'shows' });
  const canSave = name.trim() !== '' && jobs.every((job) => job.title.trim() !== '') && areGoodCaptions(captions);
  const save = (): void => {
    calls.save({ showId: show.id, name, jobs, captions }).then(back, (error: unknown) => setProblem(problemOf(error)));
  };
  return (
    <DialogBox
      title={text.editTitle(show.name)}
      size="wide"
      onClose={back}
      footer={
        <>
          <Btn onPress={() => setEdited({ index: jobs.length, first: firstChoice })}>{text.addJob}</Btn>
          <span className="push" />
          <Btn isBig onPress={back}>
            {words.common.cancel}
          </Btn>
          <Btn isBig look="first" isDisabled={!canSave} onPress={save}>
            {words.common.save}
          </Btn>
        </>
      }
    >
      <div role="alert">
        {problem === null ? null : (
          <p className="warn">
            {problem.text} {problem.advice}
          </p>
        )}
      </div>
      <div className="form">
        <Field label={text.name} value={name} maxLength={80} isBad={name.trim() === ''} onChange={setName} />
      </div>
      {jobs.length === 0 ? <p className="sub">{captions === null ? text.noJobs : text.onlyCaptions}</p> : null}
      <ul className="show-jobs" aria-label={text.jobsList}>
        {jobs.map((job, index) => (
          <ShowJobRow
            key={index}
            job={job}
            index={index}
            lacks={lacksOf(show, job)}
            onTitle={(title) => setJobs(jobs.map((each, at) => (at === index ? { ...job, title } : each)))}
            onChange={() =>
              setEdited({ index, first: { ...choiceOf(readyNow(show, job).request, job.mode), timing: job.timing } })
            }
            onRemove={() => setJobs(jobs.filter((_each, at) => at !== index))}
          />
        ))}
      </ul>
      <ShowCaptions captions={captions} onChange={setCaptions} />
      <ShowPlan show={show} />
      {edited === null ? null : (
        <JobPanel
          first={edited.first}
          onClose={() => setEdited(null)}
          onKeep={(order) => {
            const before = jobs[edited.index];
            const people = roomsStore.getState().detail?.people ?? [];
            const title = before?.title ?? jobTitle(order.request, people);
            const job = showJob(order, title, people, before?.trackOwners);
            setJobs([...jobs.slice(0, edited.index), job, ...jobs.slice(edited.index + 1)]);
            setEdited(null);
          }}
        />
      )}
    </DialogBox>
  );
}

/** With what the page knows: the people of the room, the address book and the storages. */
function readyNow(show: Show, job: ShowJob): ReturnType<typeof readyJob> {
  const people = roomsStore.getState().detail?.people ?? [];
  const addresses = addressesStore.getState().addresses.filter((each) => !each.isMissing);
  const storages = storagesStore
    .getState()
    .storages.filter((each) => !each.isMissing)
    .map(({ id, name, place }) => ({ id, name, kind: place.provider }));
  return readyJob(show, job, { people, addresses, storages });
}

/** Addresses and storages that must be entered here, by name. People and tracks are the plan's subject: they come and go. */
const lacksOf = (show: Show, job: ShowJob): readonly { readonly name: string; readonly shown: string }[] =>
  readyNow(show, job).lacks.flatMap((lack) => ('shown' in lack ? [{ name: lack.name, shown: lack.shown }] : []));
