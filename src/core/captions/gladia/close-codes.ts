import type { Problem } from '../../../shared/model/common.ts';

/**
 * What to do when Gladia ends a connection. `resume`: the same address again. `renew`: only a new session helps.
 * `rest`: a new session when there is something to hear again. `done`: it ended on purpose.
 */
type ClosePolicy = 'done' | 'resume' | 'renew' | 'rest';

interface CloseMeaning {
  readonly policy: ClosePolicy;
  readonly text: string;
}

// Gladia documents 1000 alone; the 44xx and 45xx codes are known from other people's bridges.
const known: Readonly<Record<number, CloseMeaning>> = {
  1000: { policy: 'done', text: 'The transcriber closed the session' },
  1001: { policy: 'resume', text: 'The transcriber is going away' },
  1002: { policy: 'resume', text: 'The transcriber met a protocol error' },
  1003: { policy: 'resume', text: 'The transcriber could not take the data' },
  1006: { policy: 'resume', text: 'The transcriber dropped' },
  1007: { policy: 'resume', text: 'The transcriber could not read the data' },
  1008: { policy: 'renew', text: 'The transcriber refused to go on by its policy' },
  1009: { policy: 'resume', text: 'The transcriber found a message too large' },
  1011: { policy: 'resume', text: 'The transcriber met an error of its own' },
  1012: { policy: 'resume', text: 'The transcriber is restarting' },
  1013: { policy: 'resume', text: 'The transcriber is overloaded' },
  4403: { policy: 'renew', text: 'The transcriber had ended the session already' },
  4408: { policy: 'rest', text: 'The transcriber ended the session because no sound reached it' },
  4504: { policy: 'rest', text: 'The transcriber ended the session because there was nothing to transcribe' },
};

export function closeMeaning(code: number): CloseMeaning {
  const meaning = known[code];
  if (meaning) return meaning;
  if (code >= 4000 && code <= 4999)
    return { policy: 'renew', text: `The transcriber ended the session (code ${code})` };
  return { policy: 'resume', text: `The transcriber closed the connection (code ${code})` };
}

/** What to do when the upgrade to a WebSocket is answered with an HTTP status. */
export function upgradeMeaning(status: number): CloseMeaning {
  if (status === 429) return { policy: 'resume', text: 'The transcriber has too many connections' };
  if (status >= 400 && status < 500)
    return { policy: 'renew', text: `The transcriber no longer knows the session (HTTP ${status})` };
  return { policy: 'resume', text: `The transcriber did not open the connection (HTTP ${status})` };
}

interface HttpMeaning {
  readonly fault: Problem['fault'];
  readonly retryable: boolean;
  readonly text: string;
  readonly advice?: string;
}

const http: Readonly<Record<number, HttpMeaning>> = {
  400: { fault: 'ours', retryable: false, text: 'Gladia did not accept the settings of the session.' },
  401: {
    fault: 'yours',
    retryable: false,
    text: 'Gladia does not accept the key.',
    advice: 'Enter the key again in Settings; it is in your Gladia account under API keys.',
  },
  402: {
    fault: 'yours',
    retryable: false,
    text: 'Gladia asks for payment.',
    advice: 'Check the credits of your Gladia account.',
  },
  403: {
    fault: 'yours',
    retryable: false,
    text: 'Your Gladia plan or region does not allow this session.',
    advice: 'Check the plan of your Gladia account and the region in Settings.',
  },
  404: {
    fault: 'yours',
    retryable: false,
    text: 'There is no transcriber at this address.',
    advice: 'Check the address of Gladia in Settings.',
  },
  422: { fault: 'ours', retryable: false, text: 'Gladia did not accept the settings of the session.' },
  429: {
    fault: 'destination',
    retryable: true,
    text: 'Gladia allows no further session now.',
    advice: 'End another live session of this key, or take a plan with more.',
  },
};

/** The problem of a refused call. `said` is Gladia's own message. */
export function httpProblem(status: number, said: string | null): Problem {
  const meaning = http[status] ?? {
    fault: 'destination' as const,
    retryable: status >= 500 || status === 408,
    text:
      status >= 300 && status < 400
        ? 'Gladia sent us to another address; the key is not sent there.'
        : `Gladia answered with HTTP ${status}.`,
  };
  const { fault, retryable, text, advice } = { advice: undefined, ...meaning };
  return {
    code: `gladia-http-${status}`,
    fault,
    retryable,
    text,
    ...(said ? { said } : {}),
    ...(advice ? { advice } : {}),
  };
}

/** Gladia takes the connection and refuses the sound: exhausted credits come in this way. */
export function soundRefused(said: string | null): Problem {
  return {
    code: 'gladia-refused-sound',
    fault: 'destination',
    retryable: false,
    text: 'Gladia refuses the sound.',
    ...(said ? { said } : {}),
    advice: 'Check the credits and the plan of your Gladia account.',
  };
}
