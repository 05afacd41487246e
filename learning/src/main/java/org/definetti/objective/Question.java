package org.definetti.objective;

import org.ejml.simple.SimpleMatrix;

/**
 * What is asked about a sequence, and the answer to be predicted.
 *
 * @param query shape (1, key width); the empty query for tokens without keys
 * @param target the hidden value or the label, shape (1, target width)
 */
public record Question(SimpleMatrix query, SimpleMatrix target) {}
