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
