/** OpenAI's Chat Completions, Responses, models and embeddings. */
@NullMarked
package dev.architect.simulator.openai;

import org.jspecify.annotations.NullMarked;
