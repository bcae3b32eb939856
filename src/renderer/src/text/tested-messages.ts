import { roundTrip } from './format.ts';

/** The catalogue of what is tested before it is saved: servers and storages. */
export const testedWords = {
  name: 'Name',
  test: 'Test',
  testAgain: 'Test again',
  testing: 'Testing',
  save: 'Save',
  saveUntested: 'Save untested',
  saving: 'Saving',
  answered: (passed: number, all: number, ms: number) => `${passed} of ${all} passed in ${roundTrip(ms)}`,
  found: 'What the test found',
  said: 'It said:',
  took: (ms: number) => `${roundTrip(ms)}, measured`,
  states: { passed: 'passed', failed: 'failed', 'not-run': 'not run' },
  removeNot: 'Keep it',
  removeNow: 'Remove it',
};
