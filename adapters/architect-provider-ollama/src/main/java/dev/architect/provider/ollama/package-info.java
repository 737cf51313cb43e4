/** Models of an Ollama server, called through its native API. */
@NullMarked
package dev.architect.provider.ollama;

import org.jspecify.annotations.NullMarked;
