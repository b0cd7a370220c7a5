/** Who works on a record, and until when (ISO 8601 in UTC) without another word. */
export interface Lease {
  owner: string;
  expires: string;
}

/** A lease that begins now. */
export function newLease({ owner, leaseSeconds }: { owner: string; leaseSeconds: number }): Lease {
  return { owner, expires: new Date(Date.now() + leaseSeconds * 1000).toISOString() };
}

/** True while somebody works on the record. */
export function isHeld(record: { lease?: Lease }): boolean {
  return record.lease !== undefined && Date.parse(record.lease.expires) > Date.now();
}

/** True while the record is still the attempt that was claimed: every write after a claim is fenced by this. */
export function isMine(now: { uid: string; attempt: number }, claimed: { uid: string; attempt: number }): boolean {
  return now.uid === claimed.uid && now.attempt === claimed.attempt;
}

/** A lease that is renewed until it is let go or lost. */
export interface KeptLease {
  /** Aborted once the lease has ended or is another's: whoever worked under it stops, for another may have the record. */
  lost: AbortSignal;
  /** Says that it is another's, for those who hear of it before a renewal does. */
  lose(): void;
  release(): void;
}

/** How a lease is kept. */
export interface LeaseOptions {
  /** The record as it was claimed: says when the lease ends. */
  claimed: { lease?: Lease };
  leaseSeconds: number;
  /** Writes the lease anew; resolves with false when the record is no longer ours. */
  renew(): Promise<boolean>;
}

/**
 * Renews a lease at every third of its length. One that could not be renewed until its end is lost at that moment, also while a renewal
 * still waits for an answer.
 */
export function keepLease({ claimed, leaseSeconds, renew }: LeaseOptions, onError: (error: unknown) => void): KeptLease {
  const leaseMs = leaseSeconds * 1000;
  const lost = new AbortController();
  let isOver = false;
  let isAsking = false;
  let ends = claimed.lease ? Date.parse(claimed.lease.expires) : Date.now() + leaseMs;
  const release = () => {
    isOver = true;
    clearInterval(renewal);
    clearTimeout(deadline);
  };
  const lose = () => {
    if (isOver) return;
    release();
    lost.abort();
  };
  const ask = async () => {
    const asked = Date.now();
    const isOurs = await renew();
    if (isOver) return;
    ends = asked + leaseMs;
    if (!isOurs || Date.now() >= ends) return lose();
    clearTimeout(deadline);
    deadline = setTimeout(lose, ends - Date.now());
  };
  const renewal = setInterval(() => {
    // The timers of a machine that slept are late.
    if (Date.now() >= ends) return lose();
    if (isAsking) return;
    isAsking = true;
    ask()
      .catch(onError)
      .finally(() => {
        isAsking = false;
      });
  }, leaseMs / 3);
  let deadline = setTimeout(lose, ends - Date.now());
  return { lost: lost.signal, lose, release };
}
