/** Options that every command takes. */
export interface GlobalOptions {
  trainerAddress?: string;
  evaluatorAddress?: string;
  json?: boolean;
}
