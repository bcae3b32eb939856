import { again, no, type CatalogueRow } from './row.ts';
import { unfitRequests } from './unfit-requests.ts';

const start = /^Start/;
const toHandler = /^(StopEgress|UpdateStream|UpdateLayout)$/;
const toPerson = /^(MutePublishedTrack|UpdateSubscriptions|SendData|PerformRpc)$/;
const anyCall = /./;

/**
 * What LiveKit says when it refuses a call, in the order of matching. The words are those of livekit-server 1.13.5 as met on
 * the wire, and of LiveKit Cloud as reported.
 */
export const refusals: readonly CatalogueRow[] = [
  // Capacity
  {
    // Four causes in the same words; only a look at the worker itself tells which.
    match: ['no response from servers', 'no servers available'],
    where: start,
    code: 'no-egress-worker',
    ...again('server'),
    text: 'No egress worker took the job: none runs, none has the cores or the sound server free, or it has stopped.',
    advice: 'Start an egress worker, or stop another job. Recordings can run here meanwhile.',
  },
  {
    match: ['no response from servers'],
    where: toPerson,
    code: 'no-such-person',
    ...no('server'),
    text: 'The room or the person is not there any more.',
  },
  {
    match: ['no response from servers'],
    where: toHandler,
    code: 'worker-gone',
    ...no('server'),
    text: 'The worker of this job is gone.',
    advice: 'Look at what the list of jobs says of it, and start another.',
  },
  {
    match: ['not enough cpu'],
    where: 'anywhere',
    code: 'not-enough-cpu',
    ...again('server'),
    text: 'The egress worker has no free core left.',
    advice: 'Stop another job, or give the worker more cores.',
  },
  {
    match: ['concurrent egress sessions limit exceeded'],
    where: anyCall,
    code: 'egress-limit',
    ...no('server'),
    text: 'The plan of this project allows no further egress at the same time.',
    advice: 'Stop another job, or raise the plan. Recordings can run here meanwhile.',
  },
  {
    match: ['too many requests'],
    where: anyCall,
    code: 'too-many-requests',
    ...again('server'),
    text: 'The server, or a proxy before it, asks to be asked less often.',
    advice: 'Wait a minute.',
  },
  {
    match: ['egress not connected'],
    where: anyCall,
    code: 'egress-not-connected',
    ...no('server'),
    text: 'This server has no egress.',
    advice:
      'Recordings will run here, on this computer. To use egress, give the server redis and start an egress worker.',
  },
  {
    match: ['request timed out'],
    where: anyCall,
    code: 'worker-silent',
    ...again('server'),
    text: 'The worker of this job did not answer within 3 s; whether it obeyed is not known.',
    advice: 'The list of jobs will tell.',
  },
  {
    // Twirp's word where whoever asked, or a proxy for them, went away before the answer.
    match: ['canceled'],
    where: /^CreateRoom$/,
    code: 'room-not-in-time',
    ...again('server'),
    text: 'The server did not finish making the room before the call was given up.',
    advice: 'Look at the list of rooms before trying again: it may be there.',
  },
  {
    match: ['server is shutting down'],
    where: start,
    code: 'worker-shutting-down',
    ...again('server'),
    text: 'The egress worker is being shut down, and takes no further job.',
    advice: 'Start again when another one runs.',
  },
  {
    match: ['server is shutting down'],
    where: 'anywhere',
    code: 'worker-shutting-down',
    ...again('server'),
    text: 'The egress worker was shut down. What was recorded is kept.',
    advice: 'Start another job.',
  },
  {
    match: ['egress already exists'],
    where: 'anywhere',
    code: 'egress-exists',
    ...no('server'),
    text: 'The server has started this job already.',
    advice: 'The list of jobs will show it.',
  },
  {
    match: ['handler failed to start'],
    where: start,
    code: 'worker-failed',
    ...again('server'),
    text: 'The egress worker could not start the job within 10 s.',
    advice: 'Start another job; if it happens again, the worker must be looked at.',
  },
  {
    match: ['assumerole is disabled'],
    where: 'anywhere',
    code: 'role-not-allowed',
    ...no('yours'),
    text: 'This server does not take roles for its uploads without an access key.',
    advice: 'Give the storage an access key, or allow roles in the settings of the egress worker.',
  },
  // What is not there
  {
    match: ['requested room does not exist'],
    where: anyCall,
    code: 'no-such-room',
    ...no('yours'),
    text: 'This room is not open.',
    advice: 'A room opens when the first person joins.',
  },
  {
    match: ['participant does not exist'],
    where: anyCall,
    code: 'no-such-person',
    ...no('server'),
    text: 'This person has left meanwhile.',
  },
  {
    match: ['egress does not exist'],
    where: anyCall,
    code: 'no-such-egress',
    ...no('server'),
    text: 'The server does not know this job; it forgets ended ones after a day.',
  },
  {
    match: ['cannot be stopped', 'cannot be updated'],
    where: anyCall,
    code: 'egress-over',
    ...no('server'),
    text: 'This job is already over.',
  },
  {
    match: ['updatestream called on non-streaming egress'],
    where: anyCall,
    code: 'not-a-stream',
    ...no('yours'),
    text: 'This job has no RTMP or SRT output that could be changed.',
  },
  // Rights and keys
  {
    match: ['remote unmute not enabled'],
    where: anyCall,
    code: 'unmute-not-allowed',
    ...no('server'),
    text: 'This server does not allow to unmute others.',
    advice: 'Set room.enable_remote_unmute in the settings of the server, or ask the person.',
  },
  {
    match: ['permissions denied', 'no permissions to access'],
    where: anyCall,
    code: 'no-right',
    ...no('yours'),
    text: 'The key does not have the right for this.',
    advice: 'Use a key with full rights for this project.',
  },
  {
    match: ['invalid api key'],
    where: anyCall,
    code: 'wrong-key',
    ...no('yours'),
    text: 'The server does not know this API key.',
    advice: 'Compare the key with that of the project or of the settings of the server.',
  },
  {
    match: ['token is expired', 'token is not valid yet'],
    where: anyCall,
    code: 'clocks-differ',
    ...no('yours'),
    text: 'The clock of this computer and that of the server are more than a minute apart.',
    advice: 'Set the clock of this computer by the network.',
  },
  {
    match: ['token signature is invalid', 'signature is invalid'],
    where: anyCall,
    code: 'wrong-secret',
    ...no('yours'),
    text: 'The API secret does not belong to this key.',
    advice: 'Enter the secret again.',
  },
  {
    match: ['invalid authorization token', 'invalid authorization header'],
    where: anyCall,
    code: 'bad-token',
    ...no('ours'),
    text: 'The server could not read our token.',
  },
  ...unfitRequests,
];
