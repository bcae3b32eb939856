import { useState } from 'react';
import { useStore } from 'zustand';
import { isRunning, type Job } from '../../../../shared/model/job.ts';
import { clockUtc } from '../../../../shared/text/utc.ts';
import { jobsStore } from '../../stores/jobs.ts';
import { openDialog } from '../../stores/view.ts';
import { jobsWords } from '../../text/jobs-messages.ts';
import { words } from '../../text/messages.ts';
import { planWords } from '../../text/plan-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { StartButton } from '../../ui/start-button.tsx';
import { closeJobsDialog } from './jobs-view.ts';
import { soundRequest, useStartJob } from './use-job-commands.ts';

const text = jobsWords.refusal;

/** A refusal or a failure in its three parts: what, the server's own words, what was done or can be done. */
export function WhyDialog({ jobId }: { readonly jobId: string }) {
  const job = useStore(jobsStore, (state) => state.jobs.find((each) => each.id === jobId) ?? null);
  if (job === null) return null;
  const title = job.refusal ? text.titleRefused(job.title) : text.titleFailed(job.title);
  return (
    <DialogBox
      title={title}
      mark={text.at(clockUtc(job.refusal?.atMs ?? job.endedAtMs ?? job.phaseAtMs))}
      onClose={closeJobsDialog}
      footer={
        <>
          <CopyWhy job={job} />
          <span className="push" />
          <Btn isBig onPress={closeJobsDialog}>
            {words.common.close}
          </Btn>
        </>
      }
    >
      <WhyList job={job} />
    </DialogBox>
  );
}

/** Of a refusal as it is kept, else of how its egress ended. */
function whyOf(job: Job) {
  const { refusal, egress, desk } = job;
  const ending = egress?.ending;
  return {
    refused: refusal?.refused ?? job.title,
    said: refusal?.said ?? ending?.said ?? egress?.text ?? job.text,
    meaning: refusal?.meaning ?? ending?.meaning,
    did: refusal?.cuedeskDid ?? desk?.text ?? text.nothing,
    youCan: refusal?.youCan ?? (ending?.advice === undefined ? [] : [ending.advice]),
  };
}

function WhyList({ job }: { readonly job: Job }) {
  const { refusal } = job;
  const { refused, said, meaning, did, youCan } = whyOf(job);
  return (
    <dl className="refusal">
      <dt>{refusal ? text.refused : text.failed}</dt>
      <dd>
        <b>{refused}</b>
      </dd>
      <dt>{text.said}</dt>
      <dd className="quote">{said}</dd>
      {meaning === undefined || meaning === said ? null : (
        <>
          <dt>{text.means}</dt>
          <dd>{meaning}</dd>
        </>
      )}
      {refusal && refusal.causes.length > 0 ? (
        <>
          <dt>{planWords.causes}</dt>
          <dd>
            <ul className="can">
              {refusal.causes.map((each) => (
                <li key={each}>{each}</li>
              ))}
            </ul>
          </dd>
        </>
      ) : null}
      <dt>{text.did}</dt>
      <dd>{did}</dd>
      {refusal && refusal.again !== '' ? (
        <>
          <dt>{planWords.again}</dt>
          <dd>{refusal.again}</dd>
        </>
      ) : null}
      <dt>{text.youCan}</dt>
      <dd>
        {youCan.length > 0 ? (
          <ul className="can">
            {youCan.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        ) : null}
        <WhyActions job={job} />
      </dd>
    </dl>
  );
}

function WhyActions({ job }: { readonly job: Job }) {
  const start = useStartJob();
  const deskRuns = isRunning(job) && job.engine === 'desk';
  return (
    <div className="row wrap">
      {job.request.kind === 'room-composite' && job.phase !== 'waiting' ? (
        <StartButton
          onStart={() => {
            start({ mode: deskRuns ? 'egress-only' : 'best', request: job.request });
            closeJobsDialog();
          }}
        >
          {text.tryEgress}
        </StartButton>
      ) : null}
      {deskRuns ? null : (
        <StartButton
          onStart={() => {
            start({ mode: 'desk-only', request: soundRequest });
            closeJobsDialog();
          }}
        >
          {text.recordHere}
        </StartButton>
      )}
      <Btn
        look="quiet"
        onPress={() => {
          closeJobsDialog();
          openDialog({ name: 'limits' });
        }}
      >
        {text.limits}
      </Btn>
    </div>
  );
}

function CopyWhy({ job }: { readonly job: Job }) {
  const [isCopied, setCopied] = useState(false);
  const copy = (): void => {
    const { refusal } = job;
    const { refused, said, meaning, did, youCan } = whyOf(job);
    const lines = [
      new Date(refusal?.atMs ?? job.endedAtMs ?? job.phaseAtMs).toISOString(),
      `${refusal ? text.refused : text.failed}: ${refused}`,
      `${text.said}: ${said}`,
      ...(meaning === undefined ? [] : [`${text.means}: ${meaning}`]),
      `${text.did}: ${did}`,
      ...youCan.map((each) => `${text.youCan}: ${each}`),
    ];
    navigator.clipboard.writeText(lines.join('\n')).then(
      () => setCopied(true),
      () => undefined, // the words stay in sight
    );
  };
  return (
    <>
      <Btn look="quiet" onPress={copy}>
        {words.common.copy}
      </Btn>
      <output className="note">{isCopied ? text.copied : ''}</output>
    </>
  );
}
