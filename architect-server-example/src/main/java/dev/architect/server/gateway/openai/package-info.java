/** OpenAI's chat completions and responses. */
@NullMarked
package dev.architect.server.gateway.openai;

import org.jspecify.annotations.NullMarked;
