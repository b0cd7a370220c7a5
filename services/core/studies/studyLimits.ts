/** What one study may have at most: it stands in one record, with a line for each run. */
export const studyLimits = {
  arms: 64,
  trials: 64,
  seeds: 100,
  runs: 1000,
  claims: 64,
  contrasts: 500,
  parallelism: 64,
  titleCharacters: 200,
  textCharacters: 1000,
};
