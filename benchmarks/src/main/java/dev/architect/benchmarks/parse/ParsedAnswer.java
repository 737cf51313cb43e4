package dev.architect.benchmarks.parse;

/**
 * What a contestant made of an answer.
 *
 * @param text the text
 * @param promptTokens the tokens of the prompt
 */
record ParsedAnswer(String text, long promptTokens) {}
