/** Models of an Ollama server, spoken to through its native API. */
@NullMarked
package dev.architect.provider.ollama;

import org.jspecify.annotations.NullMarked;
