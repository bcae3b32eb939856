import { z } from 'zod';
import type { Api } from '../../api.ts';
import { draw, setPeople, takeFrame } from './meter-engine.ts';

const firstRetryMs = 1_000;
const maxRetryMs = 10_000;
const maxTextChars = 1_000_000; // 2,500 people with names of 400 characters; a room here has at most some hundred

const People = z.object({ people: z.array(z.string()).max(5_000) });

/**
 * Follows the levels of a room from the media plane, until the returned function is called. The room is joined for it
 * meanwhile. A lost socket is opened again; what the core answers instead is not told here: the room's own state says it.
 */
export function followLevels(api: Api, serverId: string, roomName: string): () => void {
  const stopping = new AbortController();
  const { signal } = stopping;
  let socket: WebSocket | null = null;
  let waitMs = firstRetryMs;

  async function open(): Promise<void> {
    try {
      const { url } = await api.run((core) => core.levels({ serverId, roomName }, { signal }));
      if (signal.aborted) return;
      listen(new WebSocket(url));
    } catch {
      again(); // the core is away or cannot join the room now; the meters then say that no sound arrives
    }
  }

  function listen(opened: WebSocket): void {
    socket = opened;
    opened.binaryType = 'arraybuffer';
    opened.onmessage = (event: MessageEvent<unknown>) => {
      waitMs = firstRetryMs;
      if (event.data instanceof ArrayBuffer) takeFrame(event.data);
      else if (typeof event.data === 'string' && event.data.length <= maxTextChars) takePeople(event.data);
    };
    opened.onclose = () => {
      draw();
      again();
    };
  }

  function takePeople(text: string): void {
    const parsed = People.safeParse(parseJson(text));
    if (parsed.success) setPeople(parsed.data.people);
  }

  function again(): void {
    if (signal.aborted) return;
    setTimeout(() => {
      if (!signal.aborted) void open();
    }, waitMs);
    waitMs = Math.min(waitMs * 2, maxRetryMs);
  }

  void open();
  return () => {
    stopping.abort();
    socket?.close();
    setPeople([]);
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // not ours: the schema refuses it
  }
}
