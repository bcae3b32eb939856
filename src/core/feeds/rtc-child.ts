/** The program that joins LiveKit rooms for the core: docs/room-child.md. Started by RoomChild, never by hand. */

// Before the client is loaded: it prints a line of debug JSON to stdout for every join otherwise.
Object.assign(process.env, { NODE_ENV: 'production' });

const port = Number(process.env['CUEDESK_CHILD_PORT']);
const token = process.env['CUEDESK_CHILD_TOKEN'] ?? '';
if (!Number.isInteger(port) || port < 1 || port > 65_535 || token === '') {
  process.stderr.write(
    'room child: CUEDESK_CHILD_PORT and CUEDESK_CHILD_TOKEN are needed; Cuedesk starts this program\n',
  );
  process.exit(2);
}
delete process.env['CUEDESK_CHILD_TOKEN'];
const { runRtcChild } = await import('./rtc/run.ts');
runRtcChild(port, token);

export {}; // a module, for the top-level await
