/** Perplexity's Agent API, Sonar Chat and embeddings. */
@NullMarked
package dev.architect.simulator.perplexity;

import org.jspecify.annotations.NullMarked;
