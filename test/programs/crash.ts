// Opens a log in the folder that it is given, and dies of an error that nobody catches.
import { createLog } from '../../src/core/live/log.ts';
import { logCrashes, openLogFile } from '../../src/core/log-file.ts';

const log = createLog(openLogFile(process.argv[2] ?? '').sink);
logCrashes(log);
void Promise.reject(new Error('nobody caught this'));
