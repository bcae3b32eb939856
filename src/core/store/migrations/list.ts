import { first } from './0001-first.ts';
import { rulesTables } from './0002-rules.ts';
import { jobEvents } from './0003-job-events.ts';
import { ruleOutputs } from './0004-rule-outputs.ts';
import { jobEgress } from './0005-job-egress.ts';
import { fileChecks } from './0006-file-checks.ts';
import { jobsAside } from './0007-jobs-aside.ts';

/** In order; a journal's version is how many of them it has seen. One that was released is never changed. */
export const migrations: readonly string[] = [
  first,
  rulesTables,
  jobEvents,
  ruleOutputs,
  jobEgress,
  fileChecks,
  jobsAside,
];
