/** Google's Gemini, spoken to through the Gemini API. */
@NullMarked
package dev.architect.provider.gemini;

import org.jspecify.annotations.NullMarked;
