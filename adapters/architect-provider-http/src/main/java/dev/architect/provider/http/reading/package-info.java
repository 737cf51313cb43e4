/** What a reply means: answers, counts, vectors, rate limits and errors. */
@NullMarked
package dev.architect.provider.http.reading;

import org.jspecify.annotations.NullMarked;
