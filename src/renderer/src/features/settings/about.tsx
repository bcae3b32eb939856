import { useEffect, useState } from 'react';
import type { z } from 'zod';
import type { contract } from '../../../../shared/contract/index.ts';
import { useApi } from '../../api-context.ts';
import { dialogWords } from '../../text/dialog-messages.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';

const text = dialogWords.settings;
const titles: Readonly<Record<string, string>> = { electron: 'Electron', chrome: 'Chromium', node: 'Node' };
type SystemInfo = z.output<typeof contract.systemInfo.result>;

/** Versions, and where data and logs lie. */
export function About({ isHidden }: { readonly isHidden: boolean }) {
  const api = useApi();
  const [info, setInfo] = useState<SystemInfo | null>(null);
  useEffect(() => {
    api.run((core) => core.systemInfo({})).then(setInfo, () => setInfo(null)); // the core is away: there is nothing to say then
  }, [api]);
  if (info === null) return null;
  const ffmpeg = info.ffmpeg === null ? `${text.noFfmpeg}${info.ffmpegProblem ?? ''}` : `ffmpeg ${info.ffmpeg.version}`;
  // Of the thirty parts of Node only these say anything to who asks for help.
  const versions = ['electron', 'chrome', 'node'].flatMap((name) => {
    const version = info.versions[name];
    return version === undefined ? [] : [`${titles[name] ?? name} ${version}`];
  });
  return (
    <div className="form set-off">
      <span className="l">{text.about}</span>
      <div className="sub about">
        <p>
          {words.product} {info.version}, {text.hosts[info.host]}. {versions.join(', ')}
        </p>
        <p className={info.ffmpeg === null ? 'warn' : ''}>{ffmpeg}</p>
        {isHidden ? null : (
          <>
            <p>{text.dataAt(info.dataFolder)}</p>
            <p>{text.logsAt(info.logsFolder)}</p>
          </>
        )}
        <Btn onPress={() => void api.run((core) => core.revealLogs({})).catch(() => undefined)}>{text.logs}</Btn>
      </div>
    </div>
  );
}
