import { useEffect, useState } from 'react';
import type { z } from 'zod';
import type { contract } from '../../../../shared/contract/index.ts';
import { useApi } from '../../api-context.ts';
import { dialogWords } from '../../text/dialog-messages.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';

const text = dialogWords.settings;
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
  const versions = Object.entries(info.versions).map(([name, version]) => `${name} ${version}`);
  return (
    <div className="form set-off">
      <span className="l">{text.about}</span>
      <div className="sub about">
        <p>
          {words.product} {info.version}, {info.host}. {versions.join(', ')}
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
