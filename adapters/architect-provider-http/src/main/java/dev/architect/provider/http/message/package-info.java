/** Requests, replies and the limits on what comes back. */
@NullMarked
package dev.architect.provider.http.message;

import org.jspecify.annotations.NullMarked;
