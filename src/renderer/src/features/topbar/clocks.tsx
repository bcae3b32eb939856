import { clockUtc } from '../../../../shared/text/utc.ts';
import { clockLocal, zoneName } from '../../text/format.ts';
import { words } from '../../text/messages.ts';
import { useNow } from '../../ui/use-now.ts';

const zone = zoneName();

/** Wall clock, in UTC and as on this computer; once where both are the same. */
export function Clocks() {
  const nowMs = useNow();
  const isUtc = new Date(nowMs).getTimezoneOffset() === 0 && zone === 'UTC';
  return (
    <div className="clocks">
      <span>
        <time>{clockUtc(nowMs)}</time>
        <small>{words.top.utc}</small>
      </span>
      <span>
        <time>{clockLocal(nowMs)}</time>
        <small>{isUtc ? words.top.local : zone}</small>
      </span>
    </div>
  );
}
