import { useStore } from 'zustand';
import { isRunning } from '../../../../shared/model/job.ts';
import { addressesStore } from '../../stores/addresses.ts';
import { jobsStore } from '../../stores/jobs.ts';
import { destinationsWords } from '../../text/destinations-messages.ts';
import { LinkBtn } from '../../ui/button.tsx';
import { openAddressBook } from '../addresses/addresses-view.ts';
import { countsOf } from './destination-words.ts';

const text = destinationsWords.fold;

/** How the destinations of all jobs are, and the way to the address book. */
export function DestinationsFold() {
  const jobs = useStore(jobsStore, (state) => state.jobs);
  const kept = useStore(addressesStore, (state) => state.addresses.length);
  const { live, hurt, failed } = countsOf(jobs.filter(isRunning).flatMap((job) => job.destinations));
  const isIdle = live + hurt + failed === 0;
  return (
    <ul className="folds recordings">
      <li>
        <h3 className="cap">{text.title}</h3>
        <span className="sub cut">
          {isIdle ? text.none(kept) : text.live(live)}
          {hurt > 0 ? <span className="warn">, {text.hurt(hurt)}</span> : null}
          {failed > 0 ? <span className="warn">, {text.failed(failed)}</span> : null}
        </span>
        <span className="figures">
          <LinkBtn onPress={openAddressBook}>{text.open}</LinkBtn>
        </span>
      </li>
    </ul>
  );
}
