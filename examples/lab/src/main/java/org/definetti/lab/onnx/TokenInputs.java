package org.definetti.lab.onnx;

/**
 * The names of the inputs of a graph.
 *
 * @param keys (batch, length, dk)
 * @param values (batch, length, dv)
 * @param query (batch, dk)
 */
record TokenInputs(String keys, String values, String query) {}
