/** OpenAI, spoken to through its Chat Completions API, as many compatible services are. */
@NullMarked
package dev.architect.provider.openai;

import org.jspecify.annotations.NullMarked;
