/** Event streams: lines, server-sent events and newline-delimited JSON, within limits. */
@NullMarked
package dev.architect.provider.http.stream;

import org.jspecify.annotations.NullMarked;
