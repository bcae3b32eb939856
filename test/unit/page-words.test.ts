// Find in captions, and the line under a job.
import { describe, expect, it } from 'vitest';
import { cutAt, matchingRows, patternOf } from '../../src/renderer/src/features/captions/find-matches.ts';
import { sublineOf } from '../../src/renderer/src/features/jobs/job-words.ts';
import type { Job, JobFile } from '../../src/shared/model/job.ts';
import { cast, line, recording } from '../support/scripted-scene.ts';

describe('the line under a job', () => {
  const nowMs = Date.now();
  const job = recording('s', 'town-hall', nowMs, 60_000);
  const [file] = job.files;
  const withFile = (part: Partial<Job>, bytes: number | null, content: JobFile['content'] = 'program'): Job => ({
    ...job,
    ...part,
    files: file ? [{ ...file, bytes, content }] : [],
  });

  it('says that the size of one file comes at its end, and nothing of it where it grows or is known', () => {
    expect(sublineOf(withFile({}, null))).toBe('egress · size at the end · s3://show');
    expect(sublineOf(withFile({}, 1_200_000_000))).toBe('egress · 1.2 GB · s3://show');
    expect(sublineOf(withFile({}, null, 'segments'))).toBe('egress · s3://show');
    expect(sublineOf(withFile({ phase: 'starting' }, null))).toBe('egress · s3://show');
    expect(sublineOf(withFile({ phase: 'done' }, null))).toBe('s3://show');
  });
});

describe('find in captions', () => {
  const rows = cast.map((each, index) =>
    line(`l${index}`, each, index === 2 ? 'The NEW  hall (7B).' : 'Numbers.', index),
  );

  it('finds words in any case, over any white space, and names', () => {
    expect(matchingRows(rows, patternOf('new hall'))).toEqual([2]);
    expect(matchingRows(rows, patternOf('nguyễn'))).toEqual([1]);
    expect(matchingRows(rows, patternOf('numbers'))).toHaveLength(rows.length - 1);
  });

  it('takes signs as they are typed, and nothing as nothing', () => {
    expect(matchingRows(rows, patternOf('(7b).'))).toEqual([2]);
    expect(matchingRows(rows, patternOf('.*'))).toEqual([]);
    expect(patternOf('  ')).toBeNull();
  });

  it('cuts a text at its matches and loses none of it', () => {
    expect(cutAt('The hall, the Hall', patternOf('hall'))).toEqual(['The ', 'hall', ', the ', 'Hall', '']);
    expect(cutAt('nothing', null)).toEqual(['nothing']);
  });
});
