/** Google's Gemini, called through the Gemini API. */
@NullMarked
package dev.architect.provider.gemini;

import org.jspecify.annotations.NullMarked;
