package org.definetti.attention;

/** Where a network of rows, one a token, is read out. */
public enum AnswerPlace {
  /** At a row for the query, which stands behind the tokens: one answer. */
  QUERY,

  /** At every token's row: as many answers as tokens; there is no row for a query. */
  EVERY_TOKEN,

  /** At the mean of the tokens' rows: one answer, which no query changes. */
  MEAN
}
