// Opens a rehearsal (the program and its folder are given), says so, and waits to be killed.
import { silentLog } from '../../src/core/live/log.ts';
import { openRehearsal } from '../../src/core/rehearsal-process.ts';

const [program = '', filesFolder = ''] = process.argv.slice(2);
await openRehearsal({ program, scene: 'town-hall', filesFolder, log: silentLog });
process.stdout.write('open\n');
setInterval(() => {}, 1_000);
