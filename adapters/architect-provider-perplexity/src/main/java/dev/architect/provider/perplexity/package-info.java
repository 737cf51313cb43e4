/** Perplexity, called through its Agent API. */
@NullMarked
package dev.architect.provider.perplexity;

import org.jspecify.annotations.NullMarked;
