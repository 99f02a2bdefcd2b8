/**
 * Version of the scoring method. Stored with every result; raise it whenever any formula, constant or
 * number of nodes changes what a result says.
 */
export const SCORING_VERSION = '1'
