/** OpenAI, called through Chat Completions, as many compatible services are, or through the Responses API. */
@NullMarked
package dev.architect.provider.openai;

import org.jspecify.annotations.NullMarked;
